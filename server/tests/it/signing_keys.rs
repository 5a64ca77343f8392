//! The user pool's keys: fetched ahead of need, once more for one that is unknown, and then not again for a minute.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{
    attempt::{Attempt, assert_rejected, assert_signed_in, header},
    fake_pool::{Answers, FakePool},
    keys::Key,
    line::State,
    site::{Site, Wishes},
    until,
};

async fn start_at(pool: &FakePool) -> Site {
    let site = Site::start_at(pool, Wishes::default()).await;
    site.until_ready().await;
    site
}

#[tokio::test]
async fn an_unknown_kid_makes_one_more_fetch_and_then_none() {
    let pool = FakePool::start().await;
    let site = start_at(&pool).await;
    let stranger = Key::strangers("unknown");
    let before = pool.counts();
    for (round, fetches) in [(1, 1), (2, 1), (3, 1)] {
        let mut attempt = Attempt::begin(&site).await;
        let token = stranger.sign(&header(&format!("unknown {round}")), &attempt.claims(&pool));
        assert_rejected("unknown", &attempt.finish_as(&pool, &token).await, 400);
        assert_eq!(pool.counts(), before.and(round, fetches), "round {round}");
    }
    // Known keys go on working, without a fetch.
    assert_signed_in("known", &Attempt::begin(&site).await.succeed(&pool).await);
    assert_eq!(pool.counts(), before.and(4, 1));
}

#[tokio::test]
async fn a_rotation_just_before_signing_goes_through() {
    let pool = FakePool::start().await;
    let site = start_at(&pool).await;
    let before = pool.counts();
    let second = Key::strangers("second");
    pool.publish(&[second.jwk()]);
    let mut attempt = Attempt::begin(&site).await;
    let token = second.sign(&header("second"), &attempt.claims(&pool));
    assert_signed_in("the new key", &attempt.finish_as(&pool, &token).await);
    assert_eq!(pool.counts(), before.and(1, 1));
    // The old key is gone from the set, and with it its power.
    assert_rejected("the old key", &Attempt::begin(&site).await.succeed(&pool).await, 400);
    assert_eq!(pool.counts(), before.and(2, 1));
}

#[tokio::test]
async fn a_token_without_kid_needs_a_single_key() {
    let pool = FakePool::start().await;
    let without_kid = json!({ "alg": "RS256" });
    let site = start_at(&pool).await;
    let mut attempt = Attempt::begin(&site).await;
    let token = pool.key.sign(&without_kid, &attempt.claims(&pool));
    assert_signed_in("one key", &attempt.finish_as(&pool, &token).await);

    pool.publish(&[pool.key.jwk(), Key::strangers("second").jwk()]);
    let site = start_at(&pool).await;
    let mut attempt = Attempt::begin(&site).await;
    let token = pool.key.sign(&without_kid, &attempt.claims(&pool));
    assert_rejected("two keys", &attempt.finish_as(&pool, &token).await, 400);
}

#[tokio::test]
async fn a_single_key_needs_no_name() {
    let pool = FakePool::start().await;
    let mut nameless = pool.key.jwk();
    for name in ["kid", "use", "alg"] {
        nameless.as_object_mut().unwrap().remove(name);
    }
    pool.publish(&[nameless]);
    let site = start_at(&pool).await;
    assert_signed_in("nameless", &Attempt::begin(&site).await.succeed(&pool).await);
}

#[tokio::test]
async fn a_broken_key_among_good_ones_does_no_harm() {
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
    assert_signed_in("the good key", &Attempt::begin(&site).await.succeed(&pool).await);
    assert_eq!(pool.counts(), before.and(1, 0));
}

#[tokio::test]
async fn a_key_that_is_not_for_such_signatures_is_none() {
    let other = Key::strangers("other").jwk();
    for (what, member, value) in [
        ("for encryption", "use", json!("enc")),
        ("for something else", "use", json!("dance")),
        ("not to verify", "key_ops", json!(["encrypt"])),
        ("for RS512", "alg", json!("RS512")),
        ("an empty modulus", "n", json!("")),
        ("a tiny modulus", "n", json!("AQAB")),
        ("a short modulus", "n", json!("AQ".repeat(90))),
        ("a modulus that only looks long", "n", json!("AAAA".repeat(90))),
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
        // It does not count: the good key is the only one, and needs no name.
        let mut attempt = Attempt::begin(&site).await;
        let token = Key::strangers("other").sign(&json!({ "alg": "RS256" }), &attempt.claims(&pool));
        assert_signed_in(what, &attempt.finish_as(&pool, &token).await);
        assert_rejected(what, &Attempt::begin(&site).await.succeed(&pool).await, 400);
    }
}

#[tokio::test]
async fn keys_that_were_never_loaded_are_a_503_until_they_are_there() {
    let pool = FakePool::start().await;
    let down = Answers::status(StatusCode::INTERNAL_SERVER_ERROR, &json!({}));
    pool.set_keys(down);
    let site = Site::start_at(&pool, Wishes::default()).await;
    assert!(!site.is_ready().await);
    assert_rejected("no keys", &Attempt::begin(&site).await.succeed(&pool).await, 503);
    // A set without a key that can be used is no set.
    pool.publish(&[json!({ "kty": "RSA" })]);
    assert_rejected("no key in the set", &Attempt::begin(&site).await.succeed(&pool).await, 503);
    assert!(!site.is_ready().await);
    // Once they are there, nobody has to ask.
    pool.publish(&[pool.key.jwk()]);
    site.until_ready().await;
    assert_signed_in("at last", &Attempt::begin(&site).await.succeed(&pool).await);
}

#[tokio::test]
async fn keys_that_were_loaded_once_stay_in_use() {
    let pool = FakePool::start().await;
    let site = start_at(&pool).await;
    for broken in [
        Answers::status(StatusCode::INTERNAL_SERVER_ERROR, &json!({})),
        Answers::json(&json!({ "keys": [] })),
        Answers::json(&json!("nonsense")),
    ] {
        pool.set_keys(broken);
        let mut attempt = Attempt::begin(&site).await;
        let token = Key::strangers("unknown").sign(&header("unknown"), &attempt.claims(&pool));
        // The key may be one that the server could not fetch, at the first round.
        assert_rejected("unknown", &attempt.finish_as(&pool, &token).await, 503);
        assert_signed_in("known", &Attempt::begin(&site).await.succeed(&pool).await);
        assert!(site.is_ready().await);
    }
}

#[tokio::test]
async fn a_server_that_starts_before_its_user_pool_finds_the_keys_by_itself() {
    let pool = FakePool::start().await;
    pool.set_line(State::Cut);
    let site = Site::start_at(&pool, Wishes::default()).await;
    assert!(!site.is_ready().await);
    pool.set_line(State::Whole);
    site.until_ready().await;
}

#[tokio::test]
async fn keys_that_could_not_be_fetched_are_fetched_again_without_a_request() {
    let pool = FakePool::start().await;
    let site = start_at(&pool).await;
    let second = Key::strangers("second");
    pool.set_keys(Answers::status(StatusCode::INTERNAL_SERVER_ERROR, &json!({})));
    let sign_in = async || {
        let mut attempt = Attempt::begin(&site).await;
        let token = second.sign(&header("second"), &attempt.claims(&pool));
        attempt.finish_as(&pool, &token).await
    };
    assert_rejected("out of reach", &sign_in().await, 503);
    pool.publish(&[second.jwk()]);
    let fetched = pool.counts().keys;
    until("the keys are fetched again", async || pool.counts().keys > fetched).await;
    assert_signed_in("the new key", &sign_in().await);
}

#[tokio::test]
async fn who_needs_no_new_key_does_not_wait_for_one() {
    let pool = FakePool::start().await;
    let site = start_at(&pool).await;
    let mut waits = Attempt::begin(&site).await;
    let token = Key::strangers("unknown").sign(&header("unknown"), &waits.claims(&pool));
    pool.set_token(Answers::id_token(&token));
    pool.set_keys(Answers::Never);
    let before = pool.counts();
    let waits = tokio::spawn(async move { waits.finish().await });
    until("the keys are asked for", async || pool.counts() == before.and(1, 1)).await;
    for _ in 0..3 {
        assert_signed_in("a known key", &Attempt::begin(&site).await.succeed(&pool).await);
    }
    assert!(site.is_ready().await);
    assert!(!waits.is_finished(), "the slow fetch was over before the others were");
    assert_rejected("an unknown key", &waits.await.unwrap(), 503);
}

#[tokio::test]
async fn a_citizen_who_goes_away_meanwhile_makes_no_room_for_another_fetch() {
    let pool = FakePool::start().await;
    let site = start_at(&pool).await;
    let stranger = Key::strangers("unknown");
    let mut attempt = Attempt::begin(&site).await;
    let token = stranger.sign(&header("unknown"), &attempt.claims(&pool));
    pool.set_token(Answers::id_token(&token));
    pool.set_keys(Answers::Never);
    let before = pool.counts();
    let gone = tokio::spawn(async move { attempt.finish().await });
    until("the keys are asked for", async || pool.counts() == before.and(1, 1)).await;
    gone.abort();
    // What that fetch did not bring, the next one does.
    pool.publish(&[pool.key.jwk()]);
    until("the keys are fetched again", async || pool.counts() == before.and(1, 2)).await;
    let sign_in = async || {
        let mut attempt = Attempt::begin(&site).await;
        let token = stranger.sign(&header("unknown"), &attempt.claims(&pool));
        attempt.finish_as(&pool, &token).await
    };
    until("their answer is there", async || sign_in().await.status == StatusCode::BAD_REQUEST).await;
    assert_rejected("unknown", &sign_in().await, 400);
    assert_eq!(pool.counts().keys, before.keys + 2);
}

#[tokio::test]
async fn a_crowd_with_an_unknown_kid_makes_one_fetch() {
    let pool = FakePool::start().await;
    let site = start_at(&pool).await;
    let before = pool.counts();
    let mut attempts = Vec::new();
    for _ in 0..8 {
        attempts.push(Attempt::begin(&site).await);
    }
    let token = pool.key.sign(&header("unknown"), &attempts[0].claims(&pool));
    pool.set_token(Answers::id_token(&token));
    let crowd: Vec<_> =
        attempts.into_iter().map(|mut attempt| tokio::spawn(async move { attempt.finish().await })).collect();
    for one in crowd {
        assert_rejected("one of a crowd", &one.await.unwrap(), 400);
    }
    assert_eq!(pool.counts(), before.and(8, 1));
}
