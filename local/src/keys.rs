//! RSA signing keys and the tokens that they sign (RFC 7515, 7517, 7518: RS256).

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jsonwebtoken::jwk::{Jwk, JwkSet, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::StartError;
use crate::random;

/// A 2048-bit RSA key with its key identifier.
#[derive(Clone)]
pub(crate) struct SigningKey {
    private: EncodingKey,
    public: DecodingKey,
    jwk: Jwk,
    kid: String,
}

impl SigningKey {
    /// Makes a new key. Takes a fraction of a second of processor time.
    pub(crate) async fn generate() -> Result<Self, StartError> {
        tokio::task::spawn_blocking(Self::generate_blocking).await.map_err(|error| failed(&error))?
    }

    fn generate_blocking() -> Result<Self, StartError> {
        let pair = KeyPair::generate(KeySize::Rsa2048).map_err(|error| failed(&error))?;
        let der: Pkcs8V1Der<'_> = pair.as_der().map_err(|error| failed(&error))?;
        // jsonwebtoken unwraps PKCS#8 only where it comes as PEM.
        let pem =
            format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", STANDARD.encode(der.as_ref()));
        let private = EncodingKey::from_rsa_pem(pem.as_bytes()).map_err(|error| failed(&error))?;
        let mut jwk = Jwk::from_encoding_key(&private, Algorithm::RS256).map_err(|error| failed(&error))?;
        // Cognito's key identifiers are the Base64 of 32 bytes, padding included: `=` and all.
        let kid = STANDARD.encode(random::sha256(random::opaque().as_bytes()));
        jwk.common.key_id = Some(kid.clone());
        jwk.common.public_key_use = Some(PublicKeyUse::Signature);
        let public = DecodingKey::from_jwk(&jwk).map_err(|error| failed(&error))?;
        Ok(Self { private, public, jwk, kid })
    }

    /// The public half, for a JWK set.
    pub(crate) fn jwk(&self) -> Jwk {
        self.jwk.clone()
    }

    /// Signs claims as a compact JWS whose header holds `kid` and `alg` only, as Cognito's does.
    pub(crate) fn sign(&self, claims: &impl Serialize) -> Result<String, jsonwebtoken::errors::Error> {
        let mut header = Header::new(Algorithm::RS256);
        header.typ = None;
        header.kid = Some(self.kid.clone());
        jsonwebtoken::encode(&header, claims, &self.private)
    }

    /// The claims of a token that this key signed for `issuer` and that has not expired.
    pub(crate) fn verify(&self, token: &str, issuer: &str) -> Option<Map<String, Value>> {
        let mut validation = Validation::new(Algorithm::RS256);
        validation.leeway = 0;
        validation.validate_aud = false;
        validation.set_issuer(&[issuer]);
        validation.set_required_spec_claims(&["exp", "iss", "sub"]);
        let token = jsonwebtoken::decode(token, &self.public, &validation).ok()?;
        Some(token.claims)
    }
}

/// The JWK set document (RFC 7517, section 5) of these keys.
pub(crate) fn jwk_set(keys: &[&SigningKey]) -> JwkSet {
    JwkSet { keys: keys.iter().map(|key| key.jwk()).collect() }
}

fn failed(error: &impl ToString) -> StartError {
    StartError::SigningKey { reason: error.to_string() }
}
