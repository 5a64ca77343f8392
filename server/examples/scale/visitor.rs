//! A citizen's browser, and what it does on the site.

use std::{
    collections::BTreeMap,
    fs,
    net::Ipv4Addr,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use reqwest::{Client, Method, StatusCode, header::ACCEPT_ENCODING};
use serde_json::{Value, json};
use testkit::{Answer, Browser};
use tokio::sync;

use crate::plan::Action;

/// About as long as the messages that the model calculates with.
const MESSAGE: &str = "A line of text that somebody wrote. ";
const LINES: usize = 14;

/// Shared by all visitors.
pub(crate) struct World {
    origin: String,
    client: Client,
    /// What a browser loads on its first visit besides pages.
    files: Vec<String>,
    /// Of each citizen: held during a visit.
    turns: Vec<sync::Mutex<()>>,
    /// The version of each citizen's message.
    saved: Mutex<BTreeMap<u32, u64>>,
}

impl World {
    pub(crate) fn new(origin: String, client: Client, site: &Path, citizens: u16) -> Self {
        let pkg = fs::read_dir(site.join("pkg")).expect("the site: build it first");
        let names = pkg.filter_map(|file| file.ok()?.file_name().into_string().ok());
        let mut files: Vec<_> = names
            .filter(|name| name.ends_with(".js") || name.ends_with(".wasm"))
            .map(|name| format!("/pkg/{name}"))
            .collect();
        files.push("/favicon.svg".to_owned());
        let turns = (0..=citizens).map(|_| sync::Mutex::default()).collect();
        Self { origin, client, files, turns, saved: Mutex::default() }
    }

    /// Waits until no other visit of this citizen is in progress.
    pub(crate) async fn turn(&self, citizen: u32) -> sync::MutexGuard<'_, ()> {
        self.turns[citizen as usize].lock().await
    }
}

pub(crate) struct Visitor {
    world: Arc<World>,
    citizen: u32,
    browser: Browser,
}

impl Visitor {
    pub(crate) fn new(world: &Arc<World>, citizen: u32) -> Self {
        let [.., high, low] = citizen.to_be_bytes();
        // Addresses for benchmarks (RFC 2544). Each citizen has one, because the server limits each address.
        let browser = Browser::new(&world.origin)
            .with_client(world.client.clone())
            .with_forwarded_for(Ipv4Addr::new(198, 18, high, low));
        Self { world: Arc::clone(world), citizen, browser }
    }

    /// How many requests it has sent to the site.
    pub(crate) const fn requests(&self) -> u64 {
        self.browser.requests()
    }

    pub(crate) async fn act(&mut self, action: Action) {
        match action {
            Action::Home => self.get("/").await,
            Action::Files => {
                for file in self.world.files.clone() {
                    self.get(&file).await;
                }
            }
            Action::SignIn => self.sign_in().await,
            Action::MyData => self.get("/my-data").await,
            Action::Save => self.save().await,
            Action::Profile => self.get("/profile").await,
            Action::Activity => self.get("/activity").await,
            Action::Export => self.get("/my-data/export").await,
            Action::SignOut => self.sign_out().await,
        }
    }

    /// As browsers do, it accepts compressed answers.
    async fn send(&mut self, path: &str) -> Answer {
        let answer = self.browser.try_send(Method::GET, path, |request| request.header(ACCEPT_ENCODING, "br")).await;
        answer.unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    async fn get(&mut self, path: &str) {
        let answer = self.send(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
    }

    async fn sign_in(&mut self) {
        self.browser.clear_cookies();
        let id = format!("n-{:04}", self.citizen);
        let callback = self.browser.decide("/login/itsme", &id, "approve").await;
        let answer = self.browser.get(&callback).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/my-data"), "a sign-in");
    }

    async fn save(&mut self) {
        let version = lock(&self.world.saved).get(&self.citizen).copied().unwrap_or_default();
        let (text, before) = (format!("{version} {}", MESSAGE.repeat(LINES)), version.to_string());
        let answer = self.browser.post("/api/save_message", &[("text", text.trim_end()), ("version", &before)]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "a save");
        lock(&self.world.saved).insert(self.citizen, version + 1);
    }

    async fn sign_out(&mut self) {
        let answer = self.browser.post("/logout", &[]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "a sign-out");
        let home = self.browser.visit(answer.target()).await.site();
        self.send(home.as_str()).await;
    }
}

/// How long the actions took, and how many requests they were.
#[derive(Default)]
pub(crate) struct Tally {
    answers: Mutex<BTreeMap<Action, Vec<f64>>>,
    requests: Mutex<u64>,
}

impl Tally {
    pub(crate) fn answer(&self, action: Action, took: Duration) {
        lock(&self.answers).entry(action).or_default().push(took.as_secs_f64() * 1_000.0);
    }

    pub(crate) fn requests(&self, count: u64) {
        *lock(&self.requests) += count;
    }

    pub(crate) fn all_requests(&self) -> u64 {
        *lock(&self.requests)
    }

    /// Of each action: how often it was, and how long it took, in milliseconds.
    pub(crate) fn percentiles(&self) -> Value {
        let mut answers = lock(&self.answers);
        answers
            .iter_mut()
            .map(|(action, took)| {
                took.sort_by(f64::total_cmp);
                let at = |percent: usize| took[(took.len() - 1) * percent / 100].round();
                (action.to_string(), json!({ "count": took.len(), "p50": at(50), "p95": at(95), "p99": at(99) }))
            })
            .collect()
    }
}

fn lock<T>(value: &Mutex<T>) -> MutexGuard<'_, T> {
    value.lock().unwrap_or_else(PoisonError::into_inner)
}
