//! Deliberate disturbances, and when they happened.

use std::{
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use local::user_pool::{UserPool, UserPoolOptions};
use tokio::time::Instant;

use crate::engine::Engine;

/// In this order, [`ROUNDS`] times.
const DISTURBANCES: [Phase; 3] = [Phase::PoolDown, Phase::EngineDown, Phase::KeysRotated];
const ROUNDS: u32 = 2;
/// How long a disturbance may have effects after its end. The server fetches keys again 5 seconds after a
/// failure, and for the next unknown key.
const GRACE: Duration = Duration::from_secs(7);

/// The state of the dependencies.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Phase {
    Healthy,
    PoolDown,
    EngineDown,
    KeysRotated,
    ServerKilled,
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Healthy => "nothing disturbed",
            Self::PoolDown => "user pool down",
            Self::EngineDown => "engine killed",
            Self::KeysRotated => "keys rotated",
            Self::ServerKilled => "server killed",
        })
    }
}

struct Window {
    phase: Phase,
    from: Instant,
    /// `None` while it lasts.
    until: Option<Instant>,
}

/// Every disturbance so far.
#[derive(Default)]
pub(crate) struct Disturbances(Mutex<Vec<Window>>);

impl Disturbances {
    /// The latest disturbance between the two times.
    pub(crate) fn between(&self, started: Instant, ended: Instant) -> Phase {
        let touches = |window: &&Window| window.from <= ended && window.until.is_none_or(|until| started <= until);
        self.lock().iter().rev().find(touches).map_or(Phase::Healthy, |window| window.phase)
    }

    pub(crate) fn count(&self, phase: Phase) -> usize {
        self.lock().iter().filter(|window| window.phase == phase).count()
    }

    /// When the disturbances so far have no effects any more.
    pub(crate) fn recovered_at(&self) -> Option<Instant> {
        self.lock().iter().filter_map(|window| window.until).max()
    }

    pub(crate) fn begin(&self, phase: Phase) {
        self.lock().push(Window { phase, from: Instant::now(), until: None });
    }

    /// Ends the last disturbance, whose effects may last for `effects`.
    pub(crate) fn end_after(&self, effects: Duration) {
        if let Some(last) = self.lock().last_mut() {
            last.until = Some(Instant::now() + effects);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Window>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The dependencies that can be disturbed.
pub(crate) struct StandIns {
    pub(crate) engine: Engine,
    pub(crate) pool: UserPool,
    pub(crate) options: UserPoolOptions,
}

impl StandIns {
    /// Causes all disturbances, spread over `time`. Returns the stand-ins of the end.
    pub(crate) async fn disturb(mut self, log: &Disturbances, time: Duration) -> Self {
        let slot = time / (ROUNDS * DISTURBANCES.len() as u32);
        let mut next = Instant::now() + slot / 4;
        for phase in DISTURBANCES.repeat(ROUNDS as usize) {
            tokio::time::sleep_until(next).await;
            next += slot;
            println!("        {phase}");
            log.begin(phase);
            let down = slot / 5;
            match phase {
                Phase::EngineDown => {
                    self.engine.slow_down(down / 5).await;
                    self.engine.kill();
                    tokio::time::sleep(down).await;
                    self.engine.restart().await;
                }
                Phase::PoolDown => {
                    let keys = self.pool.signing_keys();
                    self.pool.shutdown().await;
                    tokio::time::sleep(down).await;
                    self.pool = pool(UserPoolOptions { signing_keys: Some(keys), ..self.options.clone() }).await;
                }
                _ => self.pool.rotate_signing_keys().await.expect("new keys"),
            }
            log.end_after(GRACE);
        }
        self
    }
}

/// A user pool. It has new keys unless `options` has those of an earlier one.
pub(crate) async fn pool(options: UserPoolOptions) -> UserPool {
    UserPool::start(options).await.expect("the user pool")
}
