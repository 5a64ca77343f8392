//! Background tasks that run for as long as the server does.

use std::time::Duration;

use tokio::{task::JoinSet, time::sleep};
use tracing::error;

/// How long to wait before a task is restarted, so that a task that always fails does not fill the log.
const RESTART_PAUSE: Duration = Duration::from_secs(5);

/// Runs `task` with a clone of `state`, and again whenever it panics or ends. Never returns. Dropping the future stops the
/// task.
///
/// `name` is for the log.
pub async fn supervise<S: Clone, F>(name: &'static str, state: S, task: impl Fn(S) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    loop {
        // In a task of its own, a panic does not end this one. A `JoinSet` aborts it when it is dropped.
        let mut running = JoinSet::new();
        running.spawn(task(state.clone()));
        let panicked = running.join_next().await.is_some_and(|ended| ended.is_err());
        error!(task = name, panicked, "background task ended; restarting it");
        sleep(RESTART_PAUSE).await;
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::{
        future::pending,
        io::Write,
        sync::{
            Arc, Mutex,
            atomic::{AtomicUsize, Ordering},
        },
    };

    use tracing::subscriber::DefaultGuard;
    use tracing_subscriber::{fmt, layer::SubscriberExt as _};

    use super::*;

    /// The log of the current thread.
    #[derive(Clone, Default)]
    pub(crate) struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    impl Lines {
        /// Captures the log of the current thread until the guard is dropped.
        pub(crate) fn capture() -> (Self, DefaultGuard) {
            let lines = Self::default();
            let to = lines.clone();
            let layer = fmt::layer().with_ansi(false).with_writer(move || to.clone());
            (lines, tracing::subscriber::set_default(tracing_subscriber::registry().with(layer)))
        }

        /// The lines with `text`.
        pub(crate) fn with(&self, text: &str) -> Vec<String> {
            let log = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
            log.lines().filter(|line| line.contains(text)).map(str::to_owned).collect()
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_task_that_panics_or_ends_is_restarted() {
        let (lines, _guard) = Lines::capture();
        let starts = Arc::new(AtomicUsize::new(0));
        let task = async |starts: Arc<AtomicUsize>| match starts.fetch_add(1, Ordering::SeqCst) {
            0 => panic!("a fault of this test"),
            1 => (),
            _ => pending().await,
        };
        let supervised = tokio::time::timeout(10 * RESTART_PAUSE, supervise("keys", Arc::clone(&starts), task));
        assert!(supervised.await.is_err(), "it never returns");
        assert_eq!(starts.load(Ordering::SeqCst), 3);
        let told = lines.with("background task ended");
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(told.iter().all(|line| line.contains("ERROR") && line.contains("keys")), "{told:?}");
        assert!(told[0].contains("panicked=true") && told[1].contains("panicked=false"), "{told:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_task_stops_with_its_supervisor() {
        let alive = Arc::new(());
        let supervisor = tokio::spawn(supervise("keys", Arc::clone(&alive), |held| async move {
            let _held = held;
            pending().await
        }));
        tokio::task::yield_now().await;
        assert!(Arc::strong_count(&alive) > 2, "the supervisor and its task");
        supervisor.abort();
        let _ = supervisor.await;
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        assert_eq!(Arc::strong_count(&alive), 1);
    }
}
