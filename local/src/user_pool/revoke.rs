//! The revocation endpoint (RFC 7009; Cognito's "The token revocation endpoint").

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use super::refusals::OAuthError;
use super::state::Pool;
use crate::store::now;
use crate::web::Params;

/// `POST /oauth2/revoke`: an empty 200, also for an unknown token.
pub(super) async fn revoke(State(pool): State<Arc<Pool>>, headers: HeaderMap, body: String) -> Response {
    match end(&pool, &headers, &body) {
        Ok(()) => StatusCode::OK.into_response(),
        // Unlike the token endpoint, this one answers 401.
        Err(error @ OAuthError::InvalidClient(_)) => error.with_status(StatusCode::UNAUTHORIZED),
        Err(error) => error.into_response(),
    }
}

fn end(pool: &Pool, headers: &HeaderMap, body: &str) -> Result<(), OAuthError> {
    let params =
        Params::from_form(headers, body).ok_or(OAuthError::InvalidRequest("the content type must be a form's"))?;
    let client = pool.clients.authenticate(headers, &params)?;
    let token = params.get("token")?.ok_or(OAuthError::InvalidRequest("token is missing"))?;
    // Only ID and access tokens are signed; refresh tokens are opaque.
    if jsonwebtoken::decode_header(token).is_ok() {
        return Err(OAuthError::UnsupportedTokenType);
    }
    let Some(authentication) = pool.refresh_tokens.get(token, now()) else { return Ok(()) };
    // RFC 7009, section 2.1, and RFC 6749, section 5.2. Cognito's guide does not say what another client gets.
    if authentication.client_id != client.id {
        return Err(OAuthError::InvalidGrant);
    }
    if pool.refresh_tokens.take(token, now()).is_some() {
        pool.revoked.insert(authentication.origin_jti, (), now());
    }
    Ok(())
}
