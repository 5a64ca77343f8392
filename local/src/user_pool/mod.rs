//! A Cognito-like user pool with its domain, on one listener.
//!
//! It follows the Amazon Cognito developer guide (user pool endpoints, "Understanding the tokens",
//! "Using OIDC identity providers"), and where that is silent RFC 6749, 7009, 7636 and OpenID Connect
//! Core 1.0. There is one app client, and any number of identity providers, to which it federates
//! over HTTP. There are no passwords, no self sign-up, and no scope `aws.cognito.signin.user.admin`.

mod authorization_request;
mod authorize;
mod calls;
mod client;
mod discovery;
mod faults;
mod idp_response;
mod logout;
mod oidc_provider;
mod pages;
mod refusals;
mod revoke;
mod state;
mod token;
mod tokens;
mod upstream;
mod upstream_token;
mod user_info;
mod users;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::routing::{get, post};
use axum::{Router, middleware};
use tokio::sync::watch;
use url::Url;

use crate::keys::SigningKey;
use crate::serving::{Bound, Serving};
use crate::{ANY_PORT, StartError};
use client::AppClient;
pub use faults::{Fault, MARK, UnknownFault};
pub use oidc_provider::OidcProvider;
use state::Pool;
use upstream::Upstream;

/// The pool's region.
pub const REGION: &str = "eu-west-1";
/// The pool's identifier.
pub const USER_POOL_ID: &str = "eu-west-1_LocalPool";
/// The one app client.
pub const CLIENT_ID: &str = "4k2localstandin7mydata9app";

/// What [`UserPool::start`] needs to know.
#[derive(Clone)]
pub struct UserPoolOptions {
    /// A loopback address; port 0 takes any free one.
    pub listen: SocketAddr,
    /// Origin of the relying party, without a slash at the end.
    pub app_origin: String,
    /// The secret of a confidential client; `None` makes the app client a public one.
    pub client_secret: Option<String>,
    /// Every provider is enabled for the app client.
    pub providers: Vec<OidcProvider>,
    /// How long the pool waits for a provider's token endpoint.
    pub upstream_timeout: Duration,
    /// Keys of an earlier run, to stay the same pool over a restart; `None` makes new ones.
    pub signing_keys: Option<SigningKeys>,
}

impl UserPoolOptions {
    /// A public client on any free port, with new keys and the 5 seconds that the stand-in waits.
    pub fn new(app_origin: String, providers: Vec<OidcProvider>) -> Self {
        Self {
            listen: ANY_PORT,
            app_origin,
            client_secret: None,
            providers,
            upstream_timeout: Duration::from_secs(5),
            signing_keys: None,
        }
    }
}

/// The two keys of a pool: one signs ID tokens, the other access tokens.
#[derive(Clone)]
pub struct SigningKeys {
    id: SigningKey,
    access: SigningKey,
}

impl SigningKeys {
    async fn generate() -> Result<Self, StartError> {
        Ok(Self { id: SigningKey::generate().await?, access: SigningKey::generate().await? })
    }
}

/// A running user pool. What it remembers (sessions, codes, refresh tokens) ends with it; `sub` of a
/// user stays the same.
pub struct UserPool {
    issuer: String,
    domain_url: String,
    pool: Arc<Pool>,
    serving: Serving,
}

impl UserPool {
    /// Starts the pool and registers its callback with each provider. Must be called inside a tokio
    /// runtime.
    ///
    /// # Errors
    /// The origin is not one, the address is not on loopback or is taken, or no key can be made.
    pub async fn start(options: UserPoolOptions) -> Result<UserPool, StartError> {
        check_origin(&options.app_origin)?;
        let bound = Bound::new(options.listen).await?;
        let domain_url = bound.origin();
        let issuer = format!("{domain_url}/{USER_POOL_ID}");
        let keys = match options.signing_keys {
            Some(keys) => keys,
            None => SigningKeys::generate().await?,
        };
        let callback = format!("{domain_url}/oauth2/idpresponse");
        let upstreams: Result<Vec<_>, _> = options
            .providers
            .into_iter()
            .map(|provider| {
                provider.registration.add_redirect_uri(callback.clone());
                Upstream::new(provider, callback.clone(), options.upstream_timeout)
            })
            .collect();
        let pool = Arc::new(Pool::new(
            issuer.clone(),
            AppClient::new(&options.app_origin, options.client_secret),
            upstreams?,
            keys,
        ));
        let (stop, _) = watch::channel(false);
        let serving = bound.serve(router(&pool), stop);
        Ok(UserPool { issuer, domain_url, pool, serving })
    }

    /// The address that it listens on, to start it there again.
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

    /// Makes new keys and signs with them from now on; the old ones are in no key set any more.
    ///
    /// # Errors
    /// No key can be made.
    pub async fn rotate_signing_keys(&self) -> Result<(), StartError> {
        self.pool.rotate_keys().await
    }

    /// Turns `fault` on and any other off; with `None` everything is in order again.
    pub fn misbehave(&self, fault: impl Into<Option<Fault>>) {
        self.pool.switch.set(fault.into());
    }

    /// How often each path was called since the start.
    pub fn calls(&self) -> BTreeMap<String, usize> {
        self.pool.calls.counts()
    }

    /// Stops serving and lets go of the port.
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

fn router(pool: &Arc<Pool>) -> Router {
    let well_known = format!("/{USER_POOL_ID}/.well-known");
    let router = Router::new()
        .route(&format!("{well_known}/openid-configuration"), get(discovery::configuration))
        .route(&format!("{well_known}/jwks.json"), get(discovery::key_set))
        .route("/oauth2/authorize", get(authorize::authorize))
        .route("/login", get(pages::login))
        .route("/oauth2/idpresponse", get(idp_response::idp_response))
        .route("/oauth2/token", post(token::token))
        .route("/oauth2/userInfo", get(user_info::user_info))
        .route("/oauth2/revoke", post(revoke::revoke))
        .route("/logout", get(logout::logout))
        .route("/error", get(pages::error))
        .route_layer(middleware::from_fn_with_state(Arc::clone(pool), calls::count));
    #[cfg(feature = "faults")]
    let router = router.merge(faults::control::router());
    router.with_state(Arc::clone(pool))
}

#[cfg(test)]
mod tests {
    use super::{CLIENT_ID, check_origin};

    #[test]
    fn the_client_id_looks_like_cognitos() {
        assert_eq!(CLIENT_ID.len(), 26);
        assert!(CLIENT_ID.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()));
    }

    #[test]
    fn an_origin_has_no_path_and_no_slash() {
        assert!(check_origin("http://127.0.0.1:3000").is_ok());
        for wrong in ["http://127.0.0.1:3000/", "http://127.0.0.1:3000/app", "127.0.0.1:3000", ""] {
            assert!(check_origin(wrong).is_err(), "{wrong}");
        }
    }
}
