//! The relying party: authorization code flow with PKCE against the user pool (RFC 6749, RFC 7636, RFC 9700, OpenID
//! Connect Core 1.0). Everything about it stays on the server; the browser gets a session cookie and no token.

mod authorization_response;
mod authorize;
mod callback;
#[cfg(fuzzing)]
pub(crate) mod fuzzing;
mod hint;
mod http_client;
mod id_token;
mod jwt;
mod keys;
mod provider_sign_out;
mod return_to;
mod sign_out;
mod token_endpoint;
mod transaction;

use std::sync::Arc;

use axum::{
    Router,
    http::{StatusCode, header},
    routing::{get, post},
};

pub use self::{
    http_client::{HttpClient, HttpFault},
    keys::{KeyFault, Keys, count_keys},
    return_to::ReturnTo,
};
pub(crate) use self::{
    jwt::{check_header, is_for_alone, is_issued, is_issued_to, validation},
    provider_sign_out::provider_sign_out,
};
use crate::{
    Site,
    citizen::Pseudonyms,
    config::{Cognito, Config, Provider},
    secret::SealingKey,
    sessions::{CookieJar, DynamoDbStore},
};

/// The routes of sign-in and sign-out.
pub(crate) fn router() -> Router<Arc<Site>> {
    Router::new()
        .route("/login/{id}", get(authorize::begin))
        // A HEAD must not spend a sign-in.
        .route(
            "/auth/callback",
            get(callback::finish).head(|| async { (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET")]) }),
        )
        .route("/logout", post(sign_out::sign_out))
}

/// What the relying party knows and holds.
#[derive(Debug)]
pub struct RelyingParty {
    cognito: Cognito,
    providers: Vec<Provider>,
    redirect_uri: String,
    logout_uri: String,
    /// The user pool's signing keys.
    pub keys: Arc<Keys>,
    http: HttpClient,
    jar: CookieJar,
    transactions: SealingKey,
    used_states: DynamoDbStore,
    pseudonyms: Pseudonyms,
}

impl RelyingParty {
    /// With the configuration's user pool and providers; `pseudonym_key` is the secret behind every derived key.
    pub fn new(config: &Config, http: HttpClient, used_states: DynamoDbStore, pseudonym_key: &[u8]) -> Self {
        Self {
            cognito: config.cognito.clone(),
            providers: config.providers.clone(),
            redirect_uri: config.public_url.at("/auth/callback"),
            logout_uri: config.public_url.at("/"),
            keys: Arc::new(Keys::new(config.cognito.keys_url(), http.clone())),
            http,
            jar: CookieJar::new(config.public_url.is_https()),
            transactions: SealingKey::derive(pseudonym_key, "sign-in transaction v1"),
            used_states,
            pseudonyms: Pseudonyms::new(pseudonym_key),
        }
    }

    /// The cookies of this site.
    pub(crate) const fn jar(&self) -> CookieJar {
        self.jar
    }

    /// The provider with this id.
    pub(crate) fn provider(&self, id: &str) -> Option<&Provider> {
        self.providers.iter().find(|provider| provider.id == id)
    }
}
