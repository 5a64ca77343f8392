//! `GET /login/{id}`: the authorization request.

use std::sync::Arc;

use app::pages::failure::FailureKind;
use axum::{
    extract::{Path, RawQuery, State, rejection::PathRejection},
    http::{HeaderMap, header},
    response::Response,
};
use oauth2::PkceCodeChallenge;

use super::{
    SignIn, authorization_request, repetition,
    transaction::{self, Transaction},
};
use crate::{
    failure::Failure, language::Chosen, oidc::parameter, redirect::see_other, return_to::ReturnTo, secret::Secret,
};

/// Marks the address of a sign-in that must be a new authentication. It needs no seal: without it, what it is for asks again.
const FRESH: (&str, &str) = ("fresh", "1");

/// The address that begins a sign-in with `provider` and leads to `return_to`. If it `is_fresh`, the citizen is asked to sign in
/// although the user pool still has a session.
pub fn path(provider: &str, return_to: Option<&ReturnTo>, is_fresh: bool) -> String {
    let path = ReturnTo::link(&format!("/login/{provider}"), return_to);
    if is_fresh { marked(path, FRESH) } else { path }
}

/// `path` with the mark `(name, value)` in its query.
pub(super) fn marked(path: String, (name, value): (&str, &str)) -> String {
    let separator = if path.contains('?') { '&' } else { '?' };
    format!("{path}{separator}{name}={value}")
}

/// Whether `query` has the mark `(name, value)`.
pub(super) fn is_marked(query: Option<&str>, (name, value): (&str, &str)) -> bool {
    parameter(query.unwrap_or_default(), name).is_ok_and(|found| found.as_deref() == Some(value))
}

/// Begins a sign-in with the provider `id`: 303 to the user pool, with the transaction in its own cookie.
pub(super) async fn begin(
    State(sign_in): State<Arc<SignIn>>,
    id: Result<Path<String>, PathRejection>,
    RawQuery(query): RawQuery,
    Chosen(language): Chosen,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let relying_party = &sign_in.relying_party;
    let provider = id.ok().and_then(|Path(id)| relying_party.provider(&id));
    let Some(provider) = provider else {
        return Err(Failure::new(FailureKind::NotFound, "no provider has this id"));
    };
    let return_to = ReturnTo::from_query(query.as_deref());
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let mut transaction = Transaction::begin(&provider.id, return_to, Secret::new(verifier.secret().as_str()));
    transaction.is_second_attempt = repetition::is_second_attempt(query.as_deref());
    transaction.is_fresh = is_marked(query.as_deref(), FRESH);
    let url = authorization_request::url(
        &relying_party.cognito,
        &relying_party.clients.of(&provider.id).id,
        &relying_party.redirect_uri,
        provider,
        &transaction,
        &challenge,
        language,
    );
    sign_in.meter.started(&provider.id);
    let mut response = see_other(&url);
    let removals = transaction::removals_of_oldest(&headers, relying_party.jar, &relying_party.transactions);
    let removals = removals.into_iter().chain(relying_party.end_of_repetition(&headers));
    for cookie in removals.chain([transaction.cookie(relying_party.jar, &relying_party.transactions)]) {
        response.headers_mut().append(header::SET_COOKIE, cookie.into_value());
    }
    Ok(response)
}
