//! Checks of the ID token (OpenID Connect Core 1.0, 3.1.3.7, and what Cognito adds).

use aws_lc_rs::digest;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{DecodingKey, decode, decode_header, errors::ErrorKind};
use serde::Deserialize;
use serde_json::Value;

use super::{
    jwt::{HeaderFault, check_header, is_for_alone, is_issued, is_issued_to, validation},
    keys::{KeyFault, Keys},
};
use crate::{
    citizen::{Eid, Profile},
    secret::{Secret, are_equal},
};

/// What the token must say.
pub(super) struct Expected<'a> {
    pub(super) issuer: &'a str,
    pub(super) client_id: &'a str,
    pub(super) nonce: &'a Secret,
    /// The name in the user pool of the provider chosen.
    pub(super) provider: &'a str,
    /// The access token that came with it, which `at_hash` binds.
    pub(super) access_token: &'a Secret,
}

/// What a token that passed every check says about the citizen.
pub(super) struct Identity {
    pub(super) eid: Eid,
    pub(super) profile: Profile,
}

/// The check that a token did not pass. No variant holds anything of the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum TokenFault {
    #[error("it is not a JWT that can be read")]
    Malformed,
    #[error("its algorithm is not RS256")]
    Algorithm,
    #[error("its type is not JWT")]
    Type,
    #[error(transparent)]
    Key(#[from] KeyFault),
    #[error("its signature is wrong")]
    Signature,
    #[error("iss is missing or not the user pool")]
    Issuer,
    #[error("aud is missing or not this client alone")]
    Audience,
    #[error("sub is missing")]
    Subject,
    #[error("exp is missing or past")]
    Expired,
    #[error("iat is missing or in the future")]
    IssuedAt,
    #[error("nonce is missing or not that of this sign-in")]
    Nonce,
    #[error("token_use is not id")]
    Use,
    #[error("at_hash does not fit the access token")]
    AccessTokenHash,
    #[error("identities is missing or empty")]
    NoIdentities,
    #[error("identities names another provider than the one chosen")]
    Provider,
    #[error("custom:eid is missing: check the attribute mapping of the provider in the user pool")]
    EidMissing,
    #[error("custom:eid is not a number that records can be kept under")]
    EidInvalid,
}

/// Verifies `token` and reads who it is about.
///
/// # Errors
/// The first check that it did not pass.
pub(super) async fn verify(token: &Secret, keys: &Keys, expected: &Expected<'_>) -> Result<Identity, TokenFault> {
    let header = decode_header(token.expose()).map_err(|error| match error.kind() {
        // An algorithm that the library does not even know, `none` among them.
        ErrorKind::Json(_) | ErrorKind::InvalidAlgorithmName => TokenFault::Algorithm,
        _ => TokenFault::Malformed,
    })?;
    check_header(&header).map_err(|fault| match fault {
        HeaderFault::Algorithm => TokenFault::Algorithm,
        HeaderFault::Type => TokenFault::Type,
    })?;
    let key = keys.find(header.kid.as_deref()).await?;
    let claims = signed_claims(token, &key)?;
    check(&claims, expected)?;
    let claim = claims
        .eid
        .as_ref()
        .map(Secret::expose)
        .filter(|claim| !claim.trim().is_empty())
        .ok_or(TokenFault::EidMissing)?;
    let eid = Eid::parse(claim).ok_or(TokenFault::EidInvalid)?;
    Ok(Identity { eid, profile: claims.into_profile() })
}

fn signed_claims(token: &Secret, key: &DecodingKey) -> Result<Claims, TokenFault> {
    decode::<Claims>(token.expose(), key, &validation()).map(|data| data.claims).map_err(|error| match error.kind() {
        ErrorKind::InvalidSignature => TokenFault::Signature,
        ErrorKind::ExpiredSignature | ErrorKind::MissingRequiredClaim(_) => TokenFault::Expired,
        ErrorKind::ImmatureSignature => TokenFault::IssuedAt,
        ErrorKind::InvalidAlgorithm => TokenFault::Algorithm,
        _ => TokenFault::Malformed,
    })
}

/// What must stand in the claims besides the times.
fn check(claims: &Claims, expected: &Expected<'_>) -> Result<(), TokenFault> {
    if claims.iss.as_ref().and_then(Value::as_str) != Some(expected.issuer) {
        return Err(TokenFault::Issuer);
    }
    let is_for_us = is_for_alone(claims.aud.as_ref(), expected.client_id);
    if !is_for_us || !is_issued_to(claims.azp.as_ref(), expected.client_id) {
        return Err(TokenFault::Audience);
    }
    if claims.sub.as_deref().is_none_or(str::is_empty) {
        return Err(TokenFault::Subject);
    }
    if !is_issued(claims.iat) {
        return Err(TokenFault::IssuedAt);
    }
    if claims.token_use.as_deref() != Some("id") {
        return Err(TokenFault::Use);
    }
    if !are_equal(claims.nonce.as_deref().unwrap_or_default(), expected.nonce.expose()) {
        return Err(TokenFault::Nonce);
    }
    if claims.at_hash.as_ref().is_some_and(|hash| *hash != at_hash(expected.access_token)) {
        return Err(TokenFault::AccessTokenHash);
    }
    // Every identity, not any: a user whose accounts were linked could otherwise come through one provider and claim the
    // number that another vouches for.
    let chosen = |identity: &Value| identity.get("providerName").and_then(Value::as_str) == Some(expected.provider);
    let identities = claims.identities.as_ref().and_then(Value::as_array).filter(|all| !all.is_empty());
    if !identities.ok_or(TokenFault::NoIdentities)?.iter().all(chosen) {
        return Err(TokenFault::Provider);
    }
    Ok(())
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
    token_use: Option<String>,
    #[serde(default)]
    at_hash: Option<String>,
    /// The accounts at identity providers that the user pool's user is made of.
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

/// Cognito wraps the attribute as `{"formatted": …}`, and what a provider hands over as an object arrives inside as JSON text.
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
    fn at_hash_is_the_one_of_the_specification() {
        // OpenID Connect Core 1.0, A.3: the access token of the example and its at_hash.
        assert_eq!(at_hash(&Secret::new("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y")), "77QmUPtjPfzWtF2AnpK9RQ");
    }

    #[test]
    fn an_address_is_read_in_each_form_that_it_comes_in() {
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
