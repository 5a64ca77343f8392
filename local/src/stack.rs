//! Everything that a relying party needs, in one process.

use std::fmt;
use std::path::PathBuf;

use crate::providers::{IdentityProvider, Kind};
use crate::user_pool::{OidcProvider, UserPool, UserPoolOptions};
use crate::{ANY_PORT, StartError, dynamodb, random, user_pool};

/// What [`Stack::start`] needs to know.
#[derive(Clone)]
pub struct Options {
    /// Where the engine keeps its file; created with mode 0700 if absent.
    pub data_dir: PathBuf,
    /// Origin of the relying party, such as `http://127.0.0.1:3000`, without a slash at the end.
    /// `{app_origin}/auth/callback` and `{app_origin}/` are registered for sign-in and sign-out, the
    /// latter at the providers too. The user pool reaches Login.gov by `{app_origin}/federation/login_gov`.
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
    /// itsme.
    pub itsme: ProviderSettings,
    /// Login.gov.
    pub login_gov: ProviderSettings,
    /// Auth0.
    pub auth0: ProviderSettings,
    /// Beyond Identity.
    pub beyond_identity: ProviderSettings,
    /// What the user pool proves itself with to the relying party's bridge to Login.gov.
    pub bridge_secret: String,
}

/// A provider, as the relying party knows it.
#[derive(Clone, Debug)]
pub struct ProviderSettings {
    /// Its name in the user pool, for `identity_provider`.
    pub name: String,
    /// Its base URL.
    pub url: String,
    /// Its issuer.
    pub issuer: String,
    /// What it registered the user pool as.
    pub client_id: String,
    /// Its authorization endpoint.
    pub authorization_endpoint: String,
    /// Its token endpoint.
    pub token_endpoint: String,
    /// Where its keys are.
    pub jwks_uri: String,
}

impl ProviderSettings {
    fn of(name: &str, provider: &IdentityProvider) -> Self {
        let registration = provider.registration();
        Self {
            name: name.to_owned(),
            url: provider.url().to_owned(),
            issuer: registration.issuer,
            client_id: registration.client_id,
            authorization_endpoint: registration.authorization_endpoint,
            token_endpoint: registration.token_endpoint,
            jwks_uri: registration.jwks_uri,
        }
    }
}

/// The engine, the providers and the user pool, running.
pub struct Stack {
    engine: dynamodb::Engine,
    itsme: IdentityProvider,
    login_gov: IdentityProvider,
    auth0: IdentityProvider,
    beyond_identity: IdentityProvider,
    user_pool: UserPool,
    settings: Settings,
}

impl Stack {
    /// Starts all of them, each on a free port of 127.0.0.1. Must be called inside a tokio runtime.
    ///
    /// # Errors
    /// The first thing that stands in the way; what had been started by then is stopped again.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let engine = dynamodb::Engine::start(&options.data_dir).await?;
        let itsme = IdentityProvider::start(Kind::Itsme, ANY_PORT).await?;
        let login_gov = IdentityProvider::start(Kind::LoginGov, ANY_PORT).await?;
        let auth0 = IdentityProvider::start(Kind::Auth0, ANY_PORT).await?;
        let beyond_identity = IdentityProvider::start(Kind::BeyondIdentity, ANY_PORT).await?;

        let home = format!("{}/", options.app_origin);
        for provider in [&login_gov, &auth0] {
            provider.registration().add_sign_out_uri(home.clone());
        }
        let bridge_secret = random::opaque();
        let bridge = format!("{home}federation/login_gov");
        let providers = vec![
            OidcProvider::new("itsme", itsme.registration()).with_identifier("itsme.be"),
            OidcProvider::behind("LoginGov", login_gov.registration(), &bridge, &bridge_secret),
            OidcProvider::new("Auth0", auth0.registration()),
            OidcProvider::new("BeyondIdentity", beyond_identity.registration()),
        ];
        let mut pool = UserPoolOptions::new(options.app_origin, providers);
        pool.client_secret = options.client_secret.clone();
        let user_pool = UserPool::start(pool).await?;

        let settings = Settings {
            dynamodb_endpoint: engine.endpoint().to_owned(),
            region: user_pool::REGION.to_owned(),
            user_pool_id: user_pool::USER_POOL_ID.to_owned(),
            client_id: user_pool::CLIENT_ID.to_owned(),
            client_secret: options.client_secret,
            issuer: user_pool.issuer().to_owned(),
            domain_url: user_pool.domain_url().to_owned(),
            itsme: ProviderSettings::of("itsme", &itsme),
            login_gov: ProviderSettings::of("LoginGov", &login_gov),
            auth0: ProviderSettings::of("Auth0", &auth0),
            beyond_identity: ProviderSettings::of("BeyondIdentity", &beyond_identity),
            bridge_secret,
        };
        Ok(Self { engine, itsme, login_gov, auth0, beyond_identity, user_pool, settings })
    }

    /// The user pool, to make it misbehave.
    pub fn user_pool(&self) -> &UserPool {
        &self.user_pool
    }

    /// Login.gov, to register certificates with it.
    pub fn login_gov(&self) -> &IdentityProvider {
        &self.login_gov
    }

    /// What the relying party must be configured with.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Stops all of them and closes the database.
    pub async fn shutdown(self) {
        self.user_pool.shutdown().await;
        for provider in [self.itsme, self.login_gov, self.auth0, self.beyond_identity] {
            provider.shutdown().await;
        }
        self.engine.shutdown().await;
    }
}

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
            .field("providers", &[&self.itsme, &self.login_gov, &self.auth0, &self.beyond_identity])
            .field("confidential", &self.client_secret.is_some())
            .finish_non_exhaustive()
    }
}
