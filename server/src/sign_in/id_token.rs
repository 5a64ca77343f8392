//! Checks of the ID token (OpenID Connect Core 1.0, 3.1.3.7, and what Cognito adds).

use aws_lc_rs::digest;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{DecodingKey, decode, decode_header, errors::ErrorKind};
use serde::Deserialize;
use serde_json::Value;

use crate::{
    citizen::{Eid, EidError, Profile},
    config::EidRules,
    oidc::{
        Asker, HeaderError, KeyLookupError, Keys, check_header, is_issued, is_issued_to, is_sole_audience, validation,
    },
    secret::{Secret, constant_time_eq},
};

/// The values that the token must have.
pub(super) struct Expected<'a> {
    pub(super) issuer: &'a str,
    pub(super) client_id: &'a str,
    pub(super) nonce: &'a Secret,
    /// The chosen provider's name in the user pool.
    pub(super) provider: &'a str,
    /// The access token of the same response, for `at_hash`.
    pub(super) access_token: &'a Secret,
    /// The earliest `auth_time`, if the citizen had to sign in again.
    pub(super) earliest_auth_time: Option<i64>,
    /// What the chosen provider's `custom:eid` must be.
    pub(super) eid: &'a EidRules,
}

/// The citizen that a verified token is about.
pub(super) struct Identity {
    pub(super) eid: Eid,
    pub(super) profile: Profile,
    /// `auth_time`, in seconds since 1970.
    pub(super) auth_time: Option<i64>,
}

/// The check that a token failed. No variant contains any part of the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum IdTokenError {
    #[error("it is not a readable JWT")]
    Malformed,
    #[error("its algorithm is not RS256")]
    Algorithm,
    #[error("its type is not JWT")]
    Type,
    #[error(transparent)]
    Key(#[from] KeyLookupError),
    #[error("its signature is wrong")]
    Signature,
    #[error("iss is missing or differs from cognito.issuer")]
    Issuer,
    #[error("aud is missing or not only this client: check cognito.user_pool_web_client_id")]
    Audience,
    #[error("sub is missing")]
    Subject,
    #[error("exp is missing or past")]
    Expired,
    #[error("iat is missing or in the future")]
    IssuedAt,
    #[error("nonce is missing or belongs to another sign-in")]
    Nonce,
    #[error("token_use is not id")]
    Use,
    #[error("at_hash does not match the access token")]
    AccessTokenHash,
    #[error("auth_time is not a time, or in the future")]
    AuthTime,
    #[error(
        "auth_time is older than this sign-in: the user pool ignored prompt=login and answered from its own session, or \
         its clock is behind; turn managed login on, or set cognito.prompt_login to false"
    )]
    Stale,
    #[error("identities is missing or empty")]
    NoIdentities,
    #[error("identities names a provider other than the chosen one")]
    Provider,
    #[error(transparent)]
    Eid(#[from] EidError),
}

/// Verifies `token` and returns the citizen it is about.
///
/// # Errors
/// The first check that it failed.
pub(super) async fn verify(token: &Secret, keys: &Keys, expected: &Expected<'_>) -> Result<Identity, IdTokenError> {
    let header = decode_header(token.expose()).map_err(|error| match error.kind() {
        // An algorithm that the library does not know, such as `none`.
        ErrorKind::Json(_) | ErrorKind::InvalidAlgorithmName => IdTokenError::Algorithm,
        _ => IdTokenError::Malformed,
    })?;
    check_header(&header).map_err(|error| match error {
        HeaderError::Algorithm => IdTokenError::Algorithm,
        HeaderError::Type => IdTokenError::Type,
    })?;
    let key = keys.find(header.kid.as_deref(), Asker::SignIn).await?;
    let claims = signed_claims(token, &key)?;
    check(&claims, expected)?;
    let eid = Eid::parse(claims.eid.as_ref().map(Secret::expose).unwrap_or_default(), expected.eid)?;
    let auth_time = claims.auth_time.as_ref().and_then(seconds).map(|seconds| seconds as i64);
    Ok(Identity { eid, profile: claims.into_profile(), auth_time })
}

fn signed_claims(token: &Secret, key: &DecodingKey) -> Result<Claims, IdTokenError> {
    decode::<Claims>(token.expose(), key, &validation()).map(|data| data.claims).map_err(|error| match error.kind() {
        ErrorKind::InvalidSignature => IdTokenError::Signature,
        ErrorKind::ExpiredSignature | ErrorKind::MissingRequiredClaim(_) => IdTokenError::Expired,
        ErrorKind::ImmatureSignature => IdTokenError::IssuedAt,
        ErrorKind::InvalidAlgorithm => IdTokenError::Algorithm,
        _ => IdTokenError::Malformed,
    })
}

/// Checks every claim except the times that [`validation`] covers.
fn check(claims: &Claims, expected: &Expected<'_>) -> Result<(), IdTokenError> {
    if claims.iss.as_ref().and_then(Value::as_str) != Some(expected.issuer) {
        return Err(IdTokenError::Issuer);
    }
    let is_for_us = is_sole_audience(claims.aud.as_ref(), expected.client_id);
    if !is_for_us || !is_issued_to(claims.azp.as_ref(), expected.client_id) {
        return Err(IdTokenError::Audience);
    }
    if claims.sub.as_deref().is_none_or(str::is_empty) {
        return Err(IdTokenError::Subject);
    }
    if !is_issued(claims.iat) {
        return Err(IdTokenError::IssuedAt);
    }
    if claims.token_use.as_deref() != Some("id") {
        return Err(IdTokenError::Use);
    }
    if !constant_time_eq(claims.nonce.as_deref().unwrap_or_default(), expected.nonce.expose()) {
        return Err(IdTokenError::Nonce);
    }
    if claims.at_hash.as_ref().is_some_and(|hash| *hash != at_hash(expected.access_token)) {
        return Err(IdTokenError::AccessTokenHash);
    }
    // Before the identities: a session of another provider is then ended too.
    if let Some(earliest) = expected.earliest_auth_time {
        check_auth_time(claims.auth_time.as_ref(), earliest)?;
    }
    // All identities, not any: a user with linked accounts could otherwise sign in with one provider and use the eid
    // that another provider vouches for.
    let chosen = |identity: &Value| identity.get("providerName").and_then(Value::as_str) == Some(expected.provider);
    let identities = claims.identities.as_ref().and_then(Value::as_array).filter(|all| !all.is_empty());
    if !identities.ok_or(IdTokenError::NoIdentities)?.iter().all(chosen) {
        return Err(IdTokenError::Provider);
    }
    Ok(())
}

/// Checks that the citizen signed in at `earliest` or later. Cognito always sends `auth_time`, as a number; a user pool that
/// leaves it out is not refused.
fn check_auth_time(auth_time: Option<&Value>, earliest: i64) -> Result<(), IdTokenError> {
    let Some(auth_time) = auth_time else { return Ok(()) };
    let seconds = seconds(auth_time).filter(|seconds| is_issued(Some(*seconds))).ok_or(IdTokenError::AuthTime)?;
    if seconds >= earliest as f64 { Ok(()) } else { Err(IdTokenError::Stale) }
}

/// A time as Cognito sends it: a number, or a text with one.
fn seconds(time: &Value) -> Option<f64> {
    time.as_f64().or_else(|| time.as_str()?.parse().ok())
}

/// The left half of SHA-256 of the access token (OpenID Connect Core 1.0, 3.1.3.6).
fn at_hash(access_token: &Secret) -> String {
    let hash = digest::digest(&digest::SHA256, access_token.expose().as_bytes());
    URL_SAFE_NO_PAD.encode(&hash.as_ref()[..16])
}

#[derive(Deserialize)]
struct Claims {
    #[serde(default)]
    iss: Option<Value>,
    #[serde(default)]
    aud: Option<Value>,
    #[serde(default)]
    azp: Option<Value>,
    #[serde(default)]
    sub: Option<String>,
    #[serde(default)]
    iat: Option<f64>,
    #[serde(default)]
    nonce: Option<String>,
    #[serde(default)]
    auth_time: Option<Value>,
    #[serde(default)]
    token_use: Option<String>,
    #[serde(default)]
    at_hash: Option<String>,
    /// The accounts at identity providers that are linked to this user.
    #[serde(default)]
    identities: Option<Value>,
    #[serde(default, rename = "custom:eid")]
    eid: Option<Secret>,
    #[serde(flatten)]
    about: std::collections::HashMap<String, Value>,
}

impl Claims {
    fn into_profile(self) -> Profile {
        let text = |name: &str| {
            self.about.get(name).and_then(Value::as_str).filter(|text| !text.trim().is_empty()).map(str::to_owned)
        };
        Profile {
            name: text("name"),
            given_name: text("given_name"),
            family_name: text("family_name"),
            birthdate: text("birthdate"),
            gender: text("gender"),
            email: text("email"),
            phone_number: text("phone_number"),
            address: self.about.get("address").and_then(address),
            locale: text("locale"),
            eid: self.eid.clone(),
        }
    }
}

/// Cognito wraps the attribute as `{"formatted": …}`. If the provider sent an object, `formatted` contains it as JSON
/// text.
fn address(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => match serde_json::from_str::<Value>(text) {
            Ok(inner @ Value::Object(_)) => address(&inner),
            _ => Some(text.clone()).filter(|text| !text.trim().is_empty()),
        },
        Value::Object(parts) => parts.get("formatted").and_then(address).or_else(|| {
            let lines = ["street_address", "postal_code", "locality", "region", "country"];
            let lines: Vec<_> = lines.iter().filter_map(|line| parts.get(*line)?.as_str()).collect();
            (!lines.is_empty()).then(|| lines.join("\n"))
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn at_hash_matches_the_example_of_the_specification() {
        // OpenID Connect Core 1.0, A.3: the access token of the example and its at_hash.
        assert_eq!(at_hash(&Secret::new("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y")), "77QmUPtjPfzWtF2AnpK9RQ");
    }

    #[test]
    fn auth_time_is_a_number_or_a_numeric_text() {
        let now = time::OffsetDateTime::now_utc().unix_timestamp();
        for (auth_time, expected) in [
            (json!(now), Ok(())),
            (json!(now.to_string()), Ok(())),
            (json!(now as f64 + 0.5), Ok(())),
            (json!(now - 100), Ok(())),
            (json!(now - 101), Err(IdTokenError::Stale)),
            (json!((now - 101).to_string()), Err(IdTokenError::Stale)),
            (json!(0), Err(IdTokenError::Stale)),
            (json!(-1), Err(IdTokenError::Stale)),
            (json!("-inf"), Err(IdTokenError::Stale)),
            (json!(now + 3_600), Err(IdTokenError::AuthTime)),
            (json!(now * 1_000), Err(IdTokenError::AuthTime)),
            (json!("inf"), Err(IdTokenError::AuthTime)),
            (json!("NaN"), Err(IdTokenError::AuthTime)),
            (json!("yesterday"), Err(IdTokenError::AuthTime)),
            (json!(""), Err(IdTokenError::AuthTime)),
            (json!([now]), Err(IdTokenError::AuthTime)),
            (json!(true), Err(IdTokenError::AuthTime)),
        ] {
            assert_eq!(check_auth_time(Some(&auth_time), now - 100), expected, "{auth_time}");
        }
        assert_eq!(check_auth_time(None, now), Ok(()), "absent");
    }

    #[test]
    fn every_form_of_an_address_is_read() {
        let written = "Wetstraat 16\n1000 Brussel";
        for value in [
            json!(written),
            json!({ "formatted": written }),
            json!({ "formatted": json!({ "formatted": written }).to_string() }),
        ] {
            assert_eq!(address(&value).as_deref(), Some(written), "{value}");
        }
        let parts = json!({ "street_address": "Wetstraat 16", "postal_code": "1000", "locality": "Brussel" });
        assert_eq!(address(&json!({ "formatted": parts.to_string() })).as_deref(), Some("Wetstraat 16\n1000\nBrussel"));
        assert_eq!(address(&json!({})), None);
    }
}
