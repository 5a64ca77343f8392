//! Values in memory, each of one session and one directory user.

use std::{
    collections::HashMap,
    fmt,
    hash::Hash,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{sync::watch, time::Instant};

use super::{DocumentsError, Person};

/// How often expired values are removed, at least while new ones are stored.
const SWEEP: Duration = Duration::from_secs(60);
/// How long after its end nothing more is stored of a session: longer than any request.
const ENDED: Duration = Duration::from_secs(600);

/// To whom a value belongs, and which one it is.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Key<K> {
    session: String,
    user: String,
    item: K,
}

impl<K> Key<K> {
    /// The key of `item` of `person`.
    pub(super) fn new(person: &Person, item: K) -> Self {
        Self { session: person.session.clone(), user: person.user.clone(), item }
    }
}

/// A value, and until when it is used.
#[derive(Clone, Debug)]
pub(super) struct Fresh<V> {
    pub(super) value: V,
    pub(super) until: Instant,
}

type Result<V> = std::result::Result<Fresh<V>, DocumentsError>;
/// What a task will have done. `None` until then.
type Outcome<V> = watch::Receiver<Option<Result<V>>>;

/// Values that are slow to get. Each is got by one task at a time, which no caller can cancel. Errors are not kept: the callers
/// that wait for the same value share an error, and the next one starts over.
pub(super) struct Cache<K, V> {
    entries: Mutex<Entries<K, V>>,
    capacity: usize,
}

struct Entries<K, V> {
    slots: HashMap<Key<K>, Slot<V>>,
    /// Sessions that ended, and when.
    ended: HashMap<String, Instant>,
    next: u64,
    swept: Instant,
}

struct Slot<V> {
    outcome: Outcome<V>,
    /// Grows with each slot.
    number: u64,
}

impl<V> Slot<V> {
    /// Whether the value is on its way, or can be used at `now`.
    fn is_usable(&self, now: Instant) -> bool {
        match &*self.outcome.borrow() {
            Some(Ok(fresh)) => fresh.until > now,
            Some(Err(_)) => false,
            // A task that panicked has dropped its sender.
            None => self.outcome.has_changed().is_ok(),
        }
    }
}

impl<K, V> Cache<K, V>
where
    K: Clone + Eq + Hash,
    V: Clone + Send + Sync + 'static,
{
    /// A cache of at most `capacity` values.
    pub(super) fn new(capacity: usize) -> Self {
        let entries = Entries { slots: HashMap::new(), ended: HashMap::new(), next: 0, swept: Instant::now() };
        Self { entries: Mutex::new(entries), capacity }
    }

    /// The value of `key`. If there is none, and none is on its way, `load` gets it.
    ///
    /// # Errors
    /// That of `load`.
    pub(super) async fn get(
        &self,
        key: Key<K>,
        load: impl Future<Output = Result<V>> + Send + 'static,
    ) -> std::result::Result<V, DocumentsError> {
        let mut load = Some(load);
        loop {
            let (mut outcome, is_own) = self.join_or_start(&key, &mut load)?;
            let done = outcome.wait_for(Option::is_some).await.map(|done| done.clone());
            match done {
                Ok(Some(Ok(fresh))) if is_own || fresh.until > Instant::now() => return Ok(fresh.value),
                Ok(Some(Err(error))) => return Err(error),
                // It ended while we waited for it.
                Ok(Some(Ok(_))) => (),
                Ok(None) | Err(_) => return Err(DocumentsError::lost()),
            }
        }
    }

    /// Joins the task that gets the value, or starts one with `load`: true for the latter.
    fn join_or_start<F>(
        &self,
        key: &Key<K>,
        load: &mut Option<F>,
    ) -> std::result::Result<(Outcome<V>, bool), DocumentsError>
    where
        F: Future<Output = Result<V>> + Send + 'static,
    {
        let now = Instant::now();
        let mut entries = self.lock();
        if let Some(slot) = entries.slots.get(key).filter(|slot| slot.is_usable(now)) {
            return Ok((slot.outcome.clone(), false));
        }
        // A second task of one caller is possible only if a value ends as soon as it is there.
        let load = load.take().ok_or_else(DocumentsError::lost)?;
        let (sender, outcome) = watch::channel(None);
        tokio::spawn(async move {
            let done = load.await;
            sender.send_replace(Some(done));
        });
        if !entries.ended.contains_key(&key.session) {
            entries.make_room(self.capacity, now);
            let number = entries.next;
            entries.next += 1;
            entries.slots.insert(key.clone(), Slot { outcome: outcome.clone(), number });
        }
        Ok((outcome, true))
    }

    /// Removes the value of `key` if it is `is_old`.
    pub(super) fn remove_if(&self, key: &Key<K>, is_old: impl FnOnce(&V) -> bool) {
        let mut entries = self.lock();
        let is_old = entries.slots.get(key).is_some_and(|slot| match &*slot.outcome.borrow() {
            Some(Ok(fresh)) => is_old(&fresh.value),
            _ => false,
        });
        if is_old {
            entries.slots.remove(key);
        }
    }

    /// Removes everything of `session`, which has ended. Nothing of it is stored any more.
    pub(super) fn forget(&self, session: &str) {
        let mut entries = self.lock();
        entries.slots.retain(|key, _| key.session != session);
        let now = Instant::now();
        entries.sweep(now);
        // So many sign-outs within ten minutes are not to be expected. The values of the others still expire.
        if entries.ended.len() < self.capacity {
            entries.ended.insert(session.to_owned(), now);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Entries<K, V>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Clone + Eq + Hash, V> Entries<K, V> {
    /// Makes room for one more: removes what cannot be used any more, or else the oldest.
    fn make_room(&mut self, capacity: usize, now: Instant) {
        if now.duration_since(self.swept) >= SWEEP || self.slots.len() >= capacity {
            self.sweep(now);
        }
        if self.slots.len() >= capacity {
            let oldest = self.slots.iter().min_by_key(|(_, slot)| slot.number).map(|(key, _)| key.clone());
            oldest.map(|key| self.slots.remove(&key));
        }
    }

    fn sweep(&mut self, now: Instant) {
        self.slots.retain(|_, slot| slot.is_usable(now));
        self.ended.retain(|_, ended| now.duration_since(*ended) < ENDED);
        self.swept = now;
    }
}

impl<K, V> fmt::Debug for Cache<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cache(…)")
    }
}

#[cfg(test)]
mod tests;
