//! A running user pool and its routes.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::routing::{get, post};
use axum::{Router, middleware};
use tokio::sync::watch;
use url::Url;

use super::client::{AppClient, AppClients};
use super::faults::Fault;
use super::identity_provider::IdentityProvider;
use super::ids::{CLIENT_ID, USER_POOL_ID};
use super::oidc_provider::OidcProvider;
use super::saml_provider::{SamlProvider, SamlUpstream};
use super::signing_keys::SigningKeys;
use super::state::Pool;
use super::upstream::Upstream;
use super::{
    authorize, calls, discovery, fault_control, idp_response, logout, pages, revoke, saml_response, token, user_info,
};
use crate::error::StartError;
use crate::serving::{ANY_PORT, Bound, Serving};

/// What [`UserPool::start`] needs to know.
#[derive(Clone)]
pub struct UserPoolOptions {
    /// A loopback address; port 0 takes any free port.
    pub listen: SocketAddr,
    /// Origin of the relying party, without a slash at the end.
    pub app_origin: String,
    /// The pool's identifier, which ends its issuer.
    pub user_pool_id: String,
    /// The citizens' app client.
    pub client_id: String,
    /// The secret of the citizens' app client; `None` makes it a public one.
    pub client_secret: Option<String>,
    /// The OpenID providers. Each is enabled for the citizens' app client.
    pub providers: Vec<OidcProvider>,
    /// The SAML providers. None is enabled for the citizens' app client.
    pub saml_providers: Vec<SamlProvider>,
    /// Further app clients.
    pub more_clients: Vec<AppClient>,
    /// How long the pool waits for a provider's token endpoint.
    pub upstream_timeout: Duration,
    /// The keys of an earlier run, so that the pool stays the same after a restart; `None` generates new ones.
    pub signing_keys: Option<SigningKeys>,
}

impl UserPoolOptions {
    /// A public client of citizens on any free port, with the stand-in's own ids, new keys and a timeout of 5 seconds.
    pub fn new(app_origin: String, providers: Vec<OidcProvider>) -> Self {
        Self {
            listen: ANY_PORT,
            app_origin,
            user_pool_id: USER_POOL_ID.to_owned(),
            client_id: CLIENT_ID.to_owned(),
            client_secret: None,
            providers,
            saml_providers: Vec::new(),
            more_clients: Vec::new(),
            upstream_timeout: Duration::from_secs(5),
            signing_keys: None,
        }
    }
}

/// A running user pool. Its sessions, codes and refresh tokens end with it. The `sub` of a user stays the same after
/// a restart.
pub struct UserPool {
    issuer: String,
    domain_url: String,
    pool: Arc<Pool>,
    serving: Serving,
}

impl UserPool {
    /// Starts the pool and registers its callback with each provider. Must be called inside a tokio runtime.
    ///
    /// # Errors
    /// The origin is not an origin, the address is not on loopback or is in use, or a key cannot be generated.
    pub async fn start(options: UserPoolOptions) -> Result<UserPool, StartError> {
        check_origin(&options.app_origin)?;
        let bound = Bound::new(options.listen).await?;
        let domain_url = bound.origin();
        let issuer = format!("{domain_url}/{}", options.user_pool_id);
        let keys = match options.signing_keys {
            Some(keys) => keys,
            None => SigningKeys::generate().await?,
        };
        let callback = format!("{domain_url}/oauth2/idpresponse");
        let names = options.providers.iter().map(|provider| provider.name.clone()).collect();
        let citizens =
            AppClient::new(&options.client_id, &options.app_origin, names).with_secret(options.client_secret);
        let clients = AppClients::new([vec![citizens], options.more_clients].concat());
        let oidc = options.providers.into_iter().map(|provider| {
            provider.registration.add_redirect_uri(callback.clone());
            let upstream = Upstream::new(provider, callback.clone(), options.upstream_timeout)?;
            Ok(IdentityProvider::Oidc(Box::new(upstream)))
        });
        let saml = options.saml_providers.into_iter().map(|provider| {
            Ok(IdentityProvider::Saml(SamlUpstream::new(provider, format!("{domain_url}/saml2/idpresponse"))))
        });
        let providers = oidc.chain(saml).collect::<Result<_, StartError>>()?;
        let pool = Arc::new(Pool::new(issuer.clone(), clients, providers, keys));
        let (stop, _) = watch::channel(false);
        let serving = bound.serve(router(&pool, &options.user_pool_id), stop);
        Ok(UserPool { issuer, domain_url, pool, serving })
    }

    /// Its address, for a restart on the same one.
    pub fn address(&self) -> SocketAddr {
        self.serving.address()
    }

    /// The issuer of its tokens: `http://127.0.0.1:PORT/eu-west-1_LocalPool`.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The base URL of its domain: `http://127.0.0.1:PORT`.
    pub fn domain_url(&self) -> &str {
        &self.domain_url
    }

    /// Its keys, for [`UserPoolOptions::signing_keys`].
    pub fn signing_keys(&self) -> SigningKeys {
        self.pool.keys()
    }

    /// Generates new keys and signs with them from now on. The key set no longer has the old ones.
    ///
    /// # Errors
    /// A key cannot be generated.
    pub async fn rotate_signing_keys(&self) -> Result<(), StartError> {
        self.pool.rotate_keys().await
    }

    /// Replaces the client secret of the OpenID provider called `name`, as `UpdateIdentityProvider` does. Returns whether there
    /// is such a provider.
    pub fn set_provider_secret(&self, name: &str, secret: &str) -> bool {
        let provider = self.pool.provider(name);
        if let Some(IdentityProvider::Oidc(upstream)) = provider {
            upstream.set_client_secret(secret);
        }
        matches!(provider, Some(IdentityProvider::Oidc(_)))
    }

    /// Turns `fault` on and any other off. `None` turns all faults off.
    pub fn misbehave(&self, fault: impl Into<Option<Fault>>) {
        self.pool.switch.set(fault.into());
    }

    /// The number of calls of each path since the start.
    pub fn calls(&self) -> BTreeMap<String, usize> {
        self.pool.calls.counts()
    }

    /// Stops serving and releases the port.
    pub async fn shutdown(self) {
        self.serving.stop().await;
    }
}

fn check_origin(origin: &str) -> Result<(), StartError> {
    match Url::parse(origin) {
        Ok(url) if url.origin().ascii_serialization() == origin => Ok(()),
        _ => Err(StartError::NotAnOrigin { origin: origin.to_owned() }),
    }
}

fn router(pool: &Arc<Pool>, user_pool_id: &str) -> Router {
    let well_known = format!("/{user_pool_id}/.well-known");
    Router::new()
        .route(&format!("{well_known}/openid-configuration"), get(discovery::configuration))
        .route(&format!("{well_known}/jwks.json"), get(discovery::key_set))
        .route("/oauth2/authorize", get(authorize::authorize))
        .route("/login", get(pages::login))
        .route("/oauth2/idpresponse", get(idp_response::idp_response))
        .route("/saml2/idpresponse", get(saml_response::saml_response))
        .route("/oauth2/token", post(token::token))
        .route("/oauth2/userInfo", get(user_info::user_info))
        .route("/oauth2/revoke", post(revoke::revoke))
        .route("/logout", get(logout::logout))
        .route("/error", get(pages::error))
        .route_layer(middleware::from_fn_with_state(Arc::clone(&pool.calls), calls::count))
        .merge(fault_control::router())
        .with_state(Arc::clone(pool))
}

#[cfg(test)]
mod tests {
    use super::check_origin;

    #[test]
    fn an_origin_has_no_path_and_no_slash() {
        assert!(check_origin("http://127.0.0.1:3000").is_ok());
        for wrong in ["http://127.0.0.1:3000/", "http://127.0.0.1:3000/app", "127.0.0.1:3000", ""] {
            assert!(check_origin(wrong).is_err(), "{wrong}");
        }
    }
}
