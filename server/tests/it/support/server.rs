//! A server in this process.

use std::net::SocketAddr;

use server::{Options, config::Config};
use testkit::{client, until};
use tokio::{net::TcpListener, sync::mpsc, task::JoinHandle};

/// A server that runs until it is told to stop.
pub struct RunningServer {
    pub address: SocketAddr,
    stop: mpsc::Sender<()>,
    task: JoinHandle<()>,
}

impl RunningServer {
    /// Starts a server, and waits until it answers. It may not be ready yet.
    pub async fn start(config: Config, listener: TcpListener, options: Options) -> Self {
        let address = listener.local_addr().unwrap();
        let (stop, signals) = mpsc::channel(1);
        let task = tokio::spawn(async move { server::run(config, listener, options, signals).await.unwrap() });
        until("the server answers", async || {
            assert!(!task.is_finished(), "the server stopped");
            client().get(url(address, "/healthz")).send().await.is_ok()
        })
        .await;
        Self { address, stop, task }
    }

    /// Waits until the keys are loaded and the tables answer.
    pub async fn until_ready(&self) {
        until("the server is ready", async || self.is_ready().await).await;
    }

    /// Whether the keys are loaded and the tables answer.
    pub async fn is_ready(&self) -> bool {
        client().get(url(self.address, "/readyz")).send().await.unwrap().status() == 200
    }

    /// Lets the requests that are under way finish, and stops.
    pub async fn stop(self) {
        self.stop.send(()).await.unwrap();
        self.task.await.unwrap();
    }
}

fn url(address: SocketAddr, path: &str) -> String {
    format!("http://{address}{path}")
}
