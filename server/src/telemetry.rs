//! The log: lines for people on a terminal, JSON everywhere else, on standard error.

use std::io::{self, IsTerminal as _};

use tracing::Level;
use tracing_subscriber::{Layer as _, filter::Targets, fmt, layer::SubscriberExt as _, util::SubscriberInitExt as _};

/// Starts logging at the level of `RUST_LOG`: error, warn, info, debug or trace; info without it.
///
/// The level is for this project's own code. Libraries stay at info at most, whatever is asked for: below that they log
/// requests and answers whole, with codes, tokens and what citizens wrote in them.
pub fn start() {
    let level = std::env::var("RUST_LOG").ok().and_then(|level| level.parse().ok()).unwrap_or(Level::INFO);
    let targets = ["app", "local", "server"].map(|own| (own, level));
    let filter = Targets::new().with_default(level.min(Level::INFO)).with_targets(targets);
    let line = if io::stderr().is_terminal() {
        fmt::layer().with_writer(io::stderr).boxed()
    } else {
        fmt::layer().json().flatten_event(true).with_writer(io::stderr).boxed()
    };
    // A second start, as tests in one process make it, changes nothing.
    let _ = tracing_subscriber::registry().with(line.with_filter(filter)).try_init();
}
