//! RSA keys of a user pool, and tokens signed with them.

use std::sync::LazyLock;

use aws_lc_rs::{
    encoding::{AsDer as _, Pkcs8V1Der},
    rand::SystemRandom,
    rsa::{KeyPair, KeySize},
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm,
    },
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use jsonwebtoken::{Algorithm, EncodingKey, Header, jwk::Jwk};
use serde_json::{Value, json};

#[derive(Clone)]
pub struct Key {
    /// PKCS#8, as in a key file.
    pub pem: String,
    private: EncodingKey,
    jwk: Value,
}

impl Key {
    /// The key of every pool. It is generated once, because that is slow.
    pub fn first() -> Self {
        static FIRST: LazyLock<Key> = LazyLock::new(|| Key::generate("first"));
        FIRST.clone()
    }

    /// A key of no pool, with this `kid`.
    pub fn unknown(kid: &str) -> Self {
        static UNKNOWN: LazyLock<Key> = LazyLock::new(|| Key::generate("unknown"));
        let mut key = UNKNOWN.clone();
        key.jwk["kid"] = json!(kid);
        key
    }

    fn generate(kid: &str) -> Self {
        let pair = KeyPair::generate(KeySize::Rsa2048).unwrap();
        let der: Pkcs8V1Der<'_> = pair.as_der().unwrap();
        let pem =
            format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", STANDARD.encode(der.as_ref()));
        let private = EncodingKey::from_rsa_pem(pem.as_bytes()).unwrap();
        let mut jwk = serde_json::to_value(Jwk::from_encoding_key(&private, Algorithm::RS256).unwrap()).unwrap();
        jwk["kid"] = json!(kid);
        jwk["use"] = json!("sig");
        jwk["alg"] = json!("RS256");
        Self { pem, private, jwk }
    }

    /// The public half, with its `kid`.
    pub fn jwk(&self) -> Value {
        self.jwk.clone()
    }

    /// A compact JWS of `claims` with any header.
    pub fn sign(&self, header: &Value, claims: &Value) -> String {
        let input = signing_input(header, claims);
        let signature = jsonwebtoken::crypto::sign(input.as_bytes(), &self.private, Algorithm::RS256).unwrap();
        format!("{input}.{signature}")
    }
}

/// A token with an HMAC instead of a signature.
pub fn sign_with_secret(header: &Value, claims: &Value, secret: &[u8]) -> String {
    let input = signing_input(header, claims);
    let key = EncodingKey::from_secret(secret);
    let signature = jsonwebtoken::crypto::sign(input.as_bytes(), &key, Algorithm::HS256).unwrap();
    format!("{input}.{signature}")
}

/// The PEM of a new EC key (P-256).
pub fn new_ec_pem() -> String {
    ec_pem(&ECDSA_P256_SHA256_FIXED_SIGNING)
}

/// The PEM of a new EC key (P-384).
pub fn new_p384_pem() -> String {
    ec_pem(&ECDSA_P384_SHA384_FIXED_SIGNING)
}

fn ec_pem(algorithm: &'static EcdsaSigningAlgorithm) -> String {
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(algorithm, &SystemRandom::new()).unwrap();
    format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", STANDARD.encode(pkcs8.as_ref()))
}

/// A token signed with a new EC key, and the public key.
pub fn sign_with_new_ec_key(kid: &str, claims: &Value) -> (String, Value) {
    let private = EncodingKey::from_ec_pem(new_ec_pem().as_bytes()).unwrap();
    let mut jwk = serde_json::to_value(Jwk::from_encoding_key(&private, Algorithm::ES256).unwrap()).unwrap();
    jwk["kid"] = json!(kid);
    let mut header = Header::new(Algorithm::ES256);
    header.kid = Some(kid.to_owned());
    (jsonwebtoken::encode(&header, claims, &private).unwrap(), jwk)
}

/// Header and payload, encoded and joined (RFC 7515, 5.1).
pub fn signing_input(header: &Value, claims: &Value) -> String {
    let part =
        |value: &Value| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(serde_json::to_vec(value).unwrap());
    format!("{}.{}", part(header), part(claims))
}
