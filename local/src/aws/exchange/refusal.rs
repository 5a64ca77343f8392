//! The errors of the token endpoint itself, in the form that SDKs parse: the code in a header, and the fields of OAuth in the
//! body.

use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::aws::fail::ERROR_TYPE;

/// Where the application is, if not here.
const OTHER_REGION: &str = "eu-central-1";

/// Why there is no token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    InvalidRequest(&'static str),
    InvalidClient,
    InvalidGrant,
    UnsupportedGrantType,
    InvalidScope,
    SlowDown,
    /// It does not say why.
    AccessDenied,
    InvalidRequestRegion,
    InternalServer,
}

impl Refusal {
    /// The answer.
    pub(super) fn response(self) -> Response {
        let (status, code, error, description) = match self {
            Self::InvalidRequest(why) => (400, "InvalidRequestException", "invalid_request", Some(why)),
            Self::InvalidClient => (401, "InvalidClientException", "invalid_client", Some("Invalid client provided")),
            Self::InvalidGrant => (400, "InvalidGrantException", "invalid_grant", Some("Invalid grant provided")),
            Self::UnsupportedGrantType => {
                (400, "UnsupportedGrantTypeException", "unsupported_grant_type", Some("Grant type not supported"))
            }
            Self::InvalidScope => (400, "InvalidScopeException", "invalid_scope", Some("Invalid scope provided")),
            Self::SlowDown => (400, "SlowDownException", "slow_down", None),
            Self::AccessDenied => (400, "AccessDeniedException", "access_denied", None),
            Self::InvalidRequestRegion => (400, "InvalidRequestRegionException", "invalid_request", None),
            Self::InternalServer => (500, "InternalServerException", "server_error", None),
        };
        let mut body = json!({ "error": error });
        if let Some(description) = description {
            body["error_description"] = json!(description);
        }
        if self == Self::InvalidRequestRegion {
            body["region"] = json!(OTHER_REGION);
            body["endpoint"] = json!(format!("https://oidc.{OTHER_REGION}.amazonaws.com"));
        }
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, [(ERROR_TYPE, code), (CONTENT_TYPE, "application/json")], body.to_string()).into_response()
    }
}
