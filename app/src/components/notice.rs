use leptos::prelude::*;

/// A message that stands out from the page: `status` for good news, `alert` where the citizen must act.
#[component]
pub(crate) fn Notice(
    role: &'static str,
    /// It is neither good nor bad news.
    #[prop(optional)]
    is_neutral: bool,
    #[prop(into)] heading: String,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let class = if is_neutral { "notice".to_owned() } else { format!("notice notice-{role}") };
    view! {
        <section class=class role=role tabindex="-1">
            <h2>{heading}</h2>
            {children.map(|children| children())}
        </section>
    }
}
