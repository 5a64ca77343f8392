//! A map whose entries expire: codes, sessions, pending sign-ins.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

/// Seconds since 1970-01-01T00:00:00Z.
pub(crate) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// Entries by opaque key, each with the time at which it expires.
pub(crate) struct Store<T> {
    entries: Mutex<HashMap<String, (u64, T)>>,
    seconds: u64,
}

impl<T: Clone> Store<T> {
    /// A store whose entries live for this many seconds.
    pub(crate) fn new(seconds: u64) -> Self {
        Self { entries: Mutex::new(HashMap::new()), seconds }
    }

    /// Adds an entry and removes expired ones.
    pub(crate) fn insert(&self, key: String, value: T, now: u64) {
        let mut entries = self.lock();
        entries.retain(|_, (until, _)| *until > now);
        entries.insert(key, (now + self.seconds, value));
    }

    /// Adds an entry unless the key exists. Returns whether it was added.
    pub(crate) fn insert_new(&self, key: String, value: T, now: u64) -> bool {
        let mut entries = self.lock();
        entries.retain(|_, (until, _)| *until > now);
        let is_new = !entries.contains_key(&key);
        if is_new {
            entries.insert(key, (now + self.seconds, value));
        }
        is_new
    }

    /// A copy of the entry.
    pub(crate) fn get(&self, key: &str, now: u64) -> Option<T> {
        self.lock().get(key).filter(|(until, _)| *until > now).map(|(_, value)| value.clone())
    }

    /// Removes the entry and returns it, so it can be used only once.
    pub(crate) fn take(&self, key: &str, now: u64) -> Option<T> {
        self.lock().remove(key).filter(|(until, _)| *until > now).map(|(_, value)| value)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, (u64, T)>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::Store;

    #[test]
    fn an_entry_is_taken_once() {
        let store = Store::new(300);
        store.insert("code".to_owned(), 1, 1_000);
        assert_eq!(store.take("code", 1_299), Some(1));
        assert_eq!(store.take("code", 1_299), None);
    }

    #[test]
    fn an_existing_key_is_not_new() {
        let store = Store::new(300);
        assert!(store.insert_new("jti".to_owned(), (), 1_000));
        assert!(!store.insert_new("jti".to_owned(), (), 1_299));
        assert!(store.insert_new("jti".to_owned(), (), 1_300));
    }

    #[test]
    fn an_entry_expires() {
        let store = Store::new(300);
        store.insert("code".to_owned(), 1, 1_000);
        assert_eq!(store.get("code", 1_299), Some(1));
        assert_eq!(store.get("code", 1_300), None);
        assert_eq!(store.take("code", 1_300), None);
    }
}
