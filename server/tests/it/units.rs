//! How many request units of DynamoDB each action takes. `docs/scaling/units.json` has them, and the model of `docs/scaling.md`
//! calculates with them.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::types::AttributeValue;
use reqwest::StatusCode;
use serde_json::{Value, json};
use server::config::{Config, SecurityLogTarget, Source};
use testkit::{Browser, Meter, Taken, Units, until};
use time::Duration;

use crate::{
    session_life::end_in,
    support::{server::RunningServer, site::Site},
};

const FILE: &str = include_str!("../../../docs/scaling/units.json");
/// The length of each message, in bytes.
const MESSAGE: usize = 500;
/// How many entries the activity has when it is read. A page of it is full.
const ENTRIES: usize = 30;
/// How often to begin anew if the engine was so slow that the server repeated a request.
const ATTEMPTS: usize = 3;
/// Sizes in the file are rounded up to this, because some differ by a few bytes from run to run.
const ROUNDING: usize = 50;

/// Units by the name of the action, then by that of the table or index.
type Actions = BTreeMap<&'static str, Value>;

fn summary(taken: &Taken) -> Value {
    let of = |name: &str| {
        let Units { read, write } = taken.units.get(name).copied().unwrap_or_default();
        json!({ "read": read, "write": write })
    };
    let units =
        json!({ "records": of("mydata-records"), "sessions": of("mydata-sessions"), "by_citizen": of("by_citizen") });
    json!({ "operations": taken.operations, "units": units })
}

/// A browser at the metered server, and what its actions take.
struct Measurement {
    meter: Meter,
    browser: Browser,
    version: u64,
    actions: Actions,
    retried: u64,
}

impl Measurement {
    fn note(&mut self, action: &'static str) {
        let taken = self.meter.take();
        self.retried += taken.retried;
        self.actions.insert(action, summary(&taken));
    }

    /// Signs in. The requests before the callback are not counted: `signing_in` says that they take nothing.
    async fn sign_in(&mut self) {
        let callback = self.browser.decide("/login/itsme", "an", "approve").await;
        assert_eq!(self.meter.take(), Taken::default(), "before the callback");
        assert_eq!(self.browser.get(&callback).await.location(), "/my-data");
    }

    async fn get(&mut self, path: &str) {
        let answer = self.browser.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
    }

    async fn save(&mut self) {
        let text = format!("{:0>MESSAGE$}", self.version);
        let version = self.version.to_string();
        let saved = self.browser.post("/api/save_message", &[("text", &text), ("version", &version)]).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
        self.version += 1;
    }
}

/// A server of the site whose requests go through a meter, and the meter.
async fn metered_server(site: &Site) -> (RunningServer, Meter) {
    let meter = Meter::start(&site.line.url()).await;
    let toml = site.toml.replace(&site.line.url(), meter.url());
    let mut config = Config::read(Source::from_toml(&toml)).unwrap();
    config.log.security = SecurityLogTarget::Off;
    (RunningServer::start_ready(config).await, meter)
}

/// The bytes of an item as DynamoDB counts them: names and values; a number takes about half a byte for each digit.
fn size(item: &HashMap<String, AttributeValue>) -> usize {
    let value = |value: &AttributeValue| match value {
        AttributeValue::S(text) => text.len(),
        AttributeValue::N(digits) => digits.len() / 2 + 2,
        AttributeValue::B(bytes) => bytes.as_ref().len(),
        _ => 1,
    };
    item.iter().map(|(name, content)| name.len() + value(content)).sum()
}

/// The largest of these items, rounded up.
fn largest<'a>(items: impl IntoIterator<Item = &'a HashMap<String, AttributeValue>>) -> usize {
    items.into_iter().map(size).max().unwrap().next_multiple_of(ROUNDING)
}

/// How large the items are.
async fn sizes(site: &Site) -> Value {
    let (records, sessions) = (site.records().await, site.sessions().await);
    let kind = |item: &HashMap<String, AttributeValue>, start: &str| item["sk"].as_s().unwrap().starts_with(start);
    let of = |start: &str| largest(records.iter().filter(|item| kind(item, start)));
    let state = |item: &&HashMap<String, AttributeValue>| !item.contains_key("data");
    json!({
        "message": of("message"),
        "entry": of("event#"),
        "row": of("session#"),
        "session": largest(sessions.iter().filter(|item| !state(item))),
        "state": largest(sessions.iter().filter(state)),
    })
}

/// What everything takes; `None` if the server repeated a request.
async fn measure() -> Option<Value> {
    let site = Site::start().await;
    let (server, meter) = metered_server(&site).await;
    meter.take();
    meter.take_upkeep();
    assert!(server.is_ready().await);
    let ready = summary(&meter.take_upkeep());

    let browser = || Browser::new(&site.public_url).with_socket(server.address);
    let mut it = Measurement { meter, browser: browser(), version: 0, actions: Actions::new(), retried: 0 };
    it.get("/").await;
    it.note("home");
    it.sign_in().await;
    it.note("first_sign_in");
    it.get("/my-data").await;
    it.note("my_data_without_message");
    it.save().await;
    it.note("first_save");
    it.save().await;
    it.note("save");
    it.get("/my-data").await;
    it.note("my_data");
    end_in(&site, &mut it.browser, Duration::minutes(10)).await;
    it.get("/my-data").await;
    it.note("my_data_after_minutes");
    it.get("/profile").await;
    it.note("profile");
    let sizes = sizes(&site).await;
    it.browser.post("/logout", &[]).await;
    it.note("sign_out");
    it.browser.clear_cookies();
    it.sign_in().await;
    it.note("sign_in");
    while site.records().await.iter().filter(|item| item["sk"].as_s().unwrap().starts_with("event#")).count() < ENTRIES
    {
        it.save().await;
    }
    it.retried += it.meter.take().retried;
    it.get("/activity").await;
    it.note("activity");
    it.get("/my-data/export").await;
    it.note("export");

    let deleted = it.browser.post("/api/delete_my_data", &[]).await;
    assert_eq!(deleted.status, StatusCode::SEE_OTHER, "{}", deleted.body);
    until("nothing is left", async || site.records().await.is_empty()).await;
    it.note("deletion");

    let measured = json!({
        "message_bytes": MESSAGE,
        "entries": ENTRIES,
        "sizes": sizes,
        "readyz": ready,
        "actions": it.actions,
    });
    (it.retried == 0).then_some(measured)
}

#[tokio::test]
async fn each_action_takes_the_units_that_the_model_calculates_with() {
    let mut measured = None;
    for _ in 0..ATTEMPTS {
        measured = measure().await;
        if measured.is_some() {
            break;
        }
    }
    let measured = measured.expect("the engine was too slow each time");
    let expected: Value = serde_json::from_str(FILE).unwrap();
    assert_eq!(
        measured,
        expected,
        "docs/scaling/units.json is not up to date. If the change is intended, replace it by what follows, and run \
         python3 docs/scaling/model.py --write:\n{}",
        serde_json::to_string_pretty(&measured).unwrap()
    );
}
