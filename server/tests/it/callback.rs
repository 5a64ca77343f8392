//! The authorization response, from the browser or from an attacker.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use reqwest::StatusCode;
use serde_json::{Value, json};
use testkit::{Browser, until};
use tokio::sync::Notify;

use crate::support::{
    attempt::{Attempt, assert_rejected, assert_signed_in, changed},
    fake_pool::Answers,
    line,
    process::{Process, serve},
    site::{SIGN_IN_PURPOSE, Site, sealing_keys},
};

#[tokio::test]
async fn an_invalid_response_is_rejected_before_any_call() {
    let (pool, site) = Site::start_with_fake_pool().await;
    let before = pool.counts();
    for query in [
        "",
        "code=c",
        "code=c&state=",
        "code=c&state=unknown",
        "code=c&state=%00%ff",
        "state={state}",
        "code=&state={state}",
        "code=c&error=access_denied&state={state}",
        "code=c&error=&state={state}",
        "code=c&state={state}&state={state}",
        "code=c&code=d&state={state}",
        "code=c&state={state}x",
        "error=access_denied",
        "error=access_denied&state=unknown",
        "error=access_denied&error=access_denied&state={state}",
        "code=c&state={state}&iss=https://evil.example",
        "code=c&state={state}&iss=",
        "code=c&state={state}&iss={issuer}/",
        "code=c&state={state}&iss={issuer}&iss={issuer}",
    ] {
        let mut attempt = Attempt::start(&site).await;
        let filled = query.replace("{state}", &attempt.state).replace("{issuer}", &pool.issuer());
        let answer = attempt.browser.get(format!("/auth/callback?{filled}")).await;
        assert_rejected(query, &answer, 400);
        assert!(!answer.body.contains(&attempt.state) && !answer.body.contains("evil"), "{query}");
    }
    assert_eq!(pool.counts(), before);
    // Only used states are stored.
    assert_eq!(site.open_sessions().await, 0);
}

#[tokio::test]
async fn a_callback_without_a_sign_in_before_it_is_rejected() {
    let (pool, site) = Site::start_with_fake_pool().await;
    let before = pool.counts();
    let answer = site.browser().get("/auth/callback?code=c&state=s").await;
    assert_rejected("no cookie", &answer, 400);
    assert_eq!(pool.counts(), before);
    assert!(site.sessions().await.is_empty());
}

#[tokio::test]
async fn a_state_works_once_even_if_its_cookie_is_restored() {
    let (pool, site) = Site::start_with_fake_pool().await;
    let mut attempt = Attempt::start(&site).await;
    let cookies = attempt.browser.cookies().clone();
    assert_signed_in("first", &attempt.succeed(&pool).await);
    let before = pool.counts();
    let mut thief = Attempt { browser: site.browser(), ..attempt };
    *thief.browser.cookies() = cookies;
    assert_rejected("with the cookie", &thief.finish().await, 400);
    assert_eq!(pool.counts(), before);
}

#[tokio::test]
async fn a_callback_visited_again_leads_to_the_same_page() {
    let (pool, site) = Site::start_with_fake_pool().await;
    for (login, page) in [("/login/itsme", "/my-data"), ("/login/itsme?return_to=/profile?a=b", "/profile?a=b")] {
        let mut attempt = Attempt::start_at(&site, login).await;
        let cookies = attempt.browser.cookies().clone();
        let signed_in = attempt.succeed(&pool).await;
        assert_eq!((signed_in.status.as_u16(), signed_in.location()), (303, page), "{login}");
        let (before, session) = (pool.counts(), attempt.browser.session().map(str::to_owned));
        // By going back; then by a second request that was on its way with the cookie of the sign-in.
        for more in [false, true] {
            if more {
                attempt.browser.cookies().extend(cookies.clone());
            }
            let again = attempt.finish().await;
            assert_eq!((again.status.as_u16(), again.location()), (303, page), "{login}: {}", again.body);
            assert_eq!(attempt.browser.session(), session.as_deref(), "{login}");
            assert!(!attempt.browser.cookies().keys().any(|name| name.contains("signin")), "{login}");
        }
        assert_eq!(attempt.browser.get("/my-data").await.status, StatusCode::OK);
        assert_eq!(pool.counts(), before, "{login}");
        // In every other browser, and after the session, the state has been used.
        let mut other = Attempt { browser: site.browser(), state: attempt.state.clone(), nonce: String::new() };
        assert_rejected("another browser", &other.finish().await, 400);
        attempt.browser.post("/logout", &[]).await;
        assert_rejected("after the sign-out", &attempt.finish().await, 400);
    }
}

/// The line of the log, at level debug, when a request joins a callback in progress.
const JOINED: &str = "the callback joins one in progress";

/// One of two requests for the same callback, and what becomes of it.
#[derive(Clone, Copy, Debug, PartialEq)]
enum First {
    Answered,
    Cancelled,
    Refused,
}

#[tokio::test]
async fn a_second_request_during_a_callback_gets_the_same_response() {
    let (pool, site) = Site::start_with_fake_pool().await;
    let mut command = serve(&site);
    command.env("RUST_LOG", "debug");
    let process = Process::start_ready(command, site.scratch.path()).await;
    for (index, first) in [First::Answered, First::Cancelled, First::Refused].into_iter().enumerate() {
        let mut attempt = Attempt::start_in(process.browser(&site), "/login/itsme").await;
        let cookies = attempt.browser.cookies().clone();
        let url = format!("/auth/callback?code=a-code&state={}", attempt.state);
        let request = |cookies| {
            let (mut browser, url): (Browser, _) = (process.browser(&site), url.clone());
            *browser.cookies() = cookies;
            async move { (browser.get(url).await, browser) }
        };
        let answers = match first {
            First::Refused => Answers::status(StatusCode::BAD_REQUEST, &json!({ "error": "invalid_grant" })),
            _ => Answers::id_token(&pool.key.sign(&crate::support::attempt::header("first"), &attempt.claims(&pool))),
        };
        let notify = Arc::new(Notify::new());
        pool.set_token(Answers::When(Arc::clone(&notify), Box::new(answers)));
        let (before, sessions) = (pool.counts(), site.open_sessions().await);

        let one = tokio::spawn(request(cookies.clone()));
        until("the code is redeemed", async || pool.counts() == before.and(1, 0)).await;
        let two = tokio::spawn(request(cookies.clone()));
        until("the second request has joined", async || {
            assert!(!two.is_finished(), "{first:?}: the second request did not wait");
            process.log().matches(JOINED).count() > index
        })
        .await;
        // Another browser cannot join: neither without the cookie, nor with a cookie of its own under the same name.
        let mut other = Attempt::start_in(process.browser(&site), "/login/itsme").await;
        let own = other.browser.cookies().values().next().unwrap().clone();
        for cookies in [[].into(), cookies.keys().map(|name| (name.clone(), own.clone())).collect()] {
            assert_rejected("another browser", &request(cookies).await.0, 400);
        }
        if first == First::Cancelled {
            one.abort();
        }
        notify.notify_one();

        let (two, mut browser) = two.await.unwrap();
        let one = one.await.ok().map(|(one, _)| one);
        assert_eq!(one.is_none(), first == First::Cancelled);
        if first == First::Refused {
            for answer in [&one.unwrap(), &two] {
                assert_rejected("invalid_grant", answer, 400);
                assert!(answer.body.contains("href=\"/login/itsme\""), "{}", answer.body);
            }
        } else {
            assert_signed_in("the second request", &two);
            if let Some(one) = one {
                assert_signed_in("the first request", &one);
                assert_eq!(one.set_cookies(), two.set_cookies());
            }
            assert_eq!(browser.get("/my-data").await.status, StatusCode::OK);
        }
        assert!(!browser.cookies().keys().any(|name| name.contains("signin")), "{first:?}");
        let opened = usize::from(first != First::Refused);
        assert_eq!(site.open_sessions().await, sessions + opened, "{first:?}");
        // Afterwards it is a replay.
        assert_rejected("a replay", &request(cookies).await.0, 400);
        assert_eq!(pool.counts(), before.and(1, 0), "{first:?}");
    }
}

#[tokio::test]
async fn a_callback_of_an_earlier_sign_in_is_rejected_in_a_later_session() {
    let (pool, site) = Site::start_with_fake_pool().await;
    let mut first = Attempt::start(&site).await;
    assert_signed_in("first", &first.succeed(&pool).await);
    let state = first.state.clone();
    let started = first.browser.get("/login/itsme").await;
    let value = |name| testkit::browser::parameter(&started.target(), name).unwrap();
    let mut second = Attempt { state: value("state"), nonce: value("nonce"), browser: first.browser };
    assert_signed_in("second", &second.succeed(&pool).await);
    let before = pool.counts().token;
    let answer = second.browser.get(format!("/auth/callback?code=c&state={state}")).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert_eq!(second.browser.get("/my-data").await.status, StatusCode::OK, "the session stays");
    assert_eq!(pool.counts().token, before);
}

#[tokio::test]
async fn a_response_of_another_server_ends_the_sign_in() {
    let (pool, site) = Site::start_with_fake_pool().await;
    let mut attempt = Attempt::start(&site).await;
    let cookies = attempt.browser.cookies().clone();
    assert_rejected("another iss", &attempt.finish_with("&iss=https://evil.example").await, 400);
    *attempt.browser.cookies() = cookies;
    let before = pool.counts();
    assert_rejected("again, without it", &attempt.succeed(&pool).await, 400);
    assert_eq!(pool.counts(), before);
}

#[tokio::test]
async fn a_failure_ends_the_sign_in() {
    let (pool, site) = Site::start_with_fake_pool().await;
    let mut attempt = Attempt::start(&site).await;
    let cookies = attempt.browser.cookies().clone();
    assert_rejected("invalid_grant", &attempt.finish().await, 400);
    assert!(attempt.browser.cookies().is_empty(), "the cookie of the sign-in is still there");
    *attempt.browser.cookies() = cookies;
    let before = pool.counts();
    assert_rejected("again", &attempt.succeed(&pool).await, 400);
    assert_eq!(pool.counts(), before);
}

#[tokio::test]
async fn a_response_for_another_browser_is_rejected_and_still_works_there() {
    let (pool, site) = Site::start_with_fake_pool().await;
    let mut citizen = Attempt::start(&site).await;
    let mut other = Attempt::start(&site).await;
    let before = pool.counts();
    // The code of another sign-in: an attacker signs the citizen in as the attacker, or the other way round.
    let answer = other.browser.get(format!("/auth/callback?code=c&state={}", citizen.state)).await;
    assert_rejected("another browser", &answer, 400);
    assert_eq!(pool.counts(), before);
    assert_signed_in("the citizen", &citizen.succeed(&pool).await);
}

#[tokio::test]
async fn a_changed_cookie_is_rejected() {
    let (pool, site) = Site::start_with_fake_pool().await;
    let mut attempt = Attempt::start(&site).await;
    let before = pool.counts();
    for value in attempt.browser.cookies().values_mut() {
        *value = changed(value);
    }
    assert_rejected("changed", &attempt.finish().await, 400);
    assert_eq!(pool.counts(), before);
}

/// Opens the cookie of a sign-in with the server's key, changes it and seals it again.
fn reseal(attempt: &mut Attempt, change: impl FnOnce(&mut Value)) {
    let keys = sealing_keys();
    let (name, value) = attempt.browser.cookies().iter_mut().next().unwrap();
    let tag = name.strip_prefix("mydata_signin_").unwrap().as_bytes();
    let plain = keys.open(SIGN_IN_PURPOSE, tag, &URL_SAFE_NO_PAD.decode(&value).unwrap()).unwrap();
    let mut transaction = serde_json::from_slice(&plain).unwrap();
    change(&mut transaction);
    *value = URL_SAFE_NO_PAD.encode(keys.seal(SIGN_IN_PURPOSE, tag, serde_json::to_vec(&transaction).unwrap()));
}

#[tokio::test]
async fn a_sign_in_expires_after_ten_minutes() {
    let (pool, site) = Site::start_with_fake_pool().await;
    for (what, seconds, is_valid) in [
        ("nine minutes", -540, true),
        ("ten minutes", -600, false),
        ("a day", -86_400, false),
        ("started in the future", 3_600, false),
    ] {
        let mut attempt = Attempt::start(&site).await;
        reseal(&mut attempt, |transaction| {
            transaction["t"] = (transaction["t"].as_i64().unwrap() + seconds).into();
        });
        let before = pool.counts();
        let answer = attempt.succeed(&pool).await;
        if is_valid {
            assert_signed_in(what, &answer);
        } else {
            assert_rejected(what, &answer, 400);
            assert_eq!(pool.counts(), before, "{what}");
        }
    }
}

#[tokio::test]
async fn a_cookie_is_valid_only_for_its_own_state() {
    let (pool, site) = Site::start_with_fake_pool().await;
    let mut attempt = Attempt::start(&site).await;
    reseal(&mut attempt, |transaction| transaction["s"] = "another".into());
    let before = pool.counts();
    assert_rejected("another state", &attempt.succeed(&pool).await, 400);
    assert_eq!(pool.counts(), before);
}

#[tokio::test]
async fn declining_leads_to_the_home_page() {
    let site = Site::start().await;
    for (login, location) in [
        ("/login/itsme", "/?signin=cancelled"),
        ("/login/itsme?return_to=/profile", "/?signin=cancelled&return_to=%2Fprofile"),
    ] {
        let mut browser = site.browser();
        let callback = browser.decide(login, "an", "decline").await;
        let answer = browser.get(&callback).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, location));
        assert!(browser.cookies().keys().all(|name| !name.starts_with("mydata_")));
        let home = browser.get(answer.target()).await;
        assert!(home.body.contains("Sign-in cancelled") && home.body.contains("href=\"/login/itsme"), "{}", home.body);
    }
}

#[tokio::test]
async fn any_other_error_is_a_provider_problem_and_its_description_is_not_shown() {
    let (pool, site) = Site::start_with_fake_pool().await;
    let before = pool.counts();
    for error in ["server_error", "invalid_request", "", "ACCESS_DENIED", "%3Cscript%3Ealert(1)%3C/script%3E"] {
        let mut attempt = Attempt::start(&site).await;
        let query = format!(
            "error_description=%3Cimg+src=x+onerror=alert(2)%3E+attributes+required&state={}&error={error}",
            attempt.state
        );
        let answer = attempt.browser.get(format!("/auth/callback?{query}")).await;
        assert_rejected(error, &answer, 502);
        for part in ["alert", "<img", "&lt;", "attributes required"] {
            assert!(!answer.body.contains(part), "{error}: {part} in {}", answer.body);
        }
        assert!(answer.body.contains("href=\"/login/itsme\""), "{}", answer.body);
    }
    assert_eq!(pool.counts(), before);
}

#[tokio::test]
async fn iss_may_be_missing_or_correct() {
    let (pool, site) = Site::start_with_fake_pool().await;
    assert_signed_in("missing", &Attempt::start(&site).await.succeed(&pool).await);
    let mut attempt = Attempt::start(&site).await;
    let token = pool.key.sign(&crate::support::attempt::header("first"), &attempt.claims(&pool));
    pool.set_token(Answers::id_token(&token));
    assert_signed_in("correct", &attempt.finish_with(&format!("&iss={}", pool.issuer())).await);
}

#[tokio::test]
async fn two_tabs_of_one_browser_both_succeed() {
    let site = Site::start().await;
    for order in [[0, 1], [1, 0]] {
        let mut browser = site.browser();
        let mut callbacks = Vec::new();
        for return_to in ["/profile", "/my-data"] {
            callbacks.push(browser.decide(&format!("/login/itsme?return_to={return_to}"), "an", "approve").await);
        }
        for tab in order {
            let answer = browser.get(&callbacks[tab]).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{order:?} {tab}: {}", answer.body);
            assert_eq!(answer.location(), ["/profile", "/my-data"][tab]);
            assert_eq!(browser.get("/profile").await.status, StatusCode::OK, "{order:?} {tab}");
        }
    }
}

#[tokio::test]
async fn a_browser_with_many_sign_ins_keeps_the_last_ones() {
    let (pool, site) = Site::start_with_fake_pool().await;
    let mut attempt = Attempt::start(&site).await;
    let first = attempt.state.clone();
    for _ in 0..12 {
        let started = attempt.browser.get("/login/itsme").await;
        for (name, into) in [("state", &mut attempt.state), ("nonce", &mut attempt.nonce)] {
            *into = testkit::browser::parameter(&started.target(), name).unwrap();
        }
        assert!(attempt.browser.cookies().len() <= 6);
    }
    assert_signed_in("the last", &attempt.succeed(&pool).await);
    assert_rejected("the first", &attempt.browser.get(format!("/auth/callback?code=c&state={first}")).await, 400);
}

#[tokio::test]
async fn a_sign_in_without_the_sessions_table_fails_and_can_be_repeated() {
    let (pool, site) = Site::start_with_fake_pool().await;
    let mut attempt = Attempt::start(&site).await;
    site.line.set(line::State::Cut);
    assert_rejected("no table", &attempt.succeed(&pool).await, 503);
    site.line.set(line::State::Whole);
    assert_signed_in("again", &Attempt::start(&site).await.succeed(&pool).await);
}
