//! A server in this process.

use std::net::SocketAddr;

use server::{Listeners, Options, config::Config};
use testkit::{client, until};
use tokio::{net::TcpListener, sync::mpsc, task::JoinHandle};

/// A server that runs until it is told to stop.
pub struct RunningServer {
    pub address: SocketAddr,
    stop: mpsc::Sender<()>,
    task: JoinHandle<()>,
}

/// The options of a site under test: each refusal has a line in the log, and a limit that was reached stays reached.
pub fn options() -> Options {
    Options { refusal_lines: u32::MAX, limits_refill: false, ..Options::default() }
}

impl RunningServer {
    /// Starts a server, and waits until it answers. It may not be ready yet.
    pub async fn start(config: Config, listeners: impl Into<Listeners>, options: Options) -> Self {
        let listeners = listeners.into();
        let address = listeners.citizens.local_addr().unwrap();
        let (stop, signals) = mpsc::channel(1);
        let task = tokio::spawn(async move { server::run(config, listeners, options, signals).await.unwrap() });
        until("the server answers", async || {
            assert!(!task.is_finished(), "the server stopped");
            client().get(url(address, "/healthz")).send().await.is_ok()
        })
        .await;
        Self { address, stop, task }
    }

    /// Starts a server on a port of its own, and waits until it is ready.
    pub async fn start_ready(config: Config) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self::start(config, listener, Options::default()).await;
        server.until_ready().await;
        server
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
