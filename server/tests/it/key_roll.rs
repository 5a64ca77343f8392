//! A key of the bridge rolls, as the guide says, while citizens go on signing in: two servers behind a balancer, restarted one by
//! one with each change of the configuration.

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use local::{Options, Stack};
use server::{
    HEAD_PATIENCE,
    config::{Config, Source},
    dynamodb, federation,
};
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::{JoinHandle, JoinSet},
    time::{MissedTickBehavior, interval},
};

use crate::support::{
    browser::{Browser, client},
    scratch::Scratch,
    site::{KEY, client_of, cognito, providers},
    until,
};

/// How many sign-ins begin in a second, where the machine can do that many.
const A_SECOND: u32 = 50;
/// How many are under way at the most: a slow machine begins fewer.
const AT_ONCE: u32 = 100;
/// How many are to be done between two steps of the operator.
const BETWEEN: u32 = 25;

/// Sends each connection to one of the servers that are in turn.
struct Balancer {
    address: SocketAddr,
    in_turn: Arc<Mutex<Vec<SocketAddr>>>,
    task: JoinHandle<()>,
}

impl Balancer {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let in_turn = Arc::new(Mutex::new(Vec::<SocketAddr>::new()));
        let task = tokio::spawn({
            let in_turn = Arc::clone(&in_turn);
            async move {
                let mut open = JoinSet::new();
                loop {
                    let (mut near, _) = listener.accept().await.unwrap();
                    let next = {
                        let mut in_turn = in_turn.lock().unwrap();
                        in_turn.rotate_left(1);
                        in_turn[0]
                    };
                    open.spawn(async move {
                        let mut far = TcpStream::connect(next).await.unwrap();
                        let _ = copy_bidirectional(&mut near, &mut far).await;
                    });
                    while open.try_join_next().is_some() {}
                }
            }
        });
        Self { address, in_turn, task }
    }

    fn take_out(&self, server: SocketAddr) {
        self.in_turn.lock().unwrap().retain(|address| *address != server);
    }

    fn put_in(&self, server: SocketAddr) {
        self.in_turn.lock().unwrap().push(server);
    }
}

impl Drop for Balancer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

struct Server {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Server {
    async fn start(toml: &str) -> Self {
        let config = Config::read(Source::from_toml(toml)).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let task = tokio::spawn(async move {
            let stopped = async move { drop(stopped.await) };
            server::run(config, listener, HEAD_PATIENCE, stopped).await.unwrap();
        });
        until("the server is ready", async || {
            let answer = client().get(format!("http://{address}/readyz")).send().await;
            answer.is_ok_and(|answer| answer.status() == 200)
        })
        .await;
        Self { address, stop, task }
    }
}

struct Fleet {
    scratch: Scratch,
    stack: Stack,
    balancer: Balancer,
    servers: Vec<Server>,
}

impl Fleet {
    /// Two servers that sign with the first of `keys`.
    async fn start(scratch: Scratch, keys: &[&Path]) -> Self {
        let balancer = Balancer::start().await;
        let stack = Stack::start(Options {
            data_dir: scratch.path().join("data"),
            app_origin: format!("http://{}", balancer.address),
            client_secret: None,
        })
        .await
        .unwrap();
        let mut fleet = Self { scratch, stack, balancer, servers: Vec::new() };
        let toml = fleet.toml(keys);
        let config = Config::read(Source::from_toml(&toml)).unwrap();
        let tables = client_of(&fleet.stack.settings().dynamodb_endpoint);
        dynamodb::create_tables(&tables, &config.dynamodb).await.unwrap();
        for _ in 0..2 {
            let server = Server::start(&toml).await;
            fleet.balancer.put_in(server.address);
            fleet.servers.push(server);
        }
        fleet
    }

    fn toml(&self, keys: &[&Path]) -> String {
        let settings = self.stack.settings();
        format!(
            "public_url = \"http://{}\"\nsite_root = \"{}\"\n[cognito]\n{}[dynamodb]\nendpoint_url = \"{}\"\n\
             [pseudonym]\nkey = \"{KEY}\"\n{}",
            self.balancer.address,
            self.scratch.site_root().display(),
            cognito(settings),
            settings.dynamodb_endpoint,
            providers(settings, keys),
        )
    }

    /// Restarts the servers one by one with these keys: out of the balancer, its requests to their end, and in again.
    async fn roll(&mut self, keys: &[&Path]) {
        let toml = self.toml(keys);
        for _ in 0..self.servers.len() {
            let old = self.servers.remove(0);
            self.balancer.take_out(old.address);
            let new = Server::start(&toml).await;
            self.balancer.put_in(new.address);
            self.servers.push(new);
            old.stop.send(()).unwrap();
            old.task.await.unwrap();
        }
    }

    fn register(&self, certificate: &str) {
        assert!(self.stack.login_gov().registration().add_certificate(certificate));
    }
}

/// Citizens who come and sign in, until they are told to stop.
struct Citizens {
    stop: Arc<AtomicBool>,
    done: Arc<AtomicU32>,
    coming: JoinHandle<()>,
}

impl Citizens {
    fn come(origin: String, address: SocketAddr) -> Self {
        let (stop, done) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU32::new(0)));
        let coming = tokio::spawn({
            let (stop, done) = (Arc::clone(&stop), Arc::clone(&done));
            async move {
                let mut ticks = interval(Duration::from_secs(1) / A_SECOND);
                ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
                let mut under_way = JoinSet::new();
                let mut count: u32 = 0;
                while !stop.load(Ordering::SeqCst) {
                    ticks.tick().await;
                    while under_way.len() >= AT_ONCE as usize {
                        under_way.join_next().await.unwrap().unwrap();
                    }
                    count += 1;
                    let mut browser = Browser::new(&origin, address);
                    // Each from an address of its own: one address may not sign in so often.
                    browser.address = Some(Ipv4Addr::from(0x0a00_0000 + count));
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
        Self { stop, done, coming }
    }

    /// Until so many more have signed in.
    async fn sign_in(&self, more: u32) {
        let before = self.done.load(Ordering::SeqCst);
        until("citizens sign in", async || {
            self.done.load(Ordering::SeqCst) >= before + more || self.coming.is_finished()
        })
        .await;
        assert!(!self.coming.is_finished(), "a sign-in failed");
    }

    async fn go(self) -> u32 {
        self.stop.store(true, Ordering::SeqCst);
        self.coming.await.unwrap();
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
    let [key, certificate] = federation::new_key(&folder.join(name)).unwrap();
    (key, std::fs::read_to_string(certificate).unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_sign_in_fails_while_a_key_rolls() {
    let scratch = Scratch::make();
    let (old, old_certificate) = new_key(scratch.path(), "login-gov-2026");
    let (new, new_certificate) = new_key(scratch.path(), "login-gov-2027");
    let mut fleet = Fleet::start(scratch, &[&old]).await;
    fleet.register(&old_certificate);
    let origin = format!("http://{}", fleet.balancer.address);
    let citizens = Citizens::come(origin, fleet.balancer.address);
    let began = Instant::now();
    citizens.sign_in(BETWEEN).await;

    fleet.roll(&[&old, &new]).await;
    citizens.sign_in(BETWEEN).await;
    fleet.register(&new_certificate);
    citizens.sign_in(BETWEEN).await;
    fleet.roll(&[&new, &old]).await;
    citizens.sign_in(BETWEEN).await;
    fleet.roll(&[&new]).await;
    fleet.stack.login_gov().registration().remove_certificate(&old_certificate);
    citizens.sign_in(BETWEEN).await;

    let done = citizens.go().await;
    println!("{done} sign-ins in {:.1} s while a key rolled, none failed", began.elapsed().as_secs_f64());
    assert!(done >= 5 * BETWEEN, "{done}");
}
