//! What the pool remembers while it runs.

use std::sync::{Arc, PoisonError, RwLock};

use super::authorization_request::AuthorizationRequest;
use super::calls::Calls;
use super::client::AppClients;
use super::faults::Switch;
use super::identity_provider::IdentityProvider;
use super::signing_keys::SigningKeys;
use super::users::Users;
use crate::error::StartError;
use crate::store::Store;

/// The lifetime of Cognito's codes: 5 minutes.
const CODE_SECONDS: u64 = 5 * 60;
/// The lifetime of the session cookie of Cognito's pages: 1 hour.
pub(super) const SESSION_SECONDS: u64 = 60 * 60;
/// The default lifetime of ID and access tokens: 1 hour.
pub(super) const TOKEN_SECONDS: u64 = 60 * 60;
/// The default lifetime of refresh tokens: 30 days.
const REFRESH_SECONDS: u64 = 30 * 24 * 60 * 60;
/// How long the pool waits for a browser to return from the provider.
pub(super) const TRANSACTION_SECONDS: u64 = 15 * 60;

/// The browser's session at the pool, for all app clients. All ports of a host share cookies, so neither the app nor Cognito itself uses this
/// name.
pub(super) const SESSION_COOKIE: &str = "standin_cognito";
/// Identifies the browser while it is at the provider. Only this browser can finish the sign-in.
pub(super) const BROWSER_COOKIE: &str = "standin_cognito_browser";

/// A pending sign-in at the provider.
#[derive(Clone)]
pub(super) struct Transaction {
    pub(super) request: AuthorizationRequest,
    /// The name of the provider in the pool.
    pub(super) provider: String,
    pub(super) browser: String,
}

/// A browser that has signed in.
#[derive(Clone)]
pub(super) struct Session {
    pub(super) username: String,
    /// The name of the provider that the browser signed in with.
    pub(super) provider: String,
    pub(super) auth_time: u64,
}

/// What a code stands for.
#[derive(Clone)]
pub(super) struct Grant {
    pub(super) request: AuthorizationRequest,
    pub(super) session: Session,
}

/// One authentication. It can yield tokens until its refresh token expires.
#[derive(Clone)]
pub(super) struct Authentication {
    /// The app client that the code was issued to.
    pub(super) client_id: String,
    pub(super) session: Session,
    pub(super) scopes: Vec<String>,
    pub(super) event_id: String,
    pub(super) origin_jti: String,
}

/// The pool.
pub(super) struct Pool {
    pub(super) issuer: String,
    pub(super) clients: AppClients,
    pub(super) providers: Vec<IdentityProvider>,
    keys: RwLock<SigningKeys>,
    pub(super) switch: Switch,
    pub(super) calls: Arc<Calls>,
    pub(super) users: Users,
    pub(super) transactions: Store<Transaction>,
    pub(super) sessions: Store<Session>,
    pub(super) codes: Store<Grant>,
    pub(super) refresh_tokens: Store<Authentication>,
    /// By `origin_jti`. No access token outlives its entry here.
    pub(super) revoked: Store<()>,
}

impl Pool {
    pub(super) fn new(
        issuer: String,
        clients: AppClients,
        providers: Vec<IdentityProvider>,
        keys: SigningKeys,
    ) -> Self {
        Self {
            issuer,
            clients,
            providers,
            keys: RwLock::new(keys),
            switch: Switch::default(),
            calls: Arc::default(),
            users: Users::default(),
            transactions: Store::new(TRANSACTION_SECONDS),
            sessions: Store::new(SESSION_SECONDS),
            codes: Store::new(CODE_SECONDS),
            refresh_tokens: Store::new(REFRESH_SECONDS),
            revoked: Store::new(TOKEN_SECONDS),
        }
    }

    /// The provider with this name.
    pub(super) fn provider(&self, name: &str) -> Option<&IdentityProvider> {
        self.providers.iter().find(|provider| provider.name() == name)
    }

    /// The keys that sign from now on.
    pub(super) fn keys(&self) -> SigningKeys {
        self.keys.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Generates new keys. Tokens signed by the old ones no longer verify.
    pub(super) async fn rotate_keys(&self) -> Result<(), StartError> {
        let keys = SigningKeys::generate().await?;
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
        Ok(())
    }

    /// The base URL of the domain.
    pub(super) fn domain_url(&self) -> &str {
        self.issuer.rsplit_once('/').map_or(&self.issuer, |(domain, _)| domain)
    }
}
