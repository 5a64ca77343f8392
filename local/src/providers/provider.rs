//! What a provider remembers while it runs.

use tokio::sync::{OnceCell, watch};

use super::citizens::{self, Citizen};
use super::numbered;
use super::registration::Registration;
use super::request::Request;
use super::vendor::Vendor;
use crate::error::StartError;
use crate::keys::SigningKey;
use crate::store::Store;

/// How many seconds a citizen has to decide. Generous, because a developer may be stepping through code.
const DECISION_SECONDS: u64 = 15 * 60;
const CODE_SECONDS: u64 = 3 * 60;
pub(super) const TOKEN_SECONDS: u64 = 15 * 60;
/// How long a provider with a session cookie remembers a browser.
pub(super) const SESSION_SECONDS: u64 = 60 * 60;
/// The longest lifetime of a client assertion. Used ones are remembered this long.
pub(super) const ASSERTION_SECONDS: u64 = 10 * 60;

/// What a code stands for.
#[derive(Clone)]
pub(super) struct Granted {
    pub(super) request: Request,
    pub(super) citizen: Citizen,
    pub(super) auth_time: u64,
    /// The citizen chose to let the token endpoint time out.
    pub(super) stalls: bool,
}

/// What an access token gives access to.
#[derive(Clone)]
pub(super) struct Access {
    pub(super) citizen: Citizen,
    pub(super) request: Request,
}

/// One provider.
pub(super) struct Provider {
    pub(super) vendor: &'static Vendor,
    pub(super) registration: Registration,
    pub(super) url: String,
    /// How many numbered citizens exist.
    numbered: u16,
    /// Generated when first needed: most runs use only one of the providers.
    key: OnceCell<SigningKey>,
    /// Requests that wait for the citizen's decision.
    pub(super) pending: Store<Request>,
    pub(super) codes: Store<Granted>,
    pub(super) access_tokens: Store<Access>,
    /// The signed-in citizen, by the cookie of the browser.
    pub(super) sessions: Store<Citizen>,
    /// The `jti` of each client assertion that was used.
    pub(super) assertions: Store<()>,
    /// Becomes true when the provider stops.
    pub(super) stopped: watch::Receiver<bool>,
}

impl Provider {
    /// A provider at the origin `url`.
    pub(super) fn new(vendor: &'static Vendor, url: String, numbered: u16, stopped: watch::Receiver<bool>) -> Self {
        Self {
            vendor,
            registration: Registration::new(&vendor.facts, &url),
            url,
            numbered,
            key: OnceCell::new(),
            pending: Store::new(DECISION_SECONDS),
            codes: Store::new(CODE_SECONDS),
            access_tokens: Store::new(TOKEN_SECONDS),
            sessions: Store::new(SESSION_SECONDS),
            assertions: Store::new(ASSERTION_SECONDS),
            stopped,
        }
    }

    /// The citizen with this id.
    pub(super) fn find(&self, id: &str) -> Option<Citizen> {
        citizens::find(id).or_else(|| numbered::find(id, self.numbered))
    }

    /// The key that signs its tokens.
    pub(super) async fn key(&self) -> Result<&SigningKey, StartError> {
        self.key.get_or_try_init(SigningKey::generate).await
    }

    /// The address of one of its endpoints.
    pub(super) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }
}
