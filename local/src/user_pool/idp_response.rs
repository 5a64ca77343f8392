//! The pool's callback for the provider's response (Cognito's "The IdP response endpoint").

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};

use super::authorization_request::AuthorizationRequest;
use super::authorize::back_with_code;
use super::identity_provider::IdentityProvider;
use super::refusals::Refusal;
use super::state::{BROWSER_COOKIE, Pool, SESSION_COOKIE, SESSION_SECONDS, Session, Transaction};
use crate::random;
use crate::store::now;
use crate::web::{self, Params};

/// `GET /oauth2/idpresponse`
pub(super) async fn idp_response(
    State(pool): State<Arc<Pool>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let params = Params::parse(&query.unwrap_or_default());
    answer(&pool, &params, &headers).await.unwrap_or_else(IntoResponse::into_response)
}

async fn answer(pool: &Pool, params: &Params, headers: &HeaderMap) -> Result<Response, Refusal> {
    let state = params.get("state").ok().flatten().ok_or(Refusal::Page("invalid_state"))?;
    let Transaction { request, provider, .. } = transaction(pool, state, headers)?;
    let Some(IdentityProvider::Oidc(upstream)) = pool.provider(&provider) else {
        return Err(Refusal::Page("invalid_state"));
    };
    let one = |name| params.get(name).map_err(|_| request.refusal("invalid_request", "a parameter is repeated"));
    if let Some(error) = one("error")? {
        let description = one("error_description")?.unwrap_or(error);
        return Err(request.refusal(error, description));
    }
    let Some(code) = one("code")? else {
        return Err(request.refusal("invalid_request", "the identity provider sent no code"));
    };
    let identity = match upstream.redeem(code).await {
        Ok(identity) => identity,
        Err(fault) => {
            tracing::warn!(%fault, provider, "federation failed");
            return Err(request.refusal("invalid_request", &fault.to_string()));
        }
    };
    let attributes = upstream.attributes(&identity.claims);
    sign_in(pool, request, &provider, &identity.subject, attributes)
}

/// The sign-in with this state, once, and only in the browser that started it.
pub(super) fn transaction(pool: &Pool, state: &str, headers: &HeaderMap) -> Result<Transaction, Refusal> {
    let transaction = pool.transactions.take(state, now()).ok_or(Refusal::Page("invalid_state"))?;
    match web::cookie(headers, BROWSER_COOKIE) {
        Some(given) if random::same_secret(given, &transaction.browser) => Ok(transaction),
        _ => Err(Refusal::Page("invalid_state")),
    }
}

/// Creates or updates the user, signs the browser in to the pool, and redirects it to the app with a code.
pub(super) fn sign_in(
    pool: &Pool,
    request: AuthorizationRequest,
    provider: &str,
    subject: &str,
    attributes: BTreeMap<&'static str, String>,
) -> Result<Response, Refusal> {
    let source = pool.provider(provider).ok_or(Refusal::Page("invalid_state"))?.source();
    let federated = pool.users.federate(source, subject, attributes);
    let username = federated.map_err(|missing| request.refusal("invalid_request", &missing.to_string()))?;
    let auth_time = now();
    let session = Session { username, provider: provider.to_owned(), auth_time };
    let session_id = random::opaque();
    pool.sessions.insert(session_id.clone(), session.clone(), auth_time);
    let mut response = back_with_code(pool, request, session);
    web::set_cookie(&mut response, SESSION_COOKIE, &session_id, SESSION_SECONDS);
    Ok(response)
}
