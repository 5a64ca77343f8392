//! The DynamoDB engine as a process of its own, so that it can be killed as a machine that loses its power is.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, ExitCode, Stdio},
    time::{Duration, Instant},
};

/// The first argument of this example in a process that is to be the engine.
pub(crate) const WORD: &str = "engine";

/// An engine that keeps its address and its data while it comes and goes.
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
        engine.revive().await;
        engine
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Halts it and lets it go on, over and over for `time`: requests pile up, so that a kill meets many of them half done.
    pub(crate) async fn labour(&self, time: Duration) {
        let began = Instant::now();
        while began.elapsed() < time {
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

    /// SIGKILL: it finishes nothing.
    pub(crate) fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    pub(crate) async fn revive(&mut self) {
        let mut command = Command::new(std::env::current_exe().expect("this program"));
        command.arg(WORD).arg(&self.data_dir).arg(self.address.port().to_string());
        self.child = Some(command.stdin(Stdio::piped()).spawn().expect("the engine"));
        let began = Instant::now();
        while TcpStream::connect(self.address).is_err() {
            assert!(began.elapsed() < Duration::from_secs(10), "the engine does not listen");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Is the engine, until the process that wanted it is gone: then nobody holds the other end of the input any more.
pub(crate) async fn be(data_dir: &Path, port: u16) -> ExitCode {
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
