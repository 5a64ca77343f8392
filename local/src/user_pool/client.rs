//! The app clients: what is registered for each, and how it authenticates (RFC 6749, section 2.3).

use std::fmt;

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use url::form_urlencoded;

use super::refusals::OAuthError;
use crate::random;
use crate::web::{self, Params};

/// An app client, with the inputs of Cognito's `CreateUserPoolClient`.
#[derive(Clone)]
pub struct AppClient {
    /// Its id.
    pub id: String,
    /// The secret of a confidential client; `None` for a public one.
    pub secret: Option<String>,
    /// The names of the providers that its users may sign in with (`SupportedIdentityProviders`).
    pub providers: Vec<String>,
    /// Where a sign-in may lead back to, character for character (`CallbackURLs`).
    pub redirect_uris: Vec<String>,
    /// Where a sign-out may lead to, character for character (`LogoutURLs`).
    pub logout_uris: Vec<String>,
}

impl AppClient {
    /// A public client of the relying party at `app_origin`: it signs in at `/auth/callback` and signs out to `/`.
    pub fn new(id: &str, app_origin: &str, providers: Vec<String>) -> Self {
        Self {
            id: id.to_owned(),
            secret: None,
            providers,
            redirect_uris: vec![format!("{app_origin}/auth/callback")],
            logout_uris: vec![format!("{app_origin}/")],
        }
    }

    /// With this secret, if there is one.
    #[must_use]
    pub fn with_secret(mut self, secret: Option<String>) -> Self {
        self.secret = secret;
        self
    }

    /// Whether its users may sign in with this provider.
    pub(super) fn enables(&self, provider: &str) -> bool {
        self.providers.iter().any(|enabled| enabled == provider)
    }
}

// Secrets stay out of logs, even those of a stand-in.
impl fmt::Debug for AppClient {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("AppClient")
            .field("id", &self.id)
            .field("providers", &self.providers)
            .finish_non_exhaustive()
    }
}

/// The app clients of the pool.
pub(super) struct AppClients(Vec<AppClient>);

impl AppClients {
    pub(super) const fn new(clients: Vec<AppClient>) -> Self {
        Self(clients)
    }

    /// The client with this id.
    pub(super) fn find(&self, id: &str) -> Option<&AppClient> {
        self.0.iter().find(|client| client.id == id)
    }

    /// Authenticates a request to the token or revocation endpoint: `client_secret_basic` or
    /// `client_secret_post` for a confidential client, a bare `client_id` for a public one.
    pub(super) fn authenticate(&self, headers: &HeaderMap, params: &Params) -> Result<&AppClient, OAuthError> {
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
        let client = self.find(&id).ok_or(OAuthError::InvalidClient(None))?;
        match (&client.secret, secret) {
            (None, None) => Ok(client),
            (Some(known), Some(given)) if random::same_secret(known, &given) => Ok(client),
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
