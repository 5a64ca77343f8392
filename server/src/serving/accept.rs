//! The accept loop.

use std::{
    future::poll_fn,
    io::{self, ErrorKind},
    net::SocketAddr,
    sync::Arc,
    task::Poll,
    time::Duration,
};

use socket2::SockRef;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{mpsc, watch},
    task::JoinSet,
    time::{Instant, MissedTickBehavior, interval, sleep, timeout},
};
use tracing::info;

use super::{Serving, at, connection, pressure::Pressure, registry::Registry};
use crate::metrics::Pool;

/// How long to wait after an error such as too many open files.
const PAUSE: Duration = Duration::from_millis(20);
/// How many bytes the system buffers for a client that does not read; Linux doubles it. By default it buffers several megabytes,
/// and the server would notice the client only after that.
const SEND_BUFFER_BYTES: usize = 256 * 1024;
/// How often counts that were not reported yet are checked.
const TELL_INTERVAL: Duration = Duration::from_secs(5);

/// Which part of its life the server is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    Serving,
    /// Each answer ends its connection, so that the next request goes to another server.
    Draining,
    /// No more connections are accepted, and those without a request are closed.
    Stopping,
}

/// Serves until a signal to stop, and through the drain. No error ends it, because the reasons for a failed accept are temporary.
pub(super) async fn run(serving: Serving, listener: TcpListener, mut signals: mpsc::Receiver<()>) {
    let Serving { drain, timeouts, .. } = &serving;
    let (drain, grace) = (drain.clone(), timeouts.grace);
    // Accepted connections inherit it.
    let _ = SockRef::from(&listener).set_send_buffer_size(SEND_BUFFER_BYTES);
    serving.meter.set_limit(serving.connections.total);
    let pressure = Pressure::of(serving.settings, serving.meter.clone());
    let (phase, phases) = watch::channel(Phase::Serving);
    let mut accepting =
        Accepting { registry: Registry::new(serving.connections), serving, phases, pressure, tasks: JoinSet::new() };
    let mut telling = interval(TELL_INTERVAL);
    telling.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut drained_at = None;
    loop {
        let accepted = tokio::select! {
            biased;
            _ = signals.recv() => {
                drain.has_begun.cancel();
                if drain.lasts.is_zero() || drained_at.is_some() {
                    break;
                }
                info!(seconds = drain.lasts.as_secs(), "draining: /readyz fails, and requests are still served");
                phase.send_replace(Phase::Draining);
                drained_at = Some(Instant::now() + drain.lasts);
                continue;
            }
            () = at(drained_at) => break,
            _ = telling.tick() => {
                accepting.pressure.tell(accepting.registry.count());
                continue;
            }
            Some(_) = accepting.tasks.join_next() => continue,
            // Only once the connections that gave way have freed their file descriptors.
            accepted = async {
                accepting.registry.all_gone().await;
                listener.accept().await
            } => accepted,
        };
        if !accepting.take(accepted) {
            sleep(PAUSE).await;
        }
        accepting.pressure.tell(accepting.registry.count());
    }
    // The system has completed these connections, and would reset them.
    poll_fn(|context| {
        while let Poll::Ready(accepted) = listener.poll_accept(context) {
            if !accepting.take(accepted) {
                break;
            }
        }
        Poll::Ready(())
    })
    .await;
    drop(listener);
    phase.send_replace(Phase::Stopping);
    let mut tasks = accepting.tasks;
    let all_ended = async { while tasks.join_next().await.is_some() {} };
    // Dropping the rest ends them.
    let _ = timeout(grace, all_ended).await;
}

/// The state of the accept loop.
struct Accepting {
    serving: Serving,
    registry: Arc<Registry>,
    phases: watch::Receiver<Phase>,
    pressure: Pressure,
    tasks: JoinSet<()>,
}

impl Accepting {
    /// Begins to serve a connection, or counts why it could not be accepted. False if accepting itself fails, for example because too
    /// many files are open.
    fn take(&mut self, accepted: io::Result<(TcpStream, SocketAddr)>) -> bool {
        let Serving { router, reserve, timeouts, is_trusted_proxy, meter, .. } = &self.serving;
        match accepted {
            Ok((stream, peer)) => {
                let is_client = !is_trusted_proxy(peer.ip().to_canonical());
                let admission = self.registry.admit(is_client.then_some(peer.ip()));
                self.pressure.admitted(&admission);
                let (router, pool) = if admission.is_reserve { (reserve, Pool::Reserve) } else { (router, Pool::Main) };
                let open = meter.opened(pool);
                let (router, phases) = (router.clone(), self.phases.clone());
                let served = connection::serve(stream, peer, admission, router, *timeouts, phases);
                self.tasks.spawn(async move {
                    if let Some(reason) = served.await {
                        open.unreadable(reason);
                    }
                    drop(open);
                });
                true
            }
            // The client gave up while it waited to be accepted.
            Err(error) if is_of_client(error.kind()) => true,
            Err(error) => {
                self.pressure.failed(&error, self.registry.close_idle());
                false
            }
        }
    }
}

const fn is_of_client(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::ConnectionAborted
            | ErrorKind::ConnectionReset
            | ErrorKind::ConnectionRefused
            | ErrorKind::Interrupted
    )
}
