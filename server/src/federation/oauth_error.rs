//! Errors of the token endpoint as OAuth has them (RFC 6749, 5.2): for Cognito, and by way of its log for the operator.

use std::borrow::Cow;

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;
use tracing::warn;

use crate::failure::reference;

/// Why there are no tokens.
#[derive(Debug)]
pub(super) struct OAuthError {
    status: StatusCode,
    code: Cow<'static, str>,
    /// For the log: nothing that came with the request or from the provider.
    reason: &'static str,
}

impl OAuthError {
    pub(super) const fn new(status: StatusCode, code: &'static str, reason: &'static str) -> Self {
        Self { status, code: Cow::Borrowed(code), reason }
    }

    pub(super) const fn invalid_request(reason: &'static str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid_request", reason)
    }

    pub(super) const fn invalid_client(reason: &'static str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "invalid_client", reason)
    }

    /// The provider's own status and error code.
    pub(super) const fn of_provider(status: StatusCode, code: String) -> Self {
        Self { status, code: Cow::Owned(code), reason: "the provider refuses: check its registration of this client" }
    }

    /// The provider's own status, and the code of RFC 6749, 5.2, for it: Login.gov answers 400 with a sentence in the place of
    /// a code, which is for nobody here.
    pub(super) fn of_provider_without_code(status: StatusCode) -> Self {
        let code = match status {
            StatusCode::UNAUTHORIZED => "invalid_client",
            status if status.is_client_error() => "invalid_request",
            _ => "server_error",
        };
        let reason = "the provider refuses, without an OAuth error code: check its registration of this client, and its clock against this machine's";
        Self::new(status, code, reason)
    }

    pub(super) const fn bad_gateway(reason: &'static str) -> Self {
        Self::new(StatusCode::BAD_GATEWAY, "server_error", reason)
    }
}

impl IntoResponse for OAuthError {
    fn into_response(self) -> Response {
        let reference = reference();
        warn!(status = self.status.as_u16(), code = %self.code, reference, reason = self.reason, "the bridge gives no tokens");
        let body = json!({ "error": self.code, "error_description": format!("reference {reference}") });
        let mut response = (self.status, Json(body)).into_response();
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}
