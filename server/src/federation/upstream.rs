//! The provider's side: its token endpoint, and what it answers.

use http::{Method, StatusCode, header};
use jsonwebtoken::{decode, decode_header};
use serde::Deserialize;
use serde_json::{Map, Value};
use url::form_urlencoded;

use super::{Bridge, assertion::TYPE, oauth_error::OAuthError};
use crate::{
    secret::Secret,
    sign_in::{HttpFault, KeyFault, check_header, is_for_alone, is_issued, is_issued_to, validation},
};

/// The provider did not answer in time.
pub(super) const TOO_LATE: OAuthError =
    OAuthError::new(StatusCode::GATEWAY_TIMEOUT, "temporarily_unavailable", "the provider does not answer");

#[derive(Deserialize)]
struct Claims {
    iss: Option<Value>,
    aud: Option<Value>,
    azp: Option<Value>,
    sub: Option<Value>,
    iat: Option<f64>,
    nonce: Option<Value>,
    acr: Option<Value>,
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
        Some(error) => OAuthError::of_provider(status, error.as_str().unwrap_or_default()),
        None => OAuthError::bad_gateway("the provider's answer is no OAuth answer"),
    })
}

/// Whether the ID token of a token response is one for a sign-in that went through this bridge.
///
/// # Errors
/// 502: nothing that the provider sent is passed on.
pub(super) async fn check(bridge: &Bridge, body: &[u8]) -> Result<(), OAuthError> {
    let refused = OAuthError::bad_gateway;
    let body = serde_json::from_slice::<Map<String, Value>>(body).unwrap_or_default();
    let token = body.get("id_token").and_then(Value::as_str);
    let token = token.ok_or(refused("the provider's answer is no token response with an ID token"))?;
    let header = decode_header(token).map_err(|_| refused("the provider's ID token cannot be read"))?;
    check_header(&header).map_err(|_| refused("the provider's ID token is not a JWT signed with RS256"))?;
    let key = bridge.provider_keys.find(header.kid.as_deref()).await.map_err(|fault| match fault {
        KeyFault::OutOfReach => TOO_LATE,
        KeyFault::Unknown => refused("no key of the provider has the ID token's kid"),
    })?;
    let claims = decode::<Claims>(token, &key, &validation())
        .map_err(|_| refused("the provider's ID token has expired, its signature is wrong, or a time in it is none"))?
        .claims;
    if claims.iss.as_ref().and_then(Value::as_str) != Some(bridge.settings.issuer.as_str()) {
        return Err(refused("iss of the provider's ID token is not the issuer in the configuration"));
    }
    let client_id = &bridge.settings.client_id;
    if !is_for_alone(claims.aud.as_ref(), client_id) || !is_issued_to(claims.azp.as_ref(), client_id) {
        return Err(refused("aud of the provider's ID token is not this client alone"));
    }
    if claims.sub.as_ref().and_then(Value::as_str).is_none_or(str::is_empty) || !is_issued(claims.iat) {
        return Err(refused("sub or iat of the provider's ID token is missing, or iat is in the future"));
    }
    if !claims.nonce.as_ref().and_then(Value::as_str).is_some_and(|nonce| bridge.nonces.is_ours(nonce)) {
        return Err(refused("nonce of the provider's ID token is not one of this bridge's"));
    }
    // The request went through the browser, where a citizen can ask for less.
    let accepted = &bridge.settings.accepted_acr;
    let acr = claims.acr.as_ref().and_then(Value::as_str).unwrap_or_default();
    if !accepted.is_empty() && !accepted.iter().any(|one| one == acr) {
        return Err(refused(
            "acr of the provider's ID token is not one that the bridge asks for: check acr_values and accepted_acr",
        ));
    }
    Ok(())
}
