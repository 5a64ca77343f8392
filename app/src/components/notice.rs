use leptos::prelude::*;

/// A message that stands out from the page. `status` is for good news. `alert` is for what the citizen must act on: it gets the
/// focus when the page opens, and with JavaScript when it replaces another one.
///
/// The role of an alert is on an inner element. On the element that gets the focus, screen readers may say it twice or not at all.
#[component]
pub(crate) fn Notice(role: &'static str, #[prop(into)] heading: String, children: Children) -> impl IntoView {
    let is_alert = role == "alert";
    let outer = (!is_alert).then_some(role);
    let inner = is_alert.then_some(role);
    view! {
        <section class=format!("notice notice-{role}") role=outer tabindex="-1" autofocus=is_alert>
            <div role=inner>
                <h2>{heading}</h2>
                {children()}
            </div>
        </section>
    }
}
