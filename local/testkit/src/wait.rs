use std::time::{Duration, Instant};

/// Much longer than anything should take, so that only a bug reaches it.
pub const TIMEOUT: Duration = Duration::from_secs(20);

/// Polls every 20 ms until `holds` is true.
///
/// # Panics
/// It is still false after 20 seconds. The message starts with `what`.
pub async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let began = Instant::now();
    while !holds().await {
        assert!(began.elapsed() < TIMEOUT, "{what}: not within {} s", TIMEOUT.as_secs());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
