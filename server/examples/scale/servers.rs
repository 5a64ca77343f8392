//! The two servers, each a process of its own, and what they use.

use std::{
    env,
    fs::{self, File},
    net::SocketAddr,
    ops::Sub,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use reqwest::StatusCode;
use testkit::{Example, Scratch, client};

/// Linux reports processor time in hundredths of a second, whatever its own clock is (`man 5 proc`, `USER_HZ`).
const TICKS_PER_SECOND: f64 = 100.0;

/// What the servers have used since they started.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Used {
    /// Of both.
    pub(crate) cpu_seconds: f64,
    pub(crate) cpu_seconds_of_each: [f64; 2],
    /// Of the log and the security log of both.
    pub(crate) log_bytes: u64,
}

impl Sub for Used {
    type Output = Self;

    fn sub(self, earlier: Self) -> Self {
        let [first, second] = self.cpu_seconds_of_each;
        let [earlier_first, earlier_second] = earlier.cpu_seconds_of_each;
        Self {
            cpu_seconds: self.cpu_seconds - earlier.cpu_seconds,
            cpu_seconds_of_each: [first - earlier_first, second - earlier_second],
            log_bytes: self.log_bytes - earlier.log_bytes,
        }
    }
}

/// The servers. Dropping this value ends them.
pub(crate) struct Servers {
    children: [Child; 2],
    logs: Vec<PathBuf>,
    binary: PathBuf,
}

impl Servers {
    /// Starts them at `addresses`, with their logs in `folder`, and waits until they are ready.
    pub(crate) async fn start(example: &Example, addresses: [SocketAddr; 2], work: &Scratch, folder: &Path) -> Self {
        let binary = env::var_os("SCALE_SERVER").map_or_else(crate::process::binary, PathBuf::from);
        let mut logs = Vec::new();
        let children = addresses.map(|address| {
            let toml = example.clone().listen(&address.to_string()).to_toml();
            let config = work.file(&format!("{}.toml", address.port()), &toml);
            let mut log = |name: &str| {
                let path = folder.join(format!("{}-{}.log", name, logs.len() / 2 + 1));
                let file = File::create(&path).expect("a log");
                logs.push(path);
                Stdio::from(file)
            };
            let (security, general) = (log("security"), log("server"));
            let mut command = Command::new(&binary);
            command.arg("--config").arg(config).env("RUST_LOG", "info").stdout(security).stderr(general);
            command.spawn().expect("the server")
        });
        let servers = Self { children, logs, binary };
        for address in addresses {
            let started = Instant::now();
            let url = format!("http://{address}/readyz");
            while !client().get(&url).send().await.is_ok_and(|answer| answer.status() == StatusCode::OK) {
                assert!(started.elapsed() < Duration::from_secs(30), "a server is not ready: see {}", folder.display());
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
        servers
    }

    /// How the server was built, by the name of its folder.
    pub(crate) fn build(&self) -> String {
        let folder = self.binary.parent().and_then(Path::file_name).unwrap_or_default();
        folder.to_string_lossy().into_owned()
    }

    pub(crate) fn used(&self) -> Used {
        let cpu_seconds_of_each = [0, 1].map(|index: usize| self.cpu_seconds(index));
        let sizes = self.logs.iter().map(|path| fs::metadata(path).map_or(0, |file| file.len()));
        Used { cpu_seconds: cpu_seconds_of_each.iter().sum(), cpu_seconds_of_each, log_bytes: sizes.sum() }
    }

    /// The time that one server has spent on a processor, in user and kernel mode. Only on Linux.
    fn cpu_seconds(&self, index: usize) -> f64 {
        let path = format!("/proc/{}/stat", self.children[index].id());
        let stat = fs::read_to_string(path).expect("processor times: this program needs Linux");
        // The name of the program, in parentheses, is the second field.
        let (_, fields) = stat.rsplit_once(')').expect("a name");
        let ticks = fields.split_whitespace().skip(11).take(2);
        ticks.map(|ticks| ticks.parse::<f64>().expect("a number")).sum::<f64>() / TICKS_PER_SECOND
    }

    /// The resident set of each server, in megabytes.
    pub(crate) fn memory_mb(&self) -> [f64; 2] {
        [0, 1].map(|index: usize| {
            let status = fs::read_to_string(format!("/proc/{}/status", self.children[index].id())).unwrap_or_default();
            let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
            line.trim().trim_end_matches(" kB").parse::<f64>().map_or(0.0, |kilobytes| (kilobytes / 1024.0).round())
        })
    }
}

impl Drop for Servers {
    fn drop(&mut self) {
        for child in &mut self.children {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
