//! The checks of the ID token, one row for each fault.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use testkit::{Answer, example::Provider};

use crate::support::{
    attempt::{Attempt, assert_rejected, assert_signed_in, header},
    claims::{ACCESS_TOKEN, at_hash},
    fake_pool::{CLIENT_ID, FakePool},
    keys::{Key, sign_with_new_ec_key, sign_with_secret, signing_input},
    site::{Site, SiteOptions},
};

/// `claims` with changes: replaced, added or (`null`) removed.
fn with(mut claims: Value, changes: Value) -> Value {
    for (name, value) in changes.as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    claims
}

fn from_now(seconds: i64) -> i64 {
    time::OffsetDateTime::now_utc().unix_timestamp() + seconds
}

/// One sign-in with changed claims. Returns the answer of the callback.
async fn sign_in(pool: &FakePool, site: &Site, changes: Value) -> (Answer, Attempt) {
    let mut attempt = Attempt::start(site).await;
    let token = pool.key.sign(&header("first"), &with(attempt.claims(pool), changes));
    (attempt.finish_as(pool, &token).await, attempt)
}

#[tokio::test]
async fn a_token_with_a_wrong_claim_is_rejected() {
    let (pool, site) = Site::start_with_fake_pool().await;
    let other = json!({ "userId": "u", "providerName": "Second" });
    let right = json!({ "userId": "u", "providerName": "itsme" });
    let rows = [
        ("another iss", json!({ "iss": "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Other" })),
        ("iss with an extra slash", json!({ "iss": format!("{}/", pool.issuer()) })),
        ("iss of the domain", json!({ "iss": pool.url() })),
        ("no iss", json!({ "iss": null })),
        ("another aud", json!({ "aud": "another-client" })),
        ("no aud", json!({ "aud": null })),
        ("an empty list as aud", json!({ "aud": [] })),
        ("an untrusted second aud", json!({ "aud": [CLIENT_ID, "another-client"] })),
        ("client_id instead of aud", json!({ "aud": null, "client_id": CLIENT_ID })),
        ("another azp", json!({ "azp": "another-client" })),
        ("azp that is a list", json!({ "azp": [CLIENT_ID] })),
        ("no sub", json!({ "sub": null })),
        ("an empty sub", json!({ "sub": "" })),
        ("no iat", json!({ "iat": null })),
        ("no exp", json!({ "exp": null })),
        ("exp that is not a number", json!({ "exp": "tomorrow" })),
        ("expired", json!({ "iat": from_now(-4_000), "exp": from_now(-90) })),
        ("issued in the future", json!({ "iat": from_now(120), "exp": from_now(4_000) })),
        ("not valid yet", json!({ "nbf": from_now(120) })),
        ("another nonce", json!({ "nonce": "another" })),
        ("no nonce", json!({ "nonce": null })),
        ("an empty nonce", json!({ "nonce": "" })),
        ("another at_hash", json!({ "at_hash": at_hash("another token") })),
        ("an empty at_hash", json!({ "at_hash": "" })),
        ("token_use access", json!({ "token_use": "access" })),
        ("no token_use", json!({ "token_use": null })),
        ("no identities", json!({ "identities": null })),
        ("identities of another provider", json!({ "identities": [other] })),
        ("identities of another provider too", json!({ "identities": [right, other] })),
        ("empty identities", json!({ "identities": [] })),
        ("identities that are not a list", json!({ "identities": "itsme" })),
        ("identities that are lists", json!({ "identities": [["itsme"]] })),
        ("identities without a name", json!({ "identities": [{ "userId": "u" }] })),
        ("a provider name with the same beginning", json!({ "identities": [{ "providerName": "itsme2" }] })),
        ("auth_time that is no time", json!({ "auth_time": "yesterday" })),
        ("auth_time in the future", json!({ "auth_time": from_now(120) })),
        ("auth_time in milliseconds", json!({ "auth_time": from_now(0) * 1_000 })),
        ("an old auth_time and another nonce", json!({ "auth_time": 1, "nonce": "another" })),
        ("an old auth_time and token_use access", json!({ "auth_time": 1, "token_use": "access" })),
        ("no custom:eid", json!({ "custom:eid": null })),
        ("an empty custom:eid", json!({ "custom:eid": "" })),
        ("blank custom:eid", json!({ "custom:eid": " \u{a0} " })),
        ("custom:eid of 257 characters", json!({ "custom:eid": "9".repeat(257) })),
        ("custom:eid with a control character", json!({ "custom:eid": "85073003328\u{0}" })),
        ("custom:eid with a line break", json!({ "custom:eid": "8507\n3003328" })),
        ("custom:eid null as a text", json!({ "custom:eid": "null" })),
        ("custom:eid of quotation marks", json!({ "custom:eid": "\"\"" })),
        ("custom:eid of a zero", json!({ "custom:eid": "0" })),
        ("custom:eid of a dash", json!({ "custom:eid": "-" })),
        ("custom:eid that cannot be seen", json!({ "custom:eid": "\u{200b}\u{feff}" })),
        ("custom:eid with an invisible character in it", json!({ "custom:eid": "8507300\u{200b}3328" })),
        ("custom:eid with wrong check digits", json!({ "custom:eid": "85073003329" })),
        ("custom:eid with a digit too few", json!({ "custom:eid": "8507300332" })),
        ("custom:eid that is a number", json!({ "custom:eid": 85073003328_u64 })),
        ("custom:eid that is a list", json!({ "custom:eid": ["85073003328"] })),
    ];
    for (what, changes) in rows {
        let before = pool.counts();
        let (answer, attempt) = sign_in(&pool, &site, changes).await;
        assert_rejected(what, &answer, 400);
        assert_eq!(attempt.browser.session(), None, "{what}");
        assert_eq!(pool.counts(), before.and(1, 0), "{what}: only the token endpoint is called");
    }
    assert_eq!(site.open_sessions().await, 0);
}

#[tokio::test]
async fn an_unusual_but_valid_token_is_accepted() {
    let (pool, site) = Site::start_with_fake_pool().await;
    let rows = [
        ("as Cognito sends it", json!({})),
        ("aud as a list of one", json!({ "aud": [CLIENT_ID] })),
        ("azp as well", json!({ "azp": CLIENT_ID })),
        ("no at_hash", json!({ "at_hash": null })),
        ("iat within the skew", json!({ "iat": from_now(30) })),
        ("exp within the skew", json!({ "exp": from_now(-30) })),
        ("custom:eid with dots and a dash", json!({ "custom:eid": "85.07.30-033.28" })),
        ("no auth_time", json!({ "auth_time": null })),
        ("auth_time as a text", json!({ "auth_time": from_now(0).to_string() })),
        ("auth_time with a fraction", json!({ "auth_time": from_now(0) as f64 + 0.5 })),
        ("auth_time within the skew before the sign-in", json!({ "auth_time": from_now(-50) })),
        ("auth_time within the skew after it", json!({ "auth_time": from_now(30) })),
        ("no claim about the citizen", json!({ "name": null })),
        ("claims of other types", json!({ "name": 1, "address": [], "email": { "a": 1 }, "locale": null })),
        (
            "two accounts at the provider chosen",
            json!({ "identities": [{ "providerName": "itsme" }, { "providerName": "itsme" }] }),
        ),
    ];
    for (what, changes) in rows {
        let before = pool.counts();
        let (answer, mut attempt) = sign_in(&pool, &site, changes).await;
        assert_signed_in(what, &answer);
        assert_eq!(attempt.browser.get("/profile").await.status, 200, "{what}");
        assert_eq!(pool.counts(), before.and(1, 0), "{what}");
    }
}

/// Creates a token from valid claims.
type Forgery<'a> = Box<dyn Fn(&Value) -> String + 'a>;

#[tokio::test]
async fn a_token_without_a_valid_signature_is_rejected() {
    let (pool, site) = Site::start_with_fake_pool().await;
    let public = pool.key.jwk();
    let unknown = Key::unknown("first");
    let hs256 = |kid: &str| json!({ "alg": "HS256", "kid": kid });
    let modulus = URL_SAFE_NO_PAD.decode(public["n"].as_str().unwrap()).unwrap();
    let rows: Vec<(&str, Forgery<'_>)> = vec![
        ("alg none", Box::new(|claims| format!("{}.", signing_input(&json!({ "alg": "none" }), claims)))),
        (
            "alg None with a kid",
            Box::new(|claims| format!("{}.", signing_input(&json!({ "alg": "None", "kid": "first" }), claims))),
        ),
        (
            "alg none with a signature",
            Box::new(|claims| pool.key.sign(&json!({ "alg": "none", "kid": "first" }), claims)),
        ),
        ("no alg", Box::new(|claims| pool.key.sign(&json!({ "kid": "first" }), claims))),
        (
            "HS256 with the modulus as secret",
            Box::new(move |claims| sign_with_secret(&hs256("first"), claims, &modulus)),
        ),
        (
            "HS256 with the key as secret",
            Box::new(|claims| sign_with_secret(&hs256("first"), claims, public.to_string().as_bytes())),
        ),
        // The keys are not fetched for it.
        ("HS256 under an unknown kid", Box::new(|claims| sign_with_secret(&hs256("unknown"), claims, b"secret"))),
        ("HS256 with an empty secret", Box::new(|claims| sign_with_secret(&hs256("first"), claims, b""))),
        ("ES256 with a key of its own", Box::new(|claims| sign_with_new_ec_key("first", claims).0)),
        ("RS512 in the header", Box::new(|claims| pool.key.sign(&json!({ "alg": "RS512", "kid": "first" }), claims))),
        ("PS256 in the header", Box::new(|claims| pool.key.sign(&json!({ "alg": "PS256", "kid": "first" }), claims))),
        ("an unknown key", Box::new(|claims| unknown.sign(&header("first"), claims))),
        (
            "an unknown key in the header",
            Box::new(|claims| unknown.sign(&json!({ "alg": "RS256", "kid": "first", "jwk": unknown.jwk() }), claims)),
        ),
        ("no signature", Box::new(|claims| format!("{}.", signing_input(&header("first"), claims)))),
        (
            "a claim changed after signing",
            Box::new(|claims| {
                let token = pool.key.sign(&header("first"), claims);
                let other =
                    signing_input(&header("first"), &with(claims.clone(), json!({ "custom:eid": "90051411136" })));
                format!("{other}.{}", token.rsplit('.').next().unwrap())
            }),
        ),
        (
            "an unknown critical extension",
            Box::new(|claims| pool.key.sign(&json!({ "alg": "RS256", "kid": "first", "crit": ["exp"] }), claims)),
        ),
        ("two parts", Box::new(|claims| signing_input(&header("first"), claims))),
        ("four parts", Box::new(|claims| format!("{}.x", pool.key.sign(&header("first"), claims)))),
        ("not a token", Box::new(|_| "not a token".to_owned())),
        ("nothing", Box::new(|_| String::new())),
        ("dots", Box::new(|_| "..".to_owned())),
        ("an opaque access token", Box::new(|_| ACCESS_TOKEN.to_owned())),
    ];
    for (what, token) in &rows {
        let mut attempt = Attempt::start(&site).await;
        let before = pool.counts();
        let answer = attempt.finish_as(&pool, &token(&attempt.claims(&pool))).await;
        assert_rejected(what, &answer, 400);
        assert_eq!(attempt.browser.session(), None, "{what}");
        assert_eq!(pool.counts(), before.and(1, 0), "{what}");
    }
}

#[tokio::test]
async fn an_access_token_is_not_accepted_as_an_id_token() {
    let (pool, site) = Site::start_with_fake_pool().await;
    // As Cognito issues it: client_id instead of aud, no nonce, no identities, signed with another published key.
    let access = Key::unknown("access");
    pool.publish(&[pool.key.jwk(), access.jwk()]);
    let mut attempt = Attempt::start(&site).await;
    let claims = json!({
        "iss": pool.issuer(), "sub": "s", "client_id": CLIENT_ID, "token_use": "access",
        "scope": "openid", "iat": from_now(0), "exp": from_now(3_600), "username": "itsme_upstream",
    });
    assert_rejected("access", &attempt.finish_as(&pool, &access.sign(&header("access"), &claims)).await, 400);
    // The same with all other claims valid.
    let mut attempt = Attempt::start(&site).await;
    let claims = with(attempt.claims(&pool), json!({ "token_use": "access" }));
    assert_rejected(
        "with other claims valid",
        &attempt.finish_as(&pool, &access.sign(&header("access"), &claims)).await,
        400,
    );
}

#[tokio::test]
async fn a_published_key_for_another_algorithm_is_not_used() {
    let (pool, site) = Site::start_with_fake_pool().await;
    let mut attempt = Attempt::start(&site).await;
    let (token, jwk) = sign_with_new_ec_key("ec", &attempt.claims(&pool));
    pool.publish(&[pool.key.jwk(), jwk]);
    assert_rejected("ES256", &attempt.finish_as(&pool, &token).await, 400);
}

#[tokio::test]
async fn the_identity_must_be_from_the_chosen_provider() {
    let (pool, site) = Site::start_with_fake_pool().await;
    let mut attempt = Attempt::start_at(&site, "/login/second").await;
    // Valid except for the provider: the citizen chose Second, not itsme.
    assert_rejected("itsme", &attempt.succeed(&pool).await, 400);
    let mut attempt = Attempt::start_at(&site, "/login/second").await;
    let claims = with(attempt.claims(&pool), json!({ "identities": [{ "providerName": "Second" }] }));
    assert_signed_in("Second", &attempt.finish_as(&pool, &pool.key.sign(&header("first"), &claims)).await);
}

#[tokio::test]
async fn a_missing_number_has_its_own_explanation() {
    let (pool, site) = Site::start_with_fake_pool().await;
    let (missing, _) = sign_in(&pool, &site, json!({ "custom:eid": null })).await;
    assert!(missing.body.contains("We did not receive your National Register number"), "{}", missing.body);
    let (failed, _) = sign_in(&pool, &site, json!({ "nonce": "another" })).await;
    assert!(failed.body.contains("We could not confirm your details"), "{}", failed.body);
    // Both pages offer to sign out of the user pool.
    for answer in [missing, failed] {
        assert!(answer.body.contains(&format!("href=\"{}/logout?client_id=", pool.url())), "{}", answer.body);
    }
}

#[tokio::test]
async fn every_unusable_number_has_the_page_for_a_missing_one() {
    let (pool, site) = Site::start_with_fake_pool().await;
    for eid in ["N/A", "[]", "${sub}", "\u{200b}", "\u{7}", "\u{0}", "85073003329", "female", "00000000097"] {
        let (answer, _) = sign_in(&pool, &site, json!({ "custom:eid": eid })).await;
        assert!(answer.body.contains("We did not receive your National Register number"), "{eid}: {}", answer.body);
    }
}

#[tokio::test]
async fn the_header_may_name_the_whole_media_type() {
    let (pool, site) = Site::start_with_fake_pool().await;
    for (kind, is_accepted) in [
        ("application/jwt", true),
        ("APPLICATION/JWT", true),
        ("jwt", true),
        ("at+jwt", false),
        ("application/at+jwt", false),
    ] {
        let mut attempt = Attempt::start(&site).await;
        let header = json!({ "alg": "RS256", "kid": "first", "typ": kind });
        let token = pool.key.sign(&header, &attempt.claims(&pool));
        let answer = attempt.finish_as(&pool, &token).await;
        if is_accepted { assert_signed_in(kind, &answer) } else { assert_rejected(kind, &answer, 400) }
    }
}

#[tokio::test]
async fn a_number_belongs_to_the_format_and_the_pattern_of_its_provider() {
    let pool = FakePool::start().await;
    let providers = vec![
        Provider::new("staff", "oidc").named("Staff").in_namespace("STAFF"),
        Provider::new("office", "oidc").named("Office").in_namespace("OFFICE").with("eid_format = \"belgian\""),
        Provider::new("old", "oidc").named("Old").in_namespace("OLD").with("eid_format = \"belgian_unchecked\""),
        Provider::new("shop", "oidc").named("Shop").in_namespace("SHOP").with("eid_pattern = \"[0-9]{11}\""),
    ];
    let site = Site::start_at(&pool, SiteOptions { providers, ..SiteOptions::default() }).await;
    site.until_ready().await;
    let mut records = 0;
    // Each pair, as two people or one.
    for (id, name, eids, people) in [
        ("itsme", "itsme", ["85073003328", "85.07.30-033.28"], 1),
        ("staff", "Staff", ["85073003328", "85.07.30-033.28"], 2),
        ("office", "Office", ["85073003328", "85.07.30-033.28"], 1),
        ("staff", "Staff", ["850730033-28", "85073003329"], 2),
        ("old", "Old", ["12345678901", "12.34.56-789.01"], 1),
        ("shop", "Shop", ["85073003328", "85073003329"], 2),
    ] {
        for eid in eids {
            let mut attempt = Attempt::start_at(&site, &format!("/login/{id}")).await;
            let changes = json!({ "custom:eid": eid, "identities": [{ "providerName": name }] });
            let token = pool.key.sign(&header("first"), &with(attempt.claims(&pool), changes));
            assert_signed_in(&format!("{id} {eid}"), &attempt.finish_as(&pool, &token).await);
            let version = attempt.browser.get("/my-data").await.hidden("version").to_owned();
            let saved = attempt.browser.post("/api/save_message", &[("text", eid), ("version", &version)]).await;
            assert_eq!(saved.status, 303, "{id} {eid}: {}", saved.body);
        }
        records += people;
        assert_eq!(site.messages().await.len(), records, "{id} {eids:?}");
    }
    for (id, name, eid) in
        [("shop", "Shop", "85.07.30-033.28"), ("shop", "Shop", "x85073003328"), ("office", "Office", "female")]
    {
        let mut attempt = Attempt::start_at(&site, &format!("/login/{id}")).await;
        let changes = json!({ "custom:eid": eid, "identities": [{ "providerName": name }] });
        let token = pool.key.sign(&header("first"), &with(attempt.claims(&pool), changes));
        let answer = attempt.finish_as(&pool, &token).await;
        assert_rejected(&format!("{id} {eid}"), &answer, 400);
        assert!(answer.body.contains("We did not receive the identifier that we need"), "{}", answer.body);
    }
}
