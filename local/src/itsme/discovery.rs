//! The discovery document and the key set (OpenID Connect Discovery 1.0).

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use jsonwebtoken::jwk::JwkSet;
use serde_json::{Value, json};

use super::Provider;
use crate::keys;

/// `GET /v2/.well-known/openid-configuration`
pub(super) async fn configuration(State(provider): State<Arc<Provider>>) -> Json<Value> {
    let issuer = &provider.registration.issuer;
    Json(json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorization"),
        "token_endpoint": format!("{issuer}/token"),
        "userinfo_endpoint": format!("{issuer}/userinfo"),
        "jwks_uri": format!("{issuer}/jwkSet"),
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["pairwise"],
        "scopes_supported": ["openid", "service", "profile", "email", "address", "phone", "eid"],
        "token_endpoint_auth_methods_supported": ["client_secret_post"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "acr_values_supported": [
            "http://itsme.services/v2/claim/acr_basic",
            "http://itsme.services/v2/claim/acr_advanced",
        ],
        "ui_locales_supported": ["fr", "nl", "de", "en"],
        "claims_parameter_supported": false,
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
    }))
}

/// `GET /v2/jwkSet`
pub(super) async fn key_set(State(provider): State<Arc<Provider>>) -> Json<JwkSet> {
    Json(keys::jwk_set(&[&provider.key]))
}
