//! The client's authentication at the token endpoint.

use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, StatusCode};
use jsonwebtoken::{Algorithm, Validation};
use serde::Deserialize;

use super::facts::ClientAuthentication;
use super::provider::{ASSERTION_SECONDS, Provider};
use super::vendor::TokenRefusal;
use crate::random;
use crate::store::now;
use crate::web::Params;

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const INVALID_CLIENT: TokenRefusal = (StatusCode::UNAUTHORIZED, "invalid_client");
const INVALID_REQUEST: TokenRefusal = (StatusCode::BAD_REQUEST, "invalid_request");

/// Authenticates the client in the vendor's way, and in no other.
pub(super) fn authenticate(provider: &Provider, headers: &HeaderMap, params: &Params) -> Result<(), TokenRefusal> {
    match provider.vendor.facts.client_authentication {
        ClientAuthentication::SecretInForm => by_secret(provider, params),
        ClientAuthentication::SignedAssertion => by_assertion(provider, headers, params),
    }
}

/// `client_secret_post` (RFC 6749, section 2.3.1).
fn by_secret(provider: &Provider, params: &Params) -> Result<(), TokenRefusal> {
    let one = |name| params.get(name).map_err(|_| INVALID_REQUEST);
    let (id, secret) = (one("client_id")?, one("client_secret")?.unwrap_or_default());
    let registration = &provider.registration;
    let known = registration.client_secret.as_ref().is_some_and(|known| random::same_secret(secret, known));
    if id == Some(&registration.client_id) && known { Ok(()) } else { Err(INVALID_CLIENT) }
}

#[derive(Deserialize)]
struct Claims {
    jti: String,
    exp: u64,
}

/// `private_key_jwt` (RFC 7523, section 3; OpenID Connect Core 1.0, section 9).
fn by_assertion(provider: &Provider, headers: &HeaderMap, params: &Params) -> Result<(), TokenRefusal> {
    let one = |name| params.get(name).map_err(|_| INVALID_REQUEST);
    if headers.contains_key(AUTHORIZATION) || one("client_secret")?.is_some() {
        return Err(INVALID_CLIENT);
    }
    if one("client_assertion_type")? != Some(ASSERTION_TYPE) {
        return Err(INVALID_REQUEST);
    }
    let assertion = one("client_assertion")?.ok_or(INVALID_CLIENT)?;
    let client_id = &provider.registration.client_id;
    let mut validation = Validation::new(Algorithm::RS256);
    validation.leeway = 0;
    validation.set_issuer(&[client_id]);
    validation.set_audience(&[provider.at(provider.vendor.facts.paths.token)]);
    validation.sub = Some(client_id.clone());
    validation.set_required_spec_claims(&["iss", "sub", "aud", "exp"]);
    let keys = provider.registration.keys();
    let claims =
        keys.iter().find_map(|key| Some(jsonwebtoken::decode::<Claims>(assertion, key, &validation).ok()?.claims));
    let Claims { jti, exp } = claims.ok_or(INVALID_CLIENT)?;
    let now = now();
    if jti.is_empty() || exp > now + ASSERTION_SECONDS || !provider.assertions.insert_new(jti, (), now) {
        return Err(INVALID_CLIENT);
    }
    Ok(())
}
