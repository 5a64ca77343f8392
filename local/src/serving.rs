//! A router on a loopback listener, and how to stop it.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use axum::{Router, middleware};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::error::StartError;
use crate::own_names;

/// 127.0.0.1 and any free port.
pub(crate) const ANY_PORT: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);
/// How long open requests may take to finish at shutdown.
const GRACE: Duration = Duration::from_secs(2);

/// A bound socket that does not serve yet. Its address is needed to build the router.
pub(crate) struct Bound {
    listener: TcpListener,
    address: SocketAddr,
}

impl Bound {
    /// Binds a loopback address.
    pub(crate) async fn new(listen: SocketAddr) -> Result<Self, StartError> {
        if !listen.ip().is_loopback() {
            return Err(StartError::NotLoopback { address: listen });
        }
        let cannot = |source| StartError::CannotListen { address: listen, source };
        let listener = TcpListener::bind(listen).await.map_err(cannot)?;
        let address = listener.local_addr().map_err(cannot)?;
        Ok(Self { listener, address })
    }

    /// The base URL of this address.
    pub(crate) fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Serves until [`Serving::stop`], or until the [`Serving`] is dropped. Answers only under the names of this machine.
    pub(crate) fn serve(self, router: Router, stop: watch::Sender<bool>) -> Serving {
        let mut stopped = stop.subscribe();
        let address = self.address;
        // Around a router without routes, so that it also covers unknown addresses and methods.
        let own_names = middleware::from_fn_with_state(address.port(), own_names::require);
        let router = Router::new().fallback_service(router).layer(own_names);
        let task = tokio::spawn(async move {
            let until = async move {
                // An error means that the sender was dropped, which also means stop.
                let _ = stopped.wait_for(|stop| *stop).await;
            };
            if let Err(error) = axum::serve(self.listener, router).with_graceful_shutdown(until).await {
                tracing::error!(%error, %address, "a stand-in stopped serving");
            }
        });
        Serving { address, stop, task }
    }
}

/// A running listener.
pub(crate) struct Serving {
    address: SocketAddr,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Serving {
    /// Its address and port.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Closes the listener; open requests get [`GRACE`] to finish.
    pub(crate) async fn stop(mut self) {
        self.stop.send_replace(true);
        if tokio::time::timeout(GRACE, &mut self.task).await.is_err() {
            self.task.abort();
            let _ = self.task.await;
        }
    }
}
