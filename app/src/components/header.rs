use leptos::prelude::*;

use crate::texts::Language;

/// The name of the service, and for a citizen who is signed in: the pages, the citizen's name, and the button to sign out.
#[component]
pub(crate) fn Header(
    language: Language,
    /// Its name.
    service: String,
    citizen: Option<String>,
    /// The address of the page that is shown.
    current: Option<&'static str>,
) -> impl IntoView {
    let link = move |address: &'static str, text: &'static str| {
        view! { <a href=address aria-current=(current == Some(address)).then_some("page")>{language.text(text)}</a> }
    };
    let home = language.text_with("site-home", &[("service", &service)]);
    view! {
        <header class="head">
            <a class="brand" href="/" aria-label=home>
                <svg class="brand-mark" viewBox="0 0 32 32" aria-hidden="true">
                    <rect width="32" height="32" rx="9"></rect>
                    <path d="M9 22V11l7 6 7-6v11"></path>
                </svg>
                <span>{service}</span>
            </a>
            {citizen.map(|name| view! {
                <nav aria-label=language.text("nav-label")>
                    {link("/profile", "nav-profile")}
                    {link("/my-data", "nav-my-data")}
                </nav>
                <form class="who" method="post" action="/logout">
                    <p><span class="who-as">{language.text("signed-in-as")}" "</span><bdi>{name}</bdi></p>
                    <button class="quiet">{language.text("sign-out")}</button>
                </form>
            })}
        </header>
    }
}
