//! The log, on standard error: plain lines on a terminal, JSON elsewhere.

mod appended_file;
mod queue;

use std::{
    io::{self, IsTerminal as _},
    sync::OnceLock,
};

use tracing::{Level, error};
use tracing_subscriber::{Layer as _, filter::Targets, fmt, layer::SubscriberExt as _, util::SubscriberInitExt as _};

pub use self::{
    appended_file::AppendedFile,
    queue::{Loss, Queue, QueueGuard},
};

/// How many bytes of the log may wait to be read.
const MAX_BYTES: usize = 4 * 1024 * 1024;

/// The queue of this process's log.
static QUEUE: OnceLock<Queue> = OnceLock::new();

/// The queue of this process's log, if it has been started.
pub fn queue() -> Option<&'static Queue> {
    QUEUE.get()
}

/// Starts logging at the level of `RUST_LOG`: error, warn, info (the default), debug or trace. Dropping the guard
/// writes the last lines.
///
/// The level applies to this project's own code. Libraries log at info at most: below that, they log whole requests and
/// responses, with codes, tokens and citizens' texts.
///
/// A separate thread writes the lines: see [`Queue`].
///
/// # Errors
/// The thread cannot be started.
pub fn start() -> io::Result<QueueGuard> {
    log_panics();
    let level = std::env::var("RUST_LOG").ok().and_then(|level| level.parse().ok()).unwrap_or(Level::INFO);
    let targets = ["app", "local", "server"].map(|own| (own, level));
    // The DynamoDB engine of the local profile warns of every refused request. What that means is logged by us.
    let filter = Targets::new()
        .with_default(level.min(Level::INFO))
        .with_targets(targets)
        .with_target("dynoxide", level.min(Level::ERROR));
    let (writer, guard) = Queue::start(io::stderr(), MAX_BYTES, report)?;
    let _ = QUEUE.set(writer.clone());
    let line = fmt::layer().with_writer(writer);
    let line = if io::stderr().is_terminal() { line.boxed() } else { line.json().flatten_event(true).boxed() };
    // Tests start it several times in one process; only the first start counts.
    let _ = tracing_subscriber::registry().with(line.with_filter(filter)).try_init();
    Ok(guard)
}

/// At the level that no setting hides. What is lost at the exit cannot be logged any more.
fn report(loss: Loss) {
    if let Loss::Dropped(dropped) = loss {
        error!(dropped, "log lines dropped");
    }
}

/// Logs only the location of a panic: its message may quote a citizen's text.
fn log_panics() {
    std::panic::set_hook(Box::new(|panic| error!(location = panic.location().map(ToString::to_string), "panic")));
}

#[cfg(test)]
mod tests {
    use std::{
        io::Write,
        sync::{Arc, Mutex},
    };

    use super::*;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn dropped_lines_are_reported_at_every_level() {
        let lines = Lines::default();
        let to = lines.clone();
        let line = fmt::layer().with_writer(move || to.clone());
        let subscriber =
            tracing_subscriber::registry().with(line.with_filter(Targets::new().with_default(Level::ERROR)));
        tracing::subscriber::with_default(subscriber, || report(Loss::Dropped(7)));
        let lines = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
        assert!(lines.contains("log lines dropped") && lines.contains('7'), "{lines}");
    }

    #[test]
    fn the_log_of_a_panic_has_only_its_location() {
        let lines = Lines::default();
        let to = lines.clone();
        let subscriber = tracing_subscriber::registry().with(fmt::layer().with_writer(move || to.clone()));
        let before = std::panic::take_hook();
        log_panics();
        tracing::subscriber::with_default(subscriber, || {
            let text = "the text of a citizen, é";
            let end = text.len() - 1;
            assert!(std::panic::catch_unwind(|| text[..end].to_owned()).is_err());
        });
        std::panic::set_hook(before);
        let lines = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
        assert!(lines.contains("panic") && lines.contains("telemetry/mod.rs"), "{lines}");
        assert!(!lines.contains("citizen"), "{lines}");
    }
}
