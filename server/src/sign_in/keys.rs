//! The signing keys (RFC 7517) of the user pool, or of a provider behind the bridge, fetched ahead of need, and once more for a key that is not known.
//!
//! One task, [`Keys::keep_fresh`], does all the fetching. A request whose key is held never waits; one whose key is not
//! known wishes for a fetch and waits until one that began after the wish has ended. So nobody stands behind a slow fetch
//! but those whom its answer concerns, and a citizen who goes away in the meantime cuts nothing short.

use std::{
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::Duration,
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{
    DecodingKey,
    jwk::{AlgorithmParameters, Jwk, KeyAlgorithm, KeyOperations, PublicKeyUse},
};
use serde::Deserialize;
use tokio::{
    sync::{Notify, watch},
    time::{Instant, timeout},
};
use tracing::{info, warn};

use super::{HttpClient, HttpFault};

/// How often the keys are fetched without a need.
const REFRESH: Duration = Duration::from_secs(600);
/// The pauses after fetches that failed, from the first to the longest, each twice the one before.
const RETRY: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(5));
/// How long tokens with unknown key ids, however many, cannot make the server fetch again.
const PAUSE: Duration = Duration::from_secs(60);

/// Why there is no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    /// The user pool does not give its keys, and the one that is needed is not held.
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
    fetches: watch::Sender<Fetches>,
    wished: Notify,
    last_wish: Mutex<Option<Wish>>,
}

/// The fetches so far.
#[derive(Clone, Copy, Debug, Default)]
struct Fetches {
    begun: u64,
    ended: u64,
    /// Whether the last one that ended brought no keys.
    failed: bool,
}

/// A fetch for a key id that was not known.
#[derive(Clone, Copy, Debug)]
struct Wish {
    made_at: Instant,
    /// The number of the first fetch that began after it.
    fetch: u64,
}

impl Keys {
    /// Keys at `url`; none are held until [`keep_fresh`](Self::keep_fresh) runs.
    pub fn new(url: String, http: HttpClient) -> Self {
        let (fetches, _) = watch::channel(Fetches::default());
        Self { url, http, set: RwLock::default(), fetches, wished: Notify::new(), last_wish: Mutex::default() }
    }

    /// Whether any key is held.
    pub fn are_loaded(&self) -> bool {
        !self.set().0.is_empty()
    }

    /// Fetches the keys now, every ten minutes, and when a token needs one that is not known; after a failure again soon.
    /// Never returns.
    pub async fn keep_fresh(&self) {
        let mut retry = RETRY.0;
        loop {
            self.fetches.send_modify(|fetches| fetches.begun += 1);
            let fetched = self.fetch().await;
            self.fetches.send_modify(|fetches| {
                fetches.ended += 1;
                fetches.failed = fetched.is_err();
            });
            let pause = match fetched {
                Ok(()) => {
                    retry = RETRY.0;
                    REFRESH
                }
                Err(fault) => {
                    warn!(%fault, url = self.url, "signing keys could not be fetched; those held stay in use");
                    let pause = retry;
                    retry = (retry * 2).min(RETRY.1);
                    pause
                }
            };
            // Whether the time is over or somebody wishes: fetch.
            let _ = timeout(pause, self.wished.notified()).await;
        }
    }

    /// The key for a token: the one with its `kid`, or the only one there is for a token without.
    ///
    /// # Errors
    /// There is none, also after fetching once more.
    pub(crate) async fn find(&self, kid: Option<&str>) -> Result<Arc<DecodingKey>, KeyFault> {
        if let Some(key) = self.set().find(kid) {
            return Ok(key);
        }
        let mut fetches = self.fetches.subscribe();
        let wish = self.wish();
        // It fails only when the sender is gone, which is a part of `self`.
        let failed = fetches.wait_for(|fetches| fetches.ended >= wish.fetch).await.is_ok_and(|fetches| fetches.failed);
        match self.set().find(kid) {
            Some(key) => Ok(key),
            // The key may be one that could not be fetched.
            None if failed => Err(KeyFault::OutOfReach),
            None => Err(KeyFault::Unknown),
        }
    }

    /// Has the keys fetched once more, unless that was done within the last minute: then that fetch is this one's too.
    fn wish(&self) -> Wish {
        let mut last = self.last_wish.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(wish) = last.filter(|wish| wish.made_at.elapsed() < PAUSE) {
            return wish;
        }
        let wish = Wish { made_at: Instant::now(), fetch: self.fetches.borrow().begun + 1 };
        self.wished.notify_one();
        *last.insert(wish)
    }

    /// Fetches once. The keys held are replaced only by a set with a key in it that can be used.
    async fn fetch(&self) -> Result<(), HttpFault> {
        let response = self.http.get(&self.url).await?;
        let set = KeySet::parse(response.body());
        if set.0.is_empty() {
            return Err(HttpFault::OutOfReach);
        }
        info!(keys = set.0.len(), url = self.url, "signing keys are loaded");
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
            let key = DecodingKey::from_jwk(&jwk).ok().filter(|_| verifies_rs256(&jwk))?;
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

/// Whether a key is for RS256 signatures (RFC 7517, 4.2 to 4.4), of a size that is secure and that the library takes.
fn verifies_rs256(jwk: &Jwk) -> bool {
    let AlgorithmParameters::RSA(key) = &jwk.algorithm else { return false };
    let number = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap_or_default();
    let (modulus, exponent) = (number(&key.n), number(&key.e));
    let modulus_bytes = modulus.iter().skip_while(|byte| **byte == 0).count();
    let odd = exponent.last().is_some_and(|last| last % 2 == 1) && exponent != [1];
    let may = |operations: &Vec<KeyOperations>| operations.contains(&KeyOperations::Verify);
    matches!(jwk.common.public_key_use, None | Some(PublicKeyUse::Signature))
        && matches!(jwk.common.key_algorithm, None | Some(KeyAlgorithm::RS256))
        && jwk.common.key_operations.as_ref().is_none_or(may)
        && (256..=1024).contains(&modulus_bytes)
        && odd
}

/// How many keys of a key set can be used.
pub fn count_keys(json: &[u8]) -> usize {
    KeySet::parse(json).len()
}

#[cfg(fuzzing)]
mod fuzzing;
