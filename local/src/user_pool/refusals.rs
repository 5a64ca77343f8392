//! How Cognito refuses: on its own page, by a redirect to the app, or in JSON.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::web::{self, Repeated, redirect, with_query};

/// A refusal at an endpoint that browsers visit.
#[derive(Debug)]
pub(super) enum Refusal {
    /// The request has no trusted client or redirect URI. The browser sees Cognito's own page and is never sent to the app
    /// (RFC 6749, section 4.1.2.1).
    Page(&'static str),
    /// The app gets every other refusal.
    App(AppRefusal),
}

/// A refusal that the app gets by a redirect.
#[derive(Debug)]
pub(super) struct AppRefusal {
    pub(super) redirect_uri: String,
    pub(super) state: Option<String>,
    pub(super) error: String,
    pub(super) description: String,
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let location = match self {
            Self::Page(error) => with_query("/error", &[("error", error)]),
            Self::App(refusal) => {
                // Cognito's order: description, state, error.
                let mut params = vec![("error_description", refusal.description.as_str())];
                params.extend(refusal.state.as_deref().map(|state| ("state", state)));
                params.push(("error", &refusal.error));
                with_query(&refusal.redirect_uri, &params)
            }
        };
        redirect(StatusCode::FOUND, &location)
    }
}

/// A refusal at an endpoint that the app calls directly (RFC 6749, section 5.2).
#[derive(Debug, Clone, Copy)]
pub(super) enum OAuthError {
    InvalidRequest(&'static str),
    InvalidClient(Option<&'static str>),
    InvalidGrant,
    UnauthorizedClient,
    UnsupportedGrantType,
    UnsupportedTokenType,
    Server,
}

impl OAuthError {
    /// The JSON response with this status.
    pub(super) fn with_status(self, status: StatusCode) -> Response {
        let (error, description) = match self {
            Self::InvalidRequest(description) => ("invalid_request", Some(description)),
            Self::InvalidClient(description) => ("invalid_client", description),
            Self::InvalidGrant => ("invalid_grant", None),
            Self::UnauthorizedClient => ("unauthorized_client", None),
            Self::UnsupportedGrantType => ("unsupported_grant_type", None),
            Self::UnsupportedTokenType => ("unsupported_token_type", None),
            Self::Server => ("server_error", None),
        };
        let mut body = json!({ "error": error });
        if let Some(description) = description {
            body["error_description"] = json!(description);
        }
        web::json(status, &body)
    }
}

impl IntoResponse for OAuthError {
    /// Cognito's token endpoint answers 400 for all of them, `invalid_client` included.
    fn into_response(self) -> Response {
        let status = match self {
            Self::Server => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::BAD_REQUEST,
        };
        self.with_status(status)
    }
}

impl From<Repeated> for OAuthError {
    fn from(_: Repeated) -> Self {
        Self::InvalidRequest("a parameter is repeated")
    }
}
