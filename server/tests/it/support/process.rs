//! The server as operators run it: the binary.

use std::{
    fs::File,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
};

use serde_json::Value;

use super::{
    browser::{Browser, client},
    site::Site,
    until,
};

/// The binary with nothing of this process's environment, in a folder that holds nothing.
pub fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_server"));
    command.env_clear().current_dir(folder).stdin(Stdio::null());
    command
}

/// What a command that ends by itself left behind.
pub struct Ended {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

/// Runs to the end, without holding up what this process serves.
pub async fn run(mut command: Command) -> Ended {
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ended { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

/// A server that goes on until it is told to stop.
pub struct Process {
    child: Child,
    log: PathBuf,
    pub address: SocketAddr,
}

impl Process {
    /// Starts it, with its log in `folder`, and waits until it listens.
    pub async fn start(mut command: Command, folder: &Path) -> Self {
        let log = folder.join(format!("log-{}", uuid::Uuid::new_v4()));
        let file = File::create(&log).unwrap();
        let child = command.stdout(file.try_clone().unwrap()).stderr(file).spawn().unwrap();
        let mut process = Self { child, log, address: SocketAddr::from(([0; 4], 0)) };
        until("the binary listens", async || {
            assert_eq!(process.child.try_wait().unwrap(), None, "{}", process.log());
            process.listening().is_some()
        })
        .await;
        process.address = process.listening().unwrap();
        process
    }

    fn listening(&self) -> Option<SocketAddr> {
        let log = self.log();
        let mut lines = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let line = lines.find(|line| line["message"] == "listening")?;
        line["address"].as_str()?.parse().ok()
    }

    /// Starts it, and waits until its keys are loaded and its tables answer.
    pub async fn start_ready(command: Command, folder: &Path) -> Self {
        let process = Self::start(command, folder).await;
        let ready = format!("http://{}/readyz", process.address);
        until("the binary is ready", async || client().get(&ready).send().await.unwrap().status() == 200).await;
        process
    }

    /// A browser that knows it by the name of `site`.
    pub fn browser(&self, site: &Site) -> Browser {
        Browser::new(&site.public_url, self.address)
    }

    /// The one line of the log with this reference; it may take a moment.
    pub async fn line_with(&self, reference: &str) -> Value {
        let lines =
            || self.log().lines().filter(|line| line.contains(reference)).map(str::to_owned).collect::<Vec<_>>();
        until("the reference is in the log", async || !lines().is_empty()).await;
        let [line] = &lines()[..] else { panic!("{reference} is in several lines") };
        serde_json::from_str(line).unwrap()
    }

    /// The most memory that it ever had, in bytes.
    #[cfg(target_os = "linux")]
    pub fn peak_memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().strip_suffix(" kB").unwrap().parse::<u64>().unwrap() * 1024
    }

    /// Everything that it said so far, on both streams.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    /// Asks it to stop (SIGTERM) and waits for its end.
    pub async fn stop(mut self) -> (ExitStatus, String) {
        let asked = Command::new("kill").arg("-TERM").arg(self.child.id().to_string()).status().unwrap();
        assert!(asked.success());
        until("the binary ends", async || self.child.try_wait().unwrap().is_some()).await;
        (self.child.wait().unwrap(), self.log())
    }

    /// Ends it at once (SIGKILL), as a power cut does.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
