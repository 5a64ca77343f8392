//! The security log: one record for each event, with nothing personal.

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::Value;
use testkit::until;

use crate::support::{
    AN,
    fake_pool::FakePool,
    line::State,
    process::{Process, serve},
    site::{Site, SiteOptions},
};

/// Action, outcome and reason of each record, without those of starts and stops.
fn events(records: &[Value]) -> Vec<[&str; 3]> {
    let fields = ["action", "outcome", "reason"];
    let events = records.iter().map(|record| fields.map(|field| record["event"][field].as_str().unwrap_or_default()));
    events.filter(|[action, ..]| !["key-change", "configuration"].contains(action)).collect()
}

/// The records, as soon as there are `count` events.
async fn records(site: &Site, count: usize) -> Vec<Value> {
    until("the events are recorded", async || events(&site.security_records()).len() >= count).await;
    site.security_records()
}

#[tokio::test]
async fn what_a_citizen_does_is_recorded_under_a_hash() {
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    let session = browser.session().unwrap().to_owned();
    browser.post("/api/save_message", &[("text", "the text of An"), ("version", "0")]).await;
    browser.post("/api/save_message", &[("text", "another text"), ("version", "0")]).await;
    browser.sign_in("an").await;
    browser.post("/logout", &[]).await;
    let mut other = site.browser();
    other.sign_in("bram").await;

    let records = records(&site, 8).await;
    assert_eq!(
        events(&records),
        [
            ["sign-in", "success", ""],
            ["save", "success", ""],
            ["save", "failure", "save conflict"],
            ["session-end", "success", "replaced by a new sign-in"],
            ["sign-in", "success", ""],
            ["session-end", "success", "signed out"],
            ["sign-out", "success", ""],
            ["sign-in", "success", ""],
        ]
    );
    let hashes: Vec<_> = records.iter().filter_map(|record| record["user"]["hash"].as_str()).collect();
    let (ans, [brams]) = hashes.split_at(7) else { panic!("{hashes:?}") };
    assert!(ans.iter().all(|hash| *hash == ans[0]) && ans[0] != *brams, "{hashes:?}");
    for (index, record) in records.iter().enumerate() {
        assert_eq!(record["event"]["sequence"], index, "{record}");
        let is_of_citizen = record["user"].is_object();
        assert_eq!(record["labels"]["provider"] == "itsme", is_of_citizen, "{record}");
        assert_eq!(record["http"]["request"]["id"].is_string(), is_of_citizen, "{record}");
        assert_eq!(record["ecs"]["version"], "8.17.0", "{record}");
    }
    let sign_in = records.iter().find(|record| record["event"]["action"] == "sign-in").unwrap();
    assert_eq!((&sign_in["labels"]["provider"], &sign_in["source"]["ip"]), (&"itsme".into(), &"127.0.0.0".into()));
    assert!(sign_in["http"]["request"]["id"].is_string(), "{sign_in}");
    let all = serde_json::to_string(&records).unwrap();
    for personal in [AN.0, AN.1, "the text of An", &session, "v1#", "an@"] {
        assert!(!all.contains(personal), "{personal} is in {all}");
    }
}

#[tokio::test]
async fn a_refused_sign_in_is_recorded_with_the_reference_of_its_page() {
    let site = Site::start().await;
    let refused = site.browser().get("/auth/callback?code=c&state=s").await;
    let records = records(&site, 1).await;
    let record = records.last().unwrap();
    let reason = "this browser has no sign-in with this state, or it is older than 10 minutes";
    assert_eq!(events(&records), [["sign-in", "failure", reason]]);
    assert_eq!(record["http"]["request"]["id"].as_str(), refused.reference());
}

#[tokio::test]
async fn a_flood_of_refusals_is_a_few_records_and_a_number() {
    let mut site = Site::start().await;
    let foreign = async |site: &Site| {
        let mut browser = site.browser();
        let post = |request: reqwest::RequestBuilder| request.header("origin", "https://evil.example");
        assert_eq!(browser.send(http::Method::POST, "/logout", post).await.status, 403);
    };
    for _ in 0..30 {
        foreign(&site).await;
    }
    for _ in 0..70 {
        assert_eq!(site.browser().get("/auth/callback?code=c&state=s").await.status, 400);
    }
    site.restart().await;
    let records = records(&site, 20 + 1 + 60 + 1).await;
    let cross_origin = ["cross-origin-request", "failure", "the request came from an origin other than public_url"];
    let unknown = ["sign-in", "failure", "this browser has no sign-in with this state, or it is older than 10 minutes"];
    let of = |event| events(&records).iter().filter(|found| **found == event).count();
    assert_eq!((of(cross_origin), of(unknown)), (20 + 1, 60 + 1));
    let mut repeats: Vec<_> = records.iter().filter_map(|record| record["labels"]["repeats"].as_str()).collect();
    repeats.sort_unstable();
    assert_eq!(repeats, ["10", "10"]);
}

#[tokio::test]
async fn a_refused_save_is_recorded_with_its_reason() {
    let mut site = Site::start().await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    let save = async |browser: &mut testkit::Browser, body: String| {
        let post = |request| testkit::browser::form(request, &[]).body(body);
        browser.send(http::Method::POST, "/api/save_message", post).await
    };
    // What a signed-in citizen sends has a record each time.
    let long = format!("version=0&text={}", "secret".repeat(400));
    for body in [&long, &long, "version=0&text=secret%00", "version=0&text=secret%FF", "text=secret", "version=0"] {
        save(&mut browser, body.to_owned()).await;
    }
    // Anyone can send these, so they are counted.
    for _ in 0..3 {
        assert_eq!(save(&mut site.browser(), "version=0&text=secret".to_owned()).await.status, 401);
    }
    site.line.set(State::Cut);
    for _ in 0..3 {
        assert_eq!(save(&mut browser, "version=0&text=secret".to_owned()).await.status, 503);
    }
    site.line.set(State::Whole);
    site.restart().await;
    let records = records(&site, 11).await;
    let of_citizen = |reason| ["save", "failure", reason];
    let [sign_in, saves @ ..] = &events(&records)[..] else { panic!("{records:?}") };
    assert_eq!(sign_in[0], "sign-in");
    let (once, counted) = saves.split_at(8);
    assert_eq!(
        once,
        [
            "the text is too long",
            "the text is too long",
            "the text has a NUL character",
            "the text is not UTF-8",
            "the form has no valid version, or more than one text",
            "the form has no text",
            "the session ended before the save",
            "the sessions table is unavailable",
        ]
        .map(of_citizen)
    );
    let mut counted = counted.to_vec();
    counted.sort_unstable();
    assert_eq!(
        counted,
        ["the session ended before the save", "the sessions table is unavailable"].map(of_citizen),
        "how often it happened again"
    );
    let repeats: Vec<_> = records.iter().filter_map(|record| record["labels"]["repeats"].as_str()).collect();
    assert_eq!(repeats, ["2", "2"]);
    let of_an = records.iter().filter(|record| record["user"]["hash"].is_string());
    assert!(of_an.clone().all(|record| record["labels"]["provider"] == "itsme"), "{records:?}");
    assert_eq!(of_an.count(), 7);
    assert!(!serde_json::to_string(&records).unwrap().contains("secret"));
}

#[tokio::test]
async fn a_sign_out_during_an_outage_is_recorded_until_it_is_carried_out() {
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    site.line.set(State::Cut);
    browser.post("/logout", &[]).await;
    site.line.set(State::Whole);
    let records = records(&site, 3).await;
    assert_eq!(
        events(&records)[1..],
        [["session-end", "failure", "to be deleted later"], ["session-end", "success", "deleted later"]]
    );
    let of_ends: Vec<_> = records.iter().filter(|record| record["event"]["action"] == "session-end").collect();
    let [now, later] = of_ends[..] else { panic!("{records:?}") };
    assert!(now["http"]["request"]["id"].is_string(), "{now}");
    assert_eq!((&now["http"], &now["source"]), (&later["http"], &later["source"]));
}

/// Lets every session expire, as if DynamoDB had not deleted them yet.
async fn expire_all(site: &Site) {
    for session in site.sessions().await.iter().filter(|item| item.contains_key("data")) {
        let past = AttributeValue::N("1000".to_owned());
        let mut item = session.clone();
        item.insert("expires_at".to_owned(), past);
        let table = &site.config.dynamodb.sessions_table;
        site.tables.put_item().table_name(table).set_item(Some(item)).send().await.unwrap();
    }
}

#[tokio::test]
async fn the_end_of_an_expired_session_is_recorded_once() {
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    expire_all(&site).await;
    for _ in 0..2 {
        assert_eq!(browser.get("/profile").await.status, 303);
    }
    let records = records(&site, 2).await;
    assert_eq!(events(&records), [["sign-in", "success", ""], ["session-end", "success", "expired"]]);
    let of = |action| &records.iter().find(|record| record["event"]["action"] == action).unwrap()["user"]["hash"];
    assert_eq!(of("sign-in"), of("session-end"));
    let end = records.last().unwrap();
    assert_eq!((&end["labels"]["provider"], &end["source"]["ip"]), (&"itsme".into(), &"127.0.0.0".into()), "{end}");
    assert!(end["http"]["request"]["id"].is_string(), "{end}");
    assert_eq!(site.open_sessions().await, 0, "the item is deleted");
}

#[tokio::test]
async fn who_signs_out_of_an_expired_session_has_not_ended_it() {
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    expire_all(&site).await;
    browser.post("/logout", &[]).await;
    browser.sign_in("an").await;
    let records = records(&site, 3).await;
    let expected = [["sign-in", "success", ""], ["session-end", "success", "expired"], ["sign-in", "success", ""]];
    assert_eq!(events(&records), expected);
}

#[tokio::test]
async fn starts_stops_and_keys_are_recorded() {
    let mut site = Site::start().await;
    site.restart().await;
    let reasons = |records: &[Value], action: &str| -> Vec<String> {
        let of_action = records.iter().filter(|record| record["event"]["action"] == action);
        of_action.map(|record| record["event"]["reason"].as_str().unwrap().to_owned()).collect()
    };
    until("both starts are recorded", async || reasons(&site.security_records(), "configuration").len() >= 3).await;
    let records = site.security_records();
    let [start, stop, second_start] = &reasons(&records, "configuration")[..] else { panic!("{records:?}") };
    assert!(start.starts_with("the server starts with the settings "), "{start}");
    assert_eq!((start, &**stop), (second_start, "the server stops"));
    let keys = reasons(&records, "key-change");
    assert!(keys.iter().any(|reason| reason.starts_with("the site's keys: pseudonym.key is ")), "{keys:?}");
    assert!(keys.iter().any(|reason| reason.starts_with("the signing keys of the user pool: ")), "{keys:?}");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn records_that_are_lost_at_the_exit_are_reported() {
    let pool = FakePool::start().await;
    let site = Site::start_at(&pool, SiteOptions::default()).await;
    let mut command = serve(&site);
    // It can be opened, and then takes nothing. The level is the one with the fewest lines.
    command.env("MYDATA_LOG__SECURITY", "/dev/full").env("RUST_LOG", "error");
    let process = Process::launch(command, site.scratch.path());
    until("the first record fails", async || process.log().contains("security log cannot be written")).await;
    let (status, log) = process.stop().await;
    assert!(status.success(), "{log}");
    let told: Vec<Value> = log
        .lines()
        .filter(|line| line.contains("security records lost"))
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let [told] = &told[..] else { panic!("not one line about it: {log}") };
    assert_eq!(told["level"], "ERROR", "{log}");
    assert!(told["records"].as_u64().unwrap() >= 1, "{log}");
}
