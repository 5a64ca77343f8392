//! The rate of requests over a run, and in its slowest part.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    task::JoinSet,
    time::{Instant, sleep},
};

/// Every citizen has done something by then.
const WARM_UP: Duration = Duration::from_secs(5);
const INTERVAL: Duration = Duration::from_millis(500);
/// The length of a part.
const PART: Duration = Duration::from_secs(10);

type Samples = Arc<Mutex<Vec<(Instant, u64)>>>;

/// Reads a counter, from a warm-up after its start to a given time.
pub(crate) struct Rate {
    samples: Samples,
    _task: JoinSet<()>,
}

impl Rate {
    /// Reads `count` until `end`.
    pub(crate) fn until(end: Instant, count: impl Fn() -> u64 + Send + Sync + 'static) -> Self {
        let samples = Samples::default();
        let mut task = JoinSet::new();
        let taken = Arc::clone(&samples);
        task.spawn(async move {
            let take = || taken.lock().unwrap_or_else(PoisonError::into_inner).push((Instant::now(), count()));
            sleep(WARM_UP).await;
            while Instant::now() < end {
                take();
                sleep(INTERVAL).await;
            }
            take();
        });
        Self { samples, _task: task }
    }

    /// The rate in the slowest ten seconds, or of all if the run is shorter.
    pub(crate) fn slowest(&self) -> f64 {
        let samples = self.samples.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let whole = samples.first().zip(samples.last()).into_iter();
        let parts = samples.iter().filter_map(|first| {
            let last = samples.iter().find(|last| last.0 >= first.0 + PART)?;
            Some((first, last))
        });
        let rates =
            whole.chain(parts).map(|(first, last)| (last.1 - first.1) as f64 / (last.0 - first.0).as_secs_f64());
        rates.fold(f64::INFINITY, f64::min)
    }
}
