//! The accept loop: HTTP/1.1 on a listener, with ceilings on open connections and time-outs for each of them.
//!
//! At a ceiling, the connection that has waited longest for a request is closed in favour of the new one. If none waits,
//! the new connection is served in a small reserve, which answers health checks and sign-outs, and refuses the rest. So a
//! load balancer gets its answer even at a ceiling.
//!
//! A signal to stop begins the [`Drain`]. After it, connections with a request in progress have the grace period.

mod accept;
mod activity;
mod connection;
mod descriptors;
mod io;
mod pressure;
mod registry;
mod request_body;

use std::{future::pending, net::IpAddr, sync::Arc, time::Duration};

use axum::Router;
use tokio::{
    net::TcpListener,
    sync::mpsc,
    time::{Instant, sleep_until},
};
use tokio_util::sync::CancellationToken;

pub use self::descriptors::connection_ceiling;
use crate::metrics;

/// How long each stage of a connection may take.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// From the start of the connection, or from an answer, to the end of the next request's headers.
    pub head: Duration,
    /// Without the client reading a byte.
    pub write: Duration,
    /// From a request's headers to the end of its answer.
    pub request: Duration,
    /// The same for a [`LongAnswer`].
    pub long_answer: Duration,
    /// A connection in the reserve, in all.
    pub reserve: Duration,
    /// After an answer that ends the connection: how long the rest of the request is discarded, so that the client can
    /// read the answer.
    pub linger: Duration,
    /// After the signal to stop.
    pub grace: Duration,
}

impl Default for Timeouts {
    /// 75 seconds for the head: AWS's load balancers keep idle connections for 60. If the server closed one first, the
    /// next request on it would get a 502.
    fn default() -> Self {
        Self {
            head: Duration::from_secs(75),
            write: Duration::from_secs(10),
            request: Duration::from_secs(120),
            long_answer: Duration::from_secs(60 * 60),
            reserve: Duration::from_secs(5),
            linger: Duration::from_millis(500),
            grace: Duration::from_secs(10),
        }
    }
}

/// Marks the response with a large file, among its extensions: a slow line needs longer for it than for a page. A client that reads
/// nothing is cut off as always.
#[derive(Clone, Copy, Debug)]
pub struct LongAnswer;

/// How many connections may be open.
#[derive(Clone, Copy, Debug)]
pub struct Connections {
    /// In all.
    pub total: usize,
    /// From one address.
    pub per_address: usize,
}

/// The time between the signal to stop and the end of the accept loop. A load balancer uses it to notice that this server stops, and to
/// choose another one.
#[derive(Clone, Debug, Default)]
pub struct Drain {
    /// How long requests are still accepted. Each answer then ends its connection.
    pub lasts: Duration,
    /// Set at the signal: readiness depends on it.
    pub has_begun: CancellationToken,
}

/// What is served, and within which limits.
pub struct Serving {
    /// Answers requests.
    pub router: Router,
    /// Answers requests on connections over a ceiling.
    pub reserve: Router,
    /// The ceilings.
    pub connections: Connections,
    /// What the log names when one is reached: the settings of the ceilings, in all and for one address.
    pub settings: [&'static str; 2],
    /// The time-outs.
    pub timeouts: Timeouts,
    /// What happens after the signal to stop.
    pub drain: Drain,
    /// Whether a peer is a proxy. It has the connections of many clients, so the ceiling of one address does not apply
    /// to it.
    pub is_trusted_proxy: Arc<dyn Fn(IpAddr) -> bool + Send + Sync>,
    /// Counts the connections.
    pub meter: metrics::Connections,
}

impl Serving {
    /// Serves on `listener` until a message in `signals`, and for the time of the drain, which a second message ends. Then waits for
    /// open requests. A closed channel counts as a message.
    pub async fn run(self, listener: TcpListener, signals: mpsc::Receiver<()>) {
        accept::run(self, listener, signals).await;
    }
}

/// Completes at `time`. Without one, never.
async fn at(time: Option<Instant>) {
    match time {
        Some(time) => sleep_until(time).await,
        None => pending().await,
    }
}

#[cfg(test)]
mod tests;
