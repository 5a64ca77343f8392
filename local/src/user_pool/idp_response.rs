//! The pool's callback for the provider's response (Cognito's "The IdP response endpoint").

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};

use super::authorize::back_with_code;
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
    let Transaction { request, provider, browser } = params
        .get("state")
        .ok()
        .flatten()
        .and_then(|state| pool.transactions.take(state, now()))
        .ok_or(Refusal::Page("invalid_state"))?;
    if !web::cookie(headers, BROWSER_COOKIE).is_some_and(|given| random::same_secret(given, &browser)) {
        return Err(Refusal::Page("invalid_state"));
    }
    let one = |name| params.get(name).map_err(|_| request.refusal("invalid_request", "a parameter is repeated"));
    if let Some(error) = one("error")? {
        let description = one("error_description")?.unwrap_or(error);
        return Err(request.refusal(error, description));
    }
    let Some(code) = one("code")? else {
        return Err(request.refusal("invalid_request", "the identity provider sent no code"));
    };
    let upstream = pool.upstream(&provider).ok_or(Refusal::Page("invalid_state"))?;
    let identity = match upstream.redeem(code).await {
        Ok(identity) => identity,
        Err(fault) => {
            tracing::warn!(%fault, provider, "federation failed");
            return Err(request.refusal("invalid_request", &fault.to_string()));
        }
    };
    let federated = pool.users.federate(&provider, &identity.subject, upstream.attributes(&identity.claims));
    let username = federated.map_err(|missing| request.refusal("invalid_request", &missing.to_string()))?;
    let auth_time = now();
    let session = Session { username, auth_time };
    let session_id = random::opaque();
    pool.sessions.insert(session_id.clone(), session.clone(), auth_time);
    let mut response = back_with_code(pool, request, session);
    web::set_cookie(&mut response, SESSION_COOKIE, &session_id, SESSION_SECONDS);
    Ok(response)
}
