//! An itsme-like OpenID provider with test citizens to choose from.
//!
//! It follows OpenID Connect Core 1.0 and what itsme documents of its own
//! (<https://belgianmobileid.github.io/doc/>): the service code in the scope, the claim names, and the
//! client-secret flow with tokens that are signed but not encrypted, which is what Cognito can take.

mod authorization;
mod citizens;
mod discovery;
mod numbered;
mod token;
mod user_info;

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::{Arc, PoisonError, RwLock};

use axum::Router;
use axum::routing::{get, post};
use tokio::sync::watch;

use crate::StartError;
use crate::keys::SigningKey;
use crate::random;
use crate::serving::{Bound, Serving};
use crate::store::Store;
use authorization::{Pending, Request};
use citizens::Citizen;

/// What its pages say that they stand in for.
const STANDS_IN_FOR: &str = "itsme";
const CLIENT_ID: &str = "mydata-user-pool";
const SERVICE_CODE: &str = "MYDATA_LOGIN";
/// Seconds in which a citizen decides; generous, since a developer may be stepping through code.
const DECISION_SECONDS: u64 = 15 * 60;
const CODE_SECONDS: u64 = 3 * 60;
const TOKEN_SECONDS: u64 = 5 * 60;

/// A running itsme-like provider.
pub struct Itsme {
    url: String,
    registration: Registration,
    serving: Serving,
}

impl Itsme {
    /// Starts the provider; port 0 takes any free one. Must be called inside a tokio runtime.
    ///
    /// # Errors
    /// The address is not on loopback or is taken, or no key can be made.
    pub async fn start(listen: SocketAddr) -> Result<Itsme, StartError> {
        Self::start_with_numbered(listen, 0).await
    }

    /// Starts the provider with more citizens than the page shows, for programs: `n-0001` to the number
    /// given, at most 9,999 of them. The name of `n-0042` is `Citizen 0042`, and each has a national number.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub async fn start_with_numbered(listen: SocketAddr, numbered: u16) -> Result<Itsme, StartError> {
        let bound = Bound::new(listen).await?;
        let url = bound.origin();
        let (stop, stopped) = watch::channel(false);
        let registration = Registration {
            issuer: format!("{url}/v2"),
            client_id: CLIENT_ID.to_owned(),
            client_secret: random::opaque(),
            service_code: SERVICE_CODE.to_owned(),
            redirect_uris: Arc::default(),
        };
        let provider = Arc::new(Provider {
            registration: registration.clone(),
            numbered,
            key: SigningKey::generate().await?,
            pending: Store::new(DECISION_SECONDS),
            codes: Store::new(CODE_SECONDS),
            access_tokens: Store::new(TOKEN_SECONDS),
            stopped,
        });
        let serving = bound.serve(router(provider), stop);
        Ok(Itsme { url, registration, serving })
    }

    /// The base URL, such as `http://127.0.0.1:41234`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// What the relying party (the user pool) is told at its registration.
    pub fn registration(&self) -> Registration {
        self.registration.clone()
    }

    /// Stops serving.
    pub async fn shutdown(self) {
        self.serving.stop().await;
    }
}

/// The registration of the one relying party, as two sides see it: itsme's desk gives out identifier,
/// secret and service code, and the relying party names its redirect URIs.
#[derive(Clone)]
pub struct Registration {
    /// The issuer; discovery is at `{issuer}/.well-known/openid-configuration`.
    pub issuer: String,
    /// The relying party's identifier.
    pub client_id: String,
    /// Its secret, new at every start.
    pub client_secret: String,
    /// The service code; the scope must contain `service:` and this code.
    pub service_code: String,
    redirect_uris: Arc<RwLock<BTreeSet<String>>>,
}

impl Registration {
    /// Registers a redirect URI; requests must name it character for character.
    pub fn add_redirect_uri(&self, uri: String) {
        self.redirect_uris.write().unwrap_or_else(PoisonError::into_inner).insert(uri);
    }

    fn allows(&self, uri: &str) -> bool {
        self.redirect_uris.read().unwrap_or_else(PoisonError::into_inner).contains(uri)
    }
}

/// A code that was issued, and what it stands for.
#[derive(Clone)]
struct Granted {
    request: Request,
    citizen: Citizen,
    auth_time: u64,
    /// The citizen chose that the token endpoint shall not answer.
    stalls: bool,
}

/// What an access token opens.
#[derive(Clone)]
struct Access {
    citizen: Citizen,
    scopes: Vec<String>,
}

struct Provider {
    registration: Registration,
    /// How many numbered citizens there are.
    numbered: u16,
    key: SigningKey,
    pending: Store<Pending>,
    codes: Store<Granted>,
    access_tokens: Store<Access>,
    /// Turns true when the provider stops.
    stopped: watch::Receiver<bool>,
}

impl Provider {
    /// The citizen with this id.
    fn find(&self, id: &str) -> Option<Citizen> {
        citizens::find(id).or_else(|| numbered::find(id, self.numbered))
    }

    /// itsme gives each relying party a subject of its own for the same person.
    fn subject(&self, citizen: &Citizen) -> String {
        let input = format!("{}\0{}", self.registration.client_id, citizen.id);
        hex::encode(&random::sha256(input.as_bytes())[..18])
    }
}

fn router(provider: Arc<Provider>) -> Router {
    Router::new()
        .route("/v2/.well-known/openid-configuration", get(discovery::configuration))
        .route("/v2/jwkSet", get(discovery::key_set))
        .route("/v2/authorization", get(authorization::ask).post(authorization::decide))
        .route("/v2/token", post(token::token))
        .route("/v2/userinfo", get(user_info::user_info).post(user_info::user_info))
        .with_state(provider)
}
