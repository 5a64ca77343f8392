//! The token endpoint (OpenID Connect Core 1.0, section 3.1.3), with `client_secret_post` only.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::{Access, Granted, Provider, TOKEN_SECONDS};
use crate::random;
use crate::store::now;
use crate::web::{self, Params};

/// How long a code that "times out" keeps its caller waiting: longer than any client waits.
const STALL: Duration = Duration::from_secs(30);

/// `POST /v2/token`
pub(super) async fn token(State(provider): State<Arc<Provider>>, headers: HeaderMap, body: String) -> Response {
    let granted = match redeem(&provider, &headers, &body) {
        Ok(granted) => granted,
        Err((status, error)) => return web::json(status, &json!({ "error": error })),
    };
    if granted.stalls {
        let mut stopped = provider.stopped.clone();
        // Not answering must not hold up the end of the process.
        let _ = tokio::time::timeout(STALL, stopped.wait_for(|stop| *stop)).await;
        return StatusCode::GATEWAY_TIMEOUT.into_response();
    }
    match issue(&provider, &granted) {
        Ok(body) => web::json(StatusCode::OK, &body),
        Err(error) => {
            tracing::error!(%error, "the itsme stand-in cannot sign a token");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

fn redeem(provider: &Provider, headers: &HeaderMap, body: &str) -> Result<Granted, (StatusCode, &'static str)> {
    let bad = |error| (StatusCode::BAD_REQUEST, error);
    let params = Params::from_form(headers, body).ok_or(bad("invalid_request"))?;
    let one = |name| params.get(name).map_err(|_| bad("invalid_request"));
    let registration = &provider.registration;
    let secret = one("client_secret")?.unwrap_or_default();
    if one("client_id")? != Some(&registration.client_id) || !random::same_secret(secret, &registration.client_secret) {
        return Err((StatusCode::UNAUTHORIZED, "invalid_client"));
    }
    match one("grant_type")? {
        Some("authorization_code") => {}
        Some(_) => return Err(bad("unsupported_grant_type")),
        None => return Err(bad("invalid_request")),
    }
    let code = one("code")?.ok_or(bad("invalid_request"))?;
    let granted = provider.codes.take(code, now()).ok_or(bad("invalid_grant"))?;
    if one("redirect_uri")? != Some(&granted.request.redirect_uri) {
        return Err(bad("invalid_grant"));
    }
    Ok(granted)
}

fn issue(provider: &Provider, granted: &Granted) -> Result<Value, jsonwebtoken::errors::Error> {
    let issued_at = now();
    let mut claims = json!({
        "iss": provider.registration.issuer,
        "aud": provider.registration.client_id,
        "sub": provider.subject(&granted.citizen),
        "iat": issued_at,
        "exp": issued_at + TOKEN_SECONDS,
        "auth_time": granted.auth_time,
        "acr": "http://itsme.services/v2/claim/acr_basic",
    });
    if let Some(nonce) = &granted.request.nonce {
        claims["nonce"] = json!(nonce);
    }
    let access_token = random::opaque();
    let access = Access { citizen: granted.citizen.clone(), scopes: granted.request.scopes.clone() };
    provider.access_tokens.insert(access_token.clone(), access, issued_at);
    Ok(json!({
        "access_token": access_token,
        "token_type": "Bearer",
        "expires_in": TOKEN_SECONDS,
        "id_token": provider.key.sign(&claims)?,
    }))
}
