//! A load balancer for HTTP in front of the servers of one site, as AWS's Application Load Balancer is:
//!
//! - it asks each server for `/readyz` at an interval, and gives new requests only to servers that are ready, in turn; if none is, to
//!   all of them;
//! - it keeps connections to servers open, and for at most a minute without a request;
//! - a request goes to the next server if its connection was refused, or closed before anything was sent. Any other request without an
//!   answer may have been processed. It is never sent again: the answer is 502.

mod server;

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    extract::{ConnectInfo, Request, State},
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    serve::ListenerExt as _,
};
use tokio::{net::TcpListener, task::JoinSet};

use self::server::{InFlight, Sent, Server};

/// Names the client to the servers, in the order of the proxies that a request passes.
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// When a server counts as ready.
#[derive(Clone, Copy, Debug)]
pub struct HealthCheck {
    /// From one check to the next.
    pub interval: Duration,
    /// So many failed checks in a row take a server out.
    pub unhealthy: u32,
    /// So many passed checks in a row bring it in.
    pub healthy: u32,
}

/// What became of the requests that one server was given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// How many it has begun to answer.
    pub answered: u64,
    /// How many wait for the end of their answer now.
    pub in_flight: u64,
    /// How many were sent, and got no complete answer.
    pub failed: u64,
    /// How many were not sent, because it refused the connection. Another server got them.
    pub refused: u64,
}

/// A running balancer. Dropping this value ends it.
pub struct Balancer {
    address: SocketAddr,
    shared: Arc<Shared>,
    _task: JoinSet<()>,
}

struct Shared {
    health: HealthCheck,
    servers: Mutex<Vec<Arc<Server>>>,
    requests: AtomicU64,
}

impl Balancer {
    /// Starts it at `listen`, without servers.
    ///
    /// # Panics
    /// The port is in use.
    pub async fn start(listen: SocketAddr, health: HealthCheck) -> Self {
        let listener = TcpListener::bind(listen).await.expect("the balancer's port");
        let address = listener.local_addr().expect("the balancer's address");
        let shared = Arc::new(Shared { health, servers: Mutex::default(), requests: AtomicU64::new(0) });
        let app = Router::new().fallback(pass_on).with_state(Arc::clone(&shared));
        let app = app.into_make_service_with_connect_info::<SocketAddr>();
        let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
        let mut task = JoinSet::new();
        task.spawn(async move { drop(axum::serve(listener, app).await) });
        Self { address, shared, _task: task }
    }

    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Adds a server, and waits until it is ready.
    ///
    /// # Panics
    /// It is not ready within 20 seconds.
    pub async fn register(&self, server: SocketAddr) {
        self.shared.servers().push(Server::start(server, self.shared.health));
        self.until_ready(server).await;
    }

    /// Gives a server no new request, and waits until those that it has are answered.
    ///
    /// # Panics
    /// They are not answered within 20 seconds.
    pub async fn deregister(&self, server: SocketAddr) {
        let removed = {
            let mut servers = self.shared.servers();
            let index = servers.iter().position(|known| known.address == server);
            index.map(|index| servers.swap_remove(index))
        };
        let Some(removed) = removed else { return };
        crate::until("its requests are answered", async || removed.counts().in_flight == 0).await;
    }

    /// Waits until `server` gets new requests.
    ///
    /// # Panics
    /// It is not ready within 20 seconds.
    pub async fn until_ready(&self, server: SocketAddr) {
        crate::until("the balancer finds the server ready", async || self.server(server).is_ready()).await;
    }

    /// Waits until `server` gets no new requests, and those that it had are answered or lost.
    ///
    /// # Panics
    /// It is still ready after 20 seconds, or has requests.
    pub async fn until_out(&self, server: SocketAddr) {
        crate::until("the balancer finds the server not ready", async || {
            // Nothing is given to a server in the meantime.
            let servers = self.shared.servers();
            let known = servers.iter().find(|known| known.address == server).expect("a registered server");
            !known.is_ready() && known.counts().in_flight == 0
        })
        .await;
    }

    /// How many requests have come.
    pub fn requests(&self) -> u64 {
        self.shared.requests.load(Ordering::SeqCst)
    }

    /// The counts of `server`.
    ///
    /// # Panics
    /// It is not registered.
    pub fn counts(&self, server: SocketAddr) -> Counts {
        self.server(server).counts()
    }

    fn server(&self, address: SocketAddr) -> Arc<Server> {
        let servers = self.shared.servers();
        Arc::clone(servers.iter().find(|server| server.address == address).expect("a registered server"))
    }
}

impl Shared {
    fn servers(&self) -> MutexGuard<'_, Vec<Arc<Server>>> {
        self.servers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The server whose turn it is, without those that were tried. The request counts as in flight from now on.
    fn take_turn(&self, turn: u64, tried: &[SocketAddr]) -> Option<InFlight> {
        let servers = self.servers();
        let any_is_ready = servers.iter().any(|server| server.is_ready());
        let is_candidate = |server: &&Arc<Server>| server.is_ready() || !any_is_ready;
        let mut candidates: Vec<_> = servers.iter().filter(is_candidate).collect();
        if !candidates.is_empty() {
            let first = turn % candidates.len() as u64;
            candidates.rotate_left(usize::try_from(first).unwrap_or_default());
        }
        candidates.into_iter().find(|server| !tried.contains(&server.address)).map(InFlight::begin)
    }
}

async fn pass_on(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(client): ConnectInfo<SocketAddr>,
    mut request: Request,
) -> Response {
    name_client(&mut request, client);
    let (turn, mut tried) = (shared.requests.fetch_add(1, Ordering::SeqCst), Vec::new());
    while let Some(in_flight) = shared.take_turn(turn, &tried) {
        tried.push(in_flight.server.address);
        request = match in_flight.send(request).await {
            Sent::Answered(response) => return response,
            Sent::Lost => return StatusCode::BAD_GATEWAY.into_response(),
            Sent::Not(request) => request,
        };
    }
    StatusCode::SERVICE_UNAVAILABLE.into_response()
}

/// Adds the address of the client, and removes what concerns only the connection to the client.
fn name_client(request: &mut Request, client: SocketAddr) {
    let headers = request.headers_mut();
    headers.remove(header::CONNECTION);
    let before: Vec<_> = headers.get_all(FORWARDED_FOR).iter().filter_map(|value| value.to_str().ok()).collect();
    let list = before.into_iter().map(str::to_owned).chain([client.ip().to_string()]).collect::<Vec<_>>().join(", ");
    if let Ok(list) = HeaderValue::from_str(&list) {
        headers.insert(FORWARDED_FOR, list);
    }
}

#[cfg(test)]
mod tests;
