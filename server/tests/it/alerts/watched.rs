//! The server as Prometheus sees it: the binary with a listener for metrics. It can be restarted at the same addresses, with other
//! settings.

use std::{
    fs::File,
    net::SocketAddr,
    path::PathBuf,
    process::{Child, ChildStderr, ChildStdout, Command, Stdio},
};

use testkit::{Browser, client};
use tokio::net::TcpSocket;

use super::prometheus::eventually;
use crate::support::{
    process::{self, Ended},
    site::Site,
};

/// A port that stays this process's while nothing listens on it.
struct Reserved(TcpSocket);

impl Reserved {
    fn new() -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_reuseaddr(true).unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        Self(socket)
    }

    fn address(&self) -> SocketAddr {
        self.0.local_addr().unwrap()
    }
}

pub struct Watched {
    citizens: Reserved,
    metrics: Reserved,
    folder: PathBuf,
    /// Its configuration.
    pub toml: String,
    child: Option<Child>,
}

impl Watched {
    /// The server of `site`, which does not run yet.
    pub fn of(site: &Site) -> Self {
        let (citizens, metrics) = (Reserved::new(), Reserved::new());
        let listen = format!("listen = \"{}\"", citizens.address());
        let toml = site.toml.replace("listen = \"127.0.0.1:0\"", &listen);
        assert!(toml.contains(&listen), "{toml}");
        let toml = format!("{toml}\n[metrics]\nlisten = \"{}\"\n", metrics.address());
        Self { citizens, metrics, folder: site.scratch.path().to_owned(), toml, child: None }
    }

    pub fn address(&self) -> SocketAddr {
        self.citizens.address()
    }

    pub fn metrics(&self) -> SocketAddr {
        self.metrics.address()
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address())
    }

    /// A browser that knows this server by the public address of `site`.
    pub fn browser(&self, site: &Site) -> Browser {
        Browser::new(&site.public_url).with_socket(self.address())
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let config = self.folder.join("watched.toml");
        std::fs::write(&config, &self.toml).unwrap();
        let mut command = process::command(&self.folder);
        command.args(arguments).arg("--config").arg(config);
        command
    }

    /// Starts it, and waits until it has metrics. Its logs go to a file.
    pub async fn start(&mut self) {
        let log = File::options().create(true).append(true).open(self.folder.join("watched.log")).unwrap();
        let mut command = self.command(&[]);
        self.child = Some(command.stdout(log.try_clone().unwrap()).stderr(log).spawn().unwrap());
        self.until_measured().await;
    }

    /// Starts it with logs at the level `trace`, which nothing reads yet.
    pub async fn start_unread(&mut self) -> (ChildStdout, ChildStderr) {
        let mut command = self.command(&[]);
        let mut child = command.env("RUST_LOG", "trace").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let logs = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        self.child = Some(child);
        self.until_measured().await;
        logs
    }

    async fn until_measured(&self) {
        let metrics = format!("http://{}/metrics", self.metrics());
        eventually("the server has metrics", async || client().get(&metrics).send().await.is_ok()).await;
        eventually("the server listens", async || client().get(self.url("/healthz")).send().await.is_ok()).await;
    }

    /// Waits until the keys are loaded and the tables answer.
    pub async fn until_ready(&self) {
        let ready = async || client().get(self.url("/readyz")).send().await.is_ok_and(|answer| answer.status() == 200);
        eventually("the server is ready", ready).await;
    }

    /// Ends it without a warning, as a lost machine does.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// Deploys its settings: stops it, and starts it with them.
    pub async fn restart(&mut self) {
        let mut child = self.child.take().unwrap();
        assert!(Command::new("kill").arg("-TERM").arg(child.id().to_string()).status().unwrap().success());
        eventually("the server stops", async || child.try_wait().unwrap().is_some()).await;
        self.start().await;
    }

    /// Runs `server check` with its settings.
    pub async fn check(&self) -> Ended {
        process::run(self.command(&["check"])).await
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.kill();
    }
}
