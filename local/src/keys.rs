//! RSA signing keys, and tokens signed by them (RS256: RFC 7515, 7517 and 7518).

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::KeyPair as _;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jsonwebtoken::jwk::{Jwk, JwkSet, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::error::StartError;
use crate::random;

/// Why a token could not be signed.
pub(crate) use jsonwebtoken::errors::Error as TokenError;

/// A 2048-bit RSA key with its key identifier.
#[derive(Clone)]
pub(crate) struct SigningKey {
    private: EncodingKey,
    public: DecodingKey,
    jwk: Jwk,
    kid: String,
    public_pem: String,
}

impl SigningKey {
    /// Generates a key. This takes a fraction of a second of processor time.
    pub(crate) async fn generate() -> Result<Self, StartError> {
        tokio::task::spawn_blocking(Self::generate_blocking).await.map_err(|error| failed(&error))?
    }

    fn generate_blocking() -> Result<Self, StartError> {
        let pair = KeyPair::generate(KeySize::Rsa2048).map_err(|error| failed(&error))?;
        let der: Pkcs8V1Der<'_> = pair.as_der().map_err(|error| failed(&error))?;
        let public_der: PublicKeyX509Der<'_> = pair.public_key().as_der().map_err(|error| failed(&error))?;
        // jsonwebtoken accepts PKCS#8 only as PEM.
        let private =
            EncodingKey::from_rsa_pem(pem("PRIVATE KEY", der.as_ref()).as_bytes()).map_err(|error| failed(&error))?;
        let mut jwk = Jwk::from_encoding_key(&private, Algorithm::RS256).map_err(|error| failed(&error))?;
        // Cognito's key identifiers are the Base64 of 32 bytes, with padding.
        let kid = STANDARD.encode(random::sha256(random::opaque().as_bytes()));
        jwk.common.key_id = Some(kid.clone());
        jwk.common.public_key_use = Some(PublicKeyUse::Signature);
        let public = DecodingKey::from_jwk(&jwk).map_err(|error| failed(&error))?;
        Ok(Self { private, public, jwk, kid, public_pem: pem("PUBLIC KEY", public_der.as_ref()) })
    }

    /// The public half, for a JWK set.
    pub(crate) fn jwk(&self) -> Jwk {
        self.jwk.clone()
    }

    /// Its identifier.
    pub(crate) fn kid(&self) -> &str {
        &self.kid
    }

    /// The public half as PEM (RFC 7468, section 13).
    pub(crate) fn public_pem(&self) -> &str {
        &self.public_pem
    }

    /// Signs claims as a compact JWS whose header holds `kid` and `alg` only, as Cognito's does.
    pub(crate) fn sign(&self, claims: &impl Serialize) -> Result<String, TokenError> {
        self.sign_as(Some(&self.kid), claims)
    }

    /// As [`Self::sign`], with another `kid` or none.
    pub(crate) fn sign_as(&self, kid: Option<&str>, claims: &impl Serialize) -> Result<String, TokenError> {
        jsonwebtoken::encode(&header(Algorithm::RS256, kid), claims, &self.private)
    }

    /// As [`Self::sign`], with a `typ` too.
    pub(crate) fn sign_typed(&self, kind: &str, claims: &impl Serialize) -> Result<String, TokenError> {
        let header = Header { typ: Some(kind.to_owned()), ..header(Algorithm::RS256, Some(&self.kid)) };
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

/// A header with `alg`, optionally `kid`, and nothing else.
pub(crate) fn header(algorithm: Algorithm, kid: Option<&str>) -> Header {
    let mut header = Header::new(algorithm);
    header.typ = None;
    header.kid = kid.map(str::to_owned);
    header
}

/// DER as PEM (RFC 7468).
pub(crate) fn pem(label: &str, der: &[u8]) -> String {
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", STANDARD.encode(der))
}

fn failed(error: &impl ToString) -> StartError {
    StartError::SigningKey { reason: error.to_string() }
}
