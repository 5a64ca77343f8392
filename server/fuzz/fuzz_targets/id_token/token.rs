//! A valid token, which an input changes before it is signed.

use std::time::SystemTime;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, jwk::Jwk};
use serde_json::{Value, json};

pub const ISSUER: &str = "https://issuer.example/pool";
pub const CLIENT_ID: &str = "client";
pub const NONCE: &str = "the-nonce";
pub const PROVIDER: &str = "itsme";
pub const KEY_ID: &str = "first";
/// OpenID Connect Core 1.0, A.3: an access token and its hash.
pub const ACCESS_TOKEN: &str = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
pub const ACCESS_TOKEN_HASH: &str = "77QmUPtjPfzWtF2AnpK9RQ";

/// Seconds since 1970.
pub fn now() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    since.as_secs().try_into().unwrap_or(i64::MAX)
}

/// Names with their texts. A name may be repeated, and a text need not be JSON.
pub struct Token {
    header: Vec<(String, String)>,
    claims: Vec<(String, String)>,
}

impl Token {
    pub fn valid() -> Self {
        let pairs = |object: Value| {
            let object = object.as_object().cloned().unwrap_or_default();
            object.into_iter().map(|(name, value)| (name, value.to_string())).collect()
        };
        let now = now();
        Self {
            header: pairs(json!({ "alg": "RS256", "typ": "JWT", "kid": KEY_ID })),
            claims: pairs(json!({
                "iss": ISSUER, "aud": CLIENT_ID, "sub": "a-subject", "token_use": "id", "nonce": NONCE,
                "iat": now, "exp": now + 3_600, "at_hash": ACCESS_TOKEN_HASH, "custom:eid": "85073003328",
                "identities": [{ "userId": "u", "providerName": PROVIDER }],
                "name": "An", "address": { "formatted": "Wetstraat 16" },
            })),
        }
    }

    /// Applies one change. Returns false if the line is not a change.
    pub fn change(&mut self, line: &str) -> bool {
        let (add, line) = line.strip_prefix('+').map_or((false, line), |line| (true, line));
        let (remove, line) = line.strip_prefix('-').map_or((false, line), |line| (true, line));
        let (part, line) = line.strip_prefix('.').map_or((&mut self.claims, line), |line| (&mut self.header, line));
        let (name, value) = line.split_once(' ').unwrap_or((line, ""));
        if !remove && value.is_empty() {
            return false;
        }
        if !add {
            part.retain(|(other, _)| other != name);
        }
        if !remove {
            let from_now = value.strip_prefix('@').and_then(|seconds| seconds.parse::<i32>().ok());
            let value = from_now.map_or_else(|| value.to_owned(), |seconds| (now() + i64::from(seconds)).to_string());
            part.push((name.to_owned(), value));
        }
        true
    }

    pub fn header(&self) -> String {
        object(&self.header)
    }

    pub fn claims(&self) -> String {
        object(&self.claims)
    }
}

fn object(pairs: &[(String, String)]) -> String {
    let pairs: Vec<_> = pairs.iter().map(|(name, value)| format!("{}:{value}", json!(name))).collect();
    format!("{{{}}}", pairs.join(","))
}

/// The header and the claims of a compact JWS, as text.
pub fn parts(token: &str) -> Option<(String, String)> {
    let mut parts = token.split('.').map(|part| String::from_utf8(URL_SAFE_NO_PAD.decode(part).ok()?).ok());
    Some((parts.next()??, parts.next()??))
}

/// The key of the user pool. It is used only here.
pub struct Key(EncodingKey);

impl Key {
    pub fn new() -> Self {
        Self(EncodingKey::from_rsa_pem(include_bytes!("../../test-key.pem")).expect("a key"))
    }

    pub fn key_set(&self) -> Vec<u8> {
        let mut key = json!(Jwk::from_encoding_key(&self.0, Algorithm::RS256).expect("a public key"));
        key["kid"] = json!(KEY_ID);
        key["use"] = json!("sig");
        json!({ "keys": [key] }).to_string().into_bytes()
    }

    pub fn sign(&self, token: &Token) -> String {
        let input = format!("{}.{}", URL_SAFE_NO_PAD.encode(token.header()), URL_SAFE_NO_PAD.encode(token.claims()));
        let signature = jsonwebtoken::crypto::sign(input.as_bytes(), &self.0, Algorithm::RS256).expect("a signature");
        format!("{input}.{signature}")
    }
}
