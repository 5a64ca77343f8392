use std::sync::Arc;

use url::Url;

use super::{
    app_clients::AppClients,
    in_progress::{InProgress, Outcome},
    transaction::Transaction,
};
use crate::{
    config::{Cognito, Config, Provider},
    cookies::CookieJar,
    oidc::{HttpClient, Keys},
    secret::SealingKeys,
};

/// This site as a client of the user pool.
#[derive(Debug)]
pub struct RelyingParty {
    pub(super) cognito: Cognito,
    pub(super) clients: AppClients,
    pub(super) providers: Vec<Provider>,
    pub(super) redirect_uri: String,
    logout_uri: String,
    /// The user pool's signing keys.
    pub(super) keys: Arc<Keys>,
    pub(super) http: HttpClient,
    pub(super) jar: CookieJar,
    /// Seal the sign-ins in progress.
    pub(super) transactions: Arc<SealingKeys>,
    /// The callbacks that a second request can join.
    pub(super) callbacks: InProgress<Outcome>,
}

impl RelyingParty {
    /// For the user pool and providers in `config`, with their `clients`. `transactions` seals sign-ins in progress.
    pub fn new(
        config: &Config,
        clients: AppClients,
        http: HttpClient,
        keys: Arc<Keys>,
        transactions: Arc<SealingKeys>,
    ) -> Self {
        Self {
            cognito: config.cognito.clone(),
            clients,
            providers: config.providers.clone(),
            redirect_uri: redirect_uri(config),
            logout_uri: config.public_url.at("/"),
            keys,
            http,
            jar: CookieJar::new(config.public_url.is_https()),
            transactions,
            callbacks: InProgress::default(),
        }
    }

    /// The provider with this id.
    pub(super) fn provider(&self, id: &str) -> Option<&Provider> {
        self.providers.iter().find(|provider| provider.id == id)
    }

    /// Whether a sign-in asks the user pool for a new authentication.
    pub(super) fn asks_for_login(&self, transaction: &Transaction) -> bool {
        self.cognito.prompt_login || transaction.is_fresh
    }

    /// The URL that ends the user pool's session and then redirects to `/` (Cognito's `/logout`).
    pub fn logout_url(&self) -> String {
        let parameters = [("client_id", &self.cognito.client_id), ("logout_uri", &self.logout_uri)];
        let endpoint = self.cognito.domain.at("/logout");
        Url::parse_with_params(&endpoint, parameters).map_or(endpoint, String::from)
    }
}

/// Where the user pool sends browsers back to.
pub(super) fn redirect_uri(config: &Config) -> String {
    config.public_url.at("/auth/callback")
}
