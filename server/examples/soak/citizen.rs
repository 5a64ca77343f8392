//! A citizen that reads, saves, and sometimes signs out and in again.

use std::{
    net::Ipv4Addr,
    ops::Range,
    sync::{Arc, OnceLock},
    time::Duration,
};

use reqwest::{Client, Error, StatusCode};
use testkit::{Answer, Browser};
use tokio::time::Instant;
use uuid::Uuid;

use crate::{
    disturbances::{Disturbances, Phase},
    saves::{Found, Saves},
    tally::{Action, Event, Tally},
};

/// Milliseconds between two actions of a citizen.
const PAUSE: Range<u128> = 1_000..4_000;
/// A round is a read and a save, and takes about five seconds. The citizen opens the profile in one of so many rounds.
const PROFILE_EVERY: u128 = 4;
/// The citizen signs out after one of so many rounds, about every 30 seconds.
const SIGN_OUT_EVERY: u128 = 6;
const MORNING: Duration = Duration::from_secs(15);

/// Shared by all citizens.
pub(crate) struct World {
    pub(crate) origin: String,
    pub(crate) client: Client,
    pub(crate) tally: Tally,
    pub(crate) disturbances: Disturbances,
    pub(crate) started: Instant,
    /// From when on every citizen should sign in again, as on the next day: one after the other, within [`MORNING`].
    pub(crate) next_day: OnceLock<Instant>,
    /// How many citizens there are.
    pub(crate) count: u16,
}

pub(crate) struct Citizen {
    world: Arc<World>,
    id: String,
    name: String,
    pub(crate) browser: Browser,
    saves: Saves,
    number: u16,
    /// Whether the last sign-in began on the next day.
    came_next_day: bool,
}

impl Citizen {
    pub(crate) fn new(world: &Arc<World>, number: u16) -> Self {
        let id = format!("n-{number:04}");
        let [high, low] = number.to_be_bytes();
        // Addresses for benchmarks (RFC 2544). Each citizen has one, because the server limits each address.
        let browser = Browser::new(&world.origin)
            .with_client(world.client.clone())
            .with_forwarded_for(Ipv4Addr::new(198, 18, high, low));
        let (world, name, saves) = (Arc::clone(world), format!("Citizen {number:04}"), Saves::of(&id));
        Self { world, name, saves, id, browser, number, came_next_day: false }
    }

    pub(crate) fn is_signed_in(&self) -> bool {
        self.browser.session().is_some()
    }

    fn should_come_again(&self) -> bool {
        let World { next_day, count, .. } = &*self.world;
        let turn = MORNING * self.number.into() / u32::from(*count);
        !self.came_next_day && next_day.get().is_some_and(|morning| morning.elapsed() > turn)
    }

    /// Signs in for the first time.
    pub(crate) async fn sign_in_first(mut self) -> Self {
        self.sign_in().await;
        self
    }

    /// Uses the site until `end`.
    pub(crate) async fn stay(mut self, end: Instant) -> Self {
        while Instant::now() < end {
            if self.is_signed_in() {
                self.round().await;
            } else {
                pause().await;
                self.sign_in().await;
            }
        }
        self
    }

    /// Signs in, through the user pool and itsme.
    async fn sign_in(&mut self) {
        self.came_next_day = self.world.next_day.get().is_some();
        let started = Instant::now();
        let answer = self.browser.try_sign_in_and_follow(&self.id).await;
        if let Some(page) = self.count(Action::SignIn, started, answer, |page| is_page(page, "/my-data")) {
            self.inspect(&page);
        }
    }

    /// Reads the message once more, at the end of the run.
    pub(crate) async fn read_at_end(mut self) -> Self {
        if !self.is_signed_in() {
            self.sign_in().await;
        }
        if self.read("/my-data").await.is_none() {
            self.world.tally.event(Event::Unreadable);
        }
        self
    }

    async fn round(&mut self) {
        pause().await;
        if one_in(PROFILE_EVERY) {
            self.profile().await;
            pause().await;
        }
        if let Some(page) = self.read("/my-data").await {
            pause().await;
            self.save(page.field("version").unwrap_or_default()).await;
        }
        if (self.should_come_again() || one_in(SIGN_OUT_EVERY)) && self.is_signed_in() {
            pause().await;
            self.sign_out().await;
        }
    }

    async fn read(&mut self, url: &str) -> Option<Answer> {
        let started = Instant::now();
        let answer = self.browser.try_get(url).await;
        let page = self.count(Action::Read, started, answer, |page| page.status == StatusCode::OK)?;
        self.inspect(&page);
        Some(page)
    }

    async fn profile(&mut self) {
        let started = Instant::now();
        let answer = self.browser.try_get("/profile").await;
        if let Some(page) = self.count(Action::Profile, started, answer, |page| page.status == StatusCode::OK)
            && !self.is_mine(&page)
        {
            self.world.tally.event(Event::ForeignPage);
        }
    }

    async fn save(&mut self, version: &str) {
        let text = self.saves.next();
        let started = Instant::now();
        let answer = self.browser.try_post("/api/save_message", &[("text", &text), ("version", version)]).await;
        let event = match answer.as_ref().map(|answer| answer.status) {
            Ok(StatusCode::SEE_OTHER) => Event::SaveAcknowledged,
            Ok(StatusCode::CONFLICT) => Event::SaveConflict,
            _ => Event::SaveUnknown,
        };
        self.world.tally.event(event);
        let saved = |answer: &Answer| answer.redirect().is_some_and(|target| target.path() == "/my-data");
        if let Some(target) = self.count(Action::Save, started, answer, saved).and_then(|answer| answer.redirect()) {
            self.saves.acknowledged();
            self.read(target.as_str()).await;
        }
    }

    /// Signs out of the site and the user pool, and returns to the home page.
    async fn sign_out(&mut self) {
        let started = Instant::now();
        let answer = match self.browser.try_post("/logout", &[]).await {
            Ok(answer) => self.browser.try_follow(answer).await,
            Err(error) => Err(error),
        };
        if self.count(Action::SignOut, started, answer, |page| is_page(page, "/")).is_none() {
            // The session may be over.
            self.browser.clear_cookies();
        }
    }

    /// Counts the result of an action. Returns the answer if it is that of a healthy system.
    fn count(
        &mut self,
        action: Action,
        started: Instant,
        answer: Result<Answer, Error>,
        is_healthy: impl FnOnce(&Answer) -> bool,
    ) -> Option<Answer> {
        let ended = Instant::now();
        let kind = match answer {
            Ok(answer) if is_healthy(&answer) => {
                self.world.tally.answer(action, (ended - started).as_secs_f64() * 1_000.0);
                return Some(answer);
            }
            Ok(answer) => {
                let to_home = answer.redirect().is_some_and(|target| target.path() == "/");
                let needs_session = !matches!(action, Action::SignIn | Action::SignOut);
                if needs_session && (to_home || answer.status == StatusCode::UNAUTHORIZED) {
                    self.world.tally.event(Event::SessionLost);
                    self.browser.clear_cookies();
                }
                if answer.status.is_success() || answer.status.is_redirection() {
                    format!("{} at the wrong address", answer.status.as_u16())
                } else {
                    answer.status.as_u16().to_string()
                }
            }
            Err(error) if error.is_connect() => "no connection".to_owned(),
            Err(error) if error.is_timeout() => "timeout".to_owned(),
            Err(_) => "connection lost".to_owned(),
        };
        let phase = self.world.disturbances.between(started, ended);
        if phase == Phase::Healthy {
            let (from, to) = (started - self.world.started, ended - self.world.started);
            eprintln!("!!      {}: {action}, {kind}, from {from:.2?} to {to:.2?}", self.id);
        }
        self.world.tally.error(action, kind, phase);
        None
    }

    /// Counts whose page this is, and whether its text is the expected one.
    fn inspect(&mut self, page: &Answer) {
        let found = match text_area(page).filter(|_| self.is_mine(page)) {
            Some(stored) => self.saves.compare(stored),
            None => Found::Foreign,
        };
        match found {
            Found::Expected => {}
            Found::Later => self.world.tally.event(Event::UnknownKept),
            Found::Lost => self.world.tally.event(Event::SaveLost),
            Found::Foreign => self.world.tally.event(Event::ForeignPage),
        }
    }

    fn is_mine(&self, page: &Answer) -> bool {
        page.body.contains(&format!("<bdi>{}</bdi>", self.name))
    }
}

fn is_page(answer: &Answer, path: &str) -> bool {
    answer.status == StatusCode::OK && answer.url.path() == path
}

/// The content of the text area. These citizens write nothing that HTML escapes.
fn text_area(page: &Answer) -> Option<&str> {
    let (_, area) = page.body.split_once("<textarea")?;
    let (_, text) = area.split_once(">\n")?;
    text.split_once("</textarea>").map(|(text, _)| text)
}

async fn pause() {
    let milliseconds = PAUSE.start + random() % (PAUSE.end - PAUSE.start);
    tokio::time::sleep(Duration::from_millis(milliseconds as u64)).await;
}

fn one_in(count: u128) -> bool {
    random().is_multiple_of(count)
}

fn random() -> u128 {
    // The rightmost bits are random; six in the middle are fixed.
    Uuid::new_v4().as_u128() & u128::from(u32::MAX)
}
