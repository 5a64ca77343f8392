//! What goes wrong on purpose, and when it did.

use std::{
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use local::user_pool::{UserPool, UserPoolOptions};
use tokio::time::Instant;

use crate::engine::Engine;

/// In this order; each comes twice.
const TROUBLES: [Phase; 3] = [Phase::PoolDown, Phase::EngineDown, Phase::KeysRotated];
const ROUNDS: u32 = 2;
/// How long after a disturbance its effects may be felt. The server asks for keys again 5 seconds after a fetch that failed.
const GRACE: Duration = Duration::from_secs(7);
/// And for unknown keys once in so long, so a second rotation within that time is felt until its end. A run of five minutes has
/// none.
const KEYS_AGAIN: Duration = Duration::from_secs(60);

/// What was out of order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Phase {
    Healthy,
    PoolDown,
    EngineDown,
    KeysRotated,
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Healthy => "all in order",
            Self::PoolDown => "user pool down",
            Self::EngineDown => "engine killed",
            Self::KeysRotated => "keys rotated",
        })
    }
}

struct Window {
    phase: Phase,
    from: Instant,
    /// Unknown as long as it lasts.
    until: Option<Instant>,
}

/// Every disturbance so far.
#[derive(Default)]
pub(crate) struct Disturbances(Mutex<Vec<Window>>);

impl Disturbances {
    /// What was out of order at some time between the two; the latest, where it was more than one thing.
    pub(crate) fn between(&self, began: Instant, ended: Instant) -> Phase {
        let touches = |window: &&Window| window.from <= ended && window.until.is_none_or(|until| began <= until);
        self.lock().iter().rev().find(touches).map_or(Phase::Healthy, |window| window.phase)
    }

    pub(crate) fn count(&self, phase: Phase) -> usize {
        self.lock().iter().filter(|window| window.phase == phase).count()
    }

    /// When nothing is felt any more of what was done so far.
    pub(crate) fn healed_at(&self) -> Option<Instant> {
        self.lock().iter().filter_map(|window| window.until).max()
    }

    fn begin(&self, phase: Phase) {
        self.lock().push(Window { phase, from: Instant::now(), until: None });
    }

    fn end(&self) {
        let mut windows = self.lock();
        let Some((last, earlier)) = windows.split_last_mut() else { return };
        let now = Instant::now();
        let rotated = |window: &&Window| window.phase == Phase::KeysRotated && window.from + KEYS_AGAIN > now;
        let again = earlier.iter().find(rotated).filter(|_| last.phase == Phase::KeysRotated);
        last.until = Some(again.map_or(now, |window| window.from + KEYS_AGAIN) + GRACE);
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Window>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What can be disturbed.
pub(crate) struct StandIns {
    pub(crate) engine: Engine,
    pub(crate) pool: UserPool,
    pub(crate) options: UserPoolOptions,
}

impl StandIns {
    /// All disturbances, spread over `time`; gives the stand-ins as they are at the end.
    pub(crate) async fn disturb(mut self, log: &Disturbances, time: Duration) -> Self {
        let slot = time / (ROUNDS * TROUBLES.len() as u32);
        let mut next = Instant::now() + slot / 4;
        for phase in TROUBLES.repeat(ROUNDS as usize) {
            tokio::time::sleep_until(next).await;
            next += slot;
            println!("        {phase}");
            log.begin(phase);
            let down = slot / 5;
            match phase {
                Phase::EngineDown => {
                    self.engine.labour(down / 5).await;
                    self.engine.kill();
                    tokio::time::sleep(down).await;
                    self.engine.revive().await;
                }
                Phase::PoolDown => {
                    let keys = self.pool.signing_keys();
                    self.pool.shutdown().await;
                    tokio::time::sleep(down).await;
                    self.pool = pool(UserPoolOptions { signing_keys: Some(keys), ..self.options.clone() }).await;
                }
                _ => self.pool.rotate_signing_keys().await.expect("new keys"),
            }
            log.end();
        }
        self
    }
}

/// A user pool, with new keys unless `options` has some of an earlier one.
pub(crate) async fn pool(options: UserPoolOptions) -> UserPool {
    UserPool::start(options).await.expect("the user pool")
}
