//! The server under measurement, as a process of its own.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use local::Settings;

pub(crate) struct Server {
    child: Child,
    /// From the start of the process to the first 200 of `/`, in milliseconds.
    pub(crate) first_answer_ms: f64,
}

impl Server {
    /// Starts `target/release/server` and waits for its first page.
    pub(crate) fn start(config: &Path, origin: &str) -> Self {
        let address = origin.trim_start_matches("http://");
        let began = Instant::now();
        let child = Command::new("target/release/server")
            .arg("--config")
            .arg(config)
            .stderr(Stdio::null())
            .spawn()
            .expect("target/release/server: run `make release` first");
        while !is_ok(address) {
            assert!(began.elapsed() < Duration::from_secs(10), "the server does not answer");
            std::thread::sleep(Duration::from_millis(1));
        }
        Self { child, first_answer_ms: began.elapsed().as_secs_f64() * 1_000.0 }
    }

    /// The resident set, where the system tells it (Linux).
    pub(crate) fn resident_mb(&self) -> Option<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        Some(line.trim().trim_end_matches(" kB").parse::<f64>().ok()? / 1024.0)
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

pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port()
}

/// The configuration of a deployment, but for the stand-ins.
pub(crate) fn write_config(work: &Path, origin: &str, settings: &Settings) -> PathBuf {
    let Settings { region, user_pool_id, client_id, issuer, domain_url, dynamodb_endpoint, provider_name, .. } =
        settings;
    let listen = origin.trim_start_matches("http://");
    let site = std::env::current_dir().expect("a folder").join("target/site");
    let text = format!(
        r#"public_url = "{origin}"
listen = "{listen}"
site_root = "{site}"
[cognito]
region = "{region}"
user_pool_id = "{user_pool_id}"
user_pool_web_client_id = "{client_id}"
issuer = "{issuer}"
domain_url = "{domain_url}"
[[providers]]
id = "itsme"
name = "{provider_name}"
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
