//! The user pool's signing keys (RFC 7517), fetched ahead of need and once more for a key that is not known.

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, Instant},
};

use jsonwebtoken::{
    DecodingKey,
    jwk::{AlgorithmParameters, Jwk, KeyAlgorithm, PublicKeyUse},
};
use serde::Deserialize;
use tokio::sync::Mutex;
use tracing::{info, warn};

use super::{HttpClient, HttpFault};

/// How often the keys are fetched without a need.
const REFRESH: Duration = Duration::from_secs(600);
/// How long a token with an unknown key id cannot make the server fetch again, after a fetch that worked.
const PAUSE: Duration = Duration::from_secs(60);
/// And after one that did not.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(5);

/// Why there is no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    /// The user pool does not give its keys, and none are held.
    #[error("the signing keys are out of reach")]
    OutOfReach,
    /// No key has that id.
    #[error("no signing key has the token's kid")]
    Unknown,
}

/// The keys, shared by all requests.
#[derive(Debug)]
pub struct Keys {
    url: String,
    http: HttpClient,
    set: RwLock<Arc<KeySet>>,
    fetches: Mutex<Fetches>,
}

#[derive(Debug, Default)]
struct Fetches {
    last: Option<Instant>,
    /// When a fetch for an unknown key id is possible again.
    paused_until: Option<Instant>,
    failed: bool,
}

impl Keys {
    /// Keys at `url`; none are held yet.
    pub fn new(url: String, http: HttpClient) -> Self {
        Self { url, http, set: RwLock::default(), fetches: Mutex::default() }
    }

    /// Whether any key is held.
    pub fn are_loaded(&self) -> bool {
        !self.set().0.is_empty()
    }

    /// Fetches the keys every ten minutes, after a failure every 2 to 30 seconds. Never returns.
    pub async fn keep_fresh(&self) {
        let mut pause = Duration::from_secs(1);
        loop {
            let fetched = self.fetch(&mut *self.fetches.lock().await).await;
            let wait = match fetched {
                Ok(()) => REFRESH,
                Err(fault) => {
                    warn!(%fault, "the user pool's signing keys could not be fetched; those held stay in use");
                    pause = (pause * 2).min(Duration::from_secs(30));
                    pause
                }
            };
            tokio::time::sleep(wait).await;
        }
    }

    /// The key for a token: the one with its `kid`, or the only one there is for a token without.
    ///
    /// # Errors
    /// There is none, also after fetching once more.
    pub(super) async fn find(&self, kid: Option<&str>) -> Result<Arc<DecodingKey>, KeyFault> {
        if let Some(key) = self.set().find(kid) {
            return Ok(key);
        }
        let asked_at = Instant::now();
        let mut fetches = self.fetches.lock().await;
        // While this request waited, another may have fetched: then its answer holds for this one too.
        let answered = fetches.last.is_some_and(|last| last >= asked_at);
        let paused = self.are_loaded() && fetches.paused_until.is_some_and(|end| end > asked_at);
        if !answered && !paused {
            let pause = match self.fetch(&mut fetches).await {
                Ok(()) => PAUSE,
                Err(fault) => {
                    warn!(%fault, "the user pool's signing keys could not be fetched");
                    PAUSE_AFTER_FAILURE
                }
            };
            fetches.paused_until = Some(Instant::now() + pause);
        }
        match self.set().find(kid) {
            Some(key) => Ok(key),
            // The key may be one that could not be fetched.
            None if fetches.failed || !self.are_loaded() => Err(KeyFault::OutOfReach),
            None => Err(KeyFault::Unknown),
        }
    }

    /// Fetches once. The keys held are replaced only by a set with a key in it that can be used.
    async fn fetch(&self, fetches: &mut Fetches) -> Result<(), HttpFault> {
        let response = self.http.get(&self.url).await;
        fetches.last = Some(Instant::now());
        fetches.failed = true;
        let set = KeySet::parse(response?.body());
        if set.0.is_empty() {
            return Err(HttpFault::OutOfReach);
        }
        fetches.failed = false;
        info!(keys = set.0.len(), "the user pool's signing keys are loaded");
        *self.set.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(set);
        Ok(())
    }

    fn set(&self) -> Arc<KeySet> {
        Arc::clone(&self.set.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The keys that can verify RS256.
#[derive(Default)]
struct KeySet(Vec<(Option<String>, Arc<DecodingKey>)>);

impl std::fmt::Debug for KeySet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(kid, _)| kid)).finish()
    }
}

impl KeySet {
    /// Takes what can be used of a key set: a broken key among good ones does no harm.
    fn parse(json: &[u8]) -> Self {
        #[derive(Deserialize)]
        struct Document {
            keys: Vec<serde_json::Value>,
        }
        let keys = serde_json::from_slice::<Document>(json).map(|document| document.keys).unwrap_or_default();
        let usable = |key: serde_json::Value| {
            let jwk: Jwk = serde_json::from_value(key).ok()?;
            let for_signatures = !matches!(jwk.common.public_key_use, Some(PublicKeyUse::Encryption));
            let for_rs256 = matches!(jwk.common.key_algorithm, None | Some(KeyAlgorithm::RS256))
                && matches!(jwk.algorithm, AlgorithmParameters::RSA(_));
            let key = DecodingKey::from_jwk(&jwk).ok().filter(|_| for_signatures && for_rs256)?;
            Some((jwk.common.key_id, Arc::new(key)))
        };
        Self(keys.into_iter().filter_map(usable).collect())
    }

    /// How many keys can be used.
    const fn len(&self) -> usize {
        self.0.len()
    }

    fn find(&self, kid: Option<&str>) -> Option<Arc<DecodingKey>> {
        let key = match (kid, &*self.0) {
            // A single key needs no name, neither in the set nor in the token.
            (None, [(_, only)]) | (Some(_), [(None, only)]) => Some(only),
            (Some(kid), keys) => keys.iter().find(|(id, _)| id.as_deref() == Some(kid)).map(|(_, key)| key),
            (None, _) => None,
        };
        key.map(Arc::clone)
    }
}

/// How many keys of a key set can be used.
pub fn count_keys(json: &[u8]) -> usize {
    KeySet::parse(json).len()
}
