use leptos::prelude::*;

use crate::texts::{Language, Sentence, say};
use crate::{components::LanguageSwitch, service::Languages};

/// The name of the service, and for a citizen who is signed in: the pages, the citizen's name, and the button to sign out.
#[component]
pub(crate) fn Header(
    language: Language,
    /// Its name.
    service: String,
    citizen: Option<String>,
    /// The address of the page that is shown.
    current: Option<&'static str>,
    languages: Languages,
) -> impl IntoView {
    let link = move |address: &'static str, text: Sentence| {
        view! { <a href=address aria-current=(current == Some(address)).then_some("page")>{language.text(text)}</a> }
    };
    let home = say::site_home(language, &service);
    view! {
        <header class="head">
            <a class="brand" href="/" aria-label=home>
                <svg class="brand-mark" viewBox="0 0 32 32" aria-hidden="true">
                    <rect width="32" height="32" rx="9"></rect>
                    <path d="M9 22V11l7 6 7-6v11"></path>
                </svg>
                <span>{service}</span>
            </a>
            <LanguageSwitch language languages/>
            {citizen.map(|name| view! {
                <nav aria-label=language.text(say::NAV_LABEL)>
                    {link("/profile", say::NAV_PROFILE)}
                    {link("/my-data", say::NAV_MY_DATA)}
                </nav>
                <form class="who" method="post" action="/logout">
                    <p><span class="who-as">{language.text(say::SIGNED_IN_AS)}" "</span><bdi>{name}</bdi></p>
                    <button class="quiet" type="submit">{language.text(say::SIGN_OUT)}</button>
                </form>
            })}
        </header>
    }
}
