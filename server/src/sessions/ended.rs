use std::{
    collections::HashSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tower_sessions::SessionStore;
use tracing::{error, info};

use super::id::SessionId;

/// The maximum number of pending deletions: a flood of sign-outs during an outage must not fill the memory.
const MAX_PENDING: usize = 100_000;
/// The first and the longest pause between two rounds of deletions. Each pause is twice the one before.
const RETRY_PAUSES: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(30));

/// Sessions that ended while the table did not answer. This server refuses them immediately, and deletes them later.
#[derive(Clone, Debug, Default)]
pub(super) struct Ended(Arc<Mutex<HashSet<SessionId>>>);

impl Ended {
    pub(super) fn contains(&self, id: SessionId) -> bool {
        self.lock().contains(&id)
    }

    /// Remembers `id` and deletes it from `store` later. One task makes all deletions.
    pub(super) fn delete_later(&self, id: SessionId, store: &Arc<dyn SessionStore>) {
        let mut ended = self.lock();
        if ended.len() >= MAX_PENDING {
            error!("too many sessions are waiting for deletion; this one ends when it expires");
            return;
        }
        let first = ended.is_empty();
        ended.insert(id);
        if first {
            tokio::spawn(self.clone().delete_all(Arc::clone(store)));
        }
    }

    async fn delete_all(self, store: Arc<dyn SessionStore>) {
        let mut pause = RETRY_PAUSES.0;
        loop {
            tokio::time::sleep(pause).await;
            let pending: Vec<_> = self.lock().iter().copied().collect();
            for id in pending {
                if store.delete(id.expose()).await.is_err() {
                    break;
                }
                let mut ended = self.lock();
                ended.remove(&id);
                if ended.is_empty() {
                    info!("all ended sessions are deleted");
                    return;
                }
            }
            pause = (pause * 2).min(RETRY_PAUSES.1);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashSet<SessionId>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
