//! The server as operators run it: the binary.
//!
//! It is the binary that Cargo built with these tests. The environment variable `MYDATA_TEST_SERVER` names another one, built
//! without stand-ins as for production; a relative path is below the workspace's folder. The tests in `command_line` pass with
//! either. A test about the local profile asks [`has_stand_ins`] which of the two it runs.

use std::{
    fs::File,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    thread,
};

use serde_json::Value;
use testkit::{Browser, client, until};

use super::site::Site;

/// A path to a server that was built without stand-ins.
const VARIABLE: &str = "MYDATA_TEST_SERVER";

/// Whether the binary has the stand-ins, and with them the local profile.
pub fn has_stand_ins() -> bool {
    cfg!(feature = "local") && std::env::var_os(VARIABLE).is_none()
}

/// The binary without this process's environment, in the working directory `folder`.
pub fn command(folder: &Path) -> Command {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let binary = std::env::var_os(VARIABLE).map(|path| workspace.join(path));
    let mut command = Command::new(binary.unwrap_or_else(|| PathBuf::from(env!("CARGO_BIN_EXE_server"))));
    command.env_clear().current_dir(folder).stdin(Stdio::null());
    command
}

/// The binary with the configuration of `site`.
pub fn serve(site: &Site) -> Command {
    let mut command = command(site.scratch.path());
    command.arg("--config").arg(site.scratch.file("mydata.toml", &site.toml));
    command
}

/// A command that has ended.
pub struct Ended {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

/// Runs a command until it ends. This process can serve requests meanwhile.
pub async fn run(mut command: Command) -> Ended {
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ended { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

/// Whether a line of a server's output is one of the log. The others are of the security log, which has the same
/// references.
pub fn is_of_log(line: &str) -> bool {
    !line.contains("\"@timestamp\"")
}

/// A server in a process of its own, which runs until it is told to stop.
pub struct Process {
    child: Child,
    log: PathBuf,
    pub address: SocketAddr,
}

impl Process {
    /// Starts a server, with its log in `folder`, and does not wait for it: it has no address yet.
    pub fn launch(mut command: Command, folder: &Path) -> Self {
        let log = folder.join(format!("log-{}", uuid::Uuid::new_v4()));
        let file = File::create(&log).unwrap();
        let child = command.stdout(file.try_clone().unwrap()).stderr(file).spawn().unwrap();
        Self { child, log, address: SocketAddr::from(([0; 4], 0)) }
    }

    /// As [`Process::launch`], and waits until it listens.
    pub async fn start(command: Command, folder: &Path) -> Self {
        Self::launch(command, folder).try_start().await.unwrap_or_else(|log| panic!("{log}"))
    }

    /// Waits until it listens.
    ///
    /// # Errors
    /// It has ended instead. The error is its log.
    pub async fn try_start(mut self) -> Result<Self, String> {
        let mut has_ended = false;
        until("the binary listens or ends", async || {
            has_ended = self.child.try_wait().unwrap().is_some();
            has_ended || self.listening().is_some()
        })
        .await;
        match self.listening() {
            Some(address) if !has_ended => {
                self.address = address;
                Ok(self)
            }
            _ => Err(self.log()),
        }
    }

    fn listening(&self) -> Option<SocketAddr> {
        let log = self.log();
        let mut lines = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let line = lines.find(|line| line["message"] == "listening")?;
        line["address"].as_str()?.parse().ok()
    }

    /// Where it shows its metrics.
    pub fn metrics_address(&self) -> SocketAddr {
        let log = self.log();
        let line = log
            .lines()
            .filter(|line| line.contains("metrics listening"))
            .find_map(|line| serde_json::from_str::<Value>(line).ok()?["address"].as_str()?.parse().ok());
        line.unwrap()
    }

    /// As [`Process::start`], and waits until the keys are loaded and the tables answer.
    pub async fn start_ready(command: Command, folder: &Path) -> Self {
        let process = Self::start(command, folder).await;
        let ready = format!("http://{}/readyz", process.address);
        until("the binary is ready", async || client().get(&ready).send().await.unwrap().status() == 200).await;
        process
    }

    /// A browser that knows this server by the public address of `site`.
    pub fn browser(&self, site: &Site) -> Browser {
        Browser::new(&site.public_url).with_socket(self.address)
    }

    /// The one line of the log with this reference, as soon as it is there.
    pub async fn line_with(&self, reference: &str) -> Value {
        let lines = || {
            self.log()
                .lines()
                .filter(|line| is_of_log(line) && line.contains(reference))
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        until("the reference is in the log", async || !lines().is_empty()).await;
        let [line] = &lines()[..] else { panic!("{reference} is in several lines") };
        serde_json::from_str(line).unwrap()
    }

    /// Forgets how much memory it has had before.
    #[cfg(target_os = "linux")]
    pub fn reset_peak_memory(&self) {
        std::fs::write(format!("/proc/{}/clear_refs", self.child.id()), "5").unwrap();
    }

    /// The most memory that it has had, in bytes.
    #[cfg(target_os = "linux")]
    pub fn peak_memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().strip_suffix(" kB").unwrap().parse::<u64>().unwrap() * 1024
    }

    /// Everything that it has written, on both streams.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    /// Asks it to stop (SIGTERM) and waits until it has. Returns the whole log.
    pub async fn stop(self) -> (ExitStatus, String) {
        self.signal();
        self.ended().await
    }

    /// Asks it to stop (SIGTERM).
    pub fn signal(&self) {
        let asked = Command::new("kill").arg("-TERM").arg(self.child.id().to_string()).status().unwrap();
        assert!(asked.success());
    }

    /// Waits until it has stopped. Returns the whole log.
    pub async fn ended(mut self) -> (ExitStatus, String) {
        until("the binary ends", async || self.child.try_wait().unwrap().is_some()).await;
        (self.child.wait().unwrap(), self.log())
    }

    /// Kills it (SIGKILL), as a power cut does.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Process {
    /// Ends it. A test that fails shows its log.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if thread::panicking()
            && let Ok(log) = std::fs::read_to_string(&self.log)
        {
            eprintln!("The log of the server:\n{log}");
        }
    }
}
