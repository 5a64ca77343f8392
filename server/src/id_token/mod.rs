//! The rules for an ID token of the user pool that hold wherever it comes from: from the token endpoint at a sign-in, or from
//! anyone who sends it to the API (OpenID Connect Core 1.0, 3.1.3.7, and what Cognito adds).

mod claims;

use aws_lc_rs::digest::{self, Digest};
use jsonwebtoken::{decode, decode_header, errors::ErrorKind};
use serde_json::Value;

use self::claims::Claims;
use crate::{
    citizen::{Eid, EidError, Profile},
    config::Provider,
    oidc::{
        Asker, HeaderError, KeyLookupError, Keys, check_header, is_issued, is_issued_to, is_sole_audience, validation,
    },
    secret::Secret,
};

/// The user pool, as its tokens name it.
#[derive(Clone, Copy, Debug)]
pub struct UserPool<'a> {
    /// `iss`
    pub issuer: &'a str,
    /// `aud`: the app client.
    pub client_id: &'a str,
    /// Its signing keys.
    pub keys: &'a Keys,
}

/// The citizen that a token is about.
pub struct Identity {
    /// The citizen's number.
    pub eid: Eid,
    /// What the provider shared.
    pub profile: Profile,
    /// When the citizen signed in, in seconds since 1970, if the token says so.
    pub auth_time: Option<i64>,
}

/// The check that a token failed. No variant contains any part of the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdTokenError {
    /// It cannot be decoded.
    #[error("it is not a readable JWT")]
    Malformed,
    /// `alg`, or an extension that must be understood.
    #[error("its algorithm is not RS256")]
    Algorithm,
    /// `typ`
    #[error("its type is not JWT")]
    Type,
    /// `kid`
    #[error(transparent)]
    Key(#[from] KeyLookupError),
    /// The signature.
    #[error("its signature is wrong")]
    Signature,
    /// `iss`
    #[error("iss is missing or differs from cognito.issuer")]
    Issuer,
    /// `aud` or `azp`
    #[error("aud is missing or not only this client: check cognito.user_pool_web_client_id")]
    Audience,
    /// `sub`
    #[error("sub is missing")]
    Subject,
    /// `exp`
    #[error("exp is missing or past")]
    Expired,
    /// `iat` or `nbf`
    #[error("iat is missing or in the future")]
    IssuedAt,
    /// `token_use`
    #[error("token_use is not id")]
    Use,
    /// `identities`
    #[error("identities is missing or empty")]
    NoIdentities,
    /// `identities`, at a sign-in.
    #[error("identities names a provider other than the chosen one")]
    Provider,
    /// `identities`, for a provider whose people have an app client of their own.
    #[error("identities does not say that the provider is one of SAML")]
    NotSaml,
    /// `identities`, if no provider was chosen.
    #[error("identities does not name one provider of the configuration, and no other")]
    UnknownProvider,
    /// `custom:eid`
    #[error(transparent)]
    Eid(#[from] EidError),
}

/// A token that the user pool issued to this client, and that has not expired.
pub struct IdToken {
    claims: Claims,
    hash: Digest,
}

impl IdToken {
    /// Verifies the signature of `token`, its header, and who issued it, to whom, when and for what. `asker` is who presents it.
    ///
    /// # Errors
    /// The first check that it failed.
    pub async fn verify(token: &Secret, pool: UserPool<'_>, asker: Asker) -> Result<Self, IdTokenError> {
        let header = decode_header(token.expose()).map_err(|error| match error.kind() {
            // An algorithm that the library does not know, such as `none`.
            ErrorKind::Json(_) | ErrorKind::InvalidAlgorithmName => IdTokenError::Algorithm,
            _ => IdTokenError::Malformed,
        })?;
        check_header(&header).map_err(|error| match error {
            HeaderError::Algorithm => IdTokenError::Algorithm,
            HeaderError::Type => IdTokenError::Type,
        })?;
        let key = pool.keys.find(header.kid.as_deref(), asker).await?;
        let decoded = decode::<Claims>(token.expose(), &key, &validation());
        let claims = decoded.map_err(|error| match error.kind() {
            ErrorKind::InvalidSignature => IdTokenError::Signature,
            ErrorKind::ExpiredSignature | ErrorKind::MissingRequiredClaim(_) => IdTokenError::Expired,
            ErrorKind::ImmatureSignature => IdTokenError::IssuedAt,
            ErrorKind::InvalidAlgorithm => IdTokenError::Algorithm,
            _ => IdTokenError::Malformed,
        })?;
        let claims = claims.claims;
        check(&claims, pool)?;
        let id = claims.jti.as_ref().and_then(Value::as_str).unwrap_or_else(|| token.expose());
        let hash = digest::digest(&digest::SHA256, id.as_bytes());
        Ok(Self { claims, hash })
    }

    /// `nonce`
    pub fn nonce(&self) -> Option<&str> {
        self.claims.nonce.as_deref()
    }

    /// `at_hash`
    pub fn at_hash(&self) -> Option<&str> {
        self.claims.at_hash.as_deref()
    }

    /// `auth_time` in seconds, if the token has it; `NaN` if it is not a time. Cognito sends a number.
    pub fn auth_time(&self) -> Option<f64> {
        self.claims.auth_time.as_ref().map(seconds)
    }

    /// When the token was issued, in seconds since 1970.
    pub fn issued_at(&self) -> i64 {
        self.claims.iat.map_or(0, |seconds| seconds as i64)
    }

    /// Differs between two tokens, and says nothing about either: SHA-256 of `jti`, or of a token without it.
    pub fn hash(&self) -> &[u8] {
        self.hash.as_ref()
    }

    /// The citizen, if `provider` vouches for them, and no other does.
    ///
    /// # Errors
    /// The first check that the token failed.
    pub fn identity(&self, provider: &Provider) -> Result<Identity, IdTokenError> {
        if !self.identities()?.all(|identity| text(identity, "providerName") == Some(&provider.name)) {
            return Err(IdTokenError::Provider);
        }
        // A second provider with the same name cannot exist in a user pool; one of another kind, after a mistake, can.
        if provider.client.is_some()
            && !self.identities()?.all(|identity| text(identity, "providerType") == Some("SAML"))
        {
            return Err(IdTokenError::NotSaml);
        }
        let auth_time = self.auth_time().filter(|seconds| seconds.is_finite()).map(|seconds| seconds as i64);
        let eid = Eid::parse(self.claims.eid.as_ref().map(Secret::expose).unwrap_or_default(), &provider.eid)?;
        Ok(Identity { eid, profile: self.claims.profile(), auth_time })
    }

    /// The citizen, and the one provider of `providers` that vouches for them.
    ///
    /// # Errors
    /// The first check that the token failed.
    pub fn identity_at_one_of<'a>(&self, providers: &'a [Provider]) -> Result<(Identity, &'a Provider), IdTokenError> {
        let first = self.identities()?.next().and_then(|identity| text(identity, "providerName"));
        // Providers with the same name have the same namespace and the same rules for their numbers.
        let provider = providers.iter().find(|provider| first == Some(&provider.name));
        let provider = provider.ok_or(IdTokenError::UnknownProvider)?;
        let identity = self.identity(provider).map_err(|error| match error {
            IdTokenError::Provider => IdTokenError::UnknownProvider,
            error => error,
        })?;
        Ok((identity, provider))
    }

    /// Each identity; at least one. A user with linked accounts has several: they could otherwise sign in
    /// with one provider and use the eid that another vouches for.
    fn identities(&self) -> Result<impl Iterator<Item = &Value>, IdTokenError> {
        let identities = self.claims.identities.as_ref().and_then(Value::as_array).filter(|all| !all.is_empty());
        let identities = identities.ok_or(IdTokenError::NoIdentities)?;
        Ok(identities.iter())
    }
}

/// Checks the claims, except for the times that [`validation`] covers.
fn check(claims: &Claims, pool: UserPool<'_>) -> Result<(), IdTokenError> {
    if claims.iss.as_ref().and_then(Value::as_str) != Some(pool.issuer) {
        return Err(IdTokenError::Issuer);
    }
    let is_for_us = is_sole_audience(claims.aud.as_ref(), pool.client_id);
    if !is_for_us || !is_issued_to(claims.azp.as_ref(), pool.client_id) {
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
    Ok(())
}

/// The text `name` of an identity.
fn text<'a>(identity: &'a Value, name: &str) -> Option<&'a str> {
    identity.get(name).and_then(Value::as_str)
}

/// A number, or a number as a text; `NaN` for anything else.
fn seconds(value: &Value) -> f64 {
    value.as_f64().or_else(|| value.as_str()?.parse().ok()).unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_time_is_a_number_or_a_numeric_text() {
        for (value, expected) in [
            (json!(1_700_000_000), 1_700_000_000.0),
            (json!("1700000000"), 1_700_000_000.0),
            (json!(1.5), 1.5),
            (json!("inf"), f64::INFINITY),
        ] {
            assert_eq!(seconds(&value), expected, "{value}");
        }
        for bad in [json!("yesterday"), json!(""), json!([1]), json!(true), json!(null)] {
            assert!(seconds(&bad).is_nan(), "{bad}");
        }
    }
}
