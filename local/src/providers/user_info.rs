//! The userinfo endpoint (OpenID Connect Core 1.0, section 5.3), as plain JSON.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::WWW_AUTHENTICATE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::provider::Provider;
use crate::store::now;
use crate::web;

pub(super) async fn user_info(State(provider): State<Arc<Provider>>, headers: HeaderMap) -> Response {
    let access = web::credentials(&headers, "Bearer").and_then(|token| provider.access_tokens.get(token, now()));
    let Some(access) = access else {
        return (StatusCode::UNAUTHORIZED, [(WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"")]).into_response();
    };
    let mut claims = provider.vendor.rules.user_info(&access.citizen, &access.request);
    claims.insert("sub".to_owned(), json!(provider.vendor.rules.subject(&provider.registration, &access.citizen)));
    web::json(StatusCode::OK, &Value::Object(claims))
}
