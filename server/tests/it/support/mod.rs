//! What the tests share: a running site, a browser, a user pool that lies, a line that can be cut.

pub mod attempt;
pub mod browser;
pub mod claims;
pub mod fake_pool;
pub mod keys;
pub mod line;
pub mod process;
pub mod scratch;
pub mod site;

use std::time::{Duration, Instant};

/// The national number of the test citizen `an`, and her name.
pub const AN: (&str, &str) = ("85073003328", "An Peeters");
/// The longest that a poll goes on: much longer than anything takes, so that only a fault meets it.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Asks again and again until `holds`.
pub async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let began = Instant::now();
    while !holds().await {
        assert!(began.elapsed() < PATIENCE, "{what}: not within {} s", PATIENCE.as_secs());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
