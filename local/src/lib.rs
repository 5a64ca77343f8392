//! Stand-ins on loopback, for a machine without AWS.
//!
//! [`Stack::start`] brings up, in this process and on 127.0.0.1 only, a DynamoDB-compatible engine
//! ([`dynamodb`]), an itsme-like OpenID provider ([`itsme`]) and a Cognito-like user pool that
//! federates to it ([`user_pool`]). The protocols are implemented from their documents (RFC 6749,
//! 7009, 7636, OpenID Connect Core 1.0 and the Amazon Cognito developer guide) and share no code with
//! the relying party: two independent readings find each other's mistakes.
//!
//! Nothing here is for production. Anybody who reaches these ports can sign in as any test citizen.

pub mod dynamodb;
mod error;
pub mod itsme;
mod keys;
mod page;
mod random;
mod serving;
mod store;
pub mod user_pool;
mod web;

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

pub use error::StartError;

/// What [`Stack::start`] needs to know.
#[derive(Clone)]
pub struct Options {
    /// Where the engine keeps its file; created with mode 0700 if absent.
    pub data_dir: PathBuf,
    /// Origin of the relying party, such as `http://127.0.0.1:3000`, without a slash at the end.
    /// `{app_origin}/auth/callback` and `{app_origin}/` are registered for sign-in and sign-out.
    pub app_origin: String,
    /// The secret of a confidential client; `None` makes the app client a public one.
    pub client_secret: Option<String>,
}

/// What the relying party must be configured with to use the stand-ins.
#[derive(Clone)]
pub struct Settings {
    /// Base URL of the engine, such as `http://127.0.0.1:41234`.
    pub dynamodb_endpoint: String,
    /// Always `eu-west-1`.
    pub region: String,
    /// Always `eu-west-1_LocalPool`.
    pub user_pool_id: String,
    /// The app client: 26 lower-case letters and digits, as Cognito makes them.
    pub client_id: String,
    /// The app client's secret, as given in [`Options`].
    pub client_secret: Option<String>,
    /// Issuer of the tokens: `http://127.0.0.1:PORT/eu-west-1_LocalPool`.
    pub issuer: String,
    /// Base URL of the authorization, token, revocation and sign-out endpoints.
    pub domain_url: String,
    /// Base URL of the itsme-like provider.
    pub itsme_url: String,
    /// The provider's name in the user pool, for `identity_provider`: `itsme`.
    pub provider_name: String,
}

/// The engine, the provider and the user pool, running.
pub struct Stack {
    engine: dynamodb::Engine,
    itsme: itsme::Itsme,
    user_pool: user_pool::UserPool,
    settings: Settings,
}

impl Stack {
    /// Starts all three, each on a free port of 127.0.0.1. Must be called inside a tokio runtime.
    ///
    /// # Errors
    /// The first thing that stands in the way; what had been started by then is stopped again.
    pub async fn start(options: Options) -> Result<Stack, StartError> {
        let engine = dynamodb::Engine::start(&options.data_dir).await?;
        let itsme = itsme::Itsme::start(ANY_PORT).await?;
        let mut pool = user_pool::UserPoolOptions::new(options.app_origin, itsme.registration());
        pool.client_secret = options.client_secret.clone();
        let user_pool = user_pool::UserPool::start(pool).await?;

        let settings = Settings {
            dynamodb_endpoint: engine.endpoint().to_owned(),
            region: user_pool::REGION.to_owned(),
            user_pool_id: user_pool::USER_POOL_ID.to_owned(),
            client_id: user_pool::CLIENT_ID.to_owned(),
            client_secret: options.client_secret,
            issuer: user_pool.issuer().to_owned(),
            domain_url: user_pool.domain_url().to_owned(),
            itsme_url: itsme.url().to_owned(),
            provider_name: user_pool::PROVIDER_NAME.to_owned(),
        };
        Ok(Stack { engine, itsme, user_pool, settings })
    }

    /// The user pool, to make it misbehave.
    pub fn user_pool(&self) -> &user_pool::UserPool {
        &self.user_pool
    }

    /// What the relying party must be configured with.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Stops all three and closes the database.
    pub async fn shutdown(self) {
        self.user_pool.shutdown().await;
        self.itsme.shutdown().await;
        self.engine.shutdown().await;
    }
}

/// 127.0.0.1 and whichever port is free.
pub(crate) const ANY_PORT: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

// Secrets stay out of logs, even those of a stand-in: habits carry over.
impl fmt::Debug for Options {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Options")
            .field("data_dir", &self.data_dir)
            .field("app_origin", &self.app_origin)
            .field("confidential", &self.client_secret.is_some())
            .finish()
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Settings")
            .field("dynamodb_endpoint", &self.dynamodb_endpoint)
            .field("issuer", &self.issuer)
            .field("domain_url", &self.domain_url)
            .field("itsme_url", &self.itsme_url)
            .field("confidential", &self.client_secret.is_some())
            .finish_non_exhaustive()
    }
}
