//! Background tasks that run as long as the server.

use std::time::Duration;

use tokio::{task::JoinSet, time::sleep};
use tracing::error;

/// How long to wait before a task is started again, so that a task that always fails does not fill the log.
const RESTART_PAUSE: Duration = Duration::from_secs(5);

/// Runs `task`, and starts it again whenever it panics or ends. Never returns. Dropping the future stops the task.
///
/// `name` is for the log.
pub async fn supervise<F>(name: &'static str, task: impl Fn() -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    loop {
        // In a task of its own, a panic does not end this one. A `JoinSet` aborts it when it is dropped.
        let mut running = JoinSet::new();
        running.spawn(task());
        let panicked = running.join_next().await.is_some_and(|ended| ended.is_err());
        error!(task = name, panicked, "background task ended; starting it again");
        sleep(RESTART_PAUSE).await;
    }
}

#[cfg(test)]
mod tests {
    use std::{
        future::pending,
        io::Write,
        sync::{
            Arc, Mutex,
            atomic::{AtomicUsize, Ordering},
        },
    };

    use tracing_subscriber::{fmt, layer::SubscriberExt as _};

    use super::*;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_task_that_panics_or_ends_is_started_again() {
        let lines = Lines::default();
        let to = lines.clone();
        let subscriber =
            tracing_subscriber::registry().with(fmt::layer().with_ansi(false).with_writer(move || to.clone()));
        let _guard = tracing::subscriber::set_default(subscriber);
        let starts = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&starts);
        let task = move || {
            let start = counter.fetch_add(1, Ordering::SeqCst);
            async move {
                match start {
                    0 => panic!("a fault of this test"),
                    1 => (),
                    _ => pending().await,
                }
            }
        };
        let supervised = tokio::time::timeout(10 * RESTART_PAUSE, supervise("keys", task));
        assert!(supervised.await.is_err(), "it never returns");
        assert_eq!(starts.load(Ordering::SeqCst), 3);
        let log = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
        let told: Vec<_> = log.lines().filter(|line| line.contains("background task ended")).collect();
        assert_eq!(told.len(), 2, "{log}");
        assert!(told[0].contains("ERROR") && told[0].contains("panicked=true") && told[0].contains("keys"), "{log}");
        assert!(told[1].contains("panicked=false"), "{log}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_task_stops_with_its_supervisor() {
        let alive = Arc::new(());
        let held = Arc::clone(&alive);
        let supervisor = tokio::spawn(supervise("keys", move || {
            let held = Arc::clone(&held);
            async move {
                let _held = held;
                pending().await
            }
        }));
        tokio::task::yield_now().await;
        assert!(Arc::strong_count(&alive) > 1);
        supervisor.abort();
        let _ = supervisor.await;
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        assert_eq!(Arc::strong_count(&alive), 1);
    }
}
