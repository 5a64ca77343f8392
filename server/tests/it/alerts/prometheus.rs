//! A real Prometheus on loopback. `PROMETHEUS` names another program than `prometheus`.

use std::{
    fs::File,
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::Value;
use testkit::client;
use url::Url;

/// Much longer than a rule needs to fire or to end, on a busy machine too, so that only a bug reaches it.
const TIMEOUT: Duration = Duration::from_secs(150);

/// Polls until `holds` is true. Prometheus looks once a second, so this waits longer than `testkit::until`.
pub async fn eventually(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let began = Instant::now();
    while !holds().await {
        assert!(began.elapsed() < TIMEOUT, "{what}: not within {} s", TIMEOUT.as_secs());
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

pub struct Prometheus {
    child: Child,
    address: SocketAddr,
}

impl Prometheus {
    /// Starts it in `folder`, with the alert rules `rules`. It reads the metrics of the server at `target` every second, in a job
    /// with the name `mydata`.
    pub async fn start(folder: &Path, target: SocketAddr, rules: &str) -> Self {
        let folder = folder.join("prometheus");
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join("rules.yml"), rules).unwrap();
        let config = format!(
            "global: {{ scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s }}\nrule_files: [rules.yml]\n\
             scrape_configs:\n  - job_name: mydata\n    static_configs: [{{ targets: [\"{target}\"] }}]\n"
        );
        let file = folder.join("prometheus.yml");
        std::fs::write(&file, config).unwrap();
        let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let log = File::create(folder.join("log")).unwrap();
        let program = std::env::var_os("PROMETHEUS").unwrap_or_else(|| "prometheus".into());
        let mut command = Command::new(program);
        command.arg(format!("--config.file={}", file.display())).arg(format!("--web.listen-address={address}"));
        command.arg(format!("--storage.tsdb.path={}", folder.join("data").display())).arg("--log.level=warn");
        command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        let child = command.spawn().expect("Prometheus is installed: scripts/set-up.sh drills");
        let mut started = Self { child, address };
        eventually("Prometheus is ready", async || {
            let log = || std::fs::read_to_string(folder.join("log")).unwrap();
            assert_eq!(started.child.try_wait().unwrap(), None, "{}", log());
            let url = format!("http://{address}/-/ready");
            client().get(url).send().await.is_ok_and(|answer| answer.status() == 200)
        })
        .await;
        started
    }

    async fn get(&self, path: &str, query: &[(&str, &str)]) -> Value {
        let url = Url::parse_with_params(&format!("http://{}/api/v1/{path}", self.address), query).unwrap();
        let answer = client().get(url).send().await.unwrap().text().await.unwrap();
        serde_json::from_str(&answer).unwrap()
    }

    /// The series that `query` has now.
    pub async fn series(&self, query: &str) -> Result<Vec<Value>, String> {
        let mut answer = self.get("query", &[("query", query)]).await;
        if answer["status"] != "success" {
            return Err(answer["error"].to_string());
        }
        match answer["data"]["result"].take() {
            Value::Array(series) => Ok(series),
            other => Err(format!("no series: {other}")),
        }
    }

    /// The names of the alerts whose condition holds. `is_firing`: only those that have fired.
    pub async fn alerts(&self, is_firing: bool) -> Vec<String> {
        let answer = self.get("alerts", &[]).await;
        let alerts = answer["data"]["alerts"].as_array().unwrap();
        let alerts = alerts.iter().filter(|alert| !is_firing || alert["state"] == "firing");
        alerts.map(|alert| alert["labels"]["alertname"].as_str().unwrap().to_owned()).collect()
    }
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
