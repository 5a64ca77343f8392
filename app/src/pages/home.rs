//! `/`: the ways to sign in, or for a citizen who is signed in the ways on.

use leptos::{either::Either, prelude::*};

use crate::{
    components::{Notice, SignInButton},
    format,
    provider::Look,
    texts::Language,
};

/// What the home page shows.
#[derive(Clone, Debug)]
pub struct Home {
    /// One button each, in this order.
    pub providers: Vec<ProviderButton>,
    /// Why the visitor is here.
    pub reason: Option<Reason>,
}

/// A button that starts a sign-in.
#[derive(Clone, Debug)]
pub struct ProviderButton {
    /// The provider's id here.
    pub id: String,
    /// `/login/{id}`, with `return_to` where there is one.
    pub href: String,
    /// The name that citizens know it by.
    pub name: String,
    /// How it looks.
    pub look: Look,
}

/// Why a visitor is on the home page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The sign-in was stopped at the identity provider.
    Cancelled,
    /// The page asked for needs a sign-in.
    SignInNeeded,
    /// The citizen signed out; perhaps not of the provider.
    SignedOut(Option<ProviderSignOut>),
}

/// The way out of an identity provider itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderSignOut {
    /// The name that citizens know it by.
    pub name: String,
    /// Its own address for that.
    pub url: String,
}

pub(crate) fn view(home: Home, language: Language, citizen: Option<&str>) -> impl IntoView + use<> {
    match citizen {
        Some(name) => Either::Left(welcome(language, name)),
        None => Either::Right(sign_in(home, language)),
    }
}

fn sign_in(home: Home, language: Language) -> impl IntoView {
    let Home { mut providers, reason } = home;
    let choice = if providers.len() == 1 {
        providers.pop().map(|provider| {
            view! { <div class="providers"><div><SignInButton language provider/></div></div> }.into_any()
        })
    } else {
        Some(choice(providers, language).into_any())
    };
    view! {
        {reason.map(|reason| why(reason, language))}
        <h1>{language.text("home-heading")}</h1>
        <p class="lead">{language.text("home-intro")}</p>
        {choice}
    }
}

/// With one provider there is nothing to choose.
fn choice(providers: Vec<ProviderButton>, language: Language) -> impl IntoView {
    view! {
        <h2 class="choose">{language.text("home-choose")}</h2>
        <p class="hint">{language.text("home-choose-hint")}</p>
        <ul class="providers">
            {providers.into_iter().map(|provider| view! { <li><SignInButton language provider/></li> }).collect_view()}
        </ul>
    }
}

fn why(reason: Reason, language: Language) -> AnyView {
    match reason {
        Reason::Cancelled => view! {
            <Notice role="status" heading=language.text("sign-in-cancelled-heading")>
                <p>{language.text("sign-in-cancelled")}</p>
            </Notice>
        }
        .into_any(),
        Reason::SignInNeeded => {
            view! { <p class="hint" role="status">{language.text("sign-in-needed")}</p> }.into_any()
        }
        Reason::SignedOut(provider) => view! {
            <Notice role="status" heading=language.text("signed-out-heading")>
                {provider.map(|provider| still_signed_in(provider, language))}
            </Notice>
        }
        .into_any(),
    }
}

fn still_signed_in(provider: ProviderSignOut, language: Language) -> impl IntoView {
    let ProviderSignOut { name, url } = provider;
    view! {
        <p>{language.text_with("signed-out-still", &[("provider", &name)])}</p>
        <p class="act"><a class="button" href=url>{language.text_with("signed-out-also", &[("provider", &name)])}</a></p>
    }
}

fn welcome(language: Language, name: &str) -> impl IntoView + use<> {
    view! {
        <h1>{language.text_with("home-welcome", &[("name", &format::isolated(name))])}</h1>
        <p class="lead">{language.text("home-signed-in")}</p>
        <ul class="ways">
            <li>
                <a href="/my-data">{language.text("home-to-my-data")}</a>
                <p>{language.text("home-to-my-data-hint")}</p>
            </li>
            <li>
                <a href="/profile">{language.text("home-to-profile")}</a>
                <p>{language.text("home-to-profile-hint")}</p>
            </li>
        </ul>
    }
}
