//! The checks of the provider's ID token (OpenID Connect Core 1.0, section 3.1.3.7).

use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::{Map, Value};

/// Why the token is refused.
#[derive(Debug, thiserror::Error)]
pub(super) enum TokenFault {
    #[error("no key of the provider has its kid")]
    UnknownKey,
    #[error("{0}")]
    Invalid(#[from] jsonwebtoken::errors::Error),
}

/// The claims of an ID token from `issuer` for `client_id`.
pub(super) fn verify(
    token: &str,
    keys: &JwkSet,
    issuer: &str,
    client_id: &str,
) -> Result<Map<String, Value>, TokenFault> {
    let kid = jsonwebtoken::decode_header(token)?.kid.ok_or(TokenFault::UnknownKey)?;
    let key = DecodingKey::from_jwk(keys.find(&kid).ok_or(TokenFault::UnknownKey)?)?;
    let mut validation = Validation::new(Algorithm::RS256);
    validation.set_issuer(&[issuer]);
    validation.set_audience(&[client_id]);
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    Ok(jsonwebtoken::decode(token, &key, &validation)?.claims)
}
