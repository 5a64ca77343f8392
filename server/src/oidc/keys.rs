//! The signing keys (RFC 7517) of the user pool or of a provider behind the bridge. They are fetched in advance, and
//! again for an unknown key id.
//!
//! One task, [`Keys::keep_fresh`], makes all fetches. A request whose key is known never waits. A request with an
//! unknown key id asks for a fetch, and waits until a fetch that began later has ended. A slow fetch therefore delays
//! only requests that need it, and a citizen who closes the page does not abort it.
//!
//! How soon an unknown key id may cause the next fetch depends on the [`Asker`]. Each kind has its own interval, so
//! strangers cannot delay a sign-in.

use std::{
    future::pending,
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
use tracing::{error, info, warn};

use super::http_client::{HttpClient, HttpError};

/// How often the keys are fetched in any case.
const REFRESH_INTERVAL: Duration = Duration::from_secs(600);
/// The first and the longest pause after a failed fetch. Each pause is twice the one before.
const RETRY_PAUSES: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(5));
/// How long a sign-in may wait until it may cause the next fetch. A callback has 4.5 seconds in total.
const MAX_WAIT: Duration = Duration::from_secs(3);
/// Keys without a successful fetch for this long make the server unready: the issuer may have withdrawn them.
const MAX_AGE: Duration = Duration::from_secs(24 * 60 * 60);

/// Who presents a token, and so how soon its unknown key id may cause another fetch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asker {
    /// A sign-in. The token came from the issuer itself, so an unknown key id means that the keys were rotated.
    SignIn,
    /// Anyone who sends a bearer token to the API. Its key id may be invented.
    Stranger,
}

impl Asker {
    /// The minimum time between two fetches for unknown key ids, whatever the number of tokens.
    const fn min_interval(self) -> Duration {
        match self {
            Self::SignIn => Duration::from_secs(5),
            Self::Stranger => Duration::from_secs(60),
        }
    }

    /// How long to wait for the end of that interval. If it ends later, the lookup fails immediately.
    const fn max_wait(self) -> Duration {
        match self {
            Self::SignIn => MAX_WAIT,
            Self::Stranger => Duration::ZERO,
        }
    }
}

/// How much of a key's id is shown in a log.
const MAX_ID_CHARACTERS: usize = 64;

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

/// Why the keys are not current.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotCurrent {
    /// No fetch has succeeded yet.
    #[error("are not loaded yet")]
    Missing,
    /// No fetch has succeeded for 24 hours.
    #[error("were last fetched more than 24 hours ago")]
    TooOld,
}

/// The signing keys, shared by all requests.
#[derive(Debug)]
pub struct Keys {
    url: String,
    http: HttpClient,
    loaded: RwLock<Loaded>,
    fetches: watch::Sender<Fetches>,
    requested: Notify,
    requests: Mutex<Requests>,
    /// The ids of the keys, for tasks that wait for a change.
    ids: watch::Sender<Vec<String>>,
}

/// The keys of the last successful fetch.
#[derive(Clone, Debug, Default)]
struct Loaded {
    set: Arc<KeySet>,
    at: Option<Instant>,
}

/// Counters of fetches.
#[derive(Clone, Copy, Debug, Default)]
struct Fetches {
    begun: u64,
    ended: u64,
    /// Whether the last fetch failed.
    failed: bool,
}

/// The last fetch that each kind of asker caused.
#[derive(Debug, Default)]
struct Requests {
    sign_in: Option<FetchRequest>,
    stranger: Option<FetchRequest>,
}

/// A request to fetch the keys for an unknown key id.
#[derive(Clone, Copy, Debug)]
struct FetchRequest {
    made_at: Instant,
    /// The number of the first fetch that begins after the request.
    fetch: u64,
}

/// What a request with an unknown key id waits for.
enum Turn {
    /// The end of the fetch with this number.
    Fetch(u64),
    /// The time until it may cause a fetch.
    In(Duration),
}

/// The changes of the ids of the keys.
#[derive(Clone, Debug)]
pub struct IdChanges(watch::Receiver<Vec<String>>);

impl IdChanges {
    /// The ids after the next change. It never comes once the keys are gone: then the server stops, which is no fault.
    pub async fn next(&mut self) -> Vec<String> {
        if self.0.changed().await.is_err() {
            pending::<()>().await;
        }
        self.0.borrow_and_update().clone()
    }
}

impl Keys {
    /// The keys at `url`. None are known until [`keep_fresh`](Self::keep_fresh) runs.
    pub fn new(url: String, http: HttpClient) -> Self {
        let (fetches, _) = watch::channel(Fetches::default());
        let (loaded, requests) = (RwLock::default(), Mutex::default());
        Self { url, http, loaded, fetches, requested: Notify::new(), requests, ids: watch::Sender::default() }
    }

    /// Whether the keys are loaded, and not older than 24 hours. Old keys stay in use.
    ///
    /// # Errors
    /// The reason, as the end of a sentence about the keys.
    pub fn check_current(&self) -> Result<(), NotCurrent> {
        match self.loaded().at {
            None => Err(NotCurrent::Missing),
            Some(at) if at.elapsed() > MAX_AGE => Err(NotCurrent::TooOld),
            Some(_) => Ok(()),
        }
    }

    /// The time since the last successful fetch. `None` if there was none.
    pub fn age(&self) -> Option<Duration> {
        self.loaded().at.map(|at| at.elapsed())
    }

    /// Fetches the keys now, every ten minutes, and when a token has an unknown key id. Retries soon after a failure.
    /// Never returns.
    pub async fn keep_fresh(&self) {
        self.keep_fresh_by(|| self.download()).await;
    }

    async fn keep_fresh_by<F: Future<Output = Result<KeySet, HttpError>>>(&self, download: impl Fn() -> F) {
        let mut retry = RETRY_PAUSES.0;
        let mut is_age_logged = false;
        loop {
            self.fetches.send_modify(|fetches| fetches.begun += 1);
            let downloaded = download().await;
            let failed = downloaded.is_err();
            let pause = match downloaded {
                Ok(set) => {
                    let ids = set.ids();
                    self.ids.send_if_modified(|known| {
                        let is_changed = *known != ids;
                        *known = ids;
                        is_changed
                    });
                    info!(keys = set.len(), url = self.url, "signing keys loaded");
                    *self.loaded.write().unwrap_or_else(PoisonError::into_inner) =
                        Loaded { set: Arc::new(set), at: Some(Instant::now()) };
                    is_age_logged = false;
                    retry = RETRY_PAUSES.0;
                    REFRESH_INTERVAL
                }
                Err(error) => {
                    warn!(%error, url = self.url, "signing keys could not be fetched; keeping the current ones");
                    if !is_age_logged && self.check_current() == Err(NotCurrent::TooOld) {
                        error!(url = self.url, "signing keys are older than 24 hours; the server is not ready");
                        is_age_logged = true;
                    }
                    let pause = retry;
                    retry = (retry * 2).min(RETRY_PAUSES.1);
                    pause
                }
            };
            self.fetches.send_modify(|fetches| {
                // Not `+= 1`: a fetch that panicked has not ended.
                fetches.ended = fetches.begun;
                fetches.failed = failed;
            });
            // Fetch again after the pause, or as soon as a request needs it.
            let _ = timeout(pause, self.requested.notified()).await;
        }
    }

    /// The changes of their ids, from now on.
    pub fn id_changes(&self) -> IdChanges {
        IdChanges(self.ids.subscribe())
    }

    /// The key for a token: the key with its `kid`, or the only key for a token without `kid`.
    ///
    /// # Errors
    /// No such key, even after another fetch if `asker` may cause one soon enough.
    pub async fn find(&self, kid: Option<&str>, asker: Asker) -> Result<Arc<DecodingKey>, KeyLookupError> {
        let known = || self.loaded().set.find(kid);
        if let Some(key) = known() {
            return Ok(key);
        }
        let mut fetches = self.fetches.subscribe();
        // A fetch that has already begun may have missed a key that was published since.
        let conclusive = fetches.borrow().begun + 1;
        let awaited = loop {
            match self.request_fetch(asker, conclusive) {
                Turn::Fetch(number) => break number,
                Turn::In(pause) => {
                    // Another fetch may bring the key in the meantime.
                    let _ = timeout(pause, fetches.wait_for(|_| known().is_some())).await;
                    if let Some(key) = known() {
                        return Ok(key);
                    }
                }
            }
        };
        // This fails only if the sender is dropped, and `self` holds it.
        let failed = fetches
            .wait_for(|fetches| fetches.ended >= awaited || known().is_some())
            .await
            .is_ok_and(|fetches| fetches.failed);
        match known() {
            Some(key) => Ok(key),
            // The fetch that failed might have had the key.
            None if failed => Err(KeyLookupError::Unavailable),
            None => Err(KeyLookupError::Unknown),
        }
    }

    /// Asks for the fetch `conclusive`, the first that begins after the request for a key, unless `asker` has caused
    /// a fetch too recently.
    fn request_fetch(&self, asker: Asker, conclusive: u64) -> Turn {
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        let last = match asker {
            Asker::SignIn => &mut requests.sign_in,
            Asker::Stranger => &mut requests.stranger,
        };
        let Fetches { begun, ended, failed } = *self.fetches.borrow();
        if begun >= conclusive {
            return Turn::Fetch(conclusive);
        }
        if let Some(request) = *last {
            let pause = asker.min_interval().saturating_sub(request.made_at.elapsed());
            if request.fetch > begun {
                return Turn::Fetch(request.fetch);
            }
            if !pause.is_zero() {
                // While fetches fail, they are repeated without a request.
                let is_failing = failed && ended >= request.fetch;
                let is_too_long = pause > asker.max_wait();
                // Only the fetch under way, if there is one, can still bring the key.
                return if is_failing || is_too_long { Turn::Fetch(begun) } else { Turn::In(pause) };
            }
        }
        *last = Some(FetchRequest { made_at: Instant::now(), fetch: conclusive });
        self.requested.notify_one();
        Turn::Fetch(conclusive)
    }

    /// Fetches once. A set without a usable key is an error.
    async fn download(&self) -> Result<KeySet, HttpError> {
        let response = self.http.get(&self.url).await?;
        let set = KeySet::parse(response.body());
        if set.0.is_empty() { Err(HttpError::Unavailable) } else { Ok(set) }
    }

    fn loaded(&self) -> Loaded {
        self.loaded.read().unwrap_or_else(PoisonError::into_inner).clone()
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

    /// The ids of the keys, in a fixed order. Their owner may choose any text, so each is cut to what a log can show.
    fn ids(&self) -> Vec<String> {
        let shown = |id: &String| id.chars().filter(char::is_ascii_graphic).take(MAX_ID_CHARACTERS).collect::<String>();
        let mut ids: Vec<_> =
            self.0.iter().map(|(id, _)| id.as_ref().map_or_else(|| "none".to_owned(), shown)).collect();
        ids.sort_unstable();
        ids
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

#[cfg(test)]
mod tests;
