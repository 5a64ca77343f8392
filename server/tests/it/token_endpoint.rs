//! What the token endpoint may answer, and what becomes of the citizen when it does not.

use std::time::{Duration, Instant};

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{
    attempt::{Attempt, assert_rejected, assert_signed_in, header},
    fake_pool::{Answers, FakePool, token_response},
    keys::Key,
    line::State,
    site::{Site, Wishes},
};

/// A page comes within this time, whatever the user pool does.
const PAGE_WITHIN: Duration = Duration::from_secs(5);

async fn start() -> (FakePool, Site) {
    let pool = FakePool::start().await;
    let site = Site::start_at(&pool, Wishes::default()).await;
    site.until_ready().await;
    (pool, site)
}

fn id_token(pool: &FakePool, attempt: &Attempt) -> String {
    pool.key.sign(&header("first"), &attempt.claims(pool))
}

/// A good token response for `attempt`, with some members replaced, added or (`null`) removed.
fn response(pool: &FakePool, attempt: &Attempt, changes: &Value) -> Answers {
    let mut body = token_response(&id_token(pool, attempt));
    for (name, value) in changes.as_object().unwrap() {
        body[name] = value.clone();
    }
    body.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    Answers::json(&body)
}

/// Makes the answer for one sign-in.
type Spoiled<'a> = &'a dyn Fn(&Attempt) -> Answers;

#[tokio::test]
async fn what_is_no_token_response_signs_nobody_in() {
    let (pool, site) = start().await;
    let elsewhere = format!("{}/elsewhere", pool.url());
    let with = |status, kind, body: &str| Answers::With(status, kind, Vec::new(), body.as_bytes().to_vec());
    let refuses = |error: &str| Answers::status(StatusCode::BAD_REQUEST, &json!({ "error": error }));
    let good = |attempt: &Attempt| token_response(&id_token(&pool, attempt)).to_string();
    let rows: [(&str, u16, Spoiled<'_>); 16] = [
        ("invalid_grant", 400, &|_| refuses("invalid_grant")),
        ("invalid_client", 502, &|_| refuses("invalid_client")),
        ("unauthorized_client", 502, &|_| refuses("unauthorized_client")),
        ("an error that nobody knows", 502, &|_| refuses("<script>alert(1)</script>")),
        ("400 that is no OAuth error", 502, &|_| with(StatusCode::BAD_REQUEST, "text/html", "<h1>Bad</h1>")),
        ("500", 503, &|_| with(StatusCode::INTERNAL_SERVER_ERROR, "text/html", "<h1>Internal</h1>")),
        ("500 with a good body", 503, &|attempt| {
            with(StatusCode::INTERNAL_SERVER_ERROR, "application/json", &good(attempt))
        }),
        ("an empty answer", 502, &|_| with(StatusCode::OK, "application/json", "")),
        ("no JSON", 502, &|_| with(StatusCode::OK, "application/json", "{\"id_token\":")),
        ("another content type", 502, &|attempt| with(StatusCode::OK, "text/html", &good(attempt))),
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
        ("an ID token that is no text", 502, &|attempt| response(&pool, attempt, &json!({ "id_token": 1 }))),
        ("no access token", 502, &|attempt| response(&pool, attempt, &json!({ "access_token": null }))),
    ];
    for (what, status, answers) in rows {
        let mut attempt = Attempt::begin(&site).await;
        pool.set_token(answers(&attempt));
        let before = pool.counts();
        let answer = attempt.finish().await;
        assert_rejected(what, &answer, status);
        assert_eq!(pool.counts(), before.and(1, 0), "{what}");
        assert!(!answer.body.contains("alert"), "{what}: {}", answer.body);
    }
}

#[tokio::test]
async fn what_a_token_response_may_leave_out_is_not_missed() {
    let (pool, site) = start().await;
    for (what, changes) in [
        ("lower case", json!({ "token_type": "bearer" })),
        ("no expires_in", json!({ "expires_in": null })),
        ("no refresh token", json!({ "refresh_token": null })),
        ("none of them", json!({ "token_type": "bearer", "expires_in": null, "refresh_token": null })),
        ("something more", json!({ "scope": "openid", "surprise": { "a": [1] } })),
    ] {
        let mut attempt = Attempt::begin(&site).await;
        pool.set_token(response(&pool, &attempt, &changes));
        assert_signed_in(what, &attempt.finish().await);
        assert_eq!(attempt.browser.get("/my-data").await.status, StatusCode::OK, "{what}");
        // Without a refresh token there is nothing to revoke.
        let before = pool.counts();
        assert_eq!(attempt.browser.post("/logout", &[]).await.status, StatusCode::SEE_OTHER, "{what}");
        let revoked = pool.counts().others - before.others;
        assert_eq!(revoked, usize::from(changes.get("refresh_token").is_none()), "{what}");
    }
}

#[tokio::test]
async fn a_user_pool_that_is_down_or_hangs_is_a_page_in_time() {
    let (pool, site) = start().await;
    for state in [State::Cut, State::Silent] {
        let mut attempt = Attempt::begin(&site).await;
        pool.set_line(state);
        let began = Instant::now();
        let answer = attempt.finish().await;
        assert!(began.elapsed() < PAGE_WITHIN, "{state:?}: {:?}", began.elapsed());
        assert_rejected(&format!("{state:?}"), &answer, 503);
        assert!(answer.body.contains("href=\"/login/itsme\""), "{}", answer.body);
        pool.set_line(State::Whole);
        assert_signed_in(&format!("after {state:?}"), &Attempt::begin(&site).await.succeed(&pool).await);
    }
    let mut attempt = Attempt::begin(&site).await;
    pool.set_token(Answers::Never);
    let began = Instant::now();
    assert_rejected("an endpoint that hangs", &attempt.finish().await, 503);
    assert!(began.elapsed() < PAGE_WITHIN, "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_user_pool_that_is_slow_at_every_step_is_a_page_in_time_too() {
    let (pool, site) = start().await;
    let mut attempt = Attempt::begin(&site).await;
    let token = Key::strangers("unknown").sign(&header("unknown"), &attempt.claims(&pool));
    pool.set_token(Answers::Late(Duration::from_millis(2_700), Box::new(Answers::id_token(&token))));
    pool.set_keys(Answers::Never);
    let began = Instant::now();
    assert_rejected("slow tokens, no keys", &attempt.finish().await, 503);
    assert!(began.elapsed() < PAGE_WITHIN, "{:?}", began.elapsed());
}

#[tokio::test]
async fn signing_out_needs_no_user_pool() {
    let (pool, site) = start().await;
    for state in [State::Cut, State::Silent] {
        let mut attempt = Attempt::begin(&site).await;
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
async fn a_confidential_client_proves_itself_in_the_header_alone() {
    let pool = FakePool::start().await;
    let wishes = Wishes { client_secret: Some("1s3cretofthefakeclient"), ..Wishes::default() };
    let site = Site::start_at(&pool, wishes).await;
    site.until_ready().await;
    assert_signed_in("confidential", &Attempt::begin(&site).await.succeed(&pool).await);
    let requests = pool.token_requests();
    let (headers, body) = &requests[0];
    // printf '4k2fakepool7mydata9app0000:1s3cretofthefakeclient' | base64 -w0
    assert_eq!(headers["authorization"], "Basic NGsyZmFrZXBvb2w3bXlkYXRhOWFwcDAwMDA6MXMzY3JldG9mdGhlZmFrZWNsaWVudA==");
    assert!(!body.contains("secret") && body.contains("code_verifier="), "{body}");
}
