//! The end of a session. The server decides it, whatever cookie a browser sends.

use aws_sdk_dynamodb::types::AttributeValue;
use reqwest::StatusCode;
use serde_json::json;
use testkit::Browser;
use time::{Duration, OffsetDateTime};
use tower_sessions::{SessionStore as _, session::Record};

use crate::support::{line::State, site::Site};

/// The defaults of `session.idle_minutes` and `session.absolute_minutes`.
const IDLE: Duration = Duration::minutes(15);
const ABSOLUTE: Duration = Duration::minutes(480);

async fn session(site: &Site, browser: &mut Browser) -> Record {
    let id = browser.session().unwrap().parse().unwrap();
    site.session_store().load(&id).await.unwrap().expect("the session is there")
}

/// Moves the end of the browser's session to `from_now`.
pub async fn end_in(site: &Site, browser: &mut Browser, from_now: Duration) {
    let record = session(site, browser).await;
    let record = Record { expiry_date: OffsetDateTime::now_utc() + from_now, ..record };
    site.session_store().save(&record).await.unwrap();
}

/// Moves the sign-in of the browser's session into the past.
async fn signed_in_ago(site: &Site, browser: &mut Browser, ago: Duration) {
    let mut record = session(site, browser).await;
    let at = OffsetDateTime::now_utc() - ago;
    record.data.get_mut("signed_in").unwrap()["signed_in_at"] = json!(at.unix_timestamp());
    record.expiry_date = OffsetDateTime::now_utc() + IDLE;
    site.session_store().save(&record).await.unwrap();
}

async fn assert_signed_out(what: &str, browser: &mut Browser) {
    for page in ["/my-data", "/profile"] {
        let answer = browser.get(page).await;
        assert_eq!((answer.status, answer.target().path()), (StatusCode::SEE_OTHER, "/"), "{what}: {page}");
    }
    assert!(browser.get("/").await.body.contains("href=\"/login/itsme\""), "{what}");
    let save = browser.post("/api/save_message", &[("text", "late"), ("version", "0")]).await;
    assert_eq!(save.status, StatusCode::UNAUTHORIZED, "{what}");
}

#[tokio::test]
async fn an_idle_session_ends() {
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    end_in(&site, &mut browser, Duration::seconds(-1)).await;
    // DynamoDB deletes expired items days later. Until then the item exists, and a request does not revive the session.
    assert_eq!(site.open_sessions().await, 1);
    assert_signed_out("idle", &mut browser).await;
    assert_signed_out("idle, second request", &mut browser).await;
    assert!(site.messages().await.is_empty());
}

#[tokio::test]
async fn requests_extend_a_session() {
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    let id = browser.session().unwrap().to_owned();
    end_in(&site, &mut browser, Duration::minutes(1)).await;
    assert_eq!(browser.get("/my-data").await.status, StatusCode::OK);
    let ends = session(&site, &mut browser).await.expiry_date;
    assert!(ends > OffsetDateTime::now_utc() + IDLE - Duration::minutes(1), "{ends}");
    assert_eq!(browser.session(), Some(id.as_str()));
}

#[tokio::test]
async fn a_session_ends_after_the_absolute_time_despite_requests() {
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    signed_in_ago(&site, &mut browser, ABSOLUTE - Duration::minutes(3)).await;
    end_in(&site, &mut browser, Duration::seconds(20)).await;
    assert_eq!(browser.get("/my-data").await.status, StatusCode::OK);
    let ends = session(&site, &mut browser).await.expiry_date;
    assert!(ends <= OffsetDateTime::now_utc() + Duration::minutes(3), "extended past the absolute end: {ends}");
    signed_in_ago(&site, &mut browser, ABSOLUTE).await;
    assert_signed_out("absolute", &mut browser).await;
}

#[tokio::test]
async fn every_page_says_when_the_session_ends() {
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    let sentence = |body: &str| {
        let (_, rest) = body.split_once("You will be signed out at ")?;
        rest.split_once("</p>").map(|(sentence, _)| sentence.to_owned())
    };
    // In Brussels, a whole number of hours from UTC.
    let minute = async |browser: &mut Browser| {
        let at = session(&site, browser).await.expiry_date;
        format!(":{:02} (Belgian time)", at.minute())
    };
    for page in ["/", "/profile", "/my-data"] {
        let body = browser.get(page).await.body;
        let said = sentence(&body).unwrap_or_else(|| panic!("{page}: {body}"));
        assert!(said.ends_with(" unless you open another page here."), "{said}");
        assert!(said.contains(&minute(&mut browser).await), "{page}: {said}");
    }
    // A conflict, and a text that is too long.
    browser.post("/api/save_message", &[("text", "a"), ("version", "0")]).await;
    for text in ["b".to_owned(), "c".repeat(2_001)] {
        let page = browser.post("/api/save_message", &[("text", &text), ("version", "0")]).await;
        assert!(sentence(&page.body).is_some(), "{}", page.body);
    }
    signed_in_ago(&site, &mut browser, ABSOLUTE - Duration::minutes(10)).await;
    end_in(&site, &mut browser, Duration::minutes(1)).await;
    let said = sentence(&browser.get("/my-data").await.body).unwrap();
    assert!(said.ends_with("Save what you are working on before then."), "{said}");
    assert!(said.contains(&minute(&mut browser).await), "{said}");
    // Visitors have no session.
    assert_eq!(sentence(&site.browser().get("/").await.body), None);
}

/// How many seconds the answer says are left.
fn seconds(answer: &testkit::Answer) -> i64 {
    let (_, rest) = answer.body.split_once("data-ends-in=\"").unwrap_or_else(|| panic!("{}", answer.body));
    rest.split_once('"').unwrap().0.parse().unwrap()
}

#[tokio::test]
async fn a_session_is_extended_on_request_as_far_as_it_can_be() {
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    end_in(&site, &mut browser, Duration::minutes(1)).await;
    let answer = browser.post("/session", &[]).await;
    assert_eq!((answer.status, answer.header("cache-control")), (StatusCode::OK, "no-store"));
    assert!((895..=900).contains(&seconds(&answer)), "{}", answer.body);
    assert!(answer.body.starts_with("<div") && answer.body.contains("Stay signed in"), "{}", answer.body);
    let ends = session(&site, &mut browser).await.expiry_date;
    assert!(ends > OffsetDateTime::now_utc() + IDLE - Duration::minutes(1), "{ends}");
    // Near the absolute end.
    signed_in_ago(&site, &mut browser, ABSOLUTE - Duration::minutes(10)).await;
    end_in(&site, &mut browser, Duration::minutes(1)).await;
    let answer = browser.post("/session", &[]).await;
    assert!((595..=600).contains(&seconds(&answer)), "{}", answer.body);
    assert!(!answer.body.contains("Stay signed in"), "{}", answer.body);
    // Over, or without a session.
    end_in(&site, &mut browser, Duration::seconds(-1)).await;
    for browser in [&mut browser, &mut site.browser()] {
        let answer = browser.post("/session", &[]).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{}", answer.body);
    }
    let foreign = |request: reqwest::RequestBuilder| request.header("origin", "https://evil.example");
    assert_eq!(browser.send(reqwest::Method::POST, "/session", foreign).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn asking_when_a_session_ends_does_not_extend_it() {
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    end_in(&site, &mut browser, Duration::minutes(1)).await;
    let before = site.sessions().await;
    let answer = browser.get("/session").await;
    assert_eq!((answer.status, answer.header("cache-control")), (StatusCode::OK, "no-store"));
    assert!((55..=60).contains(&seconds(&answer)), "{}", answer.body);
    assert!(answer.body.starts_with("<div") && answer.body.contains("Stay signed in"), "{}", answer.body);
    assert_eq!(site.sessions().await, before);
    // So close to the absolute end that it cannot be extended.
    signed_in_ago(&site, &mut browser, ABSOLUTE - Duration::minutes(1)).await;
    let answer = browser.get("/session").await;
    assert!((55..=60).contains(&seconds(&answer)) && !answer.body.contains("Stay signed in"), "{}", answer.body);
    // Over, or without a session.
    end_in(&site, &mut browser, Duration::seconds(-1)).await;
    for browser in [&mut browser, &mut site.browser()] {
        assert_eq!(browser.get("/session").await.status, StatusCode::UNAUTHORIZED);
    }
    browser.sign_in("an").await;
    site.line.set(State::Cut);
    assert_eq!(browser.get("/session").await.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn a_page_gets_its_session_in_its_own_language_whichever_was_chosen_since() {
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    browser.get("/my-data?lang=fr").await;
    for (asked, expected) in [
        ("nl", "Ingelogd blijven"),
        ("fr", "Prolonger ma session"),
        ("nl, en;q=0.5", "Prolonger ma session"),
        ("xx", "Prolonger ma session"),
    ] {
        for method in [reqwest::Method::GET, reqwest::Method::POST] {
            let from_page = |request: reqwest::RequestBuilder| {
                request.header("accept-language", asked).header("origin", &site.public_url)
            };
            let answer = browser.send(method, "/session", from_page).await;
            assert!(answer.body.contains(expected), "{asked}: {}", answer.body);
        }
    }
}

#[tokio::test]
async fn a_session_that_could_not_be_extended_is_not_said_to_be() {
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    end_in(&site, &mut browser, Duration::minutes(1)).await;
    site.line.set(State::Throttles);
    let answer = browser.post("/session", &[]).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{}", answer.body);
    site.line.set(State::Whole);
    assert_eq!(browser.post("/session", &[]).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_request_during_the_sign_out_does_not_revive_the_session() {
    let site = Site::start().await;
    for round in 0..4 {
        let mut browser = site.browser();
        browser.sign_in("an").await;
        // Each request now extends the session, which is a write.
        end_in(&site, &mut browser, Duration::minutes(1)).await;
        let cookies = browser.cookies().clone();
        let others: Vec<_> = (0..6)
            .map(|_| {
                let mut other = site.browser();
                *other.cookies() = cookies.clone();
                tokio::spawn(async move { other.get("/my-data").await.status })
            })
            .collect();
        assert_eq!(browser.post("/logout", &[]).await.status, StatusCode::SEE_OTHER);
        for other in others {
            assert!([StatusCode::OK, StatusCode::SEE_OTHER].contains(&other.await.unwrap()));
        }
        *browser.cookies() = cookies;
        assert_signed_out(&format!("round {round}"), &mut browser).await;
        assert_eq!(site.open_sessions().await, 0);
    }
}

#[tokio::test]
async fn session_data_under_another_id_is_not_accepted() {
    let site = Site::start().await;
    let (mut an, mut bram) = (site.browser(), site.browser());
    an.sign_in("an").await;
    bram.sign_in("bram").await;
    // An attacker with access to the table copies the data of one item to another.
    let items = site.sessions().await;
    let own = |browser: &mut Browser| server::secret::sha256_hex(browser.session().unwrap().as_bytes());
    let (an_key, bram_key) = (own(&mut an), own(&mut bram));
    let find = |key: &str| items.iter().find(|item| item["pk"] == AttributeValue::S(key.to_owned())).unwrap();
    let mut swapped = find(&bram_key).clone();
    swapped.insert("data".to_owned(), find(&an_key)["data"].clone());
    let table = &site.config.dynamodb.sessions_table;
    site.tables.put_item().table_name(table).set_item(Some(swapped)).send().await.unwrap();
    assert_signed_out("another's item", &mut bram).await;
    assert_eq!(an.get("/profile").await.status, StatusCode::OK);
}
