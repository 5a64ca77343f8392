//! What was asked of the account: counts for tests, and a trail as CloudTrail keeps one.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How many entries the trail keeps.
const MAX_ENTRIES: usize = 1_000;

/// An answered request, as CloudTrail would show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrailEntry {
    /// Such as `GetDataAccess`.
    pub operation: &'static str,
    /// The directory's user id of the person on whose behalf it was made (`onBehalfOf.userId`).
    pub user_id: String,
    /// The `auditContext` of a request for data access.
    pub audit_context: Option<String>,
}

#[derive(Default)]
struct Kept {
    counts: BTreeMap<&'static str, usize>,
    trail: VecDeque<TrailEntry>,
}

/// The counts, by operation, and the trail.
#[derive(Default)]
pub(super) struct Calls(Mutex<Kept>);

impl Calls {
    /// Counts a request, also one that is refused later.
    pub(super) fn count(&self, operation: &'static str) {
        *self.lock().counts.entry(operation).or_default() += 1;
    }

    /// Adds a request that was answered on behalf of a person.
    pub(super) fn record(&self, operation: &'static str, user_id: &str, audit_context: Option<&str>) {
        let mut kept = self.lock();
        if kept.trail.len() == MAX_ENTRIES {
            kept.trail.pop_front();
        }
        let (user_id, audit_context) = (user_id.to_owned(), audit_context.map(str::to_owned));
        kept.trail.push_back(TrailEntry { operation, user_id, audit_context });
    }

    pub(super) fn counts(&self) -> BTreeMap<&'static str, usize> {
        self.lock().counts.clone()
    }

    pub(super) fn trail(&self) -> Vec<TrailEntry> {
        self.lock().trail.iter().cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
