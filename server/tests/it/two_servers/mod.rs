//! Two servers of one site share only the tables and the keys. Whatever one begins or ends holds on the other with the next request.
//!
//! Elsewhere: another session that is ended, and a deletion (`journey`); a change of keys (`key_change`, `key_roll`); a kept text
//! (`kept_text`). `key_roll` also has each half of a sign-in through the bridge at either server. The bridge and the API store
//! nothing that could be used once.

mod rolling_restart;

use std::sync::Arc;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use testkit::{Answer, Browser, until};
use tokio::sync::Notify;

use crate::{
    api::{Api, FIRST, on},
    journey::{browser_at, save, second_server, text_of},
    support::{
        attempt::{Attempt, assert_rejected, assert_signed_in, header},
        fake_pool::Answers,
        site::{Site, SiteOptions},
    },
};

/// Whether the browser's session is open.
async fn is_signed_in(browser: &mut Browser) -> bool {
    browser.get("/my-data").await.status == StatusCode::OK
}

#[tokio::test]
async fn a_sign_in_begins_on_one_server_and_ends_on_the_other_and_its_state_works_once() {
    let (pool, site) = Site::start_with_fake_pool().await;
    let server = second_server(&site).await;
    for (begins, ends) in [(site.address, server.address), (server.address, site.address)] {
        let mut attempt = Attempt::start_in(site.browser().with_socket(begins), "/login/itsme").await;
        let cookies = attempt.browser.cookies().clone();
        attempt.browser = attempt.browser.with_socket(ends);
        assert_signed_in("at the other server", &attempt.succeed(&pool).await);
        let before = pool.counts();
        for address in [begins, ends] {
            let (browser, state) = (site.browser().with_socket(address), attempt.state.clone());
            let mut replay = Attempt { browser, state, nonce: String::new() };
            *replay.browser.cookies() = cookies.clone();
            assert_rejected("a replay", &replay.finish().await, 400);
            attempt.browser = attempt.browser.with_socket(address);
            assert!(is_signed_in(&mut attempt.browser).await);
            // The browser that has the session may visit the callback again.
            assert_eq!(attempt.finish().await.location(), "/my-data");
        }
        assert_eq!(pool.counts(), before, "the user pool was asked for a replay");
    }
    server.stop().await;
}

/// One server would give both requests the same answer. The other cannot know what the first will answer.
#[tokio::test]
async fn a_callback_that_reaches_both_servers_at_the_same_time_opens_one_session() {
    let (pool, site) = Site::start_with_fake_pool().await;
    let server = second_server(&site).await;
    let mut attempt = Attempt::start(&site).await;
    let mut other = Attempt { browser: browser_at(&site, &server), state: attempt.state.clone(), nonce: String::new() };
    other.browser.cookies().clone_from(attempt.browser.cookies());
    let token = pool.key.sign(&header("first"), &attempt.claims(&pool));
    let notify = Arc::new(Notify::new());
    pool.set_token(Answers::When(Arc::clone(&notify), Box::new(Answers::id_token(&token))));
    let before = pool.counts();
    let first = tokio::spawn(async move { (attempt.finish().await, attempt.browser) });
    until("the code is redeemed", async || pool.counts() == before.and(1, 0)).await;
    assert_rejected("at the other server", &other.finish().await, 400);
    notify.notify_one();
    let (answer, mut browser) = first.await.unwrap();
    assert_signed_in("at the first server", &answer);
    assert!(is_signed_in(&mut browser).await && is_signed_in(&mut browser.with_socket(server.address)).await);
    assert_eq!((pool.counts(), site.open_sessions().await), (before.and(1, 0), 1));
    server.stop().await;
}

#[tokio::test]
async fn a_sign_out_begins_on_one_server_and_ends_on_the_other_and_holds_on_both() {
    let site = Site::start_with(SiteOptions { all_providers: true, ..SiteOptions::default() }).await;
    let server = second_server(&site).await;
    for (begins, ends) in [(site.address, server.address), (server.address, site.address)] {
        let mut browser = site.browser().with_socket(begins);
        let callback = browser.decide("/login/auth0", "an", "approve").await;
        assert_eq!(browser.get(&callback).await.location(), "/my-data");
        let cookies = browser.cookies().clone();
        browser = browser.with_socket(ends);
        assert!(is_signed_in(&mut browser).await);

        browser = browser.with_socket(begins);
        let out = browser.post("/logout", &[]).await;
        let home = browser.visit(out.target()).await.site();
        browser = browser.with_socket(ends);
        let page = browser.get(&home).await;
        assert!(page.body.contains("You are signed out") && page.body.contains("Also sign out of Auth0"), "{page:?}");
        for address in [ends, begins] {
            let mut replay = site.browser().with_socket(address);
            *replay.cookies() = cookies.clone();
            assert!(!is_signed_in(&mut replay).await);
            let late = replay.post("/api/save_message", &[("text", "late"), ("version", "0")]).await;
            assert_eq!(late.status, StatusCode::UNAUTHORIZED);
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn a_save_on_one_server_is_seen_on_the_other_and_an_older_version_conflicts() {
    let site = Site::start().await;
    let server = second_server(&site).await;
    let [mut here, mut there] = [site.browser(), browser_at(&site, &server)];
    here.sign_in("an").await;
    there.sign_in("an").await;
    assert_eq!(text_of(&there.get("/my-data").await), "");
    assert_eq!(save(&mut here, "from the first").await.location(), "/my-data?saved=1");
    let stale = there.post("/api/save_message", &[("text", "from the second"), ("version", "0")]).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(stale.body.contains("from the first") && stale.body.contains("from the second"), "{}", stale.body);
    assert_eq!(text_of(&there.get("/my-data").await), "from the first");
    assert_eq!(save(&mut there, "from the second").await.location(), "/my-data?saved=2");
    assert_eq!(text_of(&here.get("/my-data").await), "from the second");
    // Each round, both save over the same version at the same time. One is stored.
    for version in 2..8_u8 {
        let version = version.to_string();
        let (here_fields, there_fields) =
            ([("text", "here"), ("version", &*version)], [("text", "there"), ("version", &*version)]);
        let (at_first, at_second) =
            tokio::join!(here.post("/api/save_message", &here_fields), there.post("/api/save_message", &there_fields));
        let stored = |answer: &Answer| answer.status == StatusCode::SEE_OTHER;
        let (winner, loser) = if stored(&at_first) { ("here", &at_second) } else { ("there", &at_first) };
        assert_eq!(loser.status, StatusCode::CONFLICT, "version {version}: {}", loser.body);
        assert_eq!(text_of(&here.get("/my-data").await), winner, "version {version}");
        assert_eq!(there.get("/my-data").await.hidden("version"), here.get("/my-data").await.hidden("version"));
    }
    server.stop().await;
}

#[tokio::test]
async fn a_deletion_on_one_server_is_confirmed_by_the_other() {
    let site = Site::start().await;
    let server = second_server(&site).await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    let deleted = browser.post("/api/delete_my_data", &[]).await;
    let home = browser.visit(deleted.target()).await.site();
    let mut browser = browser.with_socket(server.address);
    let receipt = browser.get(&home).await;
    assert!(receipt.location().starts_with("/deleted?receipt="), "{receipt:?}");
    let confirmed = async |browser: &mut Browser| browser.get(receipt.location()).await.body;
    assert!(confirmed(&mut browser).await.contains("Your data has been deleted"));
    assert!(confirmed(&mut site.browser()).await.contains("Your data has been deleted"));
    let recorded =
        async || site.security_records().iter().any(|record: &Value| record["event"]["action"] == "deletion");
    until("the deletion is recorded", recorded).await;
    server.stop().await;
}

#[tokio::test]
async fn a_program_saves_on_one_server_what_it_read_on_the_other() {
    let api = Api::start().await;
    let server = second_server(&api.site).await;
    let an = api.an();
    assert_eq!(api.save(&an, FIRST, "from the first").await.status, StatusCode::CREATED);
    let ask = async |method, condition: Option<&str>, text: &str| {
        let mut browser = browser_at(&api.site, &server);
        let with = |request: reqwest::RequestBuilder| {
            let request = request.header("authorization", &an);
            let Some(condition) = condition else { return request };
            let body = json!({ "text": text }).to_string();
            request.header("if-match", condition).header("content-type", "application/json").body(body)
        };
        browser.send(method, "/v1/message", with).await
    };
    let read = ask(Method::GET, None, "").await;
    assert_eq!((read.status, read.header("etag")), (StatusCode::OK, &*on(1)), "{}", read.body);
    assert_eq!(ask(Method::PUT, Some(&on(1)), "from the second").await.status, StatusCode::OK);
    let stale = api.save(&an, ("if-match", &on(1)), "too late").await;
    assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED, "{}", stale.body);
    assert_eq!(ask(Method::PUT, Some(&on(1)), "too late").await.status, StatusCode::PRECONDITION_FAILED);
    server.stop().await;
}
