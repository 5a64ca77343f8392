//! One server behind the balancer: whether it is ready, and the connections to it.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use axum::{
    body::Body,
    extract::Request,
    http::{StatusCode, header},
    response::Response,
};
use http_body_util::BodyExt as _;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use tokio::{
    net::TcpStream,
    time::{MissedTickBehavior, interval},
};

use super::{Counts, HealthCheck};
use crate::browser::client;

/// How long a connection is kept without a request, as on AWS. Servers must keep it for longer.
const IDLE: Duration = Duration::from_secs(60);
/// How long a server may take to answer a health check, as on AWS.
const CHECK_TIMEOUT: Duration = Duration::from_secs(5);

/// What became of a request.
pub(super) enum Sent {
    Answered(Response),
    /// It was sent, and no answer came.
    Lost,
    /// It was not sent, because there is no connection.
    Not(Request),
}

/// A connection without a request.
struct Kept {
    connection: SendRequest<Body>,
    since: Instant,
}

pub(super) struct Server {
    pub(super) address: SocketAddr,
    is_ready: AtomicBool,
    kept: Mutex<Vec<Kept>>,
    answered: AtomicU64,
    in_flight: AtomicU64,
    failed: AtomicU64,
    refused: AtomicU64,
}

impl Server {
    /// A server that is checked from now on, until this value is dropped.
    pub(super) fn start(address: SocketAddr, health: HealthCheck) -> Arc<Self> {
        let server = Arc::new(Self {
            address,
            is_ready: AtomicBool::new(false),
            kept: Mutex::default(),
            answered: AtomicU64::new(0),
            in_flight: AtomicU64::new(0),
            failed: AtomicU64::new(0),
            refused: AtomicU64::new(0),
        });
        tokio::spawn(check(Arc::downgrade(&server), address, health));
        server
    }

    pub(super) fn is_ready(&self) -> bool {
        self.is_ready.load(Ordering::SeqCst)
    }

    pub(super) fn counts(&self) -> Counts {
        let [answered, in_flight, failed, refused] =
            [&self.answered, &self.in_flight, &self.failed, &self.refused].map(|count| count.load(Ordering::SeqCst));
        Counts { answered, in_flight, failed, refused }
    }

    async fn connect(&self) -> Option<SendRequest<Body>> {
        let stream = TcpStream::connect(self.address).await.ok()?;
        let _ = stream.set_nodelay(true);
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await.ok()?;
        // Its errors are those of the requests on it.
        tokio::spawn(async move { drop(connection.await) });
        Some(sender)
    }

    fn take_kept(&self) -> Option<SendRequest<Body>> {
        let mut kept = self.kept();
        kept.retain(|kept| kept.since.elapsed() < IDLE && !kept.connection.is_closed());
        kept.pop().map(|kept| kept.connection)
    }

    /// Keeps a connection for the next request, once its answer is complete and unless the server closes it.
    fn keep_when_ready(self: &Arc<Self>, mut connection: SendRequest<Body>) {
        let server = Arc::downgrade(self);
        tokio::spawn(async move {
            if connection.ready().await.is_ok()
                && let Some(server) = server.upgrade()
            {
                server.kept().push(Kept { connection, since: Instant::now() });
            }
        });
    }

    fn kept(&self) -> MutexGuard<'_, Vec<Kept>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request that is in flight as long as this value exists.
pub(super) struct InFlight {
    pub(super) server: Arc<Server>,
}

impl InFlight {
    pub(super) fn begin(server: &Arc<Server>) -> Self {
        server.in_flight.fetch_add(1, Ordering::SeqCst);
        Self { server: Arc::clone(server) }
    }

    /// Sends a request on a connection that is kept, or on a new one.
    pub(super) async fn send(self, mut request: Request) -> Sent {
        let server = &self.server;
        loop {
            let (mut connection, is_new) = match server.take_kept() {
                Some(connection) => (connection, false),
                None => match server.connect().await {
                    Some(connection) => (connection, true),
                    None => {
                        server.refused.fetch_add(1, Ordering::SeqCst);
                        return Sent::Not(request);
                    }
                },
            };
            match connection.try_send_request(request).await {
                Ok(answer) => {
                    server.answered.fetch_add(1, Ordering::SeqCst);
                    server.keep_when_ready(connection);
                    return Sent::Answered(passed_back(answer, self));
                }
                Err(mut error) => match error.take_message() {
                    // The connection was closed before anything was written to it.
                    Some(unsent) if is_new => return Sent::Not(unsent),
                    Some(unsent) => request = unsent,
                    None => {
                        server.failed.fetch_add(1, Ordering::SeqCst);
                        return Sent::Lost;
                    }
                },
            }
        }
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.server.in_flight.fetch_sub(1, Ordering::SeqCst);
    }
}

/// The answer for the client. The connection to the client does not end with that to the server.
fn passed_back(answer: hyper::Response<hyper::body::Incoming>, in_flight: InFlight) -> Response {
    let mut answer = answer.map(|body| {
        Body::new(body.map_err(move |error| {
            in_flight.server.failed.fetch_add(1, Ordering::SeqCst);
            error
        }))
    });
    answer.headers_mut().remove(header::CONNECTION);
    answer
}

/// Asks a server whether it is ready, as long as there is one.
async fn check(server: Weak<Server>, address: SocketAddr, health: HealthCheck) {
    let (client, url) = (client(), format!("http://{address}/readyz"));
    let mut ticks = interval(health.interval);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut in_a_row = 0;
    loop {
        ticks.tick().await;
        let answer = client.get(&url).timeout(CHECK_TIMEOUT).send().await;
        let passed = answer.is_ok_and(|answer| answer.status() == StatusCode::OK);
        let Some(server) = server.upgrade() else { return };
        in_a_row = if passed == server.is_ready() { 0 } else { in_a_row + 1 };
        if in_a_row >= if passed { health.healthy } else { health.unhealthy } {
            server.is_ready.store(passed, Ordering::SeqCst);
            in_a_row = 0;
        }
    }
}
