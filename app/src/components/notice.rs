use leptos::prelude::*;

/// A message that stands out from the page: `status` for good news, `alert` where the citizen must act.
#[component]
pub(crate) fn Notice(role: &'static str, #[prop(into)] heading: String, children: Children) -> impl IntoView {
    view! {
        <section class=format!("notice notice-{role}") role=role tabindex="-1">
            <h2>{heading}</h2>
            {children()}
        </section>
    }
}
