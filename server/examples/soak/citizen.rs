//! A citizen who stays: reads, writes, and now and then signs out and in again.

use std::{net::Ipv4Addr, ops::Range, sync::Arc, time::Duration};

use reqwest::{Client, Error, StatusCode};
use tokio::time::Instant;
use uuid::Uuid;

use crate::{
    browser::{Answer, Browser},
    disturbances::{Disturbances, Phase},
    saves::{Found, Saves},
    tally::{Act, Event, Tally},
};

/// Milliseconds between two things that a citizen does.
const THINKING: Range<u128> = 1_000..4_000;
/// One round is a read and a save, some five seconds. In one of so many the citizen looks at the profile,
const PROFILE_EVERY: u128 = 4;
/// and after one of so many signs out: every 30 seconds or so.
const SIGN_OUT_EVERY: u128 = 6;

/// What all citizens share.
pub(crate) struct World {
    pub(crate) origin: String,
    pub(crate) client: Client,
    pub(crate) tally: Tally,
    pub(crate) disturbances: Disturbances,
    pub(crate) began: Instant,
}

pub(crate) struct Citizen {
    world: Arc<World>,
    id: String,
    name: String,
    pub(crate) browser: Browser,
    saves: Saves,
}

impl Citizen {
    pub(crate) fn new(world: &Arc<World>, number: u16) -> Self {
        let id = format!("n-{number:04}");
        let [high, low] = number.to_be_bytes();
        // Addresses for measurements (RFC 2544): each citizen has one, as the server's limits are by address.
        let browser = Browser::new(world.client.clone(), &world.origin, Ipv4Addr::new(198, 18, high, low));
        Self { world: Arc::clone(world), name: format!("Citizen {number:04}"), saves: Saves::of(&id), id, browser }
    }

    pub(crate) fn is_signed_in(&self) -> bool {
        self.browser.cookies.contains_key("mydata_session")
    }

    /// Signs in for the first time.
    pub(crate) async fn arrive(mut self) -> Self {
        self.sign_in().await;
        self
    }

    /// Does what citizens do, until `end`.
    pub(crate) async fn stay(mut self, end: Instant) -> Self {
        while Instant::now() < end {
            if self.is_signed_in() {
                self.round().await;
            } else {
                think().await;
                self.sign_in().await;
            }
        }
        self
    }

    /// Signs in, which takes the browser through the user pool and itsme, and back.
    async fn sign_in(&mut self) {
        let began = Instant::now();
        let answer = self.browser.sign_in(&self.id).await;
        if let Some(page) = self.note(Act::SignIn, began, answer, |page| is_page(page, "/my-data")) {
            self.look(&page);
        }
    }

    /// Reads once more, at the end of all.
    pub(crate) async fn read_at_last(mut self) -> Self {
        if !self.is_signed_in() {
            self.sign_in().await;
        }
        if self.read("/my-data").await.is_none() {
            self.world.tally.event(Event::Unreadable);
        }
        self
    }

    async fn round(&mut self) {
        think().await;
        if one_in(PROFILE_EVERY) {
            self.profile().await;
            think().await;
        }
        if let Some(page) = self.read("/my-data").await {
            think().await;
            self.save(page.hidden("version").unwrap_or_default()).await;
        }
        if one_in(SIGN_OUT_EVERY) && self.is_signed_in() {
            think().await;
            self.sign_out().await;
        }
    }

    async fn read(&mut self, url: &str) -> Option<Answer> {
        let began = Instant::now();
        let answer = self.browser.get(url).await;
        let page = self.note(Act::Read, began, answer, |page| page.status == StatusCode::OK)?;
        self.look(&page);
        Some(page)
    }

    async fn profile(&mut self) {
        let began = Instant::now();
        let answer = self.browser.get("/profile").await;
        if let Some(page) = self.note(Act::Profile, began, answer, |page| page.status == StatusCode::OK)
            && !self.is_mine(&page)
        {
            self.world.tally.event(Event::SomebodyElse);
        }
    }

    async fn save(&mut self, version: &str) {
        let text = self.saves.next();
        let began = Instant::now();
        let answer = self.browser.post("/api/save_message", &[("text", &text), ("version", version)]).await;
        let event = match answer.as_ref().map(|answer| answer.status) {
            Ok(StatusCode::SEE_OTHER) => Event::SaveAcknowledged,
            Ok(StatusCode::CONFLICT) => Event::SaveConflict,
            _ => Event::SaveUnknown,
        };
        self.world.tally.event(event);
        let saved = |answer: &Answer| answer.target.as_ref().is_some_and(|target| target.path() == "/my-data");
        if let Some(target) = self.note(Act::Save, began, answer, saved).and_then(|answer| answer.target) {
            self.saves.acknowledged();
            self.read(target.as_str()).await;
        }
    }

    /// Signs out here and at the user pool, and comes back to the home page.
    async fn sign_out(&mut self) {
        let began = Instant::now();
        let answer = match self.browser.post("/logout", &[]).await {
            Ok(answer) => self.browser.follow(answer).await,
            Err(error) => Err(error),
        };
        self.note(Act::SignOut, began, answer, |page| is_page(page, "/"));
    }

    /// Counts what came of an act. Gives the answer if it is that of a healthy system.
    fn note(
        &mut self,
        act: Act,
        began: Instant,
        answer: Result<Answer, Error>,
        is_healthy: impl FnOnce(&Answer) -> bool,
    ) -> Option<Answer> {
        let ended = Instant::now();
        let kind = match answer {
            Ok(answer) if is_healthy(&answer) => {
                self.world.tally.answer(act, (ended - began).as_secs_f64() * 1_000.0);
                return Some(answer);
            }
            Ok(answer) => {
                let to_home = answer.target.as_ref().is_some_and(|target| target.path() == "/");
                let needs_session = !matches!(act, Act::SignIn | Act::SignOut);
                if needs_session && (to_home || answer.status == StatusCode::UNAUTHORIZED) {
                    self.world.tally.event(Event::SessionLost);
                    self.browser.cookies.clear();
                }
                if answer.status.is_success() || answer.status.is_redirection() {
                    format!("{} at the wrong place", answer.status.as_u16())
                } else {
                    answer.status.as_u16().to_string()
                }
            }
            Err(error) if error.is_connect() => "no connection".to_owned(),
            Err(error) if error.is_timeout() => "no answer in time".to_owned(),
            Err(_) => "reset".to_owned(),
        };
        let phase = self.world.disturbances.between(began, ended);
        if phase == Phase::Healthy {
            let (from, to) = (began - self.world.began, ended - self.world.began);
            eprintln!("!!      {}: {act}, {kind}, from {from:.2?} to {to:.2?}", self.id);
        }
        self.world.tally.error(act, kind, phase);
        None
    }

    /// Whose page this is, and what the text on it says about the saves.
    fn look(&mut self, page: &Answer) {
        let found = match text_area(page).filter(|_| self.is_mine(page)) {
            Some(stored) => self.saves.compare(stored),
            None => Found::Foreign,
        };
        match found {
            Found::Expected => {}
            Found::Later => self.world.tally.event(Event::UnknownKept),
            Found::Lost => self.world.tally.event(Event::SaveLost),
            Found::Foreign => self.world.tally.event(Event::SomebodyElse),
        }
    }

    fn is_mine(&self, page: &Answer) -> bool {
        page.body.contains(&format!("<bdi>{}</bdi>", self.name))
    }
}

fn is_page(answer: &Answer, path: &str) -> bool {
    answer.status == StatusCode::OK && answer.url.path() == path
}

/// What stands in the text area. Citizens here write nothing that HTML escapes.
fn text_area(page: &Answer) -> Option<&str> {
    let (_, area) = page.body.split_once("<textarea")?;
    let (_, text) = area.split_once(">\n")?;
    text.split_once("</textarea>").map(|(text, _)| text)
}

async fn think() {
    let milliseconds = THINKING.start + random() % (THINKING.end - THINKING.start);
    tokio::time::sleep(Duration::from_millis(milliseconds as u64)).await;
}

fn one_in(count: u128) -> bool {
    random().is_multiple_of(count)
}

fn random() -> u128 {
    // Its random bits are those on the right; six in the middle are fixed.
    Uuid::new_v4().as_u128() & u128::from(u32::MAX)
}
