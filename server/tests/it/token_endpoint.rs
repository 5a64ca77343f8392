//! Answers of the token endpoint, and sign-ins when there is no usable answer.

use std::time::{Duration, Instant};

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{
    attempt::{Attempt, assert_rejected, assert_signed_in, header},
    fake_pool::{Answers, FakePool, token_response},
    keys::Key,
    line::State,
    site::{Site, SiteOptions},
};

/// The limit for a page, whatever the user pool does.
const PAGE_WITHIN: Duration = Duration::from_secs(5);

async fn start() -> (FakePool, Site) {
    let pool = FakePool::start().await;
    let site = Site::start_at(&pool, SiteOptions::default()).await;
    site.until_ready().await;
    (pool, site)
}

fn id_token(pool: &FakePool, attempt: &Attempt) -> String {
    pool.key.sign(&header("first"), &attempt.claims(pool))
}

/// A valid token response for `attempt`, with members replaced, added or (`null`) removed.
fn response(pool: &FakePool, attempt: &Attempt, changes: &Value) -> Answers {
    let mut body = token_response(&id_token(pool, attempt));
    for (name, value) in changes.as_object().unwrap() {
        body[name] = value.clone();
    }
    body.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    Answers::json(&body)
}

/// Creates the answer for one sign-in.
type MakeAnswer<'a> = &'a dyn Fn(&Attempt) -> Answers;

#[tokio::test]
async fn an_invalid_token_response_is_rejected() {
    let (pool, site) = start().await;
    let elsewhere = format!("{}/elsewhere", pool.url());
    let with = |status, kind, body: &str| Answers::With(status, kind, Vec::new(), body.as_bytes().to_vec());
    let refuses = |error: &str| Answers::status(StatusCode::BAD_REQUEST, &json!({ "error": error }));
    let valid = |attempt: &Attempt| token_response(&id_token(&pool, attempt)).to_string();
    let rows: [(&str, u16, MakeAnswer<'_>); 21] = [
        ("invalid_grant", 400, &|_| refuses("invalid_grant")),
        ("invalid_client", 502, &|_| refuses("invalid_client")),
        ("unauthorized_client", 502, &|_| refuses("unauthorized_client")),
        ("an unknown error", 502, &|_| refuses("<script>alert(1)</script>")),
        ("400 that is no OAuth error", 502, &|_| with(StatusCode::BAD_REQUEST, "text/html", "<h1>Bad</h1>")),
        ("500", 503, &|_| with(StatusCode::INTERNAL_SERVER_ERROR, "text/html", "<h1>Internal</h1>")),
        ("500 with a good body", 503, &|attempt| {
            with(StatusCode::INTERNAL_SERVER_ERROR, "application/json", &valid(attempt))
        }),
        ("an empty answer", 502, &|_| with(StatusCode::OK, "application/json", "")),
        ("not JSON", 502, &|_| with(StatusCode::OK, "application/json", "{\"id_token\":")),
        ("text after the JSON", 502, &|attempt| with(StatusCode::OK, "application/json", &(valid(attempt) + "x"))),
        ("a second response after it", 502, &|attempt| {
            with(StatusCode::OK, "application/json", &valid(attempt).repeat(2))
        }),
        ("text before the JSON", 502, &|attempt| {
            with(StatusCode::OK, "application/json", &("x".to_owned() + &valid(attempt)))
        }),
        ("a byte order mark", 502, &|attempt| {
            with(StatusCode::OK, "application/json", &("\u{feff}".to_owned() + &valid(attempt)))
        }),
        ("another token type", 502, &|attempt| response(&pool, attempt, &json!({ "token_type": "DPoP" }))),
        ("another content type", 502, &|attempt| with(StatusCode::OK, "text/html", &valid(attempt))),
        ("a redirect", 502, &|_| {
            Answers::With(
                StatusCode::TEMPORARY_REDIRECT,
                "text/plain",
                vec![("location", elsewhere.clone())],
                Vec::new(),
            )
        }),
        ("a redirect by GET", 502, &|_| {
            Answers::With(StatusCode::SEE_OTHER, "text/plain", vec![("location", elsewhere.clone())], Vec::new())
        }),
        ("1 MB", 502, &|attempt| response(&pool, attempt, &json!({ "padding": "x".repeat(1 << 20) }))),
        ("no ID token", 502, &|attempt| response(&pool, attempt, &json!({ "id_token": null }))),
        ("an ID token that is not a string", 502, &|attempt| response(&pool, attempt, &json!({ "id_token": 1 }))),
        ("no access token", 502, &|attempt| response(&pool, attempt, &json!({ "access_token": null }))),
    ];
    for (what, status, answers) in rows {
        let mut attempt = Attempt::start(&site).await;
        pool.set_token(answers(&attempt));
        let before = pool.counts();
        let answer = attempt.finish().await;
        assert_rejected(what, &answer, status);
        assert_eq!(pool.counts(), before.and(1, 0), "{what}");
        assert!(!answer.body.contains("alert"), "{what}: {}", answer.body);
    }
}

#[tokio::test]
async fn members_of_a_token_response_may_be_missing_or_unusual() {
    let (pool, site) = start().await;
    for (what, changes) in [
        ("token_type in lower case", json!({ "token_type": "bearer" })),
        ("token_type in upper case", json!({ "token_type": "BEARER" })),
        ("expires_in as a text", json!({ "expires_in": "3600" })),
        ("expires_in with a fraction", json!({ "expires_in": 3599.99 })),
        ("expires_in with a fraction as a text", json!({ "expires_in": "3.6e3" })),
        ("no expires_in", json!({ "expires_in": null })),
        ("no refresh token", json!({ "refresh_token": null })),
        ("none of them", json!({ "token_type": "bearer", "expires_in": null, "refresh_token": null })),
        ("unknown members", json!({ "scope": "openid", "surprise": { "a": [1] } })),
    ] {
        let mut attempt = Attempt::start(&site).await;
        pool.set_token(response(&pool, &attempt, &changes));
        assert_signed_in(what, &attempt.finish().await);
        assert_eq!(attempt.browser.get("/my-data").await.status, StatusCode::OK, "{what}");
        // Without a refresh token, nothing is revoked.
        let before = pool.counts();
        assert_eq!(attempt.browser.post("/logout", &[]).await.status, StatusCode::SEE_OTHER, "{what}");
        let revoked = pool.counts().others - before.others;
        assert_eq!(revoked, usize::from(changes.get("refresh_token").is_none()), "{what}");
    }
}

#[tokio::test]
async fn a_page_comes_in_time_when_the_user_pool_is_down_or_hangs() {
    let (pool, site) = start().await;
    for state in [State::Cut, State::Silent] {
        let mut attempt = Attempt::start(&site).await;
        pool.set_line(state);
        let began = Instant::now();
        let answer = attempt.finish().await;
        assert!(began.elapsed() < PAGE_WITHIN, "{state:?}: {:?}", began.elapsed());
        assert_rejected(&format!("{state:?}"), &answer, 503);
        assert!(answer.body.contains("href=\"/login/itsme\""), "{}", answer.body);
        pool.set_line(State::Whole);
        assert_signed_in(&format!("after {state:?}"), &Attempt::start(&site).await.succeed(&pool).await);
    }
    let mut attempt = Attempt::start(&site).await;
    pool.set_token(Answers::Never);
    let (began, before) = (Instant::now(), pool.counts());
    assert_rejected("an endpoint that hangs", &attempt.finish().await, 503);
    assert_eq!(pool.counts(), before.and(1, 0), "asked once");
    assert!(began.elapsed() < PAGE_WITHIN, "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_page_comes_in_time_when_every_step_of_the_user_pool_is_slow() {
    let (pool, site) = start().await;
    let mut attempt = Attempt::start(&site).await;
    let token = Key::unknown("unknown").sign(&header("unknown"), &attempt.claims(&pool));
    pool.set_token(Answers::Late(Duration::from_millis(2_700), Box::new(Answers::id_token(&token))));
    pool.set_keys(Answers::Never);
    let began = Instant::now();
    assert_rejected("slow tokens, no keys", &attempt.finish().await, 503);
    assert!(began.elapsed() < PAGE_WITHIN, "{:?}", began.elapsed());
}

#[tokio::test]
async fn signing_out_works_without_the_user_pool() {
    let (pool, site) = start().await;
    for state in [State::Cut, State::Silent] {
        let mut attempt = Attempt::start(&site).await;
        assert_signed_in("first", &attempt.succeed(&pool).await);
        let cookies = attempt.browser.cookies().clone();
        pool.set_line(state);
        let began = Instant::now();
        let out = attempt.browser.post("/logout", &[]).await;
        assert!(began.elapsed() < PAGE_WITHIN, "{state:?}: {:?}", began.elapsed());
        assert_eq!(out.status, StatusCode::SEE_OTHER, "{state:?}");
        assert_eq!(attempt.browser.session(), None, "{state:?}");
        *attempt.browser.cookies() = cookies;
        assert_eq!(attempt.browser.get("/my-data").await.status, StatusCode::SEE_OTHER, "{state:?}: a replay");
        pool.set_line(State::Whole);
    }
}

#[tokio::test]
async fn a_confidential_client_sends_its_secret_only_in_the_header() {
    let pool = FakePool::start().await;
    let options = SiteOptions { client_secret: Some("1s3cretofthefakeclient"), ..SiteOptions::default() };
    let site = Site::start_at(&pool, options).await;
    site.until_ready().await;
    assert_signed_in("confidential", &Attempt::start(&site).await.succeed(&pool).await);
    let requests = pool.token_requests();
    let (headers, body) = &requests[0];
    // printf '4k2fakepool7mydata9app0000:1s3cretofthefakeclient' | base64 -w0
    assert_eq!(headers["authorization"], "Basic NGsyZmFrZXBvb2w3bXlkYXRhOWFwcDAwMDA6MXMzY3JldG9mdGhlZmFrZWNsaWVudA==");
    assert!(!body.contains("secret") && body.contains("code_verifier="), "{body}");
}

#[tokio::test]
async fn a_connection_that_ends_before_the_answer_is_made_once_more() {
    let (pool, site) = start().await;
    for (what, state, connections, answered) in [
        ("the first", State::Drops(1), 1, true),
        ("the first two", State::Drops(2), 2, false),
        ("every one", State::Drops(usize::MAX), 2, false),
    ] {
        let mut attempt = Attempt::start(&site).await;
        let before = pool.counts();
        pool.set_line(state);
        let answer = attempt.succeed(&pool).await;
        if answered {
            assert_signed_in(what, &answer);
        } else {
            assert_rejected(what, &answer, 503);
        }
        assert_eq!(pool.dropped(), connections, "{what}: connections that ended early");
        assert_eq!(pool.counts(), before.and(usize::from(answered), 0), "{what}");
        pool.set_line(State::Whole);
    }
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_not_requested_again() {
    let (pool, site) = start().await;
    let mut attempt = Attempt::start(&site).await;
    let before = pool.counts();
    pool.set_line(State::BreaksOff);
    assert_rejected("half an answer", &attempt.succeed(&pool).await, 503);
    assert_eq!(pool.counts(), before.and(1, 0));
}
