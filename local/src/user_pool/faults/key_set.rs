//! Faults of the key set.

use std::future::pending;

use axum::Json;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use serde_json::{Value, json};

use super::fault::{Fault, MARK};
use crate::keys::jwk_set;
use crate::user_pool::signing_keys::SigningKeys;

/// The response of the key set's endpoint.
pub(in crate::user_pool) async fn answer(fault: Option<Fault>, keys: &SigningKeys) -> Response {
    let good = || json!(jwk_set(&[&keys.id, &keys.access]));
    let set = match fault {
        Some(Fault::Jwks500) => {
            return (StatusCode::INTERNAL_SERVER_ERROR, Html(format!("<h1>{MARK}</h1>"))).into_response();
        }
        Some(Fault::JwksHangs) => pending().await,
        Some(Fault::JwksNotJson) => return Html(format!("<h1>{MARK}</h1>")).into_response(),
        Some(Fault::JwksEmpty) => json!({ "keys": [] }),
        Some(Fault::KidAbsentSingleJwks) => {
            let mut only = json!(keys.id.jwk());
            if let Value::Object(members) = &mut only {
                members.remove("kid");
            }
            json!({ "keys": [only] })
        }
        Some(Fault::UnusableKeysInJwks) => {
            let mut set = good();
            if let Some(Value::Array(keys)) = set.get_mut("keys") {
                keys.splice(0..0, unusable());
            }
            set
        }
        _ => good(),
    };
    Json(set).into_response()
}

/// Keys that a relying party must ignore (RFC 7517, section 5): unknown kinds, curves and algorithms, and members that are
/// missing or out of range.
fn unusable() -> [Value; 6] {
    [
        json!({ "kty": MARK, "kid": "kind" }),
        json!({ "kty": "AKP", "kid": "post-quantum", "alg": "ML-DSA-9", "pub": "AA" }),
        json!({ "kty": "EC", "kid": "curve", "crv": "P-9", "x": "AA", "y": "AA" }),
        json!({ "kty": "RSA", "kid": "algorithm", "alg": "RS9", "n": "AQAB", "e": "AQAB" }),
        json!({ "kty": "RSA", "kid": "modulus", "n": "!", "e": "AQAB" }),
        Value::Null,
    ]
}
