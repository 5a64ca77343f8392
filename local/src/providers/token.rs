//! The token endpoint (OpenID Connect Core 1.0, section 3.1.3).

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::client_authentication;
use super::provider::{Access, Granted, Provider, TOKEN_SECONDS};
use super::vendor::TokenRefusal;
use crate::error::StartError;
use crate::keys::TokenError;
use crate::random;
use crate::store::now;
use crate::web::{self, Params};

/// How long the token endpoint stalls after "Let it time out": longer than any client waits.
const STALL: Duration = Duration::from_secs(30);

#[derive(Debug, thiserror::Error)]
enum IssueFault {
    #[error(transparent)]
    Key(#[from] StartError),
    #[error(transparent)]
    Token(#[from] TokenError),
}

pub(super) async fn token(State(provider): State<Arc<Provider>>, headers: HeaderMap, body: String) -> Response {
    let granted = match redeem(&provider, &headers, &body) {
        Ok(granted) => granted,
        Err(refusal) => {
            let (status, error) = provider.vendor.rules.token_refusal(refusal);
            return web::json(status, &json!({ "error": error }));
        }
    };
    if granted.stalls {
        let mut stopped = provider.stopped.clone();
        // A stalled request must not delay the end of the process.
        let _ = tokio::time::timeout(STALL, stopped.wait_for(|stop| *stop)).await;
        return StatusCode::GATEWAY_TIMEOUT.into_response();
    }
    match issue(&provider, &granted).await {
        Ok(body) => web::json(StatusCode::OK, &body),
        Err(error) => {
            tracing::error!(%error, "a stand-in provider cannot sign a token");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

fn redeem(provider: &Provider, headers: &HeaderMap, body: &str) -> Result<Granted, TokenRefusal> {
    let bad = |error| (StatusCode::BAD_REQUEST, error);
    let params = Params::from_form(headers, body).ok_or(bad("invalid_request"))?;
    let one = |name| params.get(name).map_err(|_| bad("invalid_request"));
    client_authentication::authenticate(provider, headers, &params)?;
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

async fn issue(provider: &Provider, granted: &Granted) -> Result<Value, IssueFault> {
    let key = provider.key().await?;
    let issued_at = now();
    let Granted { request, citizen, auth_time, .. } = granted;
    let mut claims = json!({
        "iss": provider.registration.issuer,
        "aud": provider.registration.client_id,
        "sub": provider.vendor.rules.subject(&provider.registration, citizen),
        "iat": issued_at,
        "exp": issued_at + TOKEN_SECONDS,
        "auth_time": auth_time,
    });
    if let Value::Object(claims) = &mut claims {
        claims.extend(provider.vendor.rules.id_claims(citizen, request));
        claims.extend(request.nonce.as_ref().map(|nonce| ("nonce".to_owned(), json!(nonce))));
    }
    let access_token = random::opaque();
    let access = Access { citizen: citizen.clone(), request: request.clone() };
    provider.access_tokens.insert(access_token.clone(), access, issued_at);
    Ok(json!({
        "access_token": access_token,
        "token_type": "Bearer",
        "expires_in": TOKEN_SECONDS,
        "id_token": key.sign(&claims)?,
    }))
}
