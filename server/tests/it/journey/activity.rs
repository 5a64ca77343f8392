//! `/activity`, and the ends of sessions on other devices.

use app::pages::activity::Act;
use http::Method;
use reqwest::StatusCode;
use server::secret::sha256_hex;
use testkit::{Answer, Browser, until};

use super::{browser_at, other_sessions, save, second_server};
use crate::support::{
    AN, by,
    line::State,
    site::{Site, record_keys},
};

const PHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 \
                     Mobile/15E148 Safari/604.1";

/// The headings of the entries of a page, the newest first.
fn entries(page: &Answer) -> Vec<String> {
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let (_, done) = page.body.split_once("id=\"done\"").unwrap();
    let headings = done.split("<strong>").skip(1);
    headings.map(|rest| rest.split("</strong>").next().unwrap().to_owned()).collect()
}

/// The name of the session of a browser.
fn name_of(browser: &Browser) -> String {
    sha256_hex(browser.session().unwrap().as_bytes())[..16].to_owned()
}

async fn is_signed_in(browser: &mut Browser) -> bool {
    browser.get("/profile").await.status == StatusCode::OK
}

async fn end_session(browser: &mut Browser, name: &str) -> String {
    browser.post("/api/end_session", &[("session", name)]).await.location().to_owned()
}

#[tokio::test]
async fn the_page_says_what_was_done_where_and_how_often_the_message_was_opened() {
    let site = Site::start().await;
    let mut browser = site.browser();
    let callback = browser.decide("/login/itsme", "an", "approve").await;
    let as_phone = |request: reqwest::RequestBuilder| request.header("user-agent", PHONE);
    assert_eq!(browser.send(Method::GET, callback.as_str(), as_phone).await.location(), "/my-data");
    let page = browser.get("/activity").await;
    assert_eq!(entries(&page), ["Signed in"]);
    assert!(page.body.contains("Phone, Safari on iOS"), "{}", page.body);
    assert!(!page.body.contains("Your message was opened") && other_sessions(&page).is_empty(), "{}", page.body);

    save(&mut browser, "a text").await;
    browser.get("/my-data").await;
    // A conflict, and a text that is too long, are nothing that was done.
    browser.post("/api/save_message", &[("text", "another text"), ("version", "0")]).await;
    browser.post("/api/save_message", &[("text", &"x".repeat(2_001)), ("version", "1")]).await;
    browser.get("/my-data/export").await;
    let mut other = site.browser();
    other.sign_in("an").await;
    other.post("/logout", &[]).await;
    let page = browser.get("/activity").await;
    assert_eq!(entries(&page), ["Signed out", "Signed in", "Data downloaded", "Message saved", "Signed in"]);
    assert!(page.body.contains("Your message was opened 2 times"), "{}", page.body);
    assert!(page.body.contains("Version 1") && !page.body.contains("a text"), "{}", page.body);
    // Nothing of it is anyone else's.
    let mut bram = site.browser();
    bram.sign_in("bram").await;
    assert_eq!(entries(&bram.get("/activity").await), ["Signed in"]);
    // What the sign-in replaced has ended too.
    browser.sign_in("an").await;
    let page = browser.get("/activity").await;
    assert_eq!(entries(&page)[..2], ["Signed out because of a new sign-in in the same browser", "Signed in"]);
}

#[tokio::test]
async fn older_entries_are_on_further_pages_each_of_them_once() {
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    for _ in 0..60 {
        site.activity().record(&record_keys(AN.0), Act::SignedOut, &by()).await.unwrap();
    }
    let (mut address, mut seen, mut pages) = ("/activity".to_owned(), Vec::new(), 0);
    loop {
        let page = browser.get(&address).await;
        seen.extend(entries(&page));
        pages += 1;
        assert_eq!(page.body.contains("Where you are signed in"), pages == 1);
        let Some((_, rest)) = page.body.split_once("href=\"/activity?before=") else { break };
        address = format!("/activity?before={}", rest.split('"').next().unwrap());
    }
    assert_eq!((pages, seen.len(), seen.last().map(String::as_str)), (3, 61, Some("Signed in")));
    // An address that is no one's leads to the newest, or to what is older than it.
    for address in ["/activity?before=", "/activity?before=x", "/activity?before=ffffffff-ffff-7fff-bfff-ffffffffffff"]
    {
        assert_eq!(entries(&browser.get(address).await).len(), 25, "{address}");
    }
    let before_all = browser.get("/activity?before=00000000-0000-7000-8000-000000000000").await;
    assert!(entries(&before_all).is_empty());
}

#[tokio::test]
async fn an_entry_that_the_citizen_does_not_recognise_is_shown_to_nobody_else() {
    let site = Site::start().await;
    let (mut an, mut bram) = (site.browser(), site.browser());
    an.sign_in("an").await;
    bram.sign_in("bram").await;
    let page = an.get("/activity").await;
    let (_, rest) = page.body.split_once("href=\"/activity/not-me?entry=").unwrap();
    let address = format!("/activity/not-me?entry={}", rest.split('"').next().unwrap());
    let (_, reference) = page.body.split_once("Reference: ").unwrap();
    let reference = reference.split('<').next().unwrap();
    for (browser, knows) in [(&mut an, true), (&mut bram, false)] {
        let page = browser.get(&address).await;
        assert_eq!((page.status, page.body.contains(reference)), (StatusCode::OK, knows), "{}", page.body);
        assert_eq!(page.body.contains("<dt>Reference</dt>"), knows, "{}", page.body);
    }
    assert_eq!(an.get("/activity/not-me?entry=x").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_session_on_another_device_is_ended_at_once_whichever_server_it_uses() {
    let site = Site::start().await;
    let server = second_server(&site).await;
    let (mut phone, mut laptop) = (site.browser(), browser_at(&site, &server));
    phone.sign_in("an").await;
    laptop.sign_in("an").await;
    assert!(is_signed_in(&mut phone).await && is_signed_in(&mut laptop).await);
    let name = name_of(&laptop);
    assert_eq!(other_sessions(&phone.get("/activity").await), [name.as_str()]);

    assert_eq!(end_session(&mut phone, &name).await, "/activity?done=ended");
    assert!(!is_signed_in(&mut laptop).await && is_signed_in(&mut phone).await);
    let page = phone.get("/activity?done=ended").await;
    assert!(page.body.contains("You are signed out there"), "{}", page.body);
    assert_eq!(entries(&page)[0], "Signed out from another device");
    assert_eq!((other_sessions(&page).len(), site.open_sessions().await), (0, 1));
    // It is over, for the same button on an older page too.
    let late = laptop.post("/api/save_message", &[("text", "late"), ("version", "0")]).await;
    assert_eq!(late.status, StatusCode::UNAUTHORIZED);
    assert_eq!(end_session(&mut phone, &name).await, "/activity?done=gone");
    assert!(phone.get("/activity?done=gone").await.body.contains("That session had already ended"));
    let ended = |records: Vec<serde_json::Value>| {
        let reason = "ended by the citizen on another device";
        records.into_iter().filter(|record| record["event"]["reason"] == reason).collect::<Vec<_>>()
    };
    until("the end is recorded", async || !ended(site.security_records()).is_empty()).await;
    assert_eq!(ended(site.security_records()).len(), 1);
    server.stop().await;
}

#[tokio::test]
async fn only_other_sessions_of_the_same_citizen_can_be_ended() {
    let site = Site::start().await;
    let (mut an, mut elsewhere, mut bram) = (site.browser(), site.browser(), site.browser());
    an.sign_in("an").await;
    elsewhere.sign_in("an").await;
    bram.sign_in("bram").await;
    let before = (site.records().await.len(), site.open_sessions().await);
    let key = sha256_hex(bram.session().unwrap().as_bytes());
    let own = name_of(&an);
    for name in [&name_of(&bram), &key, bram.session().unwrap(), "", "*"] {
        assert_eq!(end_session(&mut an, name).await, "/activity?done=gone", "{name}");
    }
    // It is open, so it cannot be said to have ended already.
    for fields in [&[][..], &[("name", "x")], &[("session", &own)]] {
        let answer = an.post("/api/end_session", fields).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.body);
    }
    assert!(is_signed_in(&mut an).await && is_signed_in(&mut elsewhere).await && is_signed_in(&mut bram).await);
    assert_eq!((site.records().await.len(), site.open_sessions().await), before, "something was stored");
    assert_eq!(an.post("/api/end_other_sessions", &[]).await.location(), "/activity?done=1");
    assert!(is_signed_in(&mut an).await && !is_signed_in(&mut elsewhere).await && is_signed_in(&mut bram).await);
}

#[tokio::test]
async fn every_other_session_is_ended_and_the_one_that_asks_stays() {
    let site = Site::start().await;
    let server = second_server(&site).await;
    let mut here = site.browser();
    let mut others = [site.browser(), browser_at(&site, &server), browser_at(&site, &server)];
    let mut bram = browser_at(&site, &server);
    bram.sign_in("bram").await;
    here.sign_in("an").await;
    for other in &mut others {
        other.sign_in("an").await;
    }
    assert_eq!(here.post("/api/end_other_sessions", &[]).await.location(), "/activity?done=3");
    for other in &mut others {
        assert!(!is_signed_in(other).await);
    }
    assert!(is_signed_in(&mut here).await && is_signed_in(&mut bram).await);
    let page = here.get("/activity?done=3").await;
    assert!(page.body.contains("We ended 3 other sessions."), "{}", page.body);
    let ended = entries(&page).into_iter().filter(|entry| entry == "Signed out from another device").count();
    assert_eq!((ended, other_sessions(&page).len()), (3, 0));
    assert_eq!(here.post("/api/end_other_sessions", &[]).await.location(), "/activity?done=0");
    server.stop().await;
}

#[tokio::test]
async fn a_session_that_may_have_ended_is_recorded() {
    let site = Site::start().await;
    let (mut here, mut other) = (site.browser(), site.browser());
    here.sign_in("an").await;
    other.sign_in("an").await;
    site.line.set(State::Throttles);
    let answer = here.post("/api/end_other_sessions", &[]).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{}", answer.body);
    let is_told = async || {
        site.security_records().iter().any(|record| {
            let event = &record["event"];
            event["outcome"] == "failure" && event["reason"] == "the tables did not answer: it may have ended"
        })
    };
    until("it is recorded", is_told).await;
    site.line.set(State::Whole);
    assert!(is_signed_in(&mut other).await);
}

#[tokio::test]
async fn pages_and_forms_about_activity_need_a_session() {
    let site = Site::start().await;
    let mut an = site.browser();
    an.sign_in("an").await;
    save(&mut an, "a text").await;
    let before = (site.records().await, site.open_sessions().await);
    for (path, back) in [
        ("/activity", "/?return_to=%2Factivity"),
        ("/my-data/export", "/?return_to=%2Fmy-data%2Fexport"),
        ("/my-data/delete", "/?return_to=%2Fmy-data%2Fdelete"),
        ("/activity/not-me", "/?return_to=%2Factivity%2Fnot-me"),
    ] {
        let answer = site.browser().get(path).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, back));
    }
    for (path, back) in [
        ("/api/end_session", "%2Factivity"),
        ("/api/end_other_sessions", "%2Factivity"),
        ("/api/delete_my_data", "%2Fmy-data%2Fdelete"),
    ] {
        let mut stranger = site.browser();
        stranger.cookies().insert("mydata_session".to_owned(), "AAAAAAAAAAAAAAAAAAAAAA".to_owned());
        for browser in [&mut site.browser(), &mut stranger] {
            let answer = browser.post(path, &[("session", &name_of(&an))]).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}: {}", answer.body);
            // The form is not sent again after the sign-in.
            assert!(answer.body.contains(&format!("href=\"/?return_to={back}\"")), "{path}: {}", answer.body);
        }
        assert_eq!(an.get(path).await.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
    }
    assert_eq!((site.records().await, site.open_sessions().await), before);
}

#[tokio::test]
async fn during_an_outage_nothing_is_said_to_be_done() {
    let site = Site::start().await;
    let (mut browser, mut other) = (site.browser(), site.browser());
    browser.sign_in("an").await;
    other.sign_in("an").await;
    let name = name_of(&other);
    site.line.set(State::Throttles);
    for (path, fields) in [("/api/end_session", &[("session", name.as_str())][..]), ("/api/end_other_sessions", &[])] {
        let answer = browser.post(path, fields).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
        assert!(answer.reference().is_some() && answer.body.contains("href=\"/activity\""), "{path}: {}", answer.body);
    }
    site.line.set(State::Cut);
    for path in ["/activity", "/activity/not-me"] {
        let answer = browser.get(path).await;
        assert_eq!((answer.status, answer.header("retry-after").is_empty()), (StatusCode::SERVICE_UNAVAILABLE, false));
    }
    site.line.set(State::Whole);
    assert!(is_signed_in(&mut other).await);
    assert_eq!(end_session(&mut browser, &name).await, "/activity?done=ended");
}
