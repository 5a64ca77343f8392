//! Work for a citizen that outlives the citizen's request. The server waits for it before it exits.

use std::{panic::resume_unwind, time::Duration};

use tokio::time::timeout;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::error;

use crate::traces::carried;

/// The tasks of one server.
#[derive(Clone, Debug, Default)]
pub struct Tasks {
    tracker: TaskTracker,
    stopping: CancellationToken,
}

impl Tasks {
    /// Starts `work`, which continues on its own.
    pub fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        self.tracker.spawn(carried(work));
    }

    /// Runs `work` to completion even if the browser disconnects. Otherwise hyper would drop the handler, and a sign-out
    /// could stop half-way.
    pub async fn run_to_completion<T: Send + 'static>(&self, work: impl Future<Output = T> + Send + 'static) -> T {
        match self.tracker.spawn(carried(work)).await {
            Ok(done) => done,
            // The task is never aborted, so it panicked. Continue the panic here.
            Err(panic) => resume_unwind(panic.into_panic()),
        }
    }

    /// Completes when the server begins to stop. Work that waits for something must then finish as well as it can.
    pub async fn stopping(&self) {
        self.stopping.cancelled().await;
    }

    /// Whether the server is stopping.
    pub fn is_stopping(&self) -> bool {
        self.stopping.is_cancelled()
    }

    /// Asks all tasks to finish, and waits for them, at most for `grace`.
    pub async fn finish(&self, grace: Duration) {
        self.stopping.cancel();
        self.tracker.close();
        if timeout(grace, self.tracker.wait()).await.is_err() {
            error!(tasks = self.tracker.len(), "the server exits before all work for citizens is done");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    };

    use tokio::time::sleep;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn work_continues_when_its_request_is_dropped_and_is_awaited_at_the_end() {
        let (tasks, done) = (Tasks::default(), Arc::new(AtomicU32::new(0)));
        let work = |seconds| {
            let done = Arc::clone(&done);
            async move {
                sleep(Duration::from_secs(seconds)).await;
                done.fetch_add(1, Ordering::SeqCst);
            }
        };
        drop(timeout(Duration::from_millis(1), tasks.run_to_completion(work(1))).await);
        tasks.spawn(work(2));
        let waits = tasks.clone();
        tasks.spawn({
            let work = work(0);
            async move {
                waits.stopping().await;
                work.await;
            }
        });
        tasks.finish(Duration::from_secs(3)).await;
        assert_eq!(done.load(Ordering::SeqCst), 3);
        // Later work is awaited too, but not forever.
        tasks.spawn(work(5));
        tasks.finish(Duration::from_secs(3)).await;
        assert_eq!(done.load(Ordering::SeqCst), 3);
    }
}
