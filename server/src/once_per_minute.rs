//! What may happen once a minute at most.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

/// Lets something happen once a minute at most, such as a log line about every request.
#[derive(Debug, Default)]
pub struct OncePerMinute(Mutex<Option<Instant>>);

impl OncePerMinute {
    /// Whether it may happen now. If so, it may not happen again for a minute.
    pub fn is_due(&self) -> bool {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = last.is_none_or(|last| last.elapsed() >= Duration::from_secs(60));
        if is_due {
            *last = Some(Instant::now());
        }
        is_due
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn it_is_due_once_a_minute() {
        let line = OncePerMinute::default();
        let mut times = 0;
        for _ in 0..180 {
            times += u32::from(line.is_due());
            advance(Duration::from_secs(1)).await;
        }
        assert_eq!(times, 3);
    }
}
