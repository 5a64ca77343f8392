//! Tokens that are not signed by a key of the pool (RFC 8725, section 2.1).

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::{Map, Value, json};

use crate::keys::{SigningKey, TokenError, header, pem};
use crate::random::base64url;

/// `alg` is `none`, and the signature is empty.
pub(super) fn unsigned(key: &SigningKey, claims: &Map<String, Value>) -> Result<String, TokenError> {
    let header = json!({ "alg": "none", "kid": key.kid() }).to_string();
    Ok(format!("{}.{}.", base64url(header.as_bytes()), base64url(&serde_json::to_vec(claims)?)))
}

/// An HMAC with the public key as its secret.
pub(super) fn hs256(key: &SigningKey, claims: &Map<String, Value>) -> Result<String, TokenError> {
    let secret = EncodingKey::from_secret(key.public_pem().as_bytes());
    jsonwebtoken::encode(&header(Algorithm::HS256, Some(key.kid())), claims, &secret)
}

/// A valid ES256 signature by a new key.
pub(super) fn es256(key: &SigningKey, claims: &Map<String, Value>) -> Result<String, TokenError> {
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new())
        .map_err(|_| ErrorKind::InvalidEcdsaKey)?;
    let private = EncodingKey::from_ec_pem(pem("PRIVATE KEY", pkcs8.as_ref()).as_bytes())?;
    jsonwebtoken::encode(&header(Algorithm::ES256, Some(key.kid())), claims, &private)
}
