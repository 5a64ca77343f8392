//! The trusted token issuer: the user pool, as IAM Identity Center sees it.

use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use reqwest::Client;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::error::StartError;
use crate::outgoing;

/// Long, so that a busy machine does not reach it.
const TIMEOUT: Duration = Duration::from_secs(20);

#[derive(Deserialize)]
struct Discovery {
    issuer: String,
    jwks_uri: String,
}

/// What counts in a token. Neither `token_use` nor `email_verified` does.
#[derive(Deserialize)]
pub(super) struct Claims {
    /// A token without one could be exchanged again and again.
    pub(super) jti: String,
    /// The claim that `ClaimAttributePath` names.
    pub(super) email: Option<String>,
}

/// The issuer, and the audiences that the application's grant authorises.
pub(in crate::aws) struct TrustedIssuer {
    issuer: String,
    audiences: Vec<String>,
    client: Client,
    /// The keys that were fetched last.
    keys: RwLock<Option<JwkSet>>,
}

impl TrustedIssuer {
    pub(in crate::aws) fn new(issuer: String, audiences: Vec<String>) -> Result<Self, StartError> {
        let client = outgoing::client(TIMEOUT)?;
        Ok(Self { issuer, audiences, client, keys: RwLock::new(None) })
    }

    /// Its address.
    pub(in crate::aws) fn url(&self) -> &str {
        &self.issuer
    }

    /// The audiences that the application's grant authorises.
    pub(in crate::aws) fn audiences(&self) -> &[String] {
        &self.audiences
    }

    /// The claims of a token that the issuer signed for an authorised audience, and that has not expired.
    pub(super) async fn verify(&self, assertion: &str) -> Option<Claims> {
        let header = jsonwebtoken::decode_header(assertion).ok()?;
        let key = self.key(&header.kid?).await?;
        let mut validation = Validation::new(Algorithm::RS256);
        validation.leeway = 0;
        validation.set_issuer(&[&self.issuer]);
        validation.set_audience(&self.audiences);
        validation.set_required_spec_claims(&["exp", "iss", "aud"]);
        let key = DecodingKey::from_jwk(&key).ok()?;
        Some(jsonwebtoken::decode(assertion, &key, &validation).ok()?.claims)
    }

    /// The issuer's key with this identifier. The keys are fetched if it is not among those known.
    async fn key(&self, kid: &str) -> Option<Jwk> {
        let known =
            self.keys.read().unwrap_or_else(PoisonError::into_inner).as_ref().and_then(|keys| keys.find(kid).cloned());
        if known.is_some() {
            return known;
        }
        let discovery: Discovery = self.get(&format!("{}/.well-known/openid-configuration", self.issuer)).await?;
        if discovery.issuer != self.issuer {
            return None;
        }
        let keys: JwkSet = self.get(&discovery.jwks_uri).await?;
        let found = keys.find(kid).cloned();
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = Some(keys);
        found
    }

    async fn get<T: DeserializeOwned>(&self, url: &str) -> Option<T> {
        let response = self.client.get(url).send().await.ok()?.error_for_status().ok()?;
        serde_json::from_slice(&response.bytes().await.ok()?).ok()
    }
}
