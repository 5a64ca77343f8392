//! Every sign-in is a new one, even if the user pool still remembers the browser.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use reqwest::StatusCode;
use serde_json::{Value, json};
use testkit::{Answer, Browser, browser::parameter};

use crate::support::{
    attempt::{Attempt, assert_rejected, assert_signed_in, changed, header},
    fake_pool::{Answers, FakePool},
    site::{Site, sealing_keys},
};

/// A sign-in of the browser, begun at `login`.
async fn start(mut browser: Browser, login: &str) -> Attempt {
    let started = browser.get(login).await;
    let value = |name| parameter(&started.target(), name).unwrap();
    Attempt { state: value("state"), nonce: value("nonce"), browser }
}

/// Finishes a sign-in with a token whose `auth_time` is `seconds` from now.
async fn finish(pool: &FakePool, attempt: &mut Attempt, seconds: i64) -> Answer {
    let mut claims = attempt.claims(pool);
    claims["auth_time"] = json!(claims["iat"].as_i64().unwrap() + seconds);
    attempt.finish_as(pool, &pool.key.sign(&header("first"), &claims)).await
}

/// Asserts that the browser is redirected to the user pool's sign-out, without a session.
fn assert_repeated(site: &Site, pool: &FakePool, attempt: &Attempt, answer: &Answer) {
    let out = parameter(&answer.target(), "logout_uri");
    assert!(answer.location().starts_with(&format!("{}/logout?client_id=", pool.url())), "{}", answer.location());
    assert_eq!(out, Some(format!("{}/", site.public_url)));
    assert_eq!(attempt.browser.session(), None);
    let names: Vec<_> =
        attempt.browser.cookie_header().split("; ").map(|it| it.split('=').next().unwrap().to_owned()).collect();
    assert_eq!(names, ["mydata_again"]);
    let [again] =
        &answer.set_cookies().into_iter().filter(|it| it.starts_with("mydata_again=")).collect::<Vec<_>>()[..]
    else {
        panic!("{:?}", answer.set_cookies())
    };
    assert!(again.contains("HttpOnly") && again.contains("SameSite=Lax") && again.contains("Max-Age=120"), "{again}");
}

#[tokio::test]
async fn a_stale_token_leads_through_the_sign_out_to_one_more_attempt() {
    let (pool, site) = Site::start_with_fake_pool().await;
    for (login, again) in [
        ("/login/itsme", "/login/itsme?again=1"),
        ("/login/itsme?return_to=/profile?a=b", "/login/itsme?return_to=%2Fprofile%3Fa%3Db&again=1"),
    ] {
        for second_is_stale in [false, true] {
            let mut attempt = Attempt::start_at(&site, login).await;
            let before = pool.counts();
            let answer = finish(&pool, &mut attempt, -70).await;
            assert_repeated(&site, &pool, &attempt, &answer);
            assert_eq!(pool.counts(), before.and(1, 0), "no further call to the user pool");

            let home = attempt.browser.get("/").await;
            assert_eq!((home.status.as_u16(), home.location()), (303, again));
            assert_eq!(attempt.browser.cookie_header(), "", "the cookie is removed");
            let mut attempt = start(attempt.browser, again).await;
            let answer = finish(&pool, &mut attempt, if second_is_stale { -70 } else { 0 }).await;
            if second_is_stale {
                assert_rejected("the second", &answer, 400);
                assert!(
                    answer.body.contains("This browser is still signed in from an earlier time"),
                    "{}",
                    answer.body
                );
                let out = format!("href=\"{}/logout?client_id=", pool.url());
                assert!(
                    answer.body.contains(&out) && answer.body.contains("Sign out and choose again"),
                    "{}",
                    answer.body
                );
                assert_eq!(attempt.browser.cookie_header(), "");
                // The home page does not begin anything by itself.
                assert_eq!(attempt.browser.get("/").await.status, StatusCode::OK);
            } else {
                assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
                assert!(attempt.browser.session().is_some());
            }
            assert_eq!(pool.counts(), before.and(2, 0));
        }
    }
    assert_eq!(site.open_sessions().await, 2);
}

#[tokio::test]
async fn a_stale_token_of_another_provider_leads_to_the_chosen_one() {
    let (pool, site) = Site::start_with_fake_pool().await;
    let mut attempt = Attempt::start_at(&site, "/login/second").await;
    // The user pool still has the session of itsme.
    let answer = finish(&pool, &mut attempt, -70).await;
    assert_repeated(&site, &pool, &attempt, &answer);
    assert_eq!(attempt.browser.get("/").await.location(), "/login/second?again=1");
}

#[tokio::test]
async fn a_citizen_who_is_signed_in_stays_signed_in_while_another_sign_in_is_repeated() {
    let (pool, site) = Site::start_with_fake_pool().await;
    let mut attempt = Attempt::start(&site).await;
    assert_signed_in("first", &attempt.succeed(&pool).await);
    let session = attempt.browser.session().unwrap().to_owned();
    let mut attempt = start(attempt.browser, "/login/itsme").await;
    assert!(finish(&pool, &mut attempt, -3_000).await.status.is_redirection());
    assert_eq!(attempt.browser.session(), Some(session.as_str()));
    assert_eq!(attempt.browser.get("/my-data").await.status, StatusCode::OK);
}

#[tokio::test]
async fn without_prompt_login_the_session_of_the_user_pool_is_enough() {
    let (pool, mut site) = Site::start_with_fake_pool().await;
    site.config.cognito.prompt_login = false;
    site.restart().await;
    site.until_ready().await;
    let mut browser = site.browser();
    let started = browser.get("/login/itsme").await;
    assert_eq!(parameter(&started.target(), "prompt"), None);
    let mut attempt = start(browser, "/login/itsme").await;
    assert_signed_in("an hour ago", &finish(&pool, &mut attempt, -3_600).await);
    let mut attempt = Attempt::start(&site).await;
    let mut claims = attempt.claims(&pool);
    claims["auth_time"] = json!("yesterday");
    let token = pool.key.sign(&header("first"), &claims);
    assert_signed_in("no time", &attempt.finish_as(&pool, &token).await);
}

#[tokio::test]
async fn managed_login_asks_again() {
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    browser.cookies().retain(|name, _| !name.contains("session"));
    let started = browser.get("/login/itsme").await;
    let page = browser.visit(started.target()).await.page();
    assert!(page.body.contains("Who is signing in?"), "{}", page.body);
    // The next user of the browser signs in as themselves.
    let callback = browser.decide_on_page(&page, "bram", "approve").await;
    assert_eq!(browser.get(&callback).await.location(), "/my-data");
    assert!(browser.get("/profile").await.body.contains("Bram Janssens"));
}

/// The value of the cookie, sealed with the server's key.
fn sealed(purpose: &str, content: &Value) -> String {
    let tag = [1; 16];
    let sealed = sealing_keys().seal(purpose, &tag, serde_json::to_vec(content).unwrap());
    URL_SAFE_NO_PAD.encode([&tag[..], &sealed].concat())
}

#[tokio::test]
async fn only_a_current_cookie_of_this_server_begins_a_sign_in_and_only_at_the_home_page() {
    let (_pool, site) = Site::start_with_fake_pool().await;
    let now = time::OffsetDateTime::now_utc().unix_timestamp();
    let content = |provider: &str, at: i64| json!({ "p": provider, "r": null, "t": at });
    let good = sealed("repeated sign-in v1", &content("itsme", now));
    for (what, value, path, is_led) in [
        ("current", good.clone(), "/", true),
        ("with a query", good.clone(), "/?signin=cancelled", false),
        ("two minutes old", sealed("repeated sign-in v1", &content("itsme", now - 120)), "/", false),
        ("of the future", sealed("repeated sign-in v1", &content("itsme", now + 600)), "/", false),
        ("another purpose", sealed("sign-in transaction v2", &content("itsme", now)), "/", false),
        ("an unknown provider", sealed("repeated sign-in v1", &content("other", now)), "/", false),
        ("not sealed", content("itsme", now).to_string().replace('"', ""), "/", false),
        ("changed", changed(&good), "/", false),
        ("empty", String::new(), "/", false),
    ] {
        let mut browser = site.browser();
        browser.cookies().insert("mydata_again".to_owned(), value);
        let answer = browser.get(path).await;
        if is_led {
            assert_eq!(answer.location(), "/login/itsme?again=1", "{what}");
        } else {
            assert_eq!(answer.status, StatusCode::OK, "{what}");
        }
    }
}

#[tokio::test]
async fn a_sign_out_or_another_option_cancels_the_repetition() {
    let (pool, site) = Site::start_with_fake_pool().await;
    for sign_out in [false, true] {
        let mut attempt = Attempt::start(&site).await;
        let answer = finish(&pool, &mut attempt, -70).await;
        assert_repeated(&site, &pool, &attempt, &answer);
        if sign_out {
            attempt.browser.post("/logout", &[]).await;
        } else {
            attempt.browser.get("/login/second").await;
        }
        assert_eq!(attempt.browser.cookie("mydata_again"), None);
        assert_eq!(attempt.browser.get("/").await.status, StatusCode::OK);
    }
    // Without cookies, there is no redirect loop.
    let mut attempt = Attempt::start(&site).await;
    let answer = finish(&pool, &mut attempt, -70).await;
    assert_repeated(&site, &pool, &attempt, &answer);
    attempt.browser.clear_cookies();
    assert_eq!(attempt.browser.get("/").await.status, StatusCode::OK);
    pool.set_token(Answers::Never);
    assert_rejected("no cookie", &attempt.finish().await, 400);
}
