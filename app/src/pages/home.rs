//! `/`: the ways to sign in, or for a citizen who is signed in the ways on.

use leptos::{either::Either, prelude::*};

use crate::{
    components::{Notice, SignInButton},
    format,
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
    /// `/login/{id}`, with `return_to` where there is one.
    pub href: String,
    /// The provider's name in the user pool, which citizens read.
    pub name: String,
    /// How it looks.
    pub look: Look,
}

/// The look of a sign-in button. All drawings are our own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// The blue button of itsme.
    Itsme,
    /// The button of every other provider.
    Plain,
}

impl Look {
    pub(crate) const fn class(self) -> &'static str {
        match self {
            Self::Itsme => "itsme",
            Self::Plain => "plain",
        }
    }
}

/// Why a visitor was sent to the home page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The citizen declined at the identity provider.
    Cancelled,
    /// The page asked for needs a sign-in.
    SignInNeeded,
}

pub(crate) fn view(home: Home, language: Language, citizen: Option<&str>) -> impl IntoView + use<> {
    match citizen {
        Some(name) => Either::Left(welcome(language, name)),
        None => Either::Right(sign_in(home, language)),
    }
}

fn sign_in(home: Home, language: Language) -> impl IntoView {
    let reason = home.reason.map(|reason| match reason {
        Reason::Cancelled => Either::Left(view! {
            <Notice role="status" heading=language.text("sign-in-cancelled-heading")>
                <p>{language.text("sign-in-cancelled")}</p>
            </Notice>
        }),
        Reason::SignInNeeded => {
            Either::Right(view! { <p class="hint" role="status">{language.text("sign-in-needed")}</p> })
        }
    });
    view! {
        {reason}
        <h1>{language.text("home-heading")}</h1>
        <p class="lead">{language.text("home-intro")}</p>
        <h2 class="choose">{language.text("home-choose")}</h2>
        <ul class="providers">
            {home.providers.into_iter().map(|provider| view! { <li><SignInButton language provider/></li> }).collect_view()}
        </ul>
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
