//! The DynamoDB engine in a process of its own, so that it can be killed as by a power cut.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, ExitCode, Stdio},
    time::{Duration, Instant},
};

/// The first argument of this program in the process of the engine.
pub(crate) const ARGUMENT: &str = "engine";

/// An engine that keeps its address and its data over restarts.
pub(crate) struct Engine {
    data_dir: PathBuf,
    address: SocketAddr,
    child: Option<Child>,
}

impl Engine {
    /// Starts it and waits until it listens.
    pub(crate) async fn start(data_dir: &Path, port: u16) -> Self {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let mut engine = Self { data_dir: data_dir.to_owned(), address, child: None };
        engine.restart().await;
        engine
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Pauses and resumes it repeatedly for `time`. Requests pile up, so that a kill interrupts many of them.
    pub(crate) async fn slow_down(&self, time: Duration) {
        let started = Instant::now();
        while started.elapsed() < time {
            self.signal("STOP");
            tokio::time::sleep(Duration::from_millis(40)).await;
            self.signal("CONT");
            tokio::time::sleep(Duration::from_millis(4)).await;
        }
    }

    fn signal(&self, name: &str) {
        let Some(child) = &self.child else { return };
        let sent = Command::new("sh").args(["-c", "kill -s $0 $1", name, &child.id().to_string()]).status();
        assert!(sent.is_ok_and(|status| status.success()), "the engine is gone");
    }

    /// Kills it (SIGKILL).
    pub(crate) fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    pub(crate) async fn restart(&mut self) {
        let mut command = Command::new(std::env::current_exe().expect("this program"));
        command.arg(ARGUMENT).arg(&self.data_dir).arg(self.address.port().to_string());
        self.child = Some(command.stdin(Stdio::piped()).spawn().expect("the engine"));
        let started = Instant::now();
        while TcpStream::connect(self.address).is_err() {
            assert!(started.elapsed() < Duration::from_secs(10), "the engine does not listen");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Runs the engine until standard input is closed, which happens when the parent process ends.
pub(crate) async fn run(data_dir: &Path, port: u16) -> ExitCode {
    match local::dynamodb::Engine::start_at(data_dir, (Ipv4Addr::LOCALHOST, port).into()).await {
        Ok(_engine) => {
            let _ = io::copy(&mut io::stdin(), &mut io::sink());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
