//! The keys of the site are changed by the steps of `docs/KEYS.md`: no citizen is signed out, no sign-in fails, and
//! no record is lost. Servers of two consecutive steps run side by side, as during a deployment.

use std::{collections::BTreeMap, sync::Arc};

use reqwest::StatusCode;
use server::{
    config::{Config, Source},
    secret::{SealingKeys, ServerKey},
    sessions::DynamoDbStore,
};
use testkit::{Browser, example::PSEUDONYM_KEY};
use time::{Duration, OffsetDateTime};
use tower_sessions::{SessionStore as _, session::Record};

use crate::support::{by, server::RunningServer, site::Site};

const ONE: &str = "1MF3Xx0tPq0l3xT4m9O1cW8fIhYkZ0a7nQb2sRgVdEo=";
const TWO: &str = "hV5y2uK8bqv0Nw7mZc1dTj4rXe9fGs6LpA3iOoQlRkU=";
/// 32 equal bytes.
const WEAK: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

/// One step of a change.
struct Step {
    pseudonym_key: &'static str,
    /// More of `[pseudonym]`, and `[keys]`.
    more: String,
    /// The key that seals sessions.
    seals: &'static str,
}

impl Step {
    fn config(&self, site: &Site) -> Config {
        let toml = site.example.clone().pseudonym_key(self.pseudonym_key).with(&self.more).to_toml();
        Config::read(Source::from_toml(&toml)).unwrap()
    }

    async fn server(&self, site: &Site) -> RunningServer {
        RunningServer::start_ready(self.config(site)).await
    }
}

/// The steps for session keys, from derived keys to one of its own, and to the next.
fn session_keys() -> Vec<Step> {
    [
        ("", PSEUDONYM_KEY),
        ("\"derived\", \"{1}\"", PSEUDONYM_KEY),
        ("\"{1}\", \"derived\"", ONE),
        ("\"{1}\"", ONE),
        ("\"{1}\", \"{2}\"", ONE),
        ("\"{2}\", \"{1}\"", TWO),
        ("\"{2}\"", TWO),
    ]
    .map(|(list, seals)| {
        let list = list.replace("{1}", ONE).replace("{2}", TWO);
        let more = if list.is_empty() { String::new() } else { format!("[keys]\nsession = [{list}]") };
        Step { pseudonym_key: PSEUDONYM_KEY, more, seals }
    })
    .into()
}

/// The steps for the pseudonym key, without `[keys]`.
fn pseudonym_key() -> Vec<Step> {
    let previous = format!("generation = 2\nprevious_key = \"{PSEUDONYM_KEY}\"");
    vec![
        Step { pseudonym_key: PSEUDONYM_KEY, more: String::new(), seals: PSEUDONYM_KEY },
        Step { pseudonym_key: ONE, more: format!("{previous}\nmove_records = false"), seals: PSEUDONYM_KEY },
        Step { pseudonym_key: ONE, more: previous, seals: ONE },
        Step { pseudonym_key: ONE, more: "generation = 2".to_owned(), seals: ONE },
    ]
}

/// A browser at `server`, with these cookies.
fn browser(site: &Site, server: &RunningServer, cookies: &BTreeMap<String, String>) -> Browser {
    let mut browser = Browser::new(&site.public_url).with_socket(server.address);
    browser.cookies().clone_from(cookies);
    browser
}

async fn shown(browser: &mut Browser) -> String {
    let page = browser.get("/my-data").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    page.text_area().to_owned()
}

async fn save(browser: &mut Browser, text: &str) {
    let page = browser.get("/my-data").await;
    let fields = [("text", text), ("version", page.hidden("version"))];
    let saved = browser.post("/api/save_message", &fields).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{text}: {}", saved.body);
}

/// Makes the next request extend the session: it then seals it again. The session stays sealed with the key `seals`.
async fn age(site: &Site, browser: &mut Browser, seals: &str) {
    let keys = Arc::new(SealingKeys::new(&ServerKey::decode(seals).unwrap(), []));
    let store = DynamoDbStore::new(site.tables.clone(), site.config.dynamodb.sessions_table.clone(), keys);
    let record = store.load(&browser.session().unwrap().parse().unwrap()).await.unwrap();
    let record = record.expect("the session is sealed with another key than the first");
    store.save(&Record { expiry_date: OffsetDateTime::now_utc() + Duration::minutes(1), ..record }).await.unwrap();
}

/// Runs the steps. `together`: servers of two consecutive steps run side by side.
async fn change(steps: &[Step], together: bool) {
    let site = Site::start().await;
    // One citizen stays signed in throughout, and saves at each step. Another one saved before, and never comes back.
    let mut an = site.browser();
    an.sign_in("an").await;
    save(&mut an, "before").await;
    let mut cookies = an.cookies().clone();
    let mut text = "before".to_owned();
    for (index, pair) in steps.windows(2).enumerate() {
        let [old_step, new_step] = pair else { unreachable!() };
        let old = old_step.server(&site).await;
        // A sign-in begins before the change, and finishes after it.
        let mut waits = browser(&site, &old, &BTreeMap::new());
        let callback = waits.decide("/login/itsme", "bram", "approve").await;
        let waits = waits.cookies().clone();
        // A session that began before the change.
        let mut bram = browser(&site, &old, &BTreeMap::new());
        bram.sign_in("bram").await;

        let mut an = browser(&site, &old, &cookies);
        assert_eq!(shown(&mut an).await, text, "step {index}, the old server");
        text = format!("step {index}, the old server");
        save(&mut an, &text).await;
        age(&site, &mut an, old_step.seals).await;

        let mut old = Some(old);
        if !together {
            old.take().unwrap().stop().await;
        }
        let new = new_step.server(&site).await;
        let mut an = browser(&site, &new, &cookies);
        assert_eq!(shown(&mut an).await, text, "step {index}, the new server");
        text = format!("step {index}, the new server");
        save(&mut an, &text).await;
        assert_eq!(browser(&site, &new, bram.cookies()).get("/profile").await.status, StatusCode::OK);
        let mut waits = browser(&site, &new, &waits);
        assert_eq!(waits.get(&callback).await.location(), "/my-data", "step {index}: a sign-in failed");
        if let Some(old) = old {
            // Whatever the new server wrote, the old one reads.
            let mut an = browser(&site, &old, &cookies);
            assert_eq!(shown(&mut an).await, text, "step {index}, the old server again");
            assert_eq!(browser(&site, &old, waits.cookies()).get("/profile").await.status, StatusCode::OK);
            let mut waits = browser(&site, &new, &BTreeMap::new());
            let callback = waits.decide("/login/itsme", "bram", "approve").await;
            let mut waits = browser(&site, &old, waits.cookies());
            assert_eq!(waits.get(&callback).await.location(), "/my-data", "step {index}: a sign-in failed");
            old.stop().await;
        }
        cookies = an.cookies().clone();
        new.stop().await;
    }
    assert_eq!(site.messages().await.len(), 1, "a message was copied or lost");
}

#[tokio::test]
async fn session_keys_are_changed_while_two_servers_run() {
    change(&session_keys(), true).await;
}

#[tokio::test]
async fn the_pseudonym_key_is_changed_while_two_servers_run() {
    change(&pseudonym_key(), true).await;
}

#[tokio::test]
async fn one_server_needs_fewer_steps() {
    let steps = |all: Vec<Step>, without: &[usize]| {
        let kept = all.into_iter().enumerate().filter(|(index, _)| !without.contains(index));
        kept.map(|(_, step)| step).collect::<Vec<_>>()
    };
    change(&steps(session_keys(), &[1, 4]), false).await;
    change(&steps(pseudonym_key(), &[1]), false).await;
}

#[tokio::test]
async fn a_message_that_was_not_saved_since_is_found_as_long_as_the_previous_key_is_there() {
    let site = Site::start().await;
    let mut an = site.browser();
    an.sign_in("an").await;
    save(&mut an, "long ago").await;
    for (step, expected) in pseudonym_key().iter().zip(["long ago", "long ago", "long ago", ""]) {
        let server = step.server(&site).await;
        let mut an = browser(&site, &server, &BTreeMap::new());
        an.sign_in("an").await;
        assert_eq!(shown(&mut an).await, expected, "{}", step.more);
        server.stop().await;
    }
}

#[tokio::test]
async fn a_weak_pseudonym_key_is_replaced_without_losing_a_record() {
    let site = Site::start().await;
    // A configuration that was once valid.
    let old = server::citizen::Pseudonyms::new(1, &ServerKey::decode(WEAK).unwrap());
    let eid = server::citizen::Eid::parse(crate::support::AN.0, &server::config::EidRules::default()).unwrap();
    let retention = site.config.activity.retention();
    let table = server::records::Table::new(site.tables.clone(), &site.config.dynamodb, retention);
    let messages = server::records::Messages::new(table);
    let text = server::records::MessageText::parse("under a weak key").unwrap();
    messages.save(&old.of("BE", &eid), text, 0, &by()).await.unwrap();

    let more = format!("generation = 2\nprevious_key = \"{WEAK}\"");
    let server = Step { pseudonym_key: ONE, more, seals: ONE }.server(&site).await;
    let mut an = browser(&site, &server, &BTreeMap::new());
    an.sign_in("an").await;
    assert_eq!(shown(&mut an).await, "under a weak key");
    // No session can be forged with the weak key.
    let id = an.session().unwrap().parse().unwrap();
    let store = |key: &str| {
        let keys = Arc::new(SealingKeys::new(&ServerKey::decode(key).unwrap(), []));
        DynamoDbStore::new(site.tables.clone(), site.config.dynamodb.sessions_table.clone(), keys)
    };
    let record = store(ONE).load(&id).await.unwrap().unwrap();
    store(WEAK).save(&record).await.unwrap();
    assert_eq!(an.get("/my-data").await.status, StatusCode::SEE_OTHER);
    server.stop().await;
}
