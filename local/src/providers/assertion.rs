//! The client's assertion (RFC 7523, 3; OpenID Connect Core 1.0, 9, `private_key_jwt`), as Login.gov documents it.

use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, StatusCode};
use jsonwebtoken::{Algorithm, Validation};
use serde::Deserialize;

use super::Provider;
use super::rules::TokenRefusal;
use crate::store::now;
use crate::web::Params;

const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// How far ahead an assertion may end: so long, what was used is remembered.
pub(super) const LONGEST_SECONDS: u64 = 10 * 60;
const REFUSED: TokenRefusal = (StatusCode::UNAUTHORIZED, "invalid_client");

#[derive(Deserialize)]
struct Claims {
    jti: String,
    exp: u64,
}

/// The client by its assertion, and by nothing else.
pub(super) fn authenticate(provider: &Provider, headers: &HeaderMap, params: &Params) -> Result<(), TokenRefusal> {
    let one = |name| params.get(name).map_err(|_| (StatusCode::BAD_REQUEST, "invalid_request"));
    if headers.contains_key(AUTHORIZATION) || one("client_secret")?.is_some() {
        return Err(REFUSED);
    }
    if one("client_assertion_type")? != Some(TYPE) {
        return Err((StatusCode::BAD_REQUEST, "invalid_request"));
    }
    let assertion = one("client_assertion")?.ok_or(REFUSED)?;
    let client_id = &provider.registration.client_id;
    let mut validation = Validation::new(Algorithm::RS256);
    validation.leeway = 0;
    validation.set_issuer(&[client_id]);
    validation.set_audience(&[provider.at(provider.facts.paths.token)]);
    validation.sub = Some(client_id.clone());
    validation.set_required_spec_claims(&["iss", "sub", "aud", "exp"]);
    let keys = provider.registration.keys();
    let claims =
        keys.iter().find_map(|key| Some(jsonwebtoken::decode::<Claims>(assertion, key, &validation).ok()?.claims));
    let Claims { jti, exp } = claims.ok_or(REFUSED)?;
    let now = now();
    if jti.is_empty() || exp > now + LONGEST_SECONDS || !provider.assertions.insert_new(jti, (), now) {
        return Err(REFUSED);
    }
    Ok(())
}
