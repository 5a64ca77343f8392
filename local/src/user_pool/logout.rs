//! The sign-out endpoint (Cognito's "The managed login sign-out endpoint"). It ends the pool's own session, which all app
//! clients share. The provider's session and the tokens stay valid.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use super::authorization_request::AuthorizationRequest;
use super::refusals::Refusal;
use super::state::{Pool, SESSION_COOKIE};
use crate::store::now;
use crate::web::{self, Params, redirect};

/// `GET /logout`, with `client_id` and either `logout_uri` or the parameters of a new sign-in.
pub(super) async fn logout(State(pool): State<Arc<Pool>>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let query = query.unwrap_or_default();
    let location = match destination(&pool, &query) {
        Ok(location) => location,
        // An invalid request does not sign anyone out.
        Err(fault) => return fault.into_response(),
    };
    if let Some(session) = web::cookie(&headers, SESSION_COOKIE) {
        pool.sessions.take(session, now());
    }
    let mut response = redirect(StatusCode::FOUND, &location);
    web::set_cookie(&mut response, SESSION_COOKIE, "", 0);
    response
}

fn destination(pool: &Pool, query: &str) -> Result<String, Refusal> {
    let params = Params::parse(query);
    let client = params.get("client_id").ok().flatten().and_then(|id| pool.clients.find(id));
    let client = client.ok_or(Refusal::Page("invalid_client"))?;
    match params.get("logout_uri") {
        Ok(Some(uri)) if client.logout_uris.iter().any(|known| known == uri) => Ok(uri.to_owned()),
        Ok(None) => {
            AuthorizationRequest::parse(&pool.clients, &params)?;
            Ok(format!("/login?{query}"))
        }
        _ => Err(Refusal::Page("logout_mismatch")),
    }
}
