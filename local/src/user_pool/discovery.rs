//! The discovery document and the key set, at the issuer.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use serde_json::{Value, json};

use super::faults;
use super::state::Pool;

/// `GET {issuer}/.well-known/openid-configuration`. Like Cognito's, it lacks `code_challenge_methods_supported`, although
/// S256 works.
pub(super) async fn configuration(State(pool): State<Arc<Pool>>) -> Json<Value> {
    let (issuer, domain) = (&pool.issuer, pool.domain_url());
    Json(json!({
        "authorization_endpoint": format!("{domain}/oauth2/authorize"),
        "end_session_endpoint": format!("{domain}/logout"),
        "id_token_signing_alg_values_supported": ["RS256"],
        "issuer": issuer,
        "jwks_uri": format!("{issuer}/.well-known/jwks.json"),
        "response_types_supported": ["code", "token"],
        "revocation_endpoint": format!("{domain}/oauth2/revoke"),
        "scopes_supported": ["openid", "email", "phone", "profile"],
        "subject_types_supported": ["public"],
        "token_endpoint": format!("{domain}/oauth2/token"),
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "userinfo_endpoint": format!("{domain}/oauth2/userInfo"),
    }))
}

/// `GET {issuer}/.well-known/jwks.json`: both keys, without saying which one signs what.
pub(super) async fn key_set(State(pool): State<Arc<Pool>>) -> Response {
    faults::key_set::answer(pool.switch.get(), &pool.keys()).await
}
