use leptos::prelude::*;

use crate::{pages::home::ProviderButton, texts::Language};

/// The way to one identity provider: a link, so that it works everywhere and opens in a new tab.
#[component]
pub(crate) fn SignInButton(language: Language, provider: ProviderButton) -> impl IntoView {
    let ProviderButton { href, name, look } = provider;
    view! {
        <a class=format!("sign-in sign-in-{}", look.class()) href=href>
            <svg class="sign-in-mark" viewBox="0 0 40 40" aria-hidden="true">
                <rect x="11" y="4" width="18" height="32" rx="4"></rect>
                <path d="M16 20l3 3 5-6"></path>
                <path d="M18 32h4"></path>
            </svg>
            <span>{language.text_with("sign-in-with", &[("provider", &name)])}</span>
        </a>
    }
}
