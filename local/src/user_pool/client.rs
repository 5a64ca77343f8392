//! The app client: what is registered for it, and how it authenticates (RFC 6749, section 2.3).

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use url::form_urlencoded;

use super::ids::CLIENT_ID;
use super::refusals::OAuthError;
use crate::random;
use crate::web::{self, Params};

/// The only app client of the pool.
pub(super) struct AppClient {
    pub(super) redirect_uri: String,
    pub(super) logout_uri: String,
    secret: Option<String>,
}

impl AppClient {
    pub(super) fn new(app_origin: &str, secret: Option<String>) -> Self {
        Self { redirect_uri: format!("{app_origin}/auth/callback"), logout_uri: format!("{app_origin}/"), secret }
    }

    /// Authenticates a request to the token or revocation endpoint: `client_secret_basic` or
    /// `client_secret_post` for a confidential client, a bare `client_id` for a public one.
    pub(super) fn authenticate(&self, headers: &HeaderMap, params: &Params) -> Result<(), OAuthError> {
        let body_id = params.get("client_id")?;
        let body_secret = params.get("client_secret")?;
        let (id, secret) = if headers.contains_key(AUTHORIZATION) {
            let (id, secret) = basic(headers).ok_or(OAuthError::InvalidClient(None))?;
            // One authentication method at a time (RFC 6749, section 2.3).
            if body_secret.is_some() || body_id.is_some_and(|given| given != id) {
                return Err(OAuthError::InvalidRequest("more than one client authentication"));
            }
            (id, Some(secret))
        } else {
            let id = body_id.ok_or(OAuthError::InvalidRequest("client_id is missing"))?;
            (id.to_owned(), body_secret.map(str::to_owned))
        };
        if id != CLIENT_ID {
            return Err(OAuthError::InvalidClient(None));
        }
        match (&self.secret, secret) {
            (None, None) => Ok(()),
            (Some(known), Some(given)) if random::same_secret(known, &given) => Ok(()),
            _ => Err(OAuthError::InvalidClient(Some("invalid_client_secret"))),
        }
    }
}

/// Identifier and secret of a `Basic` header; both are form-encoded before they are Base64-encoded
/// (RFC 6749, section 2.3.1).
fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let decoded = STANDARD.decode(web::credentials(headers, "Basic")?).ok()?;
    let decoded = String::from_utf8(decoded).ok()?;
    let (id, secret) = decoded.split_once(':')?;
    Some((form_decode(id)?, form_decode(secret)?))
}

fn form_decode(text: &str) -> Option<String> {
    // If the value is not encoded, `&` and `=` are part of it and must not separate it.
    let guarded = text.replace('&', "%26").replace('=', "%3D");
    let (value, _) = form_urlencoded::parse(guarded.as_bytes()).next()?;
    Some(value.into_owned())
}
