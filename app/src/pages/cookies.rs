//! `/cookies`: the cookies of this site.

use leptos::prelude::*;

use crate::texts::{Language, Sentence, say};

/// What the page about cookies shows.
#[derive(Clone, Debug)]
pub struct CookiesPage {
    /// Every cookie that the site sets.
    pub cookies: Vec<Cookie>,
}

/// A cookie that the site sets.
#[derive(Clone, Debug)]
pub struct Cookie {
    /// Its name in the browser. An ellipsis stands for what differs from one to the next.
    pub name: String,
    /// What it is for.
    pub purpose: Purpose,
    /// How long the browser keeps it.
    pub lifetime: Lifetime,
}

/// What a cookie is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// It is the session of a citizen.
    Session,
    /// It remembers a sign-in that was started.
    SignIn,
    /// It starts a sign-in again.
    Repetition,
    /// It remembers the provider that the citizen had signed in with.
    SignedOut,
    /// It remembers the language that was chosen.
    Language,
    /// It finds a text that could not be saved.
    Kept,
    /// It shows the receipt for a deletion.
    Receipt,
}

/// How long a browser keeps a cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lifetime {
    /// Until it is closed.
    Session,
    /// So many minutes.
    Minutes(u32),
    /// One year.
    Year,
}

impl Purpose {
    const fn sentence(self) -> Sentence {
        match self {
            Self::Session => say::COOKIES_SESSION,
            Self::SignIn => say::COOKIES_SIGN_IN,
            Self::Repetition => say::COOKIES_REPETITION,
            Self::SignedOut => say::COOKIES_SIGNED_OUT,
            Self::Language => say::COOKIES_LANGUAGE,
            Self::Kept => say::COOKIES_KEPT,
            Self::Receipt => say::COOKIES_RECEIPT,
        }
    }
}

impl Lifetime {
    fn text(self, language: Language) -> String {
        match self {
            Self::Session => language.text(say::COOKIES_UNTIL_CLOSED).into_owned(),
            Self::Minutes(minutes) => say::cookies_minutes(language, minutes),
            Self::Year => language.text(say::COOKIES_YEAR).into_owned(),
        }
    }
}

pub(crate) fn view(page: CookiesPage, language: Language) -> impl IntoView {
    let cookies: Vec<_> = page
        .cookies
        .into_iter()
        .map(|Cookie { name, purpose, lifetime }| {
            view! {
                <div>
                    <dt><code>{name}</code></dt>
                    <dd>{language.text(purpose.sentence())}</dd>
                    <dd class="hint">{lifetime.text(language)}</dd>
                </div>
            }
        })
        .collect();
    view! {
        <div class="statement">
            <h1>{language.text(say::COOKIES_HEADING)}</h1>
            <p class="lead">{language.text(say::COOKIES_INTRO)}</p>
            <p>{language.text(say::COOKIES_NO_TRACKING)}</p>
            <h2>{language.text(say::COOKIES_LIST)}</h2>
            <dl class="cookies">{cookies}</dl>
        </div>
    }
}
