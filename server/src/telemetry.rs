//! The log: lines for people on a terminal, JSON everywhere else, on standard error.

use std::io::{self, IsTerminal as _};

use tracing::Level;
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
