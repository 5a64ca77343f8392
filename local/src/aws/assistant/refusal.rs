//! The assistant's own errors.

use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::aws::fail::ERROR_TYPE;

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    Validation(&'static str),
    /// No such application or conversation.
    NotFound(&'static str),
    NotSubscribed,
    NoLicence,
    Throttling,
    InternalServer,
}

impl Refusal {
    /// The answer.
    pub(super) fn response(self) -> Response {
        let (status, code, body) = match self {
            Self::Validation(message) => (
                StatusCode::BAD_REQUEST,
                "ValidationException",
                json!({ "message": message, "reason": "FIELD_VALIDATION_FAILED", "fields": [] }),
            ),
            Self::NotFound(kind) => (
                StatusCode::NOT_FOUND,
                "ResourceNotFoundException",
                json!({ "message": "Resource not found.", "resourceType": kind, "resourceId": "unknown" }),
            ),
            Self::NotSubscribed => (
                StatusCode::FORBIDDEN,
                "AccessDeniedException",
                json!({ "message": "User is not authorized for this service call." }),
            ),
            Self::NoLicence => (
                StatusCode::BAD_REQUEST,
                "LicenseNotFoundException",
                json!({ "message": "You don't have permissions to perform the action because your license is inactive." }),
            ),
            Self::Throttling => {
                (StatusCode::TOO_MANY_REQUESTS, "ThrottlingException", json!({ "message": "Rate exceeded" }))
            }
            Self::InternalServer => {
                (StatusCode::INTERNAL_SERVER_ERROR, "InternalServerException", json!({ "message": "Internal error" }))
            }
        };
        (status, [(ERROR_TYPE, code), (CONTENT_TYPE, "application/json")], body.to_string()).into_response()
    }
}
