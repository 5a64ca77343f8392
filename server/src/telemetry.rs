//! The log: lines for people on a terminal, JSON everywhere else, on standard error.

use std::io::{self, IsTerminal as _};

use tracing::{Level, error};
use tracing_appender::non_blocking::WorkerGuard;
use tracing_subscriber::{Layer as _, filter::Targets, fmt, layer::SubscriberExt as _, util::SubscriberInitExt as _};

/// Starts logging at the level of `RUST_LOG`: error, warn, info, debug or trace; info without it. The log is complete once
/// the guard is dropped.
///
/// The level is for this project's own code. Libraries stay at info at most, whatever is asked for: below that they log
/// requests and answers whole, with codes, tokens and what citizens wrote in them.
///
/// Lines are written by a thread of their own: whoever reads them slowly, or not at all, holds up no citizen. When 128,000
/// wait, further ones are dropped.
pub fn start() -> WorkerGuard {
    log_panics();
    let level = std::env::var("RUST_LOG").ok().and_then(|level| level.parse().ok()).unwrap_or(Level::INFO);
    let targets = ["app", "local", "server"].map(|own| (own, level));
    let filter = Targets::new().with_default(level.min(Level::INFO)).with_targets(targets);
    let (writer, guard) = tracing_appender::non_blocking(io::stderr());
    let line = fmt::layer().with_writer(writer);
    let line = if io::stderr().is_terminal() { line.boxed() } else { line.json().flatten_event(true).boxed() };
    // A second start, as tests in one process make it, changes nothing.
    let _ = tracing_subscriber::registry().with(line.with_filter(filter)).try_init();
    guard
}

/// Has a panic logged by its place alone: its message may quote what a citizen wrote.
fn log_panics() {
    std::panic::set_hook(Box::new(|panic| error!(place = panic.location().map(ToString::to_string), "a panic")));
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
    fn a_panic_is_logged_by_its_place_alone() {
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
        assert!(lines.contains("a panic") && lines.contains("telemetry.rs"), "{lines}");
        assert!(!lines.contains("citizen"), "{lines}");
    }
}
