//! OpenID providers with test citizens to choose from, as strict as the real ones where it matters to who uses them.
//!
//! All follow OpenID Connect Core 1.0. What tells one from another is its [`Rules`], a file each, by what its vendor documents.

mod assertion;
mod auth0;
mod authorization;
mod beyond_identity;
mod citizens;
mod discovery;
mod itsme;
mod login_gov;
mod numbered;
mod registration;
mod rules;
mod sign_out;
mod token;
mod user_info;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use tokio::sync::{OnceCell, watch};

use crate::StartError;
use crate::keys::SigningKey;
use crate::serving::{Bound, Serving};
use crate::store::Store;
use authorization::{Pending, Request};
use citizens::Citizen;
pub use registration::Registration;
pub(crate) use rules::UserInfoMethod;
use rules::{Facts, Rules};

/// Seconds in which a citizen decides; generous, since a developer may be stepping through code.
const DECISION_SECONDS: u64 = 15 * 60;
const CODE_SECONDS: u64 = 3 * 60;
const TOKEN_SECONDS: u64 = 15 * 60;
/// How long a provider that remembers its browsers does so.
const SESSION_SECONDS: u64 = 60 * 60;

/// Whom a provider stands in for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// <https://belgianmobileid.github.io/doc/>
    Itsme,
    /// <https://developers.login.gov/oidc/getting-started/>
    LoginGov,
    /// <https://auth0.com/docs/api/authentication>
    Auth0,
    /// <https://developer.beyondidentity.com/>
    BeyondIdentity,
}

impl Kind {
    fn rules(self) -> &'static dyn Rules {
        match self {
            Self::Itsme => &itsme::Itsme,
            Self::LoginGov => &login_gov::LoginGov,
            Self::Auth0 => &auth0::Auth0,
            Self::BeyondIdentity => &beyond_identity::BeyondIdentity,
        }
    }
}

/// A running provider.
pub struct IdentityProvider {
    url: String,
    provider: Arc<Provider>,
    serving: Serving,
}

impl IdentityProvider {
    /// Starts the provider; port 0 takes any free one. Must be called inside a tokio runtime.
    ///
    /// # Errors
    /// The address is not on loopback or is taken.
    pub async fn start(kind: Kind, listen: SocketAddr) -> Result<Self, StartError> {
        Self::start_with_numbered(kind, listen, 0).await
    }

    /// Starts the provider with more citizens than the page shows, for programs: `n-0001` to the number
    /// given, at most 9,999 of them. The name of `n-0042` is `Citizen 0042`, and each has a national number.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub async fn start_with_numbered(kind: Kind, listen: SocketAddr, numbered: u16) -> Result<Self, StartError> {
        let bound = Bound::new(listen).await?;
        let url = bound.origin();
        let rules = kind.rules();
        let (stop, stopped) = watch::channel(false);
        let provider = Arc::new(Provider {
            rules,
            facts: rules.facts(),
            registration: Registration::new(rules, &url),
            url: url.clone(),
            numbered,
            key: OnceCell::new(),
            pending: Store::new(DECISION_SECONDS),
            codes: Store::new(CODE_SECONDS),
            access_tokens: Store::new(TOKEN_SECONDS),
            sessions: Store::new(SESSION_SECONDS),
            assertions: Store::new(assertion::LONGEST_SECONDS),
            stopped,
        });
        let serving = bound.serve(router(&provider), stop);
        Ok(Self { url, provider, serving })
    }

    /// The base URL, such as `http://127.0.0.1:41234`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// What the relying party (the user pool) is told at its registration, and the desk where it registers.
    pub fn registration(&self) -> Registration {
        self.provider.registration.clone()
    }

    /// Stops serving.
    pub async fn shutdown(self) {
        self.serving.stop().await;
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
    request: Request,
}

struct Provider {
    rules: &'static dyn Rules,
    facts: &'static Facts,
    registration: Registration,
    url: String,
    /// How many numbered citizens there are.
    numbered: u16,
    /// Made when the first token is signed or the key set is asked for: most runs use one provider of several.
    key: OnceCell<SigningKey>,
    pending: Store<Pending>,
    codes: Store<Granted>,
    access_tokens: Store<Access>,
    /// Who is signed in here, by the cookie of the browser.
    sessions: Store<Citizen>,
    /// The `jti` of each client assertion that was used.
    assertions: Store<()>,
    /// Turns true when the provider stops.
    stopped: watch::Receiver<bool>,
}

impl Provider {
    /// The citizen with this id.
    fn find(&self, id: &str) -> Option<Citizen> {
        citizens::find(id).or_else(|| numbered::find(id, self.numbered))
    }

    async fn key(&self) -> Result<&SigningKey, StartError> {
        self.key.get_or_try_init(SigningKey::generate).await
    }

    /// The address of one of its endpoints.
    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }
}

fn router(provider: &Arc<Provider>) -> Router {
    let paths = &provider.facts.paths;
    let mut router = Router::new()
        .route(paths.discovery, get(discovery::configuration))
        .route(paths.keys, get(discovery::key_set))
        .route(paths.authorization, get(authorization::ask).post(authorization::decide))
        .route(paths.token, post(token::token))
        .route(
            paths.user_info,
            match provider.facts.user_info_method {
                UserInfoMethod::Get => get(user_info::user_info),
                UserInfoMethod::Post => post(user_info::user_info),
            },
        );
    if let Some(sign_out) = &provider.facts.sign_out {
        router = router.route(sign_out.path, get(sign_out::ask).post(sign_out::confirm));
    }
    router.with_state(Arc::clone(provider))
}
