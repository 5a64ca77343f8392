//! Two servers behind a load balancer, each in a process of its own, are restarted one after the other. Then one is killed. Citizens
//! read and save all the while.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex},
    time::Duration,
};

use reqwest::{Client, Error, StatusCode};
use testkit::{Answer, Balancer, Browser, Counts, HealthCheck, TIMEOUT, browser::keep_alive_client, until};
use tokio::{sync::watch, task::JoinSet};

use crate::support::{
    process::{Process, serve},
    site::{Site, SiteOptions},
};

/// Those of itsme with a number and an email address.
const CITIZENS: [&str; 4] = ["an", "bram", "zoe", "eva"];
/// Reads and saves between two steps of the operator.
const BETWEEN_STEPS: usize = 20;
const HEALTH: HealthCheck = HealthCheck { interval: Duration::from_millis(100), unhealthy: 2, healthy: 2 };
/// Longer than the balancer needs to notice, on any machine. A second signal ends it.
const DRAIN: (&str, &str) = ("MYDATA_SHUTDOWN__DRAIN_SECONDS", "300");

/// What citizens have seen.
#[derive(Debug, Default)]
struct Seen {
    rounds: usize,
    /// What came instead of an answer: one line for each request.
    failures: Vec<String>,
    signed_out: Vec<&'static str>,
    lost: Vec<String>,
}

struct Citizen {
    name: &'static str,
    browser: Browser,
    /// The number of the last save, which is its text.
    sent: u64,
    /// That of the last save that was acknowledged or read.
    kept: u64,
    seen: Arc<Mutex<Seen>>,
}

impl Citizen {
    /// Reads and saves.
    async fn round(&mut self) {
        let Some(version) = self.read().await else { return };
        self.sent += 1;
        let text = self.sent.to_string();
        let saved = self.browser.try_post("/api/save_message", &[("text", &text), ("version", &version)]).await;
        if self.expect("save", StatusCode::SEE_OTHER, saved).is_some() {
            self.kept = self.sent;
        }
        self.seen.lock().unwrap().rounds += 1;
    }

    /// Reads the message and compares it. Returns its version.
    async fn read(&mut self) -> Option<String> {
        let page = self.browser.try_get("/my-data").await;
        if page.as_ref().is_ok_and(|page| page.status == StatusCode::SEE_OTHER) {
            self.seen.lock().unwrap().signed_out.push(self.name);
            return None;
        }
        let page = self.expect("read", StatusCode::OK, page)?;
        let found = page.text_area().parse().unwrap_or(0);
        // A save without an answer may have been stored.
        if !(self.kept..=self.sent).contains(&found) {
            let (name, kept, sent) = (self.name, self.kept, self.sent);
            self.seen.lock().unwrap().lost.push(format!("{name}: {found} instead of {kept} to {sent}"));
        }
        self.kept = found;
        Some(page.hidden("version").to_owned())
    }

    fn expect(&self, what: &str, status: StatusCode, answer: Result<Answer, Error>) -> Option<Answer> {
        let failure = match answer {
            Ok(answer) if answer.status == status => return Some(answer),
            Ok(answer) => format!("{}, {what}: {} {}", self.name, answer.status, answer.body),
            Err(error) => format!("{}, {what}: {error:?}", self.name),
        };
        self.seen.lock().unwrap().failures.push(failure);
        None
    }
}

/// Citizens who use the site until they are told to stop.
struct Crowd {
    seen: Arc<Mutex<Seen>>,
    stop: watch::Sender<bool>,
    citizens: JoinSet<Citizen>,
}

impl Crowd {
    /// Signs them all in through the balancer.
    async fn start(site: &Site, balancer: SocketAddr) -> Self {
        let (seen, stop) = (Arc::<Mutex<Seen>>::default(), watch::Sender::new(false));
        let client: Client = keep_alive_client(TIMEOUT);
        let mut citizens = JoinSet::new();
        for (number, name) in (1..).zip(CITIZENS) {
            let mut browser = Browser::new(&site.public_url)
                .with_socket(balancer)
                .with_client(client.clone())
                .with_forwarded_for(Ipv4Addr::new(198, 18, 0, number));
            browser.sign_in(name).await;
            let mut citizen = Citizen { name, browser, sent: 0, kept: 0, seen: Arc::clone(&seen) };
            let stop = stop.subscribe();
            citizens.spawn(async move {
                while !*stop.borrow() {
                    citizen.round().await;
                }
                citizen
            });
        }
        Self { seen, stop, citizens }
    }

    /// Waits until they have read and saved some more.
    async fn go_on(&self) {
        let rounds = || self.seen.lock().unwrap().rounds;
        let before = rounds();
        until("citizens read and save", async || rounds() >= before + BETWEEN_STEPS).await;
    }

    fn failures(&self) -> Vec<String> {
        self.seen.lock().unwrap().failures.clone()
    }

    /// Stops them. Each one reads once more.
    async fn stop(self) -> Seen {
        self.stop.send_replace(true);
        for mut citizen in self.citizens.join_all().await {
            assert!(citizen.read().await.is_some(), "{}", citizen.name);
        }
        std::mem::take(&mut *self.seen.lock().unwrap())
    }
}

async fn start(site: &Site, balancer: &Balancer) -> Process {
    let mut command = serve(site);
    command.env(DRAIN.0, DRAIN.1);
    let process = Process::start(command, site.scratch.path()).await;
    balancer.register(process.address).await;
    process
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn citizens_notice_no_restart_and_of_a_kill_only_what_was_in_flight() {
    let site = Site::start_with(SiteOptions { trusted_proxies: &["127.0.0.1"], ..SiteOptions::default() }).await;
    let balancer = Balancer::start(SocketAddr::from(([127, 0, 0, 1], 0)), HEALTH).await;
    let mut servers = vec![start(&site, &balancer).await, start(&site, &balancer).await];
    let crowd = Crowd::start(&site, balancer.address()).await;

    // A rolling restart. Only `/readyz` tells the balancer of it, and nothing fails.
    for _ in 0..servers.len() {
        crowd.go_on().await;
        let old = servers.remove(0);
        let address = old.address;
        assert!(balancer.counts(address).answered > 0, "it has no citizens");
        old.signal();
        balancer.until_out(address).await;
        crowd.go_on().await;
        old.signal();
        let (status, log) = old.ended().await;
        assert_eq!((status.code(), crowd.failures()), (Some(0), vec![]), "{log}");
        let Counts { failed, refused, .. } = balancer.counts(address);
        assert_eq!((failed, refused), (0, 0), "{log}");
        balancer.deregister(address).await;
        servers.push(start(&site, &balancer).await);
    }
    crowd.go_on().await;
    assert_eq!(crowd.failures(), [""; 0]);

    // A power cut. What was sent to the server and not answered fails. The balancer passes on everything else.
    let (killed, left) = (servers.remove(0), servers[0].address);
    let address = killed.address;
    until("a request is in flight there", async || balancer.counts(address).in_flight > 0).await;
    killed.kill();
    balancer.until_out(address).await;
    crowd.go_on().await;
    let counts = [address, left].map(|server| balancer.counts(server).failed);
    let seen = crowd.stop().await;
    println!("{} rounds; at the kill failed: {:?}", seen.rounds, seen.failures);
    assert_eq!(counts, [seen.failures.len() as u64, 0], "{seen:?}");
    assert!(seen.signed_out.is_empty() && seen.lost.is_empty(), "{seen:?}");
}
