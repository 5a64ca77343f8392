//! Errors of the token endpoint as OAuth has them (RFC 6749, 5.2): for Cognito, and by way of its log for the operator.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;
use tracing::warn;

use crate::failure::{RETRY_AFTER, reference};

/// The codes that a provider's may be: those of RFC 6749, 5.2 and 4.1.2.1, and of its extensions for token endpoints (RFC 8628,
/// 3.5; RFC 8707, 2; RFC 9449, 12.2).
const KNOWN: [&str; 12] = [
    "invalid_request",
    "invalid_client",
    "invalid_grant",
    "unauthorized_client",
    "unsupported_grant_type",
    "invalid_scope",
    "access_denied",
    "server_error",
    "temporarily_unavailable",
    "slow_down",
    "invalid_target",
    "invalid_dpop_proof",
];

/// Why there are no tokens.
#[derive(Debug)]
pub(super) struct OAuthError {
    status: StatusCode,
    code: &'static str,
    /// For the log: nothing that came with the request or from the provider.
    reason: &'static str,
}

impl OAuthError {
    pub(super) const fn new(status: StatusCode, code: &'static str, reason: &'static str) -> Self {
        Self { status, code, reason }
    }

    pub(super) const fn invalid_request(reason: &'static str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid_request", reason)
    }

    pub(super) const fn invalid_client(reason: &'static str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "invalid_client", reason)
    }

    /// The provider's own status, and its code, or where `error` is none that is known, the one of RFC 6749, 5.2, for that status:
    /// Login.gov answers 400 with a sentence in the place of a code, which is for nobody here.
    pub(super) fn of_provider(status: StatusCode, error: &str) -> Self {
        let known = KNOWN.iter().find(|known| **known == error);
        let code = known.copied().unwrap_or(match status {
            StatusCode::UNAUTHORIZED => "invalid_client",
            status if status.is_client_error() => "invalid_request",
            _ => "server_error",
        });
        let reason = match (status, known) {
            (StatusCode::TOO_MANY_REQUESTS, _) => "the provider says that there are too many requests",
            (status, _) if status.is_server_error() => "the provider is in trouble: look at its status page",
            (_, Some(_)) => "the provider refuses: check its registration of this client",
            (_, None) => {
                "the provider refuses, without an OAuth error code: check its registration of this client, and its clock against this machine's"
            }
        };
        Self::new(status, code, reason)
    }

    pub(super) const fn bad_gateway(reason: &'static str) -> Self {
        Self::new(StatusCode::BAD_GATEWAY, "server_error", reason)
    }

    /// The answer, with a line in the log; `provider` is the id of the bridge.
    pub(super) fn answer(self, provider: &str) -> Response {
        let Self { status, code, reason } = self;
        let reference = reference();
        warn!(provider, status = status.as_u16(), code, reference, reason, "the bridge gives no tokens");
        response(status, code, &format!("reference {reference}"))
    }
}

/// For an address that was refused too often. It is not logged: whoever sends it could otherwise fill the log.
pub(super) fn too_many() -> Response {
    let mut response = response(StatusCode::TOO_MANY_REQUESTS, "slow_down", "too many requests from one address");
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(RETRY_AFTER));
    response
}

fn response(status: StatusCode, code: &str, description: &str) -> Response {
    let mut response = (status, Json(json!({ "error": code, "error_description": description }))).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
