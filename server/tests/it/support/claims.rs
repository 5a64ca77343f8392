//! The claims of a valid ID token.

use aws_lc_rs::digest;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use time::OffsetDateTime;

use super::{AN, fake_pool::CLIENT_ID};

pub const ACCESS_TOKEN: &str = "a-secret-access-token";

/// The claims of Cognito's ID token for `nonce`.
pub fn valid(issuer: &str, nonce: &str) -> Value {
    let now = OffsetDateTime::now_utc().unix_timestamp();
    json!({
        "iss": issuer,
        "aud": CLIENT_ID,
        "sub": "6a7b8c9d-0000-4000-8000-000000000001",
        "token_use": "id",
        "iat": now,
        "exp": now + 3600,
        "auth_time": now,
        "nonce": nonce,
        "at_hash": at_hash(ACCESS_TOKEN),
        "cognito:username": "itsme_upstream",
        "identities": [{ "userId": "upstream", "providerName": "itsme", "providerType": "OIDC", "primary": "true" }],
        "custom:eid": AN.0,
        "name": AN.1,
    })
}

/// OpenID Connect Core 1.0, 3.1.3.6.
pub fn at_hash(access_token: &str) -> String {
    URL_SAFE_NO_PAD.encode(&digest::digest(&digest::SHA256, access_token.as_bytes()).as_ref()[..16])
}
