//! The server under measurement, as a process of its own.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use local::user_pool::{CLIENT_ID, REGION, USER_POOL_ID};

pub(crate) struct Server {
    pub(crate) child: Child,
    /// From the start of the process to the first 200 of `/`, in milliseconds.
    pub(crate) first_answer_ms: f64,
}

impl Server {
    /// Starts `target/release/server`, whose log goes to `log`, and waits for its first page.
    pub(crate) fn start(config: &Path, origin: &str, log: Stdio) -> Self {
        let address = origin.trim_start_matches("http://");
        let began = Instant::now();
        let child = Command::new("target/release/server")
            .arg("--config")
            .arg(config)
            .stderr(log)
            .spawn()
            .expect("target/release/server: run `make release` first");
        // From here on the process ends with this value, also if it never answers.
        let mut server = Self { child, first_answer_ms: 0.0 };
        while !is_ok(address) {
            assert!(began.elapsed() < Duration::from_secs(10), "the server does not answer");
            std::thread::sleep(Duration::from_millis(1));
        }
        server.first_answer_ms = began.elapsed().as_secs_f64() * 1_000.0;
        server
    }

    /// A line of the process's status in megabytes, where the system tells it (Linux): `VmRSS` is the resident set now, `VmHWM`
    /// the largest that it ever was.
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

fn is_ok(address: &str) -> bool {
    let Ok(mut stream) = TcpStream::connect(address) else { return false };
    let mut start = [0; 12];
    let asked = stream.write_all(format!("GET / HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n").as_bytes());
    asked.is_ok() && stream.read_exact(&mut start).is_ok() && &start == b"HTTP/1.1 200"
}

/// Ports that nobody listens on, below those that systems give to outgoing connections: one whose listener is away for a while
/// is not taken by such a connection.
pub(crate) fn free_ports<const N: usize>() -> [u16; N] {
    // Runs at the same time look at different ones first.
    let first = 12_000 + u16::try_from(std::process::id() % 10_000).unwrap_or_default();
    let mut free = (first..32_000).filter(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok());
    std::array::from_fn(|_| free.next().expect("a port"))
}

/// Where the stand-ins are.
pub(crate) struct Addresses {
    pub(crate) issuer: String,
    pub(crate) domain_url: String,
    pub(crate) dynamodb_endpoint: String,
}

/// The configuration of a deployment, but for the stand-ins.
pub(crate) fn write_config(work: &Path, origin: &str, addresses: &Addresses) -> PathBuf {
    let Addresses { issuer, domain_url, dynamodb_endpoint } = addresses;
    let listen = origin.trim_start_matches("http://");
    let site = std::env::current_dir().expect("a folder").join("target/site");
    let text = format!(
        r#"public_url = "{origin}"
listen = "{listen}"
site_root = "{site}"
[cognito]
region = "{REGION}"
user_pool_id = "{USER_POOL_ID}"
user_pool_web_client_id = "{CLIENT_ID}"
issuer = "{issuer}"
domain_url = "{domain_url}"
[[providers]]
id = "itsme"
name = "itsme"
namespace = "BE"
kind = "itsme"
[dynamodb]
endpoint_url = "{dynamodb_endpoint}"
[pseudonym]
key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
"#,
        site = site.display()
    );
    let path = work.join("config.toml");
    fs::write(&path, text).expect("the configuration");
    path
}
