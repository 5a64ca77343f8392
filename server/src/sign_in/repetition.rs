//! A second attempt at a sign-in that the user pool answered from its own session, although `prompt=login` asks for a new
//! one. The classic hosted UI ignores `prompt`.
//!
//! The browser is redirected through the user pool's sign-out, back to the home page. There a sealed cookie says which
//! sign-in to repeat. The second attempt is marked in its address, and its failure is final.

use axum::{
    http::{HeaderMap, header},
    response::Response,
};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{
    RelyingParty,
    authorize::{self, is_marked, marked},
    transaction::Transaction,
};
use crate::{
    cookies::{REPETITION_LIFETIME, SetCookie},
    redirect::see_other,
    return_to::ReturnTo,
};

/// What the cookie is sealed for.
const PURPOSE: &str = "repeated sign-in v1";
/// Marks the address of a second attempt. It needs no seal: a citizen who adds it only sees the failure page sooner.
const MARK: (&str, &str) = ("again", "1");

/// A sign-in to repeat.
#[derive(Serialize, Deserialize)]
struct Repetition {
    /// The id of the chosen provider.
    #[serde(rename = "p")]
    provider: String,
    #[serde(rename = "r")]
    return_to: Option<ReturnTo>,
    #[serde(rename = "t")]
    made_at: i64,
    #[serde(rename = "f", default)]
    is_fresh: bool,
}

/// Whether the address of a sign-in marks a second attempt.
pub(super) fn is_second_attempt(query: Option<&str>) -> bool {
    is_marked(query, MARK)
}

impl RelyingParty {
    /// The cookie that makes the home page repeat the sign-in of `transaction`.
    pub(super) fn repetition(&self, transaction: &Transaction) -> SetCookie {
        let repetition = Repetition {
            provider: transaction.provider.clone(),
            return_to: transaction.return_to.clone(),
            made_at: OffsetDateTime::now_utc().unix_timestamp(),
            is_fresh: transaction.is_fresh,
        };
        self.jar.repetition(&self.transactions.seal_text(PURPOSE, &repetition))
    }

    /// The response to a browser that comes back from the user pool's sign-out to repeat its sign-in: 303 to the
    /// second attempt, without the cookie. `None` for every other visit of the home page.
    pub fn second_attempt(&self, headers: &HeaderMap, query: Option<&str>) -> Option<Response> {
        // The user pool adds no query.
        if query.is_some_and(|query| !query.is_empty()) {
            return None;
        }
        let repetition = self.open(self.jar.repetition_in(headers)?)?;
        let path = authorize::path(&repetition.provider, repetition.return_to.as_ref(), repetition.is_fresh);
        let mut response = see_other(&marked(path, MARK));
        response.headers_mut().append(header::SET_COOKIE, self.jar.forget_repetition().into_value());
        Some(response)
    }

    /// Removes the cookie, if the browser has it: the citizen has signed out or chosen another option.
    pub(super) fn end_of_repetition(&self, headers: &HeaderMap) -> Option<SetCookie> {
        self.jar.repetition_in(headers).map(|_| self.jar.forget_repetition())
    }

    fn open(&self, cookie: &str) -> Option<Repetition> {
        let repetition: Repetition = self.transactions.open_text(PURPOSE, cookie)?;
        let age = OffsetDateTime::now_utc().unix_timestamp() - repetition.made_at;
        let is_current = (-60..REPETITION_LIFETIME.whole_seconds()).contains(&age);
        (is_current && self.provider(&repetition.provider).is_some()).then_some(repetition)
    }
}
