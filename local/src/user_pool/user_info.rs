//! The userInfo endpoint (OpenID Connect Core 1.0, section 5.3; Cognito's "The user attributes endpoint").

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use serde_json::{Map, Value, json};

use super::state::Pool;
use crate::store::now;
use crate::web;

/// `GET /oauth2/userInfo`
pub(super) async fn user_info(State(pool): State<Arc<Pool>>, headers: HeaderMap) -> Response {
    if !headers.contains_key(AUTHORIZATION) {
        let description = "Bad OAuth2 request at UserInfo Endpoint";
        return refuse(StatusCode::BAD_REQUEST, "invalid_request", description);
    }
    match web::credentials(&headers, "Bearer").and_then(|token| claims(&pool, token)) {
        Some(claims) => web::json(StatusCode::OK, &Value::Object(claims)),
        None => refuse(
            StatusCode::UNAUTHORIZED,
            "invalid_token",
            "Access token is expired, disabled, or deleted, or the user has globally signed out.",
        ),
    }
}

fn claims(pool: &Pool, token: &str) -> Option<Map<String, Value>> {
    let token = pool.keys().access.verify(token, &pool.issuer)?;
    let text = |name: &str| token.get(name).and_then(Value::as_str);
    if text("token_use") != Some("access") || pool.revoked.get(text("origin_jti")?, now()).is_some() {
        return None;
    }
    let scopes: Vec<String> = text("scope")?.split(' ').map(str::to_owned).collect();
    let user = pool.users.get(text("username")?)?;
    let mut claims = user.attributes(&scopes);
    // Unlike in the ID token, Cognito gives these as strings too.
    for value in claims.values_mut().filter(|value| value.is_boolean()) {
        *value = json!(value.to_string());
    }
    claims.insert("sub".to_owned(), json!(user.sub));
    claims.insert("username".to_owned(), json!(user.username));
    claims.insert("identities".to_owned(), json!(user.identities().to_string()));
    Some(claims)
}

fn refuse(status: StatusCode, error: &str, description: &str) -> Response {
    let mut response = web::json(status, &json!({ "error": error, "error_description": description }));
    let challenge = format!("Bearer error=\"{error}\", error_description=\"{description}\"");
    if let Ok(challenge) = HeaderValue::from_str(&challenge) {
        response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
    }
    response
}
