//! The authorization endpoint: it redirects to the provider, to the hosted page, or directly back with a code.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use super::authorization_request::AuthorizationRequest;
use super::faults::{self, Fault};
use super::identity_provider::IdentityProvider;
use super::refusals::Refusal;
use super::state::{
    BROWSER_COOKIE, Grant, Pool, SESSION_COOKIE, SESSION_SECONDS, Session, TRANSACTION_SECONDS, Transaction,
};
use crate::random;
use crate::store::now;
use crate::web::{self, Params, redirect, with_query};

/// `GET /oauth2/authorize`
pub(super) async fn authorize(
    State(pool): State<Arc<Pool>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let query = query.unwrap_or_default();
    answer(&pool, &query, &headers).await.unwrap_or_else(IntoResponse::into_response)
}

async fn answer(pool: &Pool, query: &str, headers: &HeaderMap) -> Result<Response, Refusal> {
    let (client, mut request) = AuthorizationRequest::parse(&pool.clients, &Params::parse(query))?;
    let is_classic = pool.switch.get() == Some(Fault::ClassicHostedUi);
    if is_classic {
        request.prompt = None;
    }
    let chosen = match (&request.identity_provider, &request.idp_identifier) {
        (None, None) => None,
        (Some(name), _) => Some(pool.provider(name)),
        (None, Some(identifier)) => Some(pool.providers.iter().find(|provider| provider.is_called(identifier))),
    };
    // A provider that this client does not enable is as unavailable as an unknown one.
    let chosen = chosen.map(|provider| provider.filter(|provider| client.enables(provider.name())));
    if matches!(chosen, Some(None)) {
        let description = "Login option is not available. Please try another one";
        return Err(request.refusal("invalid_request", description));
    }
    // For any requested provider: the guide does not limit a session to one provider, and the app must cope with that. It says
    // that app clients share the session. It does not say what happens if a client does not enable the provider of the
    // session; here, such a client signs in anew.
    let session = reusable_session(pool, &request, headers).filter(|session| client.enables(&session.provider));
    if let Some(mut session) = session {
        if is_classic {
            session.auth_time = session.auth_time.saturating_sub(SESSION_SECONDS);
        }
        return Ok(back_with_code(pool, request, session));
    }
    if request.prompt.as_deref() == Some("none") {
        return Err(request.refusal("login_required", "login_required"));
    }
    match chosen.flatten() {
        Some(provider) => to_provider(pool, provider, request, headers).await,
        None => Ok(redirect(StatusCode::FOUND, &format!("/login?{query}"))),
    }
}

/// Issues a code for this session and redirects the browser to the app.
pub(super) fn back_with_code(pool: &Pool, request: AuthorizationRequest, session: Session) -> Response {
    let code = random::uuid();
    let mut params = vec![("code", code.clone())];
    params.extend(request.state.clone().map(|state| ("state", state)));
    faults::response::spoil(pool.switch.get(), &pool.issuer, &mut params);
    let params: Vec<_> = params.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let location = with_query(&request.redirect_uri, &params);
    pool.codes.insert(code.clone(), Grant { request, session }, now());
    redirect(StatusCode::FOUND, &location)
}

fn reusable_session(pool: &Pool, request: &AuthorizationRequest, headers: &HeaderMap) -> Option<Session> {
    if matches!(request.prompt.as_deref(), Some("login" | "select_account" | "consent")) {
        return None;
    }
    let now = now();
    let session = pool.sessions.get(web::cookie(headers, SESSION_COOKIE)?, now)?;
    let age = now.saturating_sub(session.auth_time);
    // `max_age=0` requires a new sign-in, even in the same second.
    request.max_age.is_none_or(|most| age < most).then_some(session)
}

async fn to_provider(
    pool: &Pool,
    provider: &IdentityProvider,
    request: AuthorizationRequest,
    headers: &HeaderMap,
) -> Result<Response, Refusal> {
    let state = random::opaque();
    let location = match provider.sign_in_url(&state, &request).await {
        Ok(location) => location,
        Err(fault) => return Err(request.refusal("invalid_request", &fault.to_string())),
    };
    // All tabs of a browser share one identifier, so that they do not end each other's sign-in.
    let browser = web::cookie(headers, BROWSER_COOKIE)
        .filter(|value| value.len() >= 32 && value.bytes().all(|byte| byte.is_ascii_alphanumeric()))
        .map_or_else(random::opaque, str::to_owned);
    let transaction = Transaction { request, provider: provider.name().to_owned(), browser: browser.clone() };
    pool.transactions.insert(state, transaction, now());
    let mut response = redirect(StatusCode::FOUND, &location);
    web::set_cookie(&mut response, BROWSER_COOKIE, &browser, TRANSACTION_SECONDS);
    Ok(response)
}
