//! A trusted token issuer: a key, its discovery document, and tokens with any claims.

use std::sync::LazyLock;
use std::time::{SystemTime, UNIX_EPOCH};

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use axum::routing::get;
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use uuid::Uuid;

/// The audience that the application trusts.
pub const AUDIENCE: &str = "7p1localstandin8caseworker";
const KID: &str = "the-key";

/// Shared by all tests: it takes a while to generate.
static KEY: LazyLock<EncodingKey> = LazyLock::new(new_key);

pub struct Issuer {
    pub url: String,
}

impl Issuer {
    pub async fn start() -> Self {
        let mut jwk = Jwk::from_encoding_key(&KEY, Algorithm::RS256).unwrap();
        jwk.common.key_id = Some(KID.to_owned());
        let keys = JwkSet { keys: vec![jwk] };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let url = format!("{origin}/pool");
        let discovery = json!({ "issuer": url, "jwks_uri": format!("{origin}/keys") });
        let router = Router::new()
            .route("/pool/.well-known/openid-configuration", get(async move || Json(discovery)))
            .route("/keys", get(async move || Json(keys)));
        tokio::spawn(async { axum::serve(listener, router).await });
        Self { url }
    }

    /// The claims of a good token for the person with this mail. Each has its own `jti`.
    pub fn claims(&self, email: &str) -> Value {
        json!({
            "iss": self.url,
            "aud": AUDIENCE,
            "sub": "a subject",
            "email": email,
            "email_verified": false,
            "token_use": "id",
            "jti": Uuid::new_v4().to_string(),
            "iat": now(),
            "exp": now() + 3_600,
        })
    }

    pub fn sign(&self, claims: &Value) -> String {
        sign_with(&KEY, claims)
    }

    /// Signed by another key under the same identifier.
    pub fn forge(&self, claims: &Value) -> String {
        sign_with(&new_key(), claims)
    }
}

pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

fn new_key() -> EncodingKey {
    let pair = KeyPair::generate(KeySize::Rsa2048).unwrap();
    let der: Pkcs8V1Der<'_> = pair.as_der().unwrap();
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", STANDARD.encode(der.as_ref()));
    EncodingKey::from_rsa_pem(pem.as_bytes()).unwrap()
}

fn sign_with(key: &EncodingKey, claims: &Value) -> String {
    let mut header = Header::new(Algorithm::RS256);
    header.kid = Some(KID.to_owned());
    jsonwebtoken::encode(&header, claims, key).unwrap()
}
