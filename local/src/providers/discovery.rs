//! The discovery document and the key set (OpenID Connect Discovery 1.0).

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::facts::{ClientAuthentication, Facts};
use super::provider::Provider;
use crate::keys;

/// `GET {issuer}/.well-known/openid-configuration`
pub(super) async fn configuration(State(provider): State<Arc<Provider>>) -> Json<Value> {
    let Facts { paths, client_authentication, sign_out, .. } = &provider.vendor.facts;
    let method = match client_authentication {
        ClientAuthentication::SecretInForm => "client_secret_post",
        ClientAuthentication::SignedAssertion => "private_key_jwt",
    };
    let mut document = json!({
        "issuer": provider.registration.issuer,
        "authorization_endpoint": provider.at(paths.authorization),
        "token_endpoint": provider.at(paths.token),
        "userinfo_endpoint": provider.at(paths.user_info),
        "jwks_uri": provider.at(paths.keys),
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["pairwise"],
        "token_endpoint_auth_methods_supported": [method],
        "id_token_signing_alg_values_supported": ["RS256"],
    });
    if let Some(sign_out) = sign_out {
        document["end_session_endpoint"] = json!(provider.at(sign_out.path));
    }
    Json(document)
}

/// The key set.
pub(super) async fn key_set(State(provider): State<Arc<Provider>>) -> Response {
    match provider.key().await {
        Ok(key) => Json(keys::jwk_set(&[key])).into_response(),
        Err(error) => {
            tracing::error!(%error, "a stand-in provider has no key");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
