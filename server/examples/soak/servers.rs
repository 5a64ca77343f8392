//! Two servers of one site, each a process of its own, behind a load balancer. Only `/readyz` tells the balancer that one stops.

use std::{
    fs::File,
    net::SocketAddr,
    process::{Command, Stdio},
    sync::Arc,
    time::Duration,
};

use testkit::{Balancer, Counts, Example, HealthCheck, Scratch};
use tokio::{task::block_in_place, time::Instant};

use crate::{
    disturbances::{Disturbances, Phase},
    process::Server,
    rate::Rate,
    report::Report,
    tally::Tally,
};

/// As on AWS, but faster: see `docs/operations.md`.
const HEALTH: HealthCheck = HealthCheck { interval: Duration::from_millis(500), unhealthy: 2, healthy: 2 };
/// For a server that is told to stop. Longer than the balancer needs to notice it.
const DRAIN_SECONDS: u32 = 3;
/// How often to look whether a server has ended.
const PAUSE: Duration = Duration::from_millis(20);
/// Requests a second, at least, in each part of a run.
const RATE: f64 = 200.0;

/// The servers and their balancer.
pub(crate) struct Servers {
    pub(crate) example: Example,
    addresses: [SocketAddr; 2],
    servers: Vec<Server>,
    pub(crate) balancer: Arc<Balancer>,
    restarts: u32,
    /// What became of requests at both servers before one was killed, and how many the kill failed.
    kill: Option<([Counts; 2], u64)>,
    /// How long citizens used the other one afterwards.
    after_kill: Duration,
    /// The log of both servers.
    log: File,
}

impl Servers {
    /// Starts two servers at `ports`, behind a balancer at `port`.
    pub(crate) async fn start(
        example: Example,
        port: u16,
        ports: [u16; 2],
        configuration: impl Fn(&Example) -> Example,
        log: File,
        work: &Scratch,
    ) -> Self {
        let at = |port: u16| SocketAddr::from(([127, 0, 0, 1], port));
        let addresses = ports.map(at);
        let configured = configuration(&example);
        let servers = addresses.map(|address| launch(&configured, address, &log, work)).into();
        let balancer = Arc::new(Balancer::start(at(port), HEALTH).await);
        for address in addresses {
            balancer.register(address).await;
        }
        Self { example, addresses, servers, balancer, restarts: 0, kill: None, after_kill: Duration::ZERO, log }
    }

    /// Restarts one server after the other with another configuration, as an operator does: each is stopped (SIGTERM), and the next
    /// one only when the balancer uses the first again.
    pub(crate) async fn restart(&mut self, configuration: &Example, work: &Scratch) {
        for (server, address) in self.servers.iter_mut().zip(self.addresses) {
            server.terminate().await;
            *server = block_in_place(|| launch(configuration, address, &self.log, work));
            // It has noticed that the old server stopped.
            self.balancer.until_ready(address).await;
            self.restarts += 1;
        }
    }

    /// Kills a server (SIGKILL) and leaves it dead. The disturbance ends when the balancer has noticed. Citizens stay until `end`.
    pub(crate) async fn kill_one(&mut self, disturbances: &Disturbances, end: Instant) {
        let address = self.addresses[0];
        println!("        {}", Phase::ServerKilled);
        disturbances.begin(Phase::ServerKilled);
        let before = self.counts();
        let child = &mut self.servers[0].child;
        child.kill().and_then(|()| child.wait()).expect("the server");
        self.balancer.until_out(address).await;
        disturbances.end_after(Duration::ZERO);
        self.after_kill = end.saturating_duration_since(Instant::now());
        self.kill = Some((before, self.balancer.counts(address).failed - before[0].failed));
    }

    fn counts(&self) -> [Counts; 2] {
        self.addresses.map(|address| self.balancer.counts(address))
    }

    /// Reports what the balancer has seen, and compares it with what citizens have seen.
    pub(crate) fn report(&self, report: &mut Report, rate: &Rate, tally: &Tally, restarts: u32) {
        report.at_least("requests per second in the slowest ten seconds", rate.slowest(), RATE);
        report.at_least("restarts of a server", self.restarts.into(), restarts.into());
        let sum = |counts: [Counts; 2], of: fn(Counts) -> u64| counts.map(of).iter().sum::<u64>() as f64;
        let (before, at_kill) = self.kill.unwrap_or((self.counts(), 0));
        // AWS's load balancer answers these with 502.
        let refused = sum(before, |counts| counts.refused);
        report.at_most("requests that a server which had stopped refused, and the other got", refused, 0.0);
        let unexpected = sum(self.counts(), |counts| counts.failed) - at_kill as f64;
        report.at_most("requests that failed while no server was killed", unexpected, 0.0);
        report.at_least("seconds of use after a server was killed", self.after_kill.as_secs_f64(), 1.0);
        report.number("requests in flight at the killed server that failed", at_kill as f64);
        let more = f64::from(tally.errors_in(Phase::ServerKilled)) - at_kill as f64;
        report.at_most("other failures at the kill", more.abs(), 0.0);
    }
}

/// Starts a server at `address`.
fn launch(configuration: &Example, address: SocketAddr, log: &File, work: &Scratch) -> Server {
    let toml = configuration
        .clone()
        .with(&format!("[shutdown]\ndrain_seconds = {DRAIN_SECONDS}"))
        .listen(&address.to_string())
        .to_toml();
    let config = work.file(&format!("{}.toml", address.port()), &toml);
    let log = log.try_clone().expect("the log");
    Server::start(&config, &format!("http://{address}"), Stdio::from(log))
}

impl Server {
    /// Stops it as an operator does (SIGTERM), and waits until it has ended.
    async fn terminate(&mut self) {
        let sent = Command::new("kill").arg("-TERM").arg(self.child.id().to_string()).status();
        assert!(sent.is_ok_and(|status| status.success()), "the server is gone");
        while self.child.try_wait().expect("a status").is_none() {
            tokio::time::sleep(PAUSE).await;
        }
    }
}
