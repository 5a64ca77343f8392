//! `/my-data/export`: everything that is held about a citizen, as one file.

use app::pages::activity::Act;
use http::Method;
use reqwest::StatusCode;
use serde_json::Value;
use testkit::{Answer, Browser, until, until_too_many};
use time::OffsetDateTime;

use super::save;
use crate::support::{
    AN, by,
    line::State,
    site::{Site, record_keys},
};

async fn export(browser: &mut Browser) -> Answer {
    let answer = browser.get("/my-data/export").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    answer
}

fn document(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap_or_else(|error| panic!("{error}: {}", answer.body))
}

/// Asserts that `value` has the members that `schema` requires, and of each closed list only what is on it. The journeys run a
/// complete validator.
fn assert_fits(value: &Value, schema: &Value, all: &Value) {
    let schema = match schema["$ref"].as_str() {
        Some(reference) => all.pointer(reference.trim_start_matches('#')).unwrap(),
        None => schema,
    };
    if let (Some(members), Some(required)) = (value.as_object(), schema["required"].as_array()) {
        for name in required.iter().filter_map(Value::as_str) {
            assert!(members.contains_key(name), "{name} is missing in {value}");
        }
    }
    for (name, value) in value.as_object().into_iter().flatten() {
        if let Some(properties) = schema["properties"].as_object() {
            let schema = properties.get(name).unwrap_or_else(|| panic!("{name} is not in the schema"));
            assert_fits(value, schema, all);
        }
    }
    for item in value.as_array().into_iter().flatten() {
        assert_fits(item, &schema["items"], all);
    }
    if let Some(list) = schema["enum"].as_array() {
        assert!(list.contains(value), "{value} is not one of {list:?}");
    }
}

#[tokio::test]
async fn the_file_has_everything_and_fits_its_published_schema() {
    let site = Site::start().await;
    let (mut browser, mut other, mut bram) = (site.browser(), site.browser(), site.browser());
    bram.sign_in("bram").await;
    save(&mut bram, "only Bram reads this").await;
    other.sign_in("an").await;
    browser.sign_in("an").await;
    save(&mut browser, "a text of An").await;
    browser.get("/my-data").await;
    let answer = export(&mut browser).await;
    assert_eq!(answer.header("content-type"), "application/json");
    let name = format!("my-data-{}.json", OffsetDateTime::now_utc().date());
    assert_eq!(answer.header("content-disposition"), format!("attachment; filename=\"{name}\""));
    assert_eq!((answer.header("cache-control"), answer.header("content-length")), ("no-store", ""));

    let document = document(&answer);
    let schema_url = document["$schema"].as_str().unwrap();
    assert_eq!(schema_url, format!("{}/schemas/export-1.json", site.public_url));
    let served = site.browser().get(schema_url).await;
    assert_eq!((served.status, served.header("content-type")), (StatusCode::OK, "application/schema+json"));
    assert_eq!(served.header("access-control-allow-origin"), "*");
    let schema: Value = serde_json::from_str(&served.body).unwrap();
    assert_fits(&document, &schema, &schema);

    assert_eq!((&document["message"]["text"], &document["message"]["version"]), (&"a text of An".into(), &1.into()));
    let claims = &document["details"]["claims"];
    assert_eq!((&claims["name"], &claims["custom:eid"]), (&AN.1.into(), &AN.0.into()));
    assert_eq!(document["details"]["provider"], "itsme");
    let own: Vec<_> = document["sessions"].as_array().unwrap().iter().map(|it| &it["is_this"]).collect();
    assert_eq!(own, [true, false]);
    let entries = document["activity"].as_array().unwrap();
    let acts: Vec<_> = entries.iter().map(|entry| entry["act"].as_str().unwrap()).collect();
    assert_eq!(acts, ["data_exported", "message_saved", "signed_in", "signed_in"]);
    assert_eq!(entries[2]["reads"]["count"], 2);
    assert_eq!(entries[2]["session"], document["sessions"][0]["name"]);
    assert!(!answer.body.contains("Bram") && !answer.body.contains(browser.session().unwrap()), "{}", answer.body);
    assert!(!answer.body.contains("v1#"), "{}", answer.body);

    let exports = || {
        let records = site.security_records();
        records.into_iter().filter(|record| record["event"]["action"] == "export").collect::<Vec<_>>()
    };
    until("the export is recorded", async || !exports().is_empty()).await;
    let [record] = &exports()[..] else { panic!("not one record") };
    assert_eq!(record["http"]["request"]["id"], entries[0]["reference"]);
    assert!(record["user"]["hash"].is_string() && record["labels"]["provider"] == "itsme", "{record}");
}

#[tokio::test]
async fn every_text_is_in_the_file_exactly_as_it_was_saved() {
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    assert_eq!(document(&export(&mut browser).await)["message"], Value::Null);
    let emoji = "🙂".repeat(2_000);
    for text in [
        "\n\n leading and trailing \n",
        "</textarea><script>alert(1)</script>&amp;<!-- \"quotes\" \\ \\u0041",
        "ليلى بن علي \u{202e}e\u{301} שלום",
        "zero\u{200b}width\u{200d}\u{feff}",
        "a\u{1}b\u{7f}\u{85}\u{2028}\u{fffd}\u{10ffff}",
        emoji.as_str(),
        "",
    ] {
        save(&mut browser, text).await;
        assert_eq!(document(&export(&mut browser).await)["message"]["text"], text);
    }
    // A browser sends line endings as CRLF, and they are kept as LF.
    save(&mut browser, "\r\na\r\nb\r\n").await;
    assert_eq!(document(&export(&mut browser).await)["message"]["text"], "\na\nb\n");
}

#[tokio::test]
async fn a_long_activity_is_streamed_and_a_file_that_breaks_off_is_not_taken_for_a_whole_one() {
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    let mut ids = Vec::new();
    for _ in 0..450 {
        ids.push(site.activity().record(&record_keys(AN.0), Act::SignedOut, &by()).await.unwrap().to_string());
    }
    ids.reverse();
    let (mut refused, mut broken) = (0, 0);
    // The table stops answering after so many requests.
    let whole = loop {
        site.line.set(State::EndsAfter(refused + broken));
        match browser.try_get("/my-data/export").await {
            Ok(answer) if answer.status == StatusCode::OK => break answer,
            Ok(answer) => {
                assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{}", answer.body);
                assert_eq!(broken, 0, "an export began although less of it could be read than before");
                refused += 1;
            }
            Err(_) => broken += 1,
        }
        assert!(refused + broken < 50, "no export succeeds");
    };
    site.line.set(State::Whole);
    // The activity is read in three pages. A file breaks off if the second or the third cannot be read.
    assert!(refused >= 4 && broken >= 2, "{refused} refused, {broken} broken off");
    let document = document(&whole);
    let entries = document["activity"].as_array().unwrap();
    let signed_out = entries.iter().filter(|entry| entry["act"] == "signed_out");
    assert!(signed_out.map(|entry| entry["id"].as_str().unwrap()).eq(ids.iter().map(String::as_str)));
    // Each document that began has its entry.
    let exported = entries.iter().filter(|entry| entry["act"] == "data_exported").count();
    assert!(exported > broken, "{exported} entries");
}

#[tokio::test]
async fn an_export_that_nobody_gets_is_not_recorded() {
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    let head = browser.send(Method::HEAD, "/my-data/export", |request| request).await;
    assert_eq!((head.status, head.header("allow")), (StatusCode::METHOD_NOT_ALLOWED, "GET"));
    assert_eq!(browser.post("/my-data/export", &[]).await.status, StatusCode::METHOD_NOT_ALLOWED);
    site.line.set(State::Throttles);
    assert_eq!(browser.get("/my-data/export").await.status, StatusCode::SERVICE_UNAVAILABLE);
    site.line.set(State::Whole);
    let document = document(&export(&mut browser).await);
    let acts: Vec<_> = document["activity"].as_array().unwrap().iter().map(|entry| &entry["act"]).collect();
    assert_eq!(acts, ["data_exported", "signed_in"]);
}

#[tokio::test]
async fn neither_another_site_nor_a_browser_that_loads_ahead_exports() {
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("sec-purpose", "prefetch"),
        ("sec-purpose", "prefetch;prerender"),
    ] {
        let answer = browser.send(Method::GET, "/my-data/export", |request| request.header(name, value)).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/activity"), "{name}: {value}");
    }
    for own in ["same-origin", "none"] {
        let answer =
            browser.send(Method::GET, "/my-data/export", |request| request.header("sec-fetch-site", own)).await;
        assert_eq!(answer.status, StatusCode::OK, "{own}");
    }
    let document = document(&export(&mut browser).await);
    let acts: Vec<_> = document["activity"].as_array().unwrap().iter().map(|entry| &entry["act"]).collect();
    assert_eq!(acts, ["data_exported", "data_exported", "data_exported", "signed_in"]);
}

#[tokio::test]
async fn exports_are_limited_for_each_address() {
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    let (before, _) = until_too_many(200, async || browser.get("/my-data/export").await).await;
    assert_eq!(before, 30);
    assert_eq!(browser.get("/activity").await.status, StatusCode::OK, "another page has the same limit");
}
