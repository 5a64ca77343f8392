//! The language of a response: the one that the citizen chose, else one that the browser asks for, else the default.
//!
//! [`crate::layers`] chooses it once for each request. Everything else takes it from the request, as [`Chosen`].

mod accept;
#[cfg(any(test, fuzzing))]
pub(crate) mod properties;
mod query;

use std::{convert::Infallible, sync::Arc};

use app::{Languages, texts::Language};
use axum::{
    extract::{FromRequestParts, Request},
    http::{HeaderMap, request::Parts},
};

pub use self::query::{PARAMETER, Wish};
use crate::cookies::{CookieJar, SetCookie};

/// How the language of a response is chosen.
#[derive(Clone, Debug)]
pub struct Choice {
    languages: Arc<Languages>,
    jar: CookieJar,
}

impl Choice {
    /// One of `languages`. The citizen's own choice is a cookie of `jar`.
    pub fn of(languages: Languages, jar: CookieJar) -> Self {
        Self { languages: Arc::new(languages), jar }
    }

    /// The language of the response to a request with these headers.
    pub fn choose(&self, headers: &HeaderMap) -> Language {
        let chosen = self.jar.language_in(headers).and_then(|tag| self.offered(tag));
        chosen.or_else(|| accept::preferred(headers, &self.languages)).unwrap_or_else(|| self.languages.default_one())
    }

    /// The offered language with this tag.
    pub fn offered(&self, tag: &str) -> Option<Language> {
        Language::of_tag(tag).filter(|language| self.languages.offered().contains(language))
    }

    /// The cookie that keeps `language` for a year.
    pub fn cookie(&self, language: Language) -> SetCookie {
        self.jar.language(language.tag())
    }
}

/// The language of the response to a request. Every handler can extract it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chosen(pub Language);

impl Chosen {
    /// The language of the response to `request`.
    pub fn of(request: &Request) -> Self {
        request.extensions().get().copied().unwrap_or_default()
    }
}

impl Default for Chosen {
    /// The language whose texts are complete, for a request that has not passed the layer.
    fn default() -> Self {
        Self(Language::En)
    }
}

impl<S: Sync> FromRequestParts<S> for Chosen {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(parts.extensions.get().copied().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderValue, header};

    use super::*;

    fn headers(cookie: &str, accept: &str) -> HeaderMap {
        let value = |text: &str| HeaderValue::from_str(text).unwrap();
        HeaderMap::from_iter([(header::COOKIE, value(cookie)), (header::ACCEPT_LANGUAGE, value(accept))])
    }

    #[test]
    fn the_citizens_choice_comes_before_the_browsers() {
        let languages = Languages::new(vec![Language::Nl, Language::Fr, Language::De], Language::De).unwrap();
        let choice = Choice::of(languages, CookieJar::new(false));
        for (cookie, accept, expected) in [
            ("mydata_lang=fr", "nl", Language::Fr),
            ("mydata_lang=FR", "nl", Language::Fr),
            ("a=b; mydata_lang=fr; mydata_lang=nl", "", Language::Fr),
            // Not offered, unknown, and not of this site.
            ("mydata_lang=en", "nl", Language::Nl),
            ("mydata_lang=xx", "nl", Language::Nl),
            ("mydata_lang=", "nl", Language::Nl),
            ("lang=fr; __Host-mydata_lang=fr", "nl", Language::Nl),
            ("", "en, es;q=0.5", Language::De),
            ("", "", Language::De),
        ] {
            assert_eq!(choice.choose(&headers(cookie, accept)), expected, "{cookie:?} {accept:?}");
        }
        assert_eq!(choice.choose(&HeaderMap::new()), Language::De);
    }
}
