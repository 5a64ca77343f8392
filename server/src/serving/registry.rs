//! Which connections are open, and which of them wait for a request.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::Notify;

use super::Connections;
use crate::network;

/// Connections outside the ceilings.
const RESERVE: usize = 16;
/// How many of these one address may have: a client that opens many must not keep the load balancer out of the reserve.
const RESERVE_PER_ADDRESS: usize = 4;

/// All open connections.
#[derive(Debug)]
pub(super) struct Registry {
    connections: Connections,
    state: Mutex<State>,
    /// The last connection that was told to close is gone.
    all_gone: Notify,
}

#[derive(Debug, Default)]
struct State {
    next: u64,
    open: HashMap<u64, Open>,
    /// The waiting connections by when they began to wait, the oldest first.
    idle: BTreeMap<u64, u64>,
    addresses: HashMap<IpAddr, Address>,
    /// The oldest first.
    reserve: VecDeque<Reserved>,
    /// How many connections were told to close, and still have their file descriptors.
    closing: usize,
}

#[derive(Debug)]
struct Open {
    address: Option<IpAddr>,
    idle_since: Option<u64>,
    closing: Arc<Notify>,
}

/// The connections of one address.
#[derive(Debug, Default)]
struct Address {
    open: usize,
    idle: BTreeMap<u64, u64>,
}

#[derive(Debug)]
struct Reserved {
    id: u64,
    address: Option<IpAddr>,
    closing: Arc<Notify>,
}

/// A ceiling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ceiling {
    Total,
    PerAddress,
}

/// What happens to a new connection.
#[derive(Debug)]
pub(super) struct Admission {
    /// Its place, until it is dropped.
    pub(super) place: Place,
    /// It is served in the reserve.
    pub(super) is_reserve: bool,
    /// The ceiling that it reached. A waiting connection was closed, unless this one is in the reserve.
    pub(super) reached: Option<Ceiling>,
}

impl Registry {
    pub(super) fn new(connections: Connections) -> Arc<Self> {
        Arc::new(Self { connections, state: Mutex::default(), all_gone: Notify::new() })
    }

    /// Makes room for a connection from `address`; `None` for an address without a ceiling of its own.
    pub(super) fn admit(self: &Arc<Self>, address: Option<IpAddr>) -> Admission {
        let address = address.map(network::of_client);
        let mut state = self.lock();
        let mut reached = None;
        let of_address = address.and_then(|address| state.addresses.get(&address));
        if of_address.is_some_and(|of_address| of_address.open >= self.connections.per_address) {
            reached = Some(Ceiling::PerAddress);
            let waiting = of_address.and_then(|of_address| of_address.idle.values().next().copied());
            let Some(waiting) = waiting else { return self.reserve(&mut state, address, Ceiling::PerAddress) };
            state.close(waiting);
        }
        if state.open.len() >= self.connections.total {
            reached = Some(Ceiling::Total);
            let Some(waiting) = state.idle.values().next().copied() else {
                return self.reserve(&mut state, address, Ceiling::Total);
            };
            state.close(waiting);
        }
        let (id, tick, closing) = (state.tick(), state.tick(), Arc::new(Notify::new()));
        state.open.insert(id, Open { address, idle_since: None, closing: Arc::clone(&closing) });
        if let Some(address) = address {
            state.addresses.entry(address).or_default().open += 1;
        }
        state.set_idle(id, Some(tick));
        drop(state);
        Admission { place: Place { registry: Arc::clone(self), id, closing }, is_reserve: false, reached }
    }

    /// Closes the connection that has waited longest, if any waits.
    pub(super) fn close_idle(&self) -> bool {
        let mut state = self.lock();
        let waiting = state.idle.values().next().copied();
        waiting.is_some_and(|id| {
            state.close(id);
            true
        })
    }

    /// Completes when every connection that was told to close is gone. Until then, a new one would use another file
    /// descriptor. Only one task may wait for it.
    pub(super) async fn all_gone(&self) {
        while self.lock().closing > 0 {
            self.all_gone.notified().await;
        }
    }

    /// The number of open connections, without the reserve.
    pub(super) fn count(&self) -> usize {
        self.lock().open.len()
    }

    /// A place in the reserve. The newest connection replaces the oldest.
    fn reserve(self: &Arc<Self>, state: &mut State, address: Option<IpAddr>, reached: Ceiling) -> Admission {
        let of_address = state.reserve.iter().filter(|other| other.address == address).count();
        let replaced = if address.is_some() && of_address >= RESERVE_PER_ADDRESS {
            state.reserve.iter().position(|other| other.address == address)
        } else {
            (state.reserve.len() >= RESERVE).then_some(0)
        };
        if let Some(replaced) = replaced.and_then(|replaced| state.reserve.remove(replaced)) {
            state.closing += 1;
            replaced.closing.notify_one();
        }
        let (id, closing) = (state.tick(), Arc::new(Notify::new()));
        state.reserve.push_back(Reserved { id, address, closing: Arc::clone(&closing) });
        Admission { place: Place { registry: Arc::clone(self), id, closing }, is_reserve: true, reached: Some(reached) }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn tick(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    /// Whether this connection has a place: it was not told to close.
    fn holds(&self, id: u64) -> bool {
        self.open.contains_key(&id) || self.reserve.iter().any(|reserved| reserved.id == id)
    }

    fn set_idle(&mut self, id: u64, since: Option<u64>) {
        let Some(open) = self.open.get_mut(&id) else { return };
        let before = std::mem::replace(&mut open.idle_since, since);
        let mut of_address = open.address.and_then(|address| self.addresses.get_mut(&address));
        if let Some(before) = before {
            self.idle.remove(&before);
            of_address.as_mut().map(|of_address| of_address.idle.remove(&before));
        }
        if let Some(since) = since {
            self.idle.insert(since, id);
            of_address.as_mut().map(|of_address| of_address.idle.insert(since, id));
        }
    }

    /// Tells a connection to close. It loses its place, but a new connection must wait until it is gone.
    fn close(&mut self, id: u64) {
        if let Some(open) = self.remove(id) {
            self.closing += 1;
            open.closing.notify_one();
        }
    }

    fn remove(&mut self, id: u64) -> Option<Open> {
        self.set_idle(id, None);
        let open = self.open.remove(&id)?;
        if let Some(address) = open.address
            && let Some(of_address) = self.addresses.get_mut(&address)
        {
            of_address.open -= 1;
            if of_address.open == 0 {
                self.addresses.remove(&address);
            }
        }
        Some(open)
    }
}

/// The place of one connection. Dropping it makes the place free.
#[derive(Debug)]
pub(super) struct Place {
    registry: Arc<Registry>,
    id: u64,
    closing: Arc<Notify>,
}

impl Place {
    /// Completes when the connection must close in favour of another one.
    pub(super) async fn closing(&self) {
        self.closing.notified().await;
    }

    /// Says whether the connection waits for a request from now on. Returns whether it still has its place; else it must
    /// not serve a request.
    pub(super) fn set_idle(&self, is_idle: bool) -> bool {
        let mut state = self.registry.lock();
        let since = is_idle.then(|| state.tick());
        state.set_idle(self.id, since);
        state.holds(self.id)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut state = self.registry.lock();
        if state.holds(self.id) {
            state.remove(self.id);
            state.reserve.retain(|reserved| reserved.id != self.id);
            return;
        }
        state.closing -= 1;
        if state.closing == 0 {
            self.registry.all_gone.notify_one();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;

    const A: &str = "192.0.2.1";
    const B: &str = "192.0.2.2";

    fn registry(total: usize, per_address: usize) -> Arc<Registry> {
        Registry::new(Connections { total, per_address })
    }

    fn admit(registry: &Arc<Registry>, address: &str) -> Admission {
        registry.admit(Some(address.parse().unwrap()))
    }

    async fn is_closed(admission: &Admission) -> bool {
        timeout(Duration::ZERO, admission.place.closing()).await.is_ok()
    }

    #[tokio::test]
    async fn at_the_ceiling_the_connection_that_waits_longest_is_closed() {
        let registry = registry(3, 10);
        let [first, second, third] = [A, B, A].map(|address| admit(&registry, address));
        // The first two are served, one after the other, and wait again.
        for one in [&second, &first] {
            one.place.set_idle(false);
            one.place.set_idle(true);
        }
        let fourth = admit(&registry, B);
        assert_eq!((fourth.is_reserve, fourth.reached), (false, Some(Ceiling::Total)));
        assert!(is_closed(&third).await && !is_closed(&first).await && !is_closed(&second).await);
        let fifth = admit(&registry, A);
        assert!(is_closed(&second).await && !is_closed(&first).await && !fifth.is_reserve);
        assert_eq!(registry.count(), 3);
    }

    #[tokio::test]
    async fn at_the_ceiling_of_an_address_only_its_own_connections_are_closed() {
        let registry = registry(10, 2);
        let [other, first, second] = [B, A, A].map(|address| admit(&registry, address));
        let third = admit(&registry, A);
        assert_eq!((third.is_reserve, third.reached), (false, Some(Ceiling::PerAddress)));
        assert!(is_closed(&first).await && !is_closed(&second).await && !is_closed(&other).await);
    }

    #[tokio::test]
    async fn without_a_waiting_connection_the_new_one_is_in_the_reserve() {
        for (total, per_address, reached) in [(2, 10, Ceiling::Total), (10, 2, Ceiling::PerAddress)] {
            let registry = registry(total, per_address);
            let busy = [A, A].map(|address| admit(&registry, address));
            assert!(busy.iter().all(|one| one.place.set_idle(false)));
            let new = admit(&registry, A);
            assert_eq!((new.is_reserve, new.reached), (true, Some(reached)));
            assert_eq!(registry.count(), 2);
            drop(busy);
            assert!(!admit(&registry, A).is_reserve, "its place is free again");
        }
    }

    #[tokio::test]
    async fn the_reserve_is_shared_among_addresses_and_the_newest_replaces_the_oldest() {
        let registry = registry(1, 10);
        let busy = admit(&registry, A);
        busy.place.set_idle(false);
        let balancer = admit(&registry, B);
        let flood: Vec<_> = (0..10).map(|_| admit(&registry, A)).collect();
        assert!(!is_closed(&balancer).await, "a flood from another address took the reserve");
        for (place, one) in flood.iter().enumerate() {
            assert_eq!(is_closed(one).await, place < 10 - RESERVE_PER_ADDRESS, "{place}");
        }
        let others: Vec<_> = (0..RESERVE).map(|number| admit(&registry, &format!("198.51.100.{number}"))).collect();
        assert!(is_closed(&balancer).await && !is_closed(&others[0]).await);
    }

    #[tokio::test]
    async fn a_proxy_has_no_ceiling_of_its_own_and_a_v6_network_is_one_address() {
        let registry = registry(10, 1);
        let proxied: Vec<_> = (0..3).map(|_| registry.admit(None)).collect();
        assert!(proxied.iter().all(|one| one.reached.is_none()));
        let first = admit(&registry, "2001:db8:1:2::1");
        let same = admit(&registry, "2001:db8:1:2:3:4:5:6");
        assert!(is_closed(&first).await && same.reached == Some(Ceiling::PerAddress));
        let [other, mapped] = ["2001:db8:1:3::1", "::ffff:192.0.2.1"].map(|address| admit(&registry, address));
        assert_eq!((other.reached, mapped.reached), (None, None));
        assert_eq!(admit(&registry, A).reached, Some(Ceiling::PerAddress), "an IPv4 address in its IPv6 form");
    }

    #[tokio::test]
    async fn a_connection_without_its_place_serves_no_request_and_uses_a_descriptor_until_it_is_gone() {
        let all_gone = async |registry: &Registry| timeout(Duration::ZERO, registry.all_gone()).await.is_ok();
        let registry = registry(1, 10);
        let first = admit(&registry, A);
        assert!(all_gone(&registry).await);
        let second = admit(&registry, A);
        assert!(!first.place.set_idle(false) && second.place.set_idle(false));
        assert!(!all_gone(&registry).await);
        drop(first);
        assert!(all_gone(&registry).await);
        // The same in the reserve.
        let mut reserve: Vec<_> = (0..=RESERVE_PER_ADDRESS).map(|_| admit(&registry, A)).collect();
        let replaced = reserve.remove(0);
        assert!(!replaced.place.set_idle(false) && reserve.iter().all(|one| one.place.set_idle(false)));
        assert!(!all_gone(&registry).await);
        let waiting = tokio::spawn({
            let registry = Arc::clone(&registry);
            async move { registry.all_gone().await }
        });
        tokio::task::yield_now().await;
        drop(replaced);
        timeout(testkit::TIMEOUT, waiting).await.unwrap().unwrap();
        drop((second, reserve));
        assert!(all_gone(&registry).await);
    }

    #[tokio::test]
    async fn a_closed_connection_leaves_nothing_behind() {
        let registry = registry(2, 1);
        drop([A, B, A].map(|address| admit(&registry, address)));
        let state = registry.lock();
        let left = (state.open.len(), state.idle.len(), state.addresses.len(), state.reserve.len(), state.closing);
        assert_eq!(left, (0, 0, 0, 0, 0));
    }
}
