use std::{
    collections::{BTreeSet, HashMap, VecDeque},
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::sleep;
use tracing::{error, info};

use super::{
    ender::{Because, Ended, Ender, NotEnded},
    id::SessionId,
};
use crate::{
    citizen::Citizen,
    request_context::RequestContext,
    security_log::{DELETED_LATER, Event, Outcome, Repeated, SecurityLog},
    tasks::Tasks,
};

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
#[derive(Clone, Debug)]
pub(super) struct EndedLater {
    pending: Arc<Mutex<Pending>>,
    ender: Arc<Ender>,
    tasks: Tasks,
    security: SecurityLog,
}

/// How much is known about an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// This server has seen its session open.
    Open,
    /// It may be invented.
    Unknown,
}

/// A request to end a session.
#[derive(Clone, Copy, Debug)]
pub(super) struct Requested {
    pub(super) context: RequestContext,
    pub(super) because: Because,
    pub(super) known: Known,
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

    /// Removes the oldest id that may be invented; if there is none and `or_open`, the oldest one.
    fn evict(&mut self, or_open: bool) -> Option<SessionId> {
        self.unknown.pop_front().or_else(|| or_open.then(|| self.open.pop_front()).flatten())
    }
}

type Client = Option<IpAddr>;

#[derive(Debug, Default)]
struct Pending {
    ids: HashMap<SessionId, Requested>,
    queues: HashMap<Client, Queue>,
    /// The clients by their number of ids that may be invented, and by their number of ids that were seen open, to find the
    /// one with the most.
    by_unknown: BTreeSet<(usize, Client)>,
    by_open: BTreeSet<(usize, Client)>,
    /// How many ids were dropped for lack of room since the last log line.
    evicted: u64,
    /// A task deletes them.
    has_task: bool,
}

impl Pending {
    /// Adds `id`. False if it is there already, or if there is no room for it.
    ///
    /// If the list is full, the client with the most ids that may be invented loses its oldest one. Only if there are none of
    /// them, an id that was seen open makes room for another such id. If the sender's own share is used up, the sender's own
    /// ids make room.
    fn insert(&mut self, id: SessionId, requested: Requested) -> bool {
        let (client, known) = (requested.context.client, requested.known);
        if self.ids.contains_key(&id) {
            return false;
        }
        let is_share_used = self.queues.get(&client).is_some_and(|queue| queue.len() >= MAX_FROM_ONE_ADDRESS);
        if is_share_used || self.ids.len() >= MAX_PENDING {
            self.evicted += 1;
            let most = |order: &BTreeSet<(usize, Client)>| order.last().map(|(_, client)| *client);
            let from =
                if is_share_used { Some(client) } else { most(&self.by_unknown).or_else(|| most(&self.by_open)) };
            let evicted = from.and_then(|from| self.change(from, |queue| queue.evict(known == Known::Open)));
            let Some(evicted) = evicted else { return false };
            self.ids.remove(&evicted);
        }
        self.change(client, |queue| match known {
            Known::Open => queue.open.push_back(id),
            Known::Unknown => queue.unknown.push_back(id),
        });
        self.ids.insert(id, requested);
        true
    }

    fn remove(&mut self, id: SessionId) {
        let Some(Requested { context, known, .. }) = self.ids.remove(&id) else { return };
        self.change(context.client, |queue| {
            let ids = if known == Known::Open { &mut queue.open } else { &mut queue.unknown };
            // Deletions run from the front.
            if let Some(place) = ids.iter().position(|other| *other == id) {
                ids.remove(place);
            }
        });
    }

    /// Changes the queue of `client`, and keeps both orders.
    fn change<T>(&mut self, client: Client, change: impl FnOnce(&mut Queue) -> T) -> T {
        let lengths = |queue: &Queue| [queue.unknown.len(), queue.open.len()];
        let queue = self.queues.entry(client).or_default();
        let before = lengths(queue);
        let result = change(queue);
        let after = lengths(queue);
        for (order, (before, after)) in
            [&mut self.by_unknown, &mut self.by_open].into_iter().zip(before.into_iter().zip(after))
        {
            order.remove(&(before, client));
            if after > 0 {
                order.insert((after, client));
            }
        }
        if after == [0, 0] {
            self.queues.remove(&client);
        }
        result
    }

    /// What the next round deletes: all ids that were seen open, then some of the others.
    fn next_round(&self, max_unknown: usize) -> Vec<(SessionId, Requested)> {
        let open = self.queues.values().flat_map(|queue| &queue.open);
        let unknown = self.queues.values().flat_map(|queue| &queue.unknown);
        open.chain(unknown.take(max_unknown)).filter_map(|id| Some((*id, *self.ids.get(id)?))).collect()
    }
}

impl EndedLater {
    /// An empty list. One of `tasks` ends what is added to it by `ender`.
    pub(super) fn new(ender: Arc<Ender>, tasks: Tasks, security: SecurityLog) -> Self {
        Self { pending: Arc::default(), ender, tasks, security }
    }

    pub(super) fn contains(&self, id: SessionId) -> bool {
        self.lock().ids.contains_key(&id)
    }

    /// Remembers `id`, and ends its session later. Records that, and the end too if the session was seen open. `citizen` is that of the
    /// session, if it could be read.
    pub(super) fn delete_later(&self, id: SessionId, requested: Requested, citizen: Option<&Citizen>) {
        let mut pending = self.lock();
        if !pending.insert(id, requested) {
            return;
        }
        // Before the deletion, which needs the lock.
        match requested.known {
            Known::Open => self.record(&requested, citizen, Outcome::Failure, DELETED_LATER),
            Known::Unknown => self.security.record_repeated(&requested.context, Repeated::DelayedSessionEnd),
        }
        if !pending.has_task {
            pending.has_task = true;
            self.tasks.spawn(self.clone().delete_all());
        }
    }

    fn record(&self, requested: &Requested, citizen: Option<&Citizen>, outcome: Outcome, reason: &'static str) {
        let actor = citizen.map(|citizen| self.ender.record_keys(citizen).current);
        let provider = citizen.map(|citizen| citizen.provider.as_str());
        self.security.record(&requested.context, &Event::session_ended(provider, actor.as_ref(), outcome, reason));
    }

    /// Deletes everything, in rounds until it is done. When the server stops, the round under way ends early, and there
    /// is one last round.
    async fn delete_all(self) {
        let (mut pause, mut after_failure) = (RETRY_PAUSES.0, RETRY_PAUSES.0);
        let mut had_failed = false;
        loop {
            tokio::select! {
                () = self.tasks.stopping() => (),
                () = sleep(pause) => (),
            }
            let is_last = self.tasks.is_stopping();
            let failure = self.delete_round(is_last).await;
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
    async fn delete_round(&self, is_last: bool) -> Option<String> {
        let pending = self.lock().next_round(if is_last { MAX_PENDING } else { UNKNOWN_IN_ONE_ROUND });
        for (id, requested) in pending {
            // The last round starts again with those that were seen open.
            if !is_last && self.tasks.is_stopping() {
                return None;
            }
            let ended = match self.ender.end(id, &requested.context, requested.because).await {
                Ok(ended) => ended,
                Err(NotEnded { error, .. }) => return Some(error.to_string()),
            };
            self.lock().remove(id);
            if let Ended::Now(citizen, _) = ended {
                self.record(&requested, citizen.as_deref(), Outcome::Success, "deleted later");
            }
            if requested.known == Known::Unknown && !is_last {
                tokio::select! {
                    () = self.tasks.stopping() => (),
                    () = sleep(UNKNOWN_PAUSE) => (),
                }
            }
        }
        None
    }

    fn lock(&self) -> MutexGuard<'_, Pending> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use tower_sessions::session::Id;

    use super::*;
    use crate::request_context::Reference;

    fn id(number: u32) -> SessionId {
        SessionId::parse(&Id(i128::from(number)).to_string()).unwrap()
    }

    fn client(number: u32) -> Client {
        Some(IpAddr::from(number.to_be_bytes()))
    }

    fn requested(client: Client, known: Known) -> Requested {
        let context = RequestContext { client, reference: Reference([0; 4]) };
        Requested { context, because: Because::SignedOut, known }
    }

    fn assert_consistent(pending: &Pending) {
        assert_eq!(pending.queues.values().map(Queue::len).sum::<usize>(), pending.ids.len());
        let of = |length: fn(&Queue) -> usize| {
            let lengths = pending.queues.iter().map(|(client, queue)| (length(queue), *client));
            lengths.filter(|(length, _)| *length > 0).collect::<BTreeSet<_>>()
        };
        assert_eq!(pending.by_unknown, of(|queue| queue.unknown.len()));
        assert_eq!(pending.by_open, of(|queue| queue.open.len()));
    }

    #[test]
    fn one_address_has_a_share_and_a_session_seen_open_outlives_invented_ids_in_it() {
        let mut pending = Pending::default();
        pending.insert(id(0), requested(client(1), Known::Open));
        pending.insert(id(1), requested(client(2), Known::Unknown));
        for number in 2..5_000 {
            pending.insert(id(number), requested(client(1), Known::Unknown));
        }
        assert_eq!(pending.queues[&client(1)].len(), MAX_FROM_ONE_ADDRESS);
        assert!(pending.ids.contains_key(&id(0)) && pending.ids.contains_key(&id(1)));
        // The newest one always has a place.
        assert!(pending.ids.contains_key(&id(4_999)) && !pending.ids.contains_key(&id(2)));
        assert_eq!(pending.evicted, 4_999 - 1_000);
        assert_consistent(&pending);
    }

    #[test]
    fn when_the_list_is_full_the_client_with_the_most_ids_makes_room() {
        let mut pending = Pending::default();
        for number in 0..100_000 {
            pending.insert(id(number), requested(client(number / 1_000), Known::Unknown));
        }
        assert_eq!(pending.ids.len(), MAX_PENDING);
        pending.insert(id(200_000), requested(client(500), Known::Unknown));
        assert_eq!(pending.ids.len(), MAX_PENDING);
        assert!(pending.ids.contains_key(&id(200_000)));
        // A short queue loses nothing to many long ones.
        for number in 0..50_000 {
            pending.insert(id(300_000 + number), requested(client(600 + number / 500), Known::Unknown));
        }
        assert!(pending.ids.contains_key(&id(200_000)));
        assert_consistent(&pending);
    }

    #[test]
    fn ids_from_many_addresses_displace_no_session_that_was_seen_open() {
        let mut pending = Pending::default();
        // As the only id of its address, the address of which is the last one in every order.
        pending.insert(id(0), requested(client(u32::MAX), Known::Open));
        for number in 1..110_000 {
            pending.insert(id(number), requested(client(number), Known::Unknown));
        }
        assert_eq!(pending.ids.len(), MAX_PENDING);
        assert!(pending.ids.contains_key(&id(0)) && pending.ids.contains_key(&id(109_999)));
        // More sessions that were seen open replace all others, and nothing but another one replaces them.
        for number in 200_000..299_999 {
            assert!(pending.insert(id(number), requested(client(number), Known::Open)));
        }
        assert!(pending.by_unknown.is_empty() && pending.ids.contains_key(&id(0)));
        assert!(!pending.insert(id(300_000), requested(client(1), Known::Unknown)));
        assert!(pending.insert(id(300_001), requested(client(1), Known::Open)));
        assert_eq!((pending.ids.len(), pending.evicted), (MAX_PENDING, 10_000 + 99_999 + 2));
        assert_consistent(&pending);
    }

    #[test]
    fn what_is_removed_makes_room() {
        let mut pending = Pending::default();
        for number in 0..10 {
            pending.insert(
                id(number),
                requested(client(number % 3), if number % 2 == 0 { Known::Open } else { Known::Unknown }),
            );
            pending.insert(id(number), requested(client(9), Known::Unknown));
        }
        let order = pending.next_round(10);
        assert_eq!(order.len(), 10);
        assert_eq!(pending.next_round(2).len(), 7);
        assert!(order[..5].iter().all(|(_, requested)| requested.known == Known::Open));
        for (id, _) in order {
            pending.remove(id);
            pending.remove(id);
            assert_consistent(&pending);
        }
        assert!(pending.queues.is_empty() && pending.by_unknown.is_empty() && pending.by_open.is_empty());
    }
}
