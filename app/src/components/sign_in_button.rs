use leptos::prelude::*;

use crate::{pages::home::ProviderButton, texts::Language};

/// The way to one identity provider: a link, so that it works everywhere and opens in a new tab; and under it, who it is for.
#[component]
pub(crate) fn SignInButton(language: Language, provider: ProviderButton) -> impl IntoView {
    let ProviderButton { id, href, name, look } = provider;
    let explanation = format!("about-{id}");
    view! {
        <a class=format!("sign-in sign-in-{}", look.class()) href=href aria-describedby=explanation.clone()>
            {look.mark()}
            <span>{language.text_with("sign-in-with", &[("provider", &name)])}</span>
        </a>
        <p class="hint sign-in-about" id=explanation>{language.text_with(look.explanation(), &[("provider", &name)])}</p>
    }
}
