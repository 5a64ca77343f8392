//! The server to be measured, in a process of its own.

use std::{
    env, fs,
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use testkit::{Example, example::Cognito};

pub(crate) struct Server {
    pub(crate) child: Child,
    /// From the start of the process to the first 200 of `/`, in milliseconds.
    pub(crate) first_answer_ms: f64,
}

impl Server {
    /// Starts the server of the same build as this program, with its log in `log` and without its security log, and waits for its
    /// first page. It asks every millisecond, and not the log as the tests do, because the time of that page is measured.
    pub(crate) fn start(config: &Path, origin: &str, log: Stdio) -> Self {
        let address = origin.trim_start_matches("http://");
        let started = Instant::now();
        let child = Command::new(binary())
            .arg("--config")
            .arg(config)
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("the server: build it first, as `make release` does");
        // Dropping this value ends the process, even if it never answers.
        let mut server = Self { child, first_answer_ms: 0.0 };
        while !is_ok(address) {
            assert!(started.elapsed() < Duration::from_secs(10), "the server does not answer");
            std::thread::sleep(Duration::from_millis(1));
        }
        server.first_answer_ms = started.elapsed().as_secs_f64() * 1_000.0;
        server
    }

    /// A line of the process's status, in megabytes; `None` on systems other than Linux. `VmRSS` is the resident set, `VmHWM` its
    /// peak.
    pub(crate) fn memory_mb(&self, line: &str) -> Option<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let value = status.lines().find_map(|found| found.strip_prefix(line)?.strip_prefix(':'))?;
        Some(value.trim().trim_end_matches(" kB").parse::<f64>().ok()? / 1024.0)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The server in the folder above that of this program, such as `target/release`.
pub(crate) fn binary() -> PathBuf {
    let program = env::current_exe().expect("the path of this program");
    program.parent().and_then(Path::parent).expect("a folder of the build").join("server")
}

fn is_ok(address: &str) -> bool {
    let Ok(mut stream) = TcpStream::connect(address) else { return false };
    let mut start = [0; 12];
    let asked = stream.write_all(format!("GET / HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n").as_bytes());
    asked.is_ok() && stream.read_exact(&mut start).is_ok() && &start == b"HTTP/1.1 200"
}

/// Free ports, below those that systems give to outgoing connections: such a connection would take a port whose listener is
/// restarted.
pub(crate) fn free_ports<const N: usize>() -> [u16; N] {
    // Simultaneous runs start at different ones.
    let first = 12_000 + u16::try_from(std::process::id() % 10_000).unwrap_or_default();
    let mut free = (first..32_000).filter(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok());
    std::array::from_fn(|_| free.next().expect("a port"))
}

/// A deployment at `origin`, except that its user pool is a stand-in.
pub(crate) fn deployment(origin: &str, cognito: Cognito, dynamodb_endpoint: &str) -> Example {
    Example::at(origin, cognito)
        .listen(origin.trim_start_matches("http://"))
        // The programs are the balancer of their citizens.
        .trusted_proxies(&["127.0.0.1"])
        .site_root(&site_root())
        .dynamodb_endpoint(dynamodb_endpoint)
}

/// The files for browsers.
pub(crate) fn site_root() -> PathBuf {
    env::current_dir().expect("a working directory").join("target/site")
}
