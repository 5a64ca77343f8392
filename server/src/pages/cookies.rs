use std::sync::Arc;

use app::pages::{
    Body,
    cookies::{Cookie, CookiesPage, Lifetime, Purpose},
};
use axum::{extract::State, http::StatusCode, response::Response};
use time::Duration;

use super::Pages;
use crate::{
    cookies::{
        CookieJar, KEPT_TEXT_LIFETIME, RECEIPT_LIFETIME, REPETITION_LIFETIME, SIGN_IN_LIFETIME, SIGNED_OUT_LIFETIME,
        names,
    },
    redirect::see_other,
    visitor::Visitor,
};

/// `GET /cookies`: the cookies of this site, or 303 to the page that the configuration names.
pub(super) async fn cookies(State(pages): State<Arc<Pages>>, visitor: Visitor) -> Response {
    if let Some(url) = &pages.renderer.service().cookies_url {
        return see_other(url.get(visitor.language));
    }
    let body = Body::Cookies(CookiesPage { cookies: all(pages.jar) });
    pages.renderer.render(StatusCode::OK, visitor.language, visitor.shown(), body)
}

fn all(jar: CookieJar) -> Vec<Cookie> {
    // No lifetime is longer than a day.
    let minutes = |lifetime: Duration| Lifetime::Minutes(lifetime.whole_minutes().try_into().unwrap_or(u32::MAX));
    let cookie = |name: &str, purpose, lifetime| Cookie { name: jar.name(name), purpose, lifetime };
    vec![
        cookie(names::SESSION, Purpose::Session, Lifetime::Session),
        cookie(names::LANGUAGE, Purpose::Language, Lifetime::Year),
        cookie(&format!("{}…", names::SIGN_IN), Purpose::SignIn, minutes(SIGN_IN_LIFETIME)),
        cookie(names::REPETITION, Purpose::Repetition, minutes(REPETITION_LIFETIME)),
        cookie(names::SIGNED_OUT, Purpose::SignedOut, minutes(SIGNED_OUT_LIFETIME)),
        cookie(names::RECEIPT, Purpose::Receipt, minutes(RECEIPT_LIFETIME)),
        cookie(names::KEPT_TEXT, Purpose::Kept, minutes(KEPT_TEXT_LIFETIME)),
    ]
}
