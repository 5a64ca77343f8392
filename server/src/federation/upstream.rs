//! The provider's token endpoint and its responses.

use http::{Method, StatusCode, header};
use jsonwebtoken::{decode, decode_header};
use serde::Deserialize;
use serde_json::{Map, Value};
use url::form_urlencoded;

use super::{assertion::ASSERTION_TYPE, bridge::Bridge};
use crate::{
    failure::Failure,
    oidc::{
        Asker, HttpError, KeyLookupError, check_header, is_issued, is_issued_to, is_sole_audience, known_error,
        validation,
    },
    secret::Secret,
};

/// The provider did not answer in time.
pub(super) fn timed_out() -> Failure {
    Failure::oauth(StatusCode::GATEWAY_TIMEOUT, "temporarily_unavailable", "the provider does not answer")
}

fn bad_gateway(reason: &'static str) -> Failure {
    Failure::oauth(StatusCode::BAD_GATEWAY, "server_error", reason)
}

/// The provider's own status, with the error code `error`. An unknown code is replaced by the code of RFC 6749, 5.2,
/// for that status: some providers send a sentence, which may be about a person and is never forwarded.
fn provider_refused(status: StatusCode, error: &str) -> Failure {
    let known = known_error(error);
    let code = known.unwrap_or(match status {
        StatusCode::UNAUTHORIZED => "invalid_client",
        status if status.is_client_error() => "invalid_request",
        _ => "server_error",
    });
    let reason = match (status, known) {
        (StatusCode::TOO_MANY_REQUESTS, _) => "the provider is limiting requests: too many were sent",
        (status, _) if status.is_server_error() => "the provider has an internal error: check its status page",
        (_, Some(_)) => "the provider refuses the token request: check the client's registration",
        (_, None) => {
            "the provider sent an error without a standard code: check the client's registration and this machine's clock"
        }
    };
    Failure::oauth(status, code, reason)
}

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

/// Redeems `code` at the provider. Returns the body of its token response.
///
/// # Errors
/// The provider's status with a known error code; 502 or 504 if it did not send an OAuth response.
pub(super) async fn redeem(bridge: &Bridge, code: &Secret, assertion: &Secret) -> Result<Vec<u8>, Failure> {
    let form = form_urlencoded::Serializer::new(String::new())
        .append_pair("grant_type", "authorization_code")
        .append_pair("code", code.expose())
        .append_pair("redirect_uri", &bridge.redirect_uri)
        .append_pair("client_id", &bridge.settings.client_id)
        .append_pair("client_assertion_type", ASSERTION_TYPE)
        .append_pair("client_assertion", assertion.expose())
        .finish();
    let request = http::Request::builder()
        .method(Method::POST)
        .uri(bridge.settings.token_endpoint.as_str())
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ACCEPT, "application/json")
        .body(form.into_bytes())
        .map_err(|_| bad_gateway("the token request cannot be built"))?;
    let response = bridge.http.send_token_request(request).await.map_err(|error| match error {
        HttpError::Unavailable => timed_out(),
        HttpError::TooLarge => bad_gateway("the provider's response is too large"),
        HttpError::NotJson => bad_gateway("the provider's response is not JSON"),
        HttpError::Request => bad_gateway("the token request cannot be sent"),
    })?;
    let status = response.status();
    if status == StatusCode::OK {
        return Ok(response.into_body());
    }
    if !status.is_client_error() && !status.is_server_error() {
        return Err(bad_gateway("the provider's response is neither tokens nor an error"));
    }
    // RFC 6749, 5.2. Providers may send any text in `error`, but it must be present.
    let body: Value = serde_json::from_slice(response.body()).unwrap_or_default();
    Err(match body.get("error") {
        Some(error) => provider_refused(status, error.as_str().unwrap_or_default()),
        None => bad_gateway("the provider's response is not an OAuth response"),
    })
}

/// Checks that the ID token in a token response belongs to a sign-in through this bridge.
///
/// # Errors
/// 502, without anything that the provider sent.
pub(super) async fn check(bridge: &Bridge, body: &[u8]) -> Result<(), Failure> {
    let refused = bad_gateway;
    // Text around the JSON is refused: the user pool, which gets the same bytes, may read it otherwise.
    let body = serde_json::from_slice::<Map<String, Value>>(body)
        .map_err(|_| refused("the provider's response is not a JSON object"))?;
    let token = body.get("id_token").and_then(Value::as_str);
    let token = token.ok_or_else(|| refused("the provider's response has no ID token"))?;
    let header = decode_header(token).map_err(|_| refused("the provider's ID token is not a readable JWT"))?;
    check_header(&header).map_err(|_| refused("the provider's ID token is not a JWT signed with RS256"))?;
    let key = bridge.provider_keys.find(header.kid.as_deref(), Asker::SignIn).await.map_err(|error| match error {
        KeyLookupError::Unavailable => timed_out(),
        KeyLookupError::Unknown => {
            refused("no key at providers.bridge.jwks_uri has the kid of the provider's ID token")
        }
    })?;
    let claims = decode::<Claims>(token, &key, &validation())
        .map_err(|_| refused("the provider's ID token has expired, or its signature or one of its times is invalid"))?
        .claims;
    if claims.iss.as_ref().and_then(Value::as_str) != Some(bridge.settings.issuer.as_str()) {
        return Err(refused("iss of the provider's ID token differs from providers.bridge.issuer"));
    }
    let client_id = &bridge.settings.client_id;
    if !is_sole_audience(claims.aud.as_ref(), client_id) || !is_issued_to(claims.azp.as_ref(), client_id) {
        return Err(refused(
            "aud of the provider's ID token is not only this client: check providers.bridge.client_id",
        ));
    }
    if claims.sub.as_ref().and_then(Value::as_str).is_none_or(str::is_empty) || !is_issued(claims.iat) {
        return Err(refused("sub or iat of the provider's ID token is missing, or iat is in the future"));
    }
    if !claims.nonce.as_ref().and_then(Value::as_str).is_some_and(|nonce| bridge.nonces.is_ours(nonce)) {
        return Err(refused("nonce of the provider's ID token was not made by this bridge, or has expired"));
    }
    // The citizen could have changed `acr_values` in the browser.
    let accepted = &bridge.settings.accepted_acr;
    let acr = claims.acr.as_ref().and_then(Value::as_str).unwrap_or_default();
    if !accepted.is_empty() && !accepted.iter().any(|one| one == acr) {
        return Err(refused("acr of the provider's ID token is not accepted: check acr_values and accepted_acr"));
    }
    Ok(())
}
