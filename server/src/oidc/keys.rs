//! The signing keys (RFC 7517) of the user pool or of a provider behind the bridge. They are fetched in advance, and
//! again for an unknown key id.
//!
//! One task, [`Keys::keep_fresh`], makes all fetches. A request whose key is known never waits. A request with an
//! unknown key id asks for a fetch, and waits until a fetch that began later has ended. A slow fetch therefore delays
//! only requests that need it, and a citizen who closes the page does not abort it.

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

use super::http_client::{HttpClient, HttpError};

/// How often the keys are fetched in any case.
const REFRESH_INTERVAL: Duration = Duration::from_secs(600);
/// The first and the longest pause after a failed fetch. Each pause is twice the one before.
const RETRY_PAUSES: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(5));
/// The minimum time between two fetches for unknown key ids, whatever the number of tokens.
const MIN_REQUEST_INTERVAL: Duration = Duration::from_secs(60);

/// Why no key was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyLookupError {
    /// The key is unknown, and the keys cannot be fetched.
    #[error("the signing keys are unavailable")]
    Unavailable,
    /// No published key has this id.
    #[error("no signing key has the token's kid")]
    Unknown,
}

/// The signing keys, shared by all requests.
#[derive(Debug)]
pub struct Keys {
    url: String,
    http: HttpClient,
    set: RwLock<Arc<KeySet>>,
    fetches: watch::Sender<Fetches>,
    requested: Notify,
    last_request: Mutex<Option<FetchRequest>>,
}

/// Counters of fetches.
#[derive(Clone, Copy, Debug, Default)]
struct Fetches {
    begun: u64,
    ended: u64,
    /// Whether the last fetch failed.
    failed: bool,
}

/// A request to fetch the keys for an unknown key id.
#[derive(Clone, Copy, Debug)]
struct FetchRequest {
    made_at: Instant,
    /// The number of the first fetch that begins after the request.
    fetch: u64,
}

impl Keys {
    /// The keys at `url`. None are known until [`keep_fresh`](Self::keep_fresh) runs.
    pub fn new(url: String, http: HttpClient) -> Self {
        let (fetches, _) = watch::channel(Fetches::default());
        Self { url, http, set: RwLock::default(), fetches, requested: Notify::new(), last_request: Mutex::default() }
    }

    /// Whether any key is known.
    pub fn are_loaded(&self) -> bool {
        !self.set().0.is_empty()
    }

    /// Fetches the keys now, every ten minutes, and when a token has an unknown key id. Retries soon after a failure.
    /// Never returns.
    pub async fn keep_fresh(&self) {
        let mut retry = RETRY_PAUSES.0;
        loop {
            self.fetches.send_modify(|fetches| fetches.begun += 1);
            let fetched = self.fetch().await;
            self.fetches.send_modify(|fetches| {
                fetches.ended += 1;
                fetches.failed = fetched.is_err();
            });
            let pause = match fetched {
                Ok(()) => {
                    retry = RETRY_PAUSES.0;
                    REFRESH_INTERVAL
                }
                Err(error) => {
                    warn!(%error, url = self.url, "signing keys could not be fetched; keeping the current ones");
                    let pause = retry;
                    retry = (retry * 2).min(RETRY_PAUSES.1);
                    pause
                }
            };
            // Fetch again after the pause, or as soon as a request needs it.
            let _ = timeout(pause, self.requested.notified()).await;
        }
    }

    /// The key for a token: the key with its `kid`, or the only key for a token without `kid`.
    ///
    /// # Errors
    /// No such key, even after another fetch.
    pub async fn find(&self, kid: Option<&str>) -> Result<Arc<DecodingKey>, KeyLookupError> {
        if let Some(key) = self.set().find(kid) {
            return Ok(key);
        }
        let mut fetches = self.fetches.subscribe();
        let request = self.request_fetch();
        // This fails only if the sender is dropped, and `self` holds it.
        let failed =
            fetches.wait_for(|fetches| fetches.ended >= request.fetch).await.is_ok_and(|fetches| fetches.failed);
        match self.set().find(kid) {
            Some(key) => Ok(key),
            // The fetch that failed might have had the key.
            None if failed => Err(KeyLookupError::Unavailable),
            None => Err(KeyLookupError::Unknown),
        }
    }

    /// Asks for a fetch. Within a minute of the last request, that request is returned instead.
    fn request_fetch(&self) -> FetchRequest {
        let mut last = self.last_request.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(request) = last.filter(|request| request.made_at.elapsed() < MIN_REQUEST_INTERVAL) {
            return request;
        }
        let request = FetchRequest { made_at: Instant::now(), fetch: self.fetches.borrow().begun + 1 };
        self.requested.notify_one();
        *last.insert(request)
    }

    /// Fetches once. Only a set with at least one usable key replaces the known keys.
    async fn fetch(&self) -> Result<(), HttpError> {
        let response = self.http.get(&self.url).await?;
        let set = KeySet::parse(response.body());
        if set.0.is_empty() {
            return Err(HttpError::Unavailable);
        }
        info!(keys = set.0.len(), url = self.url, "signing keys loaded");
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
    /// Reads the usable keys of a key set and ignores the others.
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

    /// The number of usable keys.
    const fn len(&self) -> usize {
        self.0.len()
    }

    fn find(&self, kid: Option<&str>) -> Option<Arc<DecodingKey>> {
        let key = match (kid, &*self.0) {
            // A single key needs no id, neither in the set nor in the token.
            (None, [(_, only)]) | (Some(_), [(None, only)]) => Some(only),
            (Some(kid), keys) => keys.iter().find(|(id, _)| id.as_deref() == Some(kid)).map(|(_, key)| key),
            (None, _) => None,
        };
        key.map(Arc::clone)
    }
}

/// Whether a key is for RS256 signatures (RFC 7517, 4.2 to 4.4), and its size is secure and supported by the library.
fn verifies_rs256(jwk: &Jwk) -> bool {
    let AlgorithmParameters::RSA(key) = &jwk.algorithm else { return false };
    let number = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap_or_default();
    let (modulus, exponent) = (number(&key.n), number(&key.e));
    let modulus_bytes = modulus.iter().skip_while(|byte| **byte == 0).count();
    let is_odd = exponent.last().is_some_and(|last| last % 2 == 1) && exponent != [1];
    let allows_verifying = |operations: &Vec<KeyOperations>| operations.contains(&KeyOperations::Verify);
    matches!(jwk.common.public_key_use, None | Some(PublicKeyUse::Signature))
        && matches!(jwk.common.key_algorithm, None | Some(KeyAlgorithm::RS256))
        && jwk.common.key_operations.as_ref().is_none_or(allows_verifying)
        && (256..=1024).contains(&modulus_bytes)
        && is_odd
}

/// The number of usable keys in a key set.
pub fn count_keys(json: &[u8]) -> usize {
    KeySet::parse(json).len()
}

#[cfg(fuzzing)]
mod fuzzing;
