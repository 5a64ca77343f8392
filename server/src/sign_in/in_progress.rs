//! Callbacks in progress. A second request with the same sealed transaction, for example after a double click, gets the
//! outcome of the first: a browser shows only the response to its last request.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::watch;
use tracing::debug;

use crate::{cookies::SetCookie, failure::Failure, tasks::Tasks};

/// If more callbacks are in progress, the next ones cannot be joined.
const MAX: usize = 10_000;

/// How a callback ends: the redirect target, with the cookie of the new session unless the citizen declined; or the failure
/// to show.
pub(super) type Outcome = Result<(String, Option<SetCookie>), Failure>;

/// By the fingerprint of the sealed transaction. A receiver gets the outcome once.
type Outcomes<T> = HashMap<String, watch::Receiver<Option<T>>>;

/// The callbacks in progress on this server, with outcomes of type `T`.
pub(super) struct InProgress<T>(Arc<Mutex<Outcomes<T>>>);

impl<T> Default for InProgress<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<T> fmt::Debug for InProgress<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "InProgress({})", lock(&self.0).len())
    }
}

impl<T: Clone + Send + Sync + 'static> InProgress<T> {
    /// Runs `work` to completion, even if the browser disconnects. If work for the same transaction is in progress, waits
    /// for its outcome instead. `None` if the work panicked.
    pub(super) async fn run(
        &self,
        tasks: &Tasks,
        fingerprint: String,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Option<T> {
        let (sender, own) = watch::channel(None);
        let mut outcome = match self.enter(fingerprint, &own) {
            Ok(entry) => {
                tasks.spawn(async move {
                    let done = work.await;
                    // The entry is removed before any response: a later request is a replay.
                    drop(entry);
                    sender.send_replace(Some(done));
                });
                own
            }
            Err(first) => {
                debug!("the callback joins one in progress");
                first
            }
        };
        outcome.wait_for(Option::is_some).await.ok()?.clone()
    }

    /// Adds an entry with the receiver `own`, which is removed when the result is dropped. The error is the receiver of the
    /// work in progress, if there is some.
    fn enter(
        &self,
        fingerprint: String,
        own: &watch::Receiver<Option<T>>,
    ) -> Result<Entry<T>, watch::Receiver<Option<T>>> {
        let mut outcomes = lock(&self.0);
        if let Some(first) = outcomes.get(&fingerprint) {
            return Err(first.clone());
        }
        if outcomes.len() >= MAX {
            return Ok(Entry(None));
        }
        outcomes.insert(fingerprint.clone(), own.clone());
        Ok(Entry(Some((Arc::clone(&self.0), fingerprint))))
    }
}

/// An entry, or none if there were too many.
struct Entry<T>(Option<(Arc<Mutex<Outcomes<T>>>, String)>);

impl<T> Drop for Entry<T> {
    fn drop(&mut self) {
        if let Some((outcomes, fingerprint)) = self.0.take() {
            lock(&outcomes).remove(&fingerprint);
        }
    }
}

fn lock<T>(outcomes: &Mutex<Outcomes<T>>) -> MutexGuard<'_, Outcomes<T>> {
    outcomes.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::{
        future::{Ready, ready},
        pin::pin,
        task::{Context, Waker},
    };

    use tokio::sync::oneshot;

    use super::*;

    fn count(in_progress: &InProgress<u8>) -> usize {
        lock(&in_progress.0).len()
    }

    /// Starts work whose outcome is what is sent, and waits until it is in progress.
    async fn start(
        in_progress: &Arc<InProgress<u8>>,
        tasks: &Tasks,
        fingerprint: &str,
    ) -> (oneshot::Sender<u8>, tokio::task::JoinHandle<Option<u8>>) {
        let (sender, outcome) = oneshot::channel::<u8>();
        let (in_progress, tasks, fingerprint) = (Arc::clone(in_progress), tasks.clone(), fingerprint.to_owned());
        // A dropped sender makes the work panic.
        let work = async move { outcome.await.unwrap() };
        let before = count(&in_progress);
        let running = {
            let in_progress = Arc::clone(&in_progress);
            tokio::spawn(async move { in_progress.run(&tasks, fingerprint, work).await })
        };
        while count(&in_progress) == before {
            tokio::task::yield_now().await;
        }
        (sender, running)
    }

    /// Work that must not run.
    fn second() -> Ready<u8> {
        ready(99)
    }

    #[tokio::test]
    async fn a_second_request_gets_the_outcome_of_the_first_while_it_is_in_progress() {
        let (in_progress, tasks) = (Arc::<InProgress<u8>>::default(), Tasks::default());
        let (sender, first) = start(&in_progress, &tasks, "one").await;
        {
            let mut joined = pin!(in_progress.run(&tasks, "one".to_owned(), second()));
            assert!(joined.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
            assert_eq!(in_progress.run(&tasks, "other".to_owned(), ready(2)).await, Some(2), "another transaction");
            sender.send(1).unwrap();
            assert_eq!(joined.await, Some(1));
        }
        assert_eq!(first.await.unwrap(), Some(1));
        assert_eq!(count(&in_progress), 0);
        assert_eq!(in_progress.run(&tasks, "one".to_owned(), ready(3)).await, Some(3), "afterwards");
    }

    #[tokio::test]
    async fn the_outcome_comes_though_the_first_request_was_cancelled() {
        let (in_progress, tasks) = (Arc::<InProgress<u8>>::default(), Tasks::default());
        let (sender, first) = start(&in_progress, &tasks, "one").await;
        first.abort();
        assert!(first.await.unwrap_err().is_cancelled());
        let mut joined = pin!(in_progress.run(&tasks, "one".to_owned(), second()));
        assert!(joined.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        sender.send(1).unwrap();
        assert_eq!(joined.await, Some(1));
        assert_eq!(count(&in_progress), 0);
    }

    #[tokio::test]
    async fn a_panic_ends_every_request_and_removes_the_entry() {
        let (in_progress, tasks) = (Arc::<InProgress<u8>>::default(), Tasks::default());
        let (sender, first) = start(&in_progress, &tasks, "one").await;
        let mut joined = pin!(in_progress.run(&tasks, "one".to_owned(), second()));
        assert!(joined.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        drop(sender);
        assert_eq!((joined.await, first.await.unwrap()), (None, None));
        assert_eq!(count(&in_progress), 0);
    }

    #[tokio::test]
    async fn work_that_never_ran_leaves_no_entry() {
        let in_progress = InProgress::<u8>::default();
        let (_sender, own) = watch::channel(None);
        drop(in_progress.enter("one".to_owned(), &own));
        assert_eq!(count(&in_progress), 0);
    }

    #[tokio::test]
    async fn the_number_of_entries_is_limited() {
        let (in_progress, tasks) = (InProgress::<u8>::default(), Tasks::default());
        let (_sender, own) = watch::channel(None);
        let entries: Vec<_> = (0..MAX).map(|number| in_progress.enter(number.to_string(), &own)).collect();
        assert_eq!(in_progress.run(&tasks, "one more".to_owned(), ready(1)).await, Some(1), "it still runs");
        assert_eq!(count(&in_progress), MAX);
        drop(entries);
        assert_eq!(count(&in_progress), 0);
    }
}
