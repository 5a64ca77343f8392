use leptos::prelude::*;

use crate::texts::Language;

/// The site's name, and for a citizen who is signed in: the pages, the name, and the way out.
#[component]
pub(crate) fn Header(language: Language, citizen: Option<String>) -> impl IntoView {
    view! {
        <header class="head">
            <a class="brand" href="/" aria-label=language.text("site-home")>
                <svg class="brand-mark" viewBox="0 0 32 32" aria-hidden="true">
                    <rect width="32" height="32" rx="9"></rect>
                    <path d="M9 22V11l7 6 7-6v11"></path>
                </svg>
                <span>{language.text("site-name")}</span>
            </a>
            {citizen.map(|name| view! {
                <nav aria-label=language.text("nav-label")>
                    <a href="/profile">{language.text("nav-profile")}</a>
                    <a href="/my-data">{language.text("nav-my-data")}</a>
                </nav>
                <form class="who" method="post" action="/logout">
                    <p><span class="who-as">{language.text("signed-in-as")}" "</span><bdi>{name}</bdi></p>
                    <button class="quiet">{language.text("sign-out")}</button>
                </form>
            })}
        </header>
    }
}
