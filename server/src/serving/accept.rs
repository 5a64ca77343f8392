//! The accept loop.

use std::{io::ErrorKind, pin::pin, time::Duration};

use socket2::SockRef;
use tokio::{
    net::TcpListener,
    sync::watch,
    task::JoinSet,
    time::{MissedTickBehavior, interval, sleep, timeout},
};

use super::{Serving, connection, pressure::Pressure, registry::Registry};
use crate::metrics::Pool;

/// How long to wait after an error such as too many open files.
const PAUSE: Duration = Duration::from_millis(20);
/// How many bytes the system buffers for a client that does not read; Linux doubles it. By default it buffers several megabytes,
/// and the server would notice the client only after that.
const SEND_BUFFER_BYTES: usize = 256 * 1024;
/// How often counts that were not reported yet are checked.
const TELL_INTERVAL: Duration = Duration::from_secs(5);

/// Serves until `shutdown` completes. No error ends it, because the reasons for a failed accept are temporary.
pub(super) async fn run(serving: Serving, listener: TcpListener, shutdown: impl Future<Output = ()>) {
    let Serving { router, reserve, connections, timeouts, is_trusted_proxy, meter } = serving;
    // Accepted connections inherit it.
    let _ = SockRef::from(&listener).set_send_buffer_size(SEND_BUFFER_BYTES);
    meter.set_limit(connections.total);
    let registry = Registry::new(connections);
    let (stop, stopping) = watch::channel(false);
    let mut pressure = Pressure::counted_by(meter.clone());
    let mut tasks = JoinSet::new();
    let mut telling = interval(TELL_INTERVAL);
    telling.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut shutdown = pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            biased;
            () = &mut shutdown => break,
            _ = telling.tick() => {
                pressure.tell(registry.count());
                continue;
            }
            Some(_) = tasks.join_next() => continue,
            // Only once the connections that gave way have freed their file descriptors.
            accepted = async {
                registry.all_gone().await;
                listener.accept().await
            } => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                let is_client = !is_trusted_proxy(peer.ip().to_canonical());
                let admission = registry.admit(is_client.then_some(peer.ip()));
                pressure.admitted(&admission);
                let (router, pool) =
                    if admission.is_reserve { (&reserve, Pool::Reserve) } else { (&router, Pool::Main) };
                let open = meter.opened(pool);
                let served = connection::serve(stream, peer, admission, router.clone(), timeouts, stopping.clone());
                tasks.spawn(async move {
                    served.await;
                    drop(open);
                });
            }
            // The client gave up while it waited to be accepted.
            Err(error) if is_of_client(error.kind()) => continue,
            Err(error) => {
                pressure.failed(&error, registry.close_idle());
                sleep(PAUSE).await;
            }
        }
        pressure.tell(registry.count());
    }
    drop(listener);
    stop.send_replace(true);
    let all_ended = async { while tasks.join_next().await.is_some() {} };
    // Dropping the rest ends them.
    let _ = timeout(timeouts.grace, all_ended).await;
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
