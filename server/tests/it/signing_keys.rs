//! The user pool's keys: fetched in advance, and again for an unknown key. `server/src/oidc/keys/tests.rs` has the intervals.

use std::time::Duration;

use reqwest::StatusCode;
use serde_json::{Value, json};
use testkit::until;

use crate::support::{
    attempt::{Attempt, assert_rejected, assert_signed_in, header},
    fake_pool::{Answers, FakePool},
    keys::Key,
    line::State,
    site::{Site, SiteOptions},
};

async fn start_at(pool: &FakePool) -> Site {
    let site = Site::start_at(pool, SiteOptions::default()).await;
    site.until_ready().await;
    site
}

#[tokio::test]
async fn an_unknown_kid_causes_one_fetch() {
    let pool = FakePool::start().await;
    let site = start_at(&pool).await;
    let before = pool.counts();
    let mut attempt = Attempt::start(&site).await;
    let token = Key::unknown("unknown").sign(&header("unknown"), &attempt.claims(&pool));
    assert_rejected("unknown", &attempt.finish_as(&pool, &token).await, 400);
    assert_eq!(pool.counts(), before.and(1, 1));
    // Known keys still work, without a fetch.
    assert_signed_in("known", &Attempt::start(&site).await.succeed(&pool).await);
    assert_eq!(pool.counts(), before.and(2, 1));
}

#[tokio::test]
async fn a_key_that_was_rotated_just_now_is_accepted() {
    let pool = FakePool::start().await;
    let site = start_at(&pool).await;
    let before = pool.counts();
    let second = Key::unknown("second");
    pool.publish(&[second.jwk()]);
    let mut attempt = Attempt::start(&site).await;
    let token = second.sign(&header("second"), &attempt.claims(&pool));
    assert_signed_in("the new key", &attempt.finish_as(&pool, &token).await);
    assert_eq!(pool.counts(), before.and(1, 1));
    // The old key is no longer in the set.
    assert_rejected("the old key", &Attempt::start(&site).await.succeed(&pool).await, 400);
}

#[tokio::test]
async fn a_second_rotation_soon_after_the_first_is_noticed() {
    let pool = FakePool::start().await;
    let site = start_at(&pool).await;
    for kid in ["second", "third"] {
        let key = Key::unknown(kid);
        pool.publish(&[key.jwk()]);
        until("a sign-in with the new key succeeds", async || {
            let mut attempt = Attempt::start(&site).await;
            let token = key.sign(&header(kid), &attempt.claims(&pool));
            attempt.finish_as(&pool, &token).await.status == StatusCode::SEE_OTHER
        })
        .await;
    }
}

#[tokio::test]
async fn a_token_without_kid_needs_a_single_key() {
    let pool = FakePool::start().await;
    let without_kid = json!({ "alg": "RS256" });
    let site = start_at(&pool).await;
    let mut attempt = Attempt::start(&site).await;
    let token = pool.key.sign(&without_kid, &attempt.claims(&pool));
    assert_signed_in("one key", &attempt.finish_as(&pool, &token).await);

    pool.publish(&[pool.key.jwk(), Key::unknown("second").jwk()]);
    let site = start_at(&pool).await;
    let mut attempt = Attempt::start(&site).await;
    let token = pool.key.sign(&without_kid, &attempt.claims(&pool));
    assert_rejected("two keys", &attempt.finish_as(&pool, &token).await, 400);
}

#[tokio::test]
async fn a_single_key_needs_no_kid() {
    let pool = FakePool::start().await;
    let mut nameless = pool.key.jwk();
    for name in ["kid", "use", "alg"] {
        nameless.as_object_mut().unwrap().remove(name);
    }
    pool.publish(&[nameless]);
    let site = start_at(&pool).await;
    assert_signed_in("nameless", &Attempt::start(&site).await.succeed(&pool).await);
}

#[tokio::test]
async fn an_invalid_key_in_the_set_is_ignored() {
    let pool = FakePool::start().await;
    let mut broken = pool.key.jwk();
    broken["kid"] = json!("broken");
    broken["n"] = json!("!");
    let good = pool.key.jwk();
    pool.publish(&[
        Value::Null,
        json!("text"),
        json!({ "kty": "RSA", "kid": "empty" }),
        json!({ "kty": "of tomorrow", "kid": "new" }),
        broken,
        good,
    ]);
    let site = start_at(&pool).await;
    let before = pool.counts();
    assert_signed_in("the valid key", &Attempt::start(&site).await.succeed(&pool).await);
    assert_eq!(pool.counts(), before.and(1, 0));
}

#[tokio::test]
async fn a_key_for_another_use_is_ignored() {
    let other = Key::unknown("other").jwk();
    for (what, member, value) in [
        ("for encryption", "use", json!("enc")),
        ("for an unknown use", "use", json!("dance")),
        ("not for verifying", "key_ops", json!(["encrypt"])),
        ("for RS512", "alg", json!("RS512")),
        ("an empty modulus", "n", json!("")),
        ("a tiny modulus", "n", json!("AQAB")),
        ("a short modulus", "n", json!("AQ".repeat(90))),
        ("a modulus with leading zeros", "n", json!("AAAA".repeat(90))),
        ("a huge modulus", "n", json!("AQAB".repeat(400))),
        ("exponent 0", "e", json!("AA")),
        ("exponent 1", "e", json!("AQ")),
        ("an even exponent", "e", json!("Ag")),
    ] {
        let pool = FakePool::start().await;
        let mut unfit = pool.key.jwk();
        unfit[member] = value;
        pool.publish(&[unfit, other.clone()]);
        let site = start_at(&pool).await;
        // It is not counted: the valid key is the only one, and needs no kid.
        let mut attempt = Attempt::start(&site).await;
        let token = Key::unknown("other").sign(&json!({ "alg": "RS256" }), &attempt.claims(&pool));
        assert_signed_in(what, &attempt.finish_as(&pool, &token).await);
        assert_rejected(what, &Attempt::start(&site).await.succeed(&pool).await, 400);
    }
}

#[tokio::test]
async fn sign_ins_get_503_until_the_keys_are_loaded() {
    let pool = FakePool::start().await;
    let down = Answers::status(StatusCode::INTERNAL_SERVER_ERROR, &json!({}));
    pool.set_keys(down);
    let site = Site::start_at(&pool, SiteOptions::default()).await;
    assert!(!site.is_ready().await);
    assert_rejected("no keys", &Attempt::start(&site).await.succeed(&pool).await, 503);
    // A set without a usable key does not count.
    pool.publish(&[json!({ "kty": "RSA" })]);
    assert_rejected("no key in the set", &Attempt::start(&site).await.succeed(&pool).await, 503);
    assert!(!site.is_ready().await);
    // The server fetches them without a request.
    pool.publish(&[pool.key.jwk()]);
    site.until_ready().await;
    assert_signed_in("at last", &Attempt::start(&site).await.succeed(&pool).await);
}

#[tokio::test]
async fn loaded_keys_stay_in_use() {
    let pool = FakePool::start().await;
    let site = start_at(&pool).await;
    for broken in [
        Answers::status(StatusCode::INTERNAL_SERVER_ERROR, &json!({})),
        Answers::json(&json!({ "keys": [] })),
        Answers::json(&json!("nonsense")),
    ] {
        pool.set_keys(broken);
        let mut attempt = Attempt::start(&site).await;
        let token = Key::unknown("unknown").sign(&header("unknown"), &attempt.claims(&pool));
        // In the first round, the server may not have the key.
        assert_rejected("unknown", &attempt.finish_as(&pool, &token).await, 503);
        assert_signed_in("known", &Attempt::start(&site).await.succeed(&pool).await);
        assert!(site.is_ready().await);
    }
}

#[tokio::test]
async fn a_server_that_starts_before_the_user_pool_loads_the_keys_later() {
    let pool = FakePool::start().await;
    pool.set_line(State::Cut);
    let site = Site::start_at(&pool, SiteOptions::default()).await;
    assert!(!site.is_ready().await);
    pool.set_line(State::Whole);
    site.until_ready().await;
}

#[tokio::test]
async fn a_failed_fetch_is_repeated_without_a_request() {
    let pool = FakePool::start().await;
    let site = start_at(&pool).await;
    let second = Key::unknown("second");
    pool.set_keys(Answers::status(StatusCode::INTERNAL_SERVER_ERROR, &json!({})));
    let sign_in = async || {
        let mut attempt = Attempt::start(&site).await;
        let token = second.sign(&header("second"), &attempt.claims(&pool));
        attempt.finish_as(&pool, &token).await
    };
    assert_rejected("unavailable", &sign_in().await, 503);
    pool.publish(&[second.jwk()]);
    let fetched = pool.counts().keys;
    until("the keys are fetched again", async || pool.counts().keys > fetched).await;
    assert_signed_in("the new key", &sign_in().await);
}

#[tokio::test]
async fn a_known_key_does_not_wait_for_a_fetch() {
    let pool = FakePool::start().await;
    let site = start_at(&pool).await;
    let mut waits = Attempt::start(&site).await;
    let token = Key::unknown("unknown").sign(&header("unknown"), &waits.claims(&pool));
    pool.set_token(Answers::id_token(&token));
    pool.set_keys(Answers::Never);
    let before = pool.counts();
    let waits = tokio::spawn(async move { waits.finish().await });
    until("the keys are requested", async || pool.counts() == before.and(1, 1)).await;
    for _ in 0..3 {
        assert_signed_in("a known key", &Attempt::start(&site).await.succeed(&pool).await);
    }
    assert!(site.is_ready().await);
    assert!(!waits.is_finished(), "the slow fetch ended before the others");
    assert_rejected("an unknown key", &waits.await.unwrap(), 503);
}

#[tokio::test]
async fn a_citizen_who_leaves_does_not_abort_the_fetch() {
    let pool = FakePool::start().await;
    let site = start_at(&pool).await;
    let second = Key::unknown("second");
    let mut attempt = Attempt::start(&site).await;
    let token = second.sign(&header("second"), &attempt.claims(&pool));
    pool.set_token(Answers::id_token(&token));
    let answer = Answers::json(&json!({ "keys": [second.jwk()] }));
    pool.set_keys(Answers::Late(Duration::from_secs(1), Box::new(answer)));
    let before = pool.counts();
    let gone = tokio::spawn(async move { attempt.finish().await });
    until("the keys are requested", async || pool.counts() == before.and(1, 1)).await;
    gone.abort();
    let mut attempt = Attempt::start(&site).await;
    let token = second.sign(&header("second"), &attempt.claims(&pool));
    assert_signed_in("the new key", &attempt.finish_as(&pool, &token).await);
    assert_eq!(pool.counts(), before.and(2, 1));
}

#[tokio::test]
async fn simultaneous_sign_ins_with_an_unknown_kid_cause_one_fetch() {
    let pool = FakePool::start().await;
    let site = start_at(&pool).await;
    let before = pool.counts();
    let mut attempts = Vec::new();
    for _ in 0..8 {
        attempts.push(Attempt::start(&site).await);
    }
    let token = pool.key.sign(&header("unknown"), &attempts[0].claims(&pool));
    pool.set_token(Answers::id_token(&token));
    let crowd: Vec<_> =
        attempts.into_iter().map(|mut attempt| tokio::spawn(async move { attempt.finish().await })).collect();
    for one in crowd {
        assert_rejected("one of many", &one.await.unwrap(), 400);
    }
    assert_eq!(pool.counts(), before.and(8, 1));
}
