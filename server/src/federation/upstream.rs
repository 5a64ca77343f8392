//! The provider's side: its token endpoint, and what it answers.

use http::{Method, StatusCode, header};
use jsonwebtoken::{Algorithm, decode, decode_header};
use serde::Deserialize;
use serde_json::Value;
use url::form_urlencoded;

use super::{Bridge, assertion::TYPE, oauth_error::OAuthError};
use crate::{
    secret::Secret,
    sign_in::{HttpFault, KeyFault, is_for_alone, validation},
};

/// The provider did not answer in time.
pub(super) const TOO_LATE: OAuthError =
    OAuthError::new(StatusCode::GATEWAY_TIMEOUT, "temporarily_unavailable", "the provider does not answer");

#[derive(Deserialize)]
struct TokenBody {
    id_token: Secret,
}

#[derive(Deserialize)]
struct Claims {
    iss: Option<Value>,
    aud: Option<Value>,
    #[serde(default)]
    nonce: String,
}

/// Redeems `code` at the provider; the body of its token response.
///
/// # Errors
/// The provider's status with its error code, or with one that fits; 502 or 504 where it answers nothing of the kind.
pub(super) async fn redeem(bridge: &Bridge, code: &Secret, assertion: &Secret) -> Result<Vec<u8>, OAuthError> {
    let form = form_urlencoded::Serializer::new(String::new())
        .append_pair("grant_type", "authorization_code")
        .append_pair("code", code.expose())
        .append_pair("redirect_uri", &bridge.redirect_uri)
        .append_pair("client_id", &bridge.settings.client_id)
        .append_pair("client_assertion_type", TYPE)
        .append_pair("client_assertion", assertion.expose())
        .finish();
    let request = http::Request::builder()
        .method(Method::POST)
        .uri(bridge.settings.token_endpoint.as_str())
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ACCEPT, "application/json")
        .body(form.into_bytes())
        .map_err(|_| OAuthError::bad_gateway("a request that cannot be built"))?;
    let response = bridge.http.send(request).await.map_err(|fault| match fault {
        HttpFault::OutOfReach => TOO_LATE,
        HttpFault::TooLarge => OAuthError::bad_gateway("the provider's answer is too large"),
        HttpFault::Request => OAuthError::bad_gateway("a request that cannot be sent"),
    })?;
    let status = response.status();
    if status == StatusCode::OK {
        return Ok(response.into_body());
    }
    if !status.is_client_error() && !status.is_server_error() {
        return Err(OAuthError::bad_gateway("the provider's answer is neither tokens nor an error"));
    }
    // RFC 6749, 5.2, or what a provider makes of it: `error` may be anything, but it must be there.
    let body: Value = serde_json::from_slice(response.body()).unwrap_or_default();
    Err(match body.get("error") {
        Some(Value::String(code)) if is_code(code) => OAuthError::of_provider(status, code.clone()),
        Some(_) => OAuthError::of_provider_without_code(status),
        None => OAuthError::bad_gateway("the provider's answer is no OAuth answer"),
    })
}

/// Whether the ID token of a token response is one for a sign-in that went through this bridge.
///
/// # Errors
/// 502: nothing that the provider sent is passed on.
pub(super) async fn check(bridge: &Bridge, body: &[u8]) -> Result<(), OAuthError> {
    let refused = OAuthError::bad_gateway;
    let body: TokenBody = serde_json::from_slice(body)
        .map_err(|_| refused("the provider's answer is no token response with an ID token"))?;
    let token = body.id_token.expose();
    let header = decode_header(token).map_err(|_| refused("the provider's ID token cannot be read"))?;
    if header.alg != Algorithm::RS256 {
        return Err(refused("the provider's ID token is not signed with RS256"));
    }
    let key = bridge.provider_keys.find(header.kid.as_deref()).await.map_err(|fault| match fault {
        KeyFault::OutOfReach => TOO_LATE,
        KeyFault::Unknown => refused("no key of the provider has the ID token's kid"),
    })?;
    let claims = decode::<Claims>(token, &key, &validation())
        .map_err(|_| refused("the provider's ID token has expired or its signature is wrong"))?
        .claims;
    if claims.iss.as_ref().and_then(Value::as_str) != Some(&bridge.settings.issuer) {
        return Err(refused("iss of the provider's ID token is not the issuer in the configuration"));
    }
    if !is_for_alone(claims.aud.as_ref(), &bridge.settings.client_id) {
        return Err(refused("aud of the provider's ID token is not this client alone"));
    }
    if !bridge.nonces.is_ours(&claims.nonce) {
        return Err(refused("nonce of the provider's ID token is not one of this bridge's"));
    }
    Ok(())
}

/// An error code as RFC 6749, 5.2, allows it, and not longer than any that is known.
fn is_code(code: &str) -> bool {
    (1..=64).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}
