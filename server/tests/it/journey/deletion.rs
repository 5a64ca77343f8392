//! The deletion of everything about a citizen, from the page that asks to the receipt.

use reqwest::StatusCode;
use serde_json::json;
use testkit::{Answer, Browser, browser::parameter, until};
use time::Duration;

use super::{browser_at, refresh, refresh_token_of, save, second_server, text_of};
use crate::{
    session_life::end_in,
    support::{
        AN,
        attempt::{Attempt, assert_signed_in, changed, header},
        fake_pool::FakePool,
        line::State,
        process::{Process, serve},
        site::Site,
    },
};

const BRAM: &str = "90051411136";

async fn delete(browser: &mut Browser) -> Answer {
    browser.post("/api/delete_my_data", &[]).await
}

/// Follows the redirects of a deletion, through the user pool and the home page. Returns the address of the receipt.
async fn receipt_of(browser: &mut Browser, deleted: &Answer) -> String {
    let home = browser.visit(deleted.target()).await.site();
    let answer = browser.get(&home).await;
    assert_eq!(browser.cookie("mydata_receipt"), None, "the receipt would be shown again");
    answer.location().to_owned()
}

/// What one browser of An and one of Bram have stored. Returns them.
async fn two_citizens(site: &Site) -> [Browser; 2] {
    let [mut an, mut bram] = [site.browser(), site.browser()];
    for (browser, name) in [(&mut an, "an"), (&mut bram, "bram")] {
        browser.sign_in(name).await;
        save(browser, &format!("the text of {name}")).await;
    }
    [an, bram]
}

async fn until_gone(site: &Site) {
    until("nothing of An is left", async || site.of_citizen(AN.0).await.is_empty()).await;
}

fn deletions(site: &Site) -> Vec<serde_json::Value> {
    site.security_records().into_iter().filter(|record| record["event"]["action"] == "deletion").collect()
}

#[tokio::test]
async fn everything_of_the_citizen_is_deleted_and_the_receipt_needs_no_sign_in() {
    let site = Site::start().await;
    let server = second_server(&site).await;
    let [mut an, mut bram] = two_citizens(&site).await;
    let mut elsewhere = browser_at(&site, &server);
    elsewhere.sign_in("an").await;
    let brams = site.of_citizen(BRAM).await;
    let refresh_token = refresh_token_of(&site, an.session().unwrap()).await;
    let asked = an.get("/my-data/delete").await;
    assert!(asked.body.contains("action=\"/api/delete_my_data\""), "{}", asked.body);

    let deleted = delete(&mut an).await;
    assert_eq!(deleted.status, StatusCode::SEE_OTHER, "{}", deleted.body);
    assert!(
        deleted.location().starts_with(&format!("{}/logout?", site.settings().domain_url)),
        "{}",
        deleted.location()
    );
    assert_eq!(parameter(&deleted.target(), "logout_uri"), Some(format!("{}/", site.public_url)));
    let cookies = deleted.set_cookies();
    let [session, receipt] = cookies[..] else { panic!("{cookies:?}") };
    assert!(session.starts_with("mydata_session=;") && session.contains("Max-Age=0"), "{session}");
    assert!(receipt.starts_with("mydata_receipt=") && receipt.contains("HttpOnly"), "{receipt}");
    assert_eq!(site.of_citizen(AN.0).await, [""; 0]);
    assert_eq!(site.of_citizen(BRAM).await, brams);
    assert_eq!(elsewhere.get("/my-data").await.status, StatusCode::SEE_OTHER, "still signed in elsewhere");
    assert_eq!(text_of(&bram.get("/my-data").await), "the text of bram");
    until("the refresh token is revoked", async || refresh(&site, &refresh_token).await == StatusCode::BAD_REQUEST)
        .await;

    let address = receipt_of(&mut an, &deleted).await;
    assert!(address.starts_with("/deleted?receipt="), "{address}");
    until("the deletion is recorded", async || !deletions(&site).is_empty()).await;
    let records = deletions(&site);
    let [record] = &records[..] else { panic!("{records:?}") };
    let reference = record["http"]["request"]["id"].as_str().unwrap();
    assert!(record["@timestamp"].is_string() && record["event"]["outcome"] == "success", "{record}");
    assert!(record["user"].is_null() && record["source"].is_null() && record["labels"].is_null(), "{record}");
    for browser in [&mut an, &mut site.browser(), &mut bram] {
        let page = browser.get(&address).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.body.contains("Your data has been deleted") && page.body.contains(reference), "{}", page.body);
        assert!(!page.body.contains(AN.1) && !address.contains(reference), "{}", page.body);
    }
    // The home page is the home page again, and the citizen can begin anew.
    assert_eq!(an.get("/").await.status, StatusCode::OK);
    an.sign_in("an").await;
    let page = an.get("/my-data").await;
    assert_eq!((text_of(&page), page.hidden("version")), ("", "0"));
    let activity = an.get("/activity").await.body;
    assert_eq!(activity.matches("href=\"/activity/not-me?entry=").count(), 1, "{activity}");
    server.stop().await;
}

#[tokio::test]
async fn no_receipt_can_be_made_up() {
    let site = Site::start().await;
    let mut an = site.browser();
    an.sign_in("an").await;
    let deleted = delete(&mut an).await;
    let sealed = an.cookie("mydata_receipt").unwrap().to_owned();
    let address = receipt_of(&mut an, &deleted).await;
    assert_eq!(address, format!("/deleted?receipt={sealed}"));
    // What this site seals for another purpose is no receipt either.
    an.get("/login/itsme").await;
    let other = an.cookies().iter().find(|(name, _)| name.starts_with("mydata_signin_")).unwrap().1.clone();
    for forged in [changed(&sealed), sealed[1..].to_owned(), other, String::new(), "x".to_owned()] {
        let page = an.get(format!("/deleted?receipt={forged}")).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{forged}: {}", page.body);
        // Nor does the home page lead to one.
        let mut browser = site.browser();
        browser.cookies().insert("mydata_receipt".to_owned(), forged.clone());
        assert_eq!(browser.get("/").await.status, StatusCode::OK, "{forged}");
    }
    assert_eq!(an.get("/deleted").await.status, StatusCode::NOT_FOUND);
    assert_eq!(an.get(&address).await.status, StatusCode::OK);
}

/// Signs in with a user pool that says that the citizen was authenticated `ago` seconds ago.
async fn signed_in_ago(pool: &FakePool, site: &Site, ago: i64) -> Browser {
    let mut attempt = Attempt::start(site).await;
    let mut claims = attempt.claims(pool);
    claims["auth_time"] = json!(claims["iat"].as_i64().unwrap() - ago);
    let answer = attempt.finish_as(pool, &pool.key.sign(&header("first"), &claims)).await;
    assert_signed_in(&format!("{ago} s ago"), &answer);
    attempt.browser
}

#[tokio::test]
async fn a_sign_in_of_more_than_five_minutes_ago_deletes_nothing() {
    let (pool, mut site) = Site::start_with_fake_pool().await;
    // The user pool may then answer from its own session.
    site.config.cognito.prompt_login = false;
    site.restart().await;
    site.until_ready().await;
    for ago in [301, 3_600, -3_600] {
        let mut browser = signed_in_ago(&pool, &site, ago).await;
        let version = browser.get("/my-data").await.hidden("version").to_owned();
        browser.post("/api/save_message", &[("text", &format!("{ago}")), ("version", &version)]).await;
        let before = (site.records().await, site.open_sessions().await);
        let refused = delete(&mut browser).await;
        assert_eq!((refused.status, refused.location()), (StatusCode::SEE_OTHER, "/my-data/delete"), "{ago}");
        assert!(refused.set_cookies().is_empty(), "{ago}");
        let page = browser.get("/my-data/delete").await;
        assert!(!page.body.contains("/api/delete_my_data"), "{ago}: {}", page.body);
        let again = "href=\"/login/itsme?return_to=%2Fmy-data%2Fdelete";
        assert!(page.body.contains(again) && page.body.contains("Sign in again with itsme"), "{ago}: {}", page.body);
        assert_eq!((site.records().await, site.open_sessions().await), before, "{ago}");
    }
    // The sign-in that the page offers asks for a new one, and comes back to the page.
    let mut browser = signed_in_ago(&pool, &site, 301).await;
    let page = browser.get("/my-data/delete").await;
    let (_, rest) = page.body.split_once("href=\"/login/itsme").unwrap();
    let login = format!("/login/itsme{}", rest.split('"').next().unwrap().replace("&amp;", "&"));
    let started = browser.get(&login).await;
    assert_eq!(parameter(&started.target(), "prompt").as_deref(), Some("login"), "{login}");

    let mut browser = signed_in_ago(&pool, &site, 280).await;
    assert!(browser.get("/my-data/delete").await.body.contains("/api/delete_my_data"));
    let deleted = delete(&mut browser).await;
    assert!(deleted.location().starts_with(&format!("{}/logout?", pool.url())), "{}", deleted.location());
    assert!(site.of_citizen(AN.0).await.is_empty());
}

#[tokio::test]
async fn a_text_that_was_kept_is_deleted_too() {
    let site = Site::start().await;
    let mut an = site.browser();
    an.sign_in("an").await;
    let form = an.get("/my-data").await;
    end_in(&site, &mut an, Duration::seconds(-1)).await;
    let fields = [("text", "typed too late"), ("version", "0"), ("owner", form.hidden("owner"))];
    assert_eq!(an.post("/api/save_message", &fields).await.status, StatusCode::UNAUTHORIZED);
    let is_kept = async || site.sessions().await.iter().any(|item| item["pk"].as_s().unwrap().starts_with("kept#"));
    assert!(is_kept().await);
    an.sign_in("an").await;
    delete(&mut an).await;
    assert!(!is_kept().await);
    assert_eq!((an.cookie("mydata_kept"), an.session()), (None, None));
    assert!(site.of_citizen(AN.0).await.is_empty());
}

#[tokio::test]
async fn a_deletion_that_cannot_be_promised_deletes_nothing() {
    let site = Site::start().await;
    let [mut an, _] = two_citizens(&site).await;
    let before = site.of_citizen(AN.0).await;
    site.line.set(State::Throttles);
    let answer = delete(&mut an).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{}", answer.body);
    assert!(answer.reference().is_some() && answer.body.contains("href=\"/my-data/delete\""), "{}", answer.body);
    assert!(answer.body.contains("We could not confirm the deletion"), "{}", answer.body);
    assert!(answer.set_cookies().is_empty());
    site.line.set(State::Whole);
    assert_eq!(site.of_citizen(AN.0).await, before);
    assert_eq!(text_of(&an.get("/my-data").await), "the text of an");
    assert!(deletions(&site).is_empty());
}

#[tokio::test]
async fn a_deletion_that_takes_longer_is_promised_and_the_next_sign_in_finishes_it() {
    let site = Site::start().await;
    // Whatever the first requests do, the second citizen keeps everything.
    for most in 3..8 {
        let [mut an, mut bram] = two_citizens(&site).await;
        let cookies = an.cookies().clone();
        site.line.set(State::EndsAfter(most));
        let deleted = delete(&mut an).await;
        site.line.set(State::Whole);
        assert!(deleted.location().starts_with(&format!("{}/logout?", site.settings().domain_url)), "{most}");
        assert!(!site.of_citizen(AN.0).await.is_empty(), "{most}: it was finished");
        let address = receipt_of(&mut an, &deleted).await;
        let receipt = an.get(&address).await;
        assert!(receipt.body.contains("We are deleting your data"), "{most}: {}", receipt.body);
        // No session of before can do anything.
        *an.cookies() = cookies;
        assert_ne!(an.get("/my-data").await.status, StatusCode::OK, "{most}");
        let late = an.post("/api/save_message", &[("text", "late"), ("version", "1")]).await;
        assert!(late.status.is_client_error() || late.status.is_server_error(), "{most}: {}", late.status);
        an.clear_cookies();
        an.sign_in("an").await;
        let page = an.get("/my-data").await;
        assert_eq!((text_of(&page), page.hidden("version")), ("", "0"), "{most}");
        assert_eq!(text_of(&bram.get("/my-data").await), "the text of bram");
        delete(&mut an).await;
        until_gone(&site).await;
        delete(&mut bram).await;
    }
}

#[tokio::test]
async fn a_server_that_is_killed_during_a_deletion_finishes_it_after_its_restart() {
    let site = Site::start().await;
    for most in [2, 4, 6, 8] {
        let process = Process::start_ready(serve(&site), site.scratch.path()).await;
        let [mut an, mut bram] = [process.browser(&site), process.browser(&site)];
        for (browser, name) in [(&mut an, "an"), (&mut bram, "bram")] {
            browser.sign_in(name).await;
            save(browser, &format!("the text of {name}")).await;
        }
        let brams = site.of_citizen(BRAM).await;
        site.line.set(State::EndsAfter(most));
        let request = tokio::spawn(async move { an.try_post("/api/delete_my_data", &[]).await.is_ok() });
        until("the deletion is under way", async || site.line.has_ended()).await;
        process.kill();
        request.await.unwrap();
        assert!(!site.of_citizen(AN.0).await.is_empty(), "{most}: it was finished");
        site.line.set(State::Whole);
        let process = Process::start_ready(serve(&site), site.scratch.path()).await;
        until_gone(&site).await;
        until("the log says so", async || process.log().contains("a citizen's data is deleted")).await;
        assert_eq!(site.of_citizen(BRAM).await, brams, "{most}");
        assert!(!process.log().contains(AN.0) && !process.log().contains("v1#"));
        let mut bram = process.browser(&site);
        bram.sign_in("bram").await;
        delete(&mut bram).await;
        let (status, log) = process.stop().await;
        assert!(status.success(), "{log}");
    }
}
