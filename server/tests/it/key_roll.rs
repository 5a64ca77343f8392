//! A key or a secret of the bridge is replaced, as the guide describes, while citizens sign in. Two servers run behind a load balancer and
//! are restarted one by one for each change of the configuration.

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use local::{Options, Stack};
use server::{
    aws,
    config::{ClientSecret, Config, Source},
    federation::{self, KeyType},
    secret::Secret,
};
use testkit::{Balancer, Browser, Example, HealthCheck, Scratch, example::Provider, until};
use tokio::{
    task::{JoinHandle, JoinSet},
    time::{MissedTickBehavior, interval},
};

use crate::support::{server::RunningServer, site::client_of};

/// Sign-ins that start in a second, if the machine is fast enough.
const PER_SECOND: u32 = 50;
/// The limit of simultaneous sign-ins, for a slow machine.
const MAX_CONCURRENT: u32 = 100;
/// Sign-ins between two steps of the operator.
const BETWEEN_STEPS: u32 = 25;

/// Each step takes a server out of the balancer, and does not wait for a check.
const HEALTH: HealthCheck = HealthCheck { interval: Duration::from_secs(1), unhealthy: 2, healthy: 1 };

struct Fleet {
    scratch: Scratch,
    stack: Stack,
    balancer: Balancer,
    servers: Vec<RunningServer>,
}

impl Fleet {
    /// Two servers that sign with the first of `keys`.
    async fn start(scratch: Scratch, keys: &[&Path]) -> Self {
        let balancer = Balancer::start(SocketAddr::from(([127, 0, 0, 1], 0)), HEALTH).await;
        let stack = Stack::start(Options {
            data_dir: scratch.path().join("data"),
            app_origin: format!("http://{}", balancer.address()),
            client_secret: None,
            deployed: None,
        })
        .await
        .unwrap();
        let mut fleet = Self { scratch, stack, balancer, servers: Vec::new() };
        let config = fleet.config(keys);
        let tables = client_of(&fleet.stack.settings().dynamodb_endpoint);
        aws::create_tables(&tables, &config.dynamodb).await.unwrap();
        for _ in 0..2 {
            let server = RunningServer::start_ready(config.clone()).await;
            fleet.balancer.register(server.address).await;
            fleet.servers.push(server);
        }
        fleet
    }

    fn config(&self, keys: &[&Path]) -> Config {
        let settings = self.stack.settings();
        let example = Example::stand_ins(&format!("http://{}", self.balancer.address()), settings)
            .trusted_proxies(&["127.0.0.1"])
            .site_root(&self.scratch.site_root())
            .providers(Provider::all_stand_ins(settings, keys));
        Config::read(Source::from_toml(&example.to_toml())).unwrap()
    }

    /// The same with `secret`, and with the previous secret if there is one.
    fn config_with_secrets(&self, keys: &[&Path], secret: &str, previous: Option<&str>) -> Config {
        let mut config = self.config(keys);
        let bridge = config.providers.iter_mut().find_map(|provider| provider.bridge.as_mut()).unwrap();
        let text = |secret| ClientSecret::Text(Secret::new(secret));
        (bridge.client_secret, bridge.previous_client_secret) = (text(secret), previous.map(text));
        config
    }

    /// Replaces the servers one by one with new ones that have these keys. The old one finishes its requests first.
    async fn roll(&mut self, keys: &[&Path]) {
        self.roll_to(self.config(keys)).await;
    }

    async fn roll_to(&mut self, config: Config) {
        for _ in 0..self.servers.len() {
            let old = self.servers.remove(0);
            self.balancer.deregister(old.address).await;
            let new = RunningServer::start_ready(config.clone()).await;
            self.balancer.register(new.address).await;
            self.servers.push(new);
            old.stop().await;
        }
    }

    fn register(&self, certificate: &str) {
        assert!(self.stack.provider("login_gov").unwrap().registration().add_certificate(certificate));
    }
}

/// Citizens that sign in, until they are told to stop.
struct Citizens {
    stop: Arc<AtomicBool>,
    done: Arc<AtomicU32>,
    arriving: JoinHandle<()>,
}

impl Citizens {
    fn start(origin: String, address: SocketAddr) -> Self {
        let (stop, done) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU32::new(0)));
        let arriving = tokio::spawn({
            let (stop, done) = (Arc::clone(&stop), Arc::clone(&done));
            async move {
                let mut ticks = interval(Duration::from_secs(1) / PER_SECOND);
                ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
                let mut under_way = JoinSet::new();
                let mut count: u32 = 0;
                while !stop.load(Ordering::SeqCst) {
                    ticks.tick().await;
                    while under_way.len() >= MAX_CONCURRENT as usize {
                        under_way.join_next().await.unwrap().unwrap();
                    }
                    count += 1;
                    // Each has its own address, because sign-ins from one address are limited.
                    let mut browser = Browser::new(&origin)
                        .with_socket(address)
                        .with_forwarded_for(Ipv4Addr::from(0x0a00_0000 + count));
                    let done = Arc::clone(&done);
                    under_way.spawn(async move {
                        sign_in(&mut browser).await;
                        done.fetch_add(1, Ordering::SeqCst);
                    });
                }
                while let Some(signed_in) = under_way.join_next().await {
                    signed_in.unwrap();
                }
            }
        });
        Self { stop, done, arriving }
    }

    /// Waits until `more` have signed in.
    async fn wait_for(&self, more: u32) {
        let before = self.done.load(Ordering::SeqCst);
        until("citizens sign in", async || {
            self.done.load(Ordering::SeqCst) >= before + more || self.arriving.is_finished()
        })
        .await;
        assert!(!self.arriving.is_finished(), "a sign-in failed");
    }

    async fn stop(self) -> u32 {
        self.stop.store(true, Ordering::SeqCst);
        self.arriving.await.unwrap();
        self.done.load(Ordering::SeqCst)
    }
}

async fn sign_in(browser: &mut Browser) {
    let callback = browser.decide("/login/login_gov", "an", "approve").await;
    let answer = browser.get(&callback).await;
    assert_eq!((answer.status.as_u16(), answer.header("location")), (303, "/my-data"), "{}", answer.body);
}

/// A key and its certificate.
fn new_key(folder: &Path, name: &str) -> (PathBuf, String) {
    let [key, certificate] = federation::new_key(&folder.join(name), KeyType::Rsa2048).unwrap();
    (key, std::fs::read_to_string(certificate).unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_sign_in_fails_while_a_key_is_replaced() {
    let scratch = Scratch::make();
    let (old, old_certificate) = new_key(scratch.path(), "login-gov-2026");
    let (new, new_certificate) = new_key(scratch.path(), "login-gov-2027");
    let mut fleet = Fleet::start(scratch, &[&old]).await;
    fleet.register(&old_certificate);
    let origin = format!("http://{}", fleet.balancer.address());
    let citizens = Citizens::start(origin, fleet.balancer.address());
    let started = Instant::now();
    citizens.wait_for(BETWEEN_STEPS).await;

    fleet.roll(&[&old, &new]).await;
    citizens.wait_for(BETWEEN_STEPS).await;
    fleet.register(&new_certificate);
    citizens.wait_for(BETWEEN_STEPS).await;
    fleet.roll(&[&new, &old]).await;
    citizens.wait_for(BETWEEN_STEPS).await;
    fleet.roll(&[&new]).await;
    fleet.stack.provider("login_gov").unwrap().registration().remove_certificate(&old_certificate);
    citizens.wait_for(BETWEEN_STEPS).await;

    let done = citizens.stop().await;
    println!("{done} sign-ins in {:.1} s while a key was replaced, none failed", started.elapsed().as_secs_f64());
    assert!(done >= 5 * BETWEEN_STEPS, "{done}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_sign_in_fails_while_the_client_secret_is_replaced() {
    let scratch = Scratch::make();
    let (key, certificate) = new_key(scratch.path(), "login-gov-2026");
    let mut fleet = Fleet::start(scratch, &[&key]).await;
    fleet.register(&certificate);
    let citizens = Citizens::start(format!("http://{}", fleet.balancer.address()), fleet.balancer.address());
    citizens.wait_for(BETWEEN_STEPS).await;

    let login_gov = fleet.stack.settings().provider("login_gov").unwrap();
    let (name, old) = (login_gov.name.clone(), login_gov.bridge.as_ref().unwrap().client_secret.clone());
    let new = "the-new-secret-of-cognito-at-the-bridge-0000";
    fleet.roll_to(fleet.config_with_secrets(&[&key], new, Some(&old))).await;
    citizens.wait_for(BETWEEN_STEPS).await;
    assert!(fleet.stack.user_pool().set_provider_secret(&name, new));
    citizens.wait_for(BETWEEN_STEPS).await;
    fleet.roll_to(fleet.config_with_secrets(&[&key], new, None)).await;
    citizens.wait_for(BETWEEN_STEPS).await;
    let done = citizens.stop().await;
    assert!(done >= 4 * BETWEEN_STEPS, "{done}");
}
