use std::{
    collections::HashSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tower_sessions::SessionStore;
use tracing::{error, info};

use super::id::SessionId;

/// How many can wait: a flood of sign-outs during an outage must not fill the memory.
const MOST: usize = 100_000;
/// The pauses between two rounds of deletions, from the first to the longest, each twice the one before.
const PAUSE: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(30));

/// Sessions that were ended while the table was out of reach: dead here at once, and deleted as soon as it is back.
#[derive(Clone, Debug, Default)]
pub(super) struct Ended(Arc<Mutex<HashSet<SessionId>>>);

impl Ended {
    pub(super) fn contains(&self, id: SessionId) -> bool {
        self.lock().contains(&id)
    }

    /// Remembers `id` and deletes it from `store` later. One task does so for all of them.
    pub(super) fn delete_later(&self, id: SessionId, store: &Arc<dyn SessionStore>) {
        let mut ended = self.lock();
        if ended.len() >= MOST {
            error!("a session that could not be deleted ends by time");
            return;
        }
        let first = ended.is_empty();
        ended.insert(id);
        if first {
            tokio::spawn(self.clone().delete_all(Arc::clone(store)));
        }
    }

    async fn delete_all(self, store: Arc<dyn SessionStore>) {
        let mut pause = PAUSE.0;
        loop {
            tokio::time::sleep(pause).await;
            let waiting: Vec<_> = self.lock().iter().copied().collect();
            for id in waiting {
                if store.delete(id.expose()).await.is_err() {
                    break;
                }
                let mut ended = self.lock();
                ended.remove(&id);
                if ended.is_empty() {
                    info!("every session that was ended is deleted");
                    return;
                }
            }
            pause = (pause * 2).min(PAUSE.1);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashSet<SessionId>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
