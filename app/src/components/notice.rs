use leptos::prelude::*;

/// A message that stands out from the page. `status` is for good news. `alert` is for what the citizen must act on: it gets the
/// focus when the page opens, and with JavaScript when it replaces another one.
///
/// The role of an alert is on an inner element. On the element that gets the focus, screen readers may say it twice or not at all.
#[component]
pub(crate) fn Notice(
    role: &'static str,
    /// It is neither good nor bad news.
    #[prop(optional)]
    is_neutral: bool,
    #[prop(into)] heading: String,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let is_alert = role == "alert";
    let outer = (!is_alert).then_some(role);
    let inner = is_alert.then_some(role);
    let class = if is_neutral { "notice".to_owned() } else { format!("notice notice-{role}") };
    view! {
        <section class=class role=outer tabindex="-1" autofocus=is_alert>
            <div role=inner>
                <h2>{heading}</h2>
                {children.map(|children| children())}
            </div>
        </section>
    }
}
