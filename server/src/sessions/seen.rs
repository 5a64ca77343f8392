use std::{
    collections::HashSet,
    mem,
    sync::{Arc, Mutex, PoisonError},
};

use super::id::SessionId;

/// The sessions that this server has recently seen open: between `MAX` and twice as many are remembered.
///
/// Only an id that was found in the table gets in here, so a flood of invented ones displaces nothing.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen(Arc<Mutex<Generations>>);

#[derive(Debug, Default)]
struct Generations {
    young: HashSet<SessionId>,
    old: HashSet<SessionId>,
}

impl Seen {
    const MAX: usize = 50_000;

    pub(super) fn insert(&self, id: SessionId) {
        let mut generations = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if generations.young.len() >= Self::MAX && !generations.young.contains(&id) {
            generations.old = mem::take(&mut generations.young);
        }
        generations.young.insert(id);
    }

    /// Forgets a session that has ended: its id then costs as much as an invented one.
    pub(super) fn remove(&self, id: SessionId) {
        let mut generations = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        generations.young.remove(&id);
        generations.old.remove(&id);
    }

    pub(super) fn contains(&self, id: SessionId) -> bool {
        let generations = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        generations.young.contains(&id) || generations.old.contains(&id)
    }
}

#[cfg(test)]
mod tests {
    use tower_sessions::session::Id;

    use super::*;

    #[test]
    fn the_newest_sessions_are_remembered_and_the_memory_is_bounded() {
        let id = |number: usize| SessionId::parse(&Id(i128::try_from(number).unwrap()).to_string()).unwrap();
        let seen = Seen::default();
        for number in 0..3 * Seen::MAX {
            seen.insert(id(number));
            // One that is used stays.
            if number % 1_000 == 0 {
                seen.insert(id(0));
            }
        }
        assert!(seen.contains(id(0)));
        assert!((2 * Seen::MAX..3 * Seen::MAX).all(|number| seen.contains(id(number))));
        let generations = seen.0.lock().unwrap();
        assert!(generations.young.len() + generations.old.len() <= 2 * Seen::MAX);
    }
}
