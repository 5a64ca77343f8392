//! The client assertion (RFC 7523, 3; OpenID Connect Core 1.0, 9).

use jsonwebtoken::errors::Error;
use serde::Serialize;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::SigningKeys;
use crate::secret::Secret;

/// The value of `client_assertion_type`.
pub(super) const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// How long an assertion is valid. It is sent immediately.
const LIFETIME: Duration = Duration::minutes(5);

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    jti: String,
    iat: i64,
    exp: i64,
}

/// A new assertion: proves to `audience`, a name of the provider, that the sender is `client_id`.
///
/// # Errors
/// The key cannot sign.
pub(super) fn make(keys: &SigningKeys, client_id: &str, audience: &str) -> Result<Secret, Error> {
    let now = OffsetDateTime::now_utc();
    keys.sign(&Claims {
        iss: client_id,
        sub: client_id,
        aud: audience,
        jti: Uuid::new_v4().to_string(),
        iat: now.unix_timestamp(),
        exp: (now + LIFETIME).unix_timestamp(),
    })
}
