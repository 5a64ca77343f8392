use std::{
    collections::{BTreeSet, HashMap, VecDeque},
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::sleep;
use tower_sessions::SessionStore;
use tracing::{error, info};

use super::id::SessionId;
use crate::tasks::Tasks;

/// The maximum number of pending deletions: a flood of sign-outs during an outage must not fill the memory.
const MAX_PENDING: usize = 100_000;
/// The maximum from one address, so that one sender cannot displace everyone else's ids.
const MAX_FROM_ONE_ADDRESS: usize = 1_000;
/// The first and the longest pause between two rounds of deletions. Each pause is twice the one before.
const RETRY_PAUSES: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(30));
/// The pause after the deletion of an id that may be invented. Invented ids cost at most a hundred deletions a second.
const UNKNOWN_PAUSE: Duration = Duration::from_millis(10);
/// How many such ids a round deletes. Sessions that were seen open never wait for longer than that.
const UNKNOWN_IN_ONE_ROUND: usize = 100;

/// Sessions that ended, but that are still in the table. Either the table did not answer, or the id may be invented
/// and is not worth a read now. This server refuses them immediately, and deletes them later.
#[derive(Clone, Debug, Default)]
pub(super) struct Ended(Arc<Mutex<Pending>>);

/// How much is known about an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// This server has seen its session open.
    Open,
    /// It may be invented.
    Unknown,
}

/// What came from one address, oldest first.
#[derive(Debug, Default)]
struct Queue {
    open: VecDeque<SessionId>,
    unknown: VecDeque<SessionId>,
}

impl Queue {
    fn len(&self) -> usize {
        self.open.len() + self.unknown.len()
    }

    /// Removes the oldest id, one that may be invented before one that is not.
    fn evict(&mut self) -> Option<SessionId> {
        self.unknown.pop_front().or_else(|| self.open.pop_front())
    }
}

type Client = Option<IpAddr>;

#[derive(Debug, Default)]
struct Pending {
    ids: HashMap<SessionId, (Client, Known)>,
    queues: HashMap<Client, Queue>,
    /// The clients by the length of their queues, to find the longest one.
    by_length: BTreeSet<(usize, Client)>,
    /// How many ids were dropped to make room for others since the last log line.
    evicted: u64,
    /// A task deletes them.
    has_task: bool,
}

impl Pending {
    /// Adds `id`. If there is no room, the longest queue drops its oldest id. If the sender's own queue is full, that one does.
    fn insert(&mut self, id: SessionId, client: Client, known: Known) {
        if self.ids.contains_key(&id) {
            return;
        }
        if self.queues.get(&client).is_some_and(|queue| queue.len() >= MAX_FROM_ONE_ADDRESS) {
            self.evict_from(client);
        } else if self.ids.len() >= MAX_PENDING
            && let Some((_, longest)) = self.by_length.last().copied()
        {
            self.evict_from(longest);
        }
        self.ids.insert(id, (client, known));
        self.change(client, |queue| match known {
            Known::Open => queue.open.push_back(id),
            Known::Unknown => queue.unknown.push_back(id),
        });
    }

    fn evict_from(&mut self, client: Client) {
        if let Some(id) = self.change(client, Queue::evict) {
            self.ids.remove(&id);
            self.evicted += 1;
        }
    }

    fn remove(&mut self, id: SessionId) {
        if let Some((client, known)) = self.ids.remove(&id) {
            self.change(client, |queue| {
                let ids = if known == Known::Open { &mut queue.open } else { &mut queue.unknown };
                // Deletions run from the front.
                if let Some(place) = ids.iter().position(|other| *other == id) {
                    ids.remove(place);
                }
            });
        }
    }

    /// Changes the queue of `client`, and keeps the order by length.
    fn change<T>(&mut self, client: Client, change: impl FnOnce(&mut Queue) -> T) -> T {
        let queue = self.queues.entry(client).or_default();
        let before = queue.len();
        let result = change(queue);
        let after = queue.len();
        self.by_length.remove(&(before, client));
        if after == 0 {
            self.queues.remove(&client);
        } else {
            self.by_length.insert((after, client));
        }
        result
    }

    /// What the next round deletes: all ids that were seen open, then some of the others.
    fn next_round(&self, max_unknown: usize) -> Vec<(SessionId, Known)> {
        let open = self.queues.values().flat_map(|queue| &queue.open).map(|id| (*id, Known::Open));
        let unknown = self.queues.values().flat_map(|queue| &queue.unknown).map(|id| (*id, Known::Unknown));
        open.chain(unknown.take(max_unknown)).collect()
    }
}

impl Ended {
    pub(super) fn contains(&self, id: SessionId) -> bool {
        self.lock().ids.contains_key(&id)
    }

    /// Remembers `id`, which `client` sent, and deletes it from `store` later. One task makes all deletions.
    pub(super) fn delete_later(
        &self,
        id: SessionId,
        client: Client,
        known: Known,
        store: &Arc<dyn SessionStore>,
        tasks: &Tasks,
    ) {
        let mut pending = self.lock();
        pending.insert(id, client, known);
        if !pending.has_task {
            pending.has_task = true;
            tasks.spawn(self.clone().delete_all(Arc::clone(store), tasks.clone()));
        }
    }

    /// Deletes everything, in rounds until it is done. When the server stops, the round under way ends early, and there
    /// is one last round.
    async fn delete_all(self, store: Arc<dyn SessionStore>, tasks: Tasks) {
        let (mut pause, mut after_failure) = (RETRY_PAUSES.0, RETRY_PAUSES.0);
        let mut had_failed = false;
        loop {
            tokio::select! {
                () = tasks.stopping() => (),
                () = sleep(pause) => (),
            }
            let is_last = tasks.is_stopping();
            let failure = self.delete_round(&store, &tasks, is_last).await;
            let (left, evicted) = {
                let mut pending = self.lock();
                // Ids that arrived during the last round get a round of their own.
                pending.has_task = !(pending.ids.is_empty() || is_last && failure.is_some());
                (pending.ids.len(), std::mem::take(&mut pending.evicted))
            };
            match failure {
                Some(reason) if is_last => {
                    error!(
                        sessions = left,
                        evicted,
                        reason,
                        "ended sessions could not be deleted before the server stopped: they stay open until they expire"
                    );
                    return;
                }
                Some(reason) => {
                    had_failed = true;
                    error!(sessions = left, evicted, reason, "ended sessions could not be deleted; retrying");
                    after_failure = (after_failure * 2).min(RETRY_PAUSES.1);
                    pause = after_failure;
                }
                None => {
                    if evicted > 0 {
                        error!(
                            evicted,
                            "too many sign-outs at the same time: some sessions stay open until they expire"
                        );
                    }
                    (pause, after_failure) = (Duration::ZERO, RETRY_PAUSES.0);
                }
            }
            if left == 0 {
                if had_failed {
                    info!("all ended sessions are deleted");
                }
                return;
            }
        }
    }

    /// Deletes until a deletion fails. Returns why.
    async fn delete_round(&self, store: &Arc<dyn SessionStore>, tasks: &Tasks, is_last: bool) -> Option<String> {
        let pending = self.lock().next_round(if is_last { MAX_PENDING } else { UNKNOWN_IN_ONE_ROUND });
        for (id, known) in pending {
            // The last round starts again with those that were seen open.
            if !is_last && tasks.is_stopping() {
                return None;
            }
            if let Err(error) = store.delete(id.expose()).await {
                return Some(error.to_string());
            }
            self.lock().remove(id);
            if known == Known::Unknown && !is_last {
                tokio::select! {
                    () = tasks.stopping() => (),
                    () = sleep(UNKNOWN_PAUSE) => (),
                }
            }
        }
        None
    }

    fn lock(&self) -> MutexGuard<'_, Pending> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use tower_sessions::session::Id;

    use super::*;

    fn id(number: u32) -> SessionId {
        SessionId::parse(&Id(i128::from(number)).to_string()).unwrap()
    }

    fn client(number: u32) -> Client {
        Some(IpAddr::from(number.to_be_bytes()))
    }

    fn assert_consistent(pending: &Pending) {
        assert_eq!(pending.queues.values().map(Queue::len).sum::<usize>(), pending.ids.len());
        assert_eq!(pending.by_length.len(), pending.queues.len());
        for (length, client) in &pending.by_length {
            assert_eq!(pending.queues[client].len(), *length);
        }
    }

    #[test]
    fn one_address_has_a_share_and_a_session_seen_open_outlives_invented_ids_in_it() {
        let mut pending = Pending::default();
        pending.insert(id(0), client(1), Known::Open);
        pending.insert(id(1), client(2), Known::Unknown);
        for number in 2..5_000 {
            pending.insert(id(number), client(1), Known::Unknown);
        }
        assert_eq!(pending.queues[&client(1)].len(), MAX_FROM_ONE_ADDRESS);
        assert!(pending.ids.contains_key(&id(0)) && pending.ids.contains_key(&id(1)));
        // The newest one always has a place.
        assert!(pending.ids.contains_key(&id(4_999)) && !pending.ids.contains_key(&id(2)));
        assert_eq!(pending.evicted, 4_999 - 1_000);
        assert_consistent(&pending);
    }

    #[test]
    fn when_the_list_is_full_the_longest_queue_makes_room() {
        let mut pending = Pending::default();
        for number in 0..100_000 {
            pending.insert(id(number), client(number / 1_000), Known::Unknown);
        }
        assert_eq!(pending.ids.len(), MAX_PENDING);
        pending.insert(id(200_000), client(500), Known::Unknown);
        assert_eq!(pending.ids.len(), MAX_PENDING);
        assert!(pending.ids.contains_key(&id(200_000)));
        // A short queue loses nothing to many long ones.
        for number in 0..50_000 {
            pending.insert(id(300_000 + number), client(600 + number / 500), Known::Unknown);
        }
        assert!(pending.ids.contains_key(&id(200_000)));
        assert_consistent(&pending);
    }

    #[test]
    fn what_is_removed_makes_room() {
        let mut pending = Pending::default();
        for number in 0..10 {
            pending.insert(id(number), client(number % 3), if number % 2 == 0 { Known::Open } else { Known::Unknown });
            pending.insert(id(number), client(9), Known::Unknown);
        }
        let order = pending.next_round(10);
        assert_eq!(order.len(), 10);
        assert_eq!(pending.next_round(2).len(), 7);
        assert!(order[..5].iter().all(|(_, known)| *known == Known::Open));
        for (id, _) in order {
            pending.remove(id);
            pending.remove(id);
            assert_consistent(&pending);
        }
        assert!(pending.queues.is_empty() && pending.by_length.is_empty());
    }
}
