use super::*;

impl Keys {
    /// Holds the keys of `key_set` and fetches no others: the last wish for one lies in the future, and was granted.
    pub(in crate::sign_in) fn holding(key_set: &[u8]) -> Result<Self, reqwest::Error> {
        let keys = Self::new(String::new(), HttpClient::new()?);
        *keys.set.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(KeySet::parse(key_set));
        let never = Instant::now() + Duration::from_secs(1_000_000_000);
        *keys.last_wish.lock().unwrap_or_else(PoisonError::into_inner) = Some(Wish { made_at: never, fetch: 0 });
        Ok(keys)
    }
}
