use leptos::prelude::*;

/// A message set apart from the page: `status` for good news, `alert` for what needs the citizen.
#[component]
pub(crate) fn Notice(role: &'static str, #[prop(into)] heading: String, children: Children) -> impl IntoView {
    view! {
        <section class=format!("notice notice-{role}") role=role tabindex="-1">
            <h2>{heading}</h2>
            {children()}
        </section>
    }
}
