//! Who may use the API: the citizen of a valid ID token, in one header.

use reqwest::Method;
use serde_json::{Value, json};
use testkit::{example::Provider, until};

use super::{Api, FIRST, assert_problem, json_of};
use crate::support::{
    AN_WRITTEN,
    attempt::{Attempt, assert_signed_in, header},
    claims::ACCESS_TOKEN,
    fake_pool::{Answers, CLIENT_ID},
    keys::{Key, sign_with_new_ec_key, sign_with_secret, signing_input},
    line::State,
    site::SiteOptions,
};

const CHALLENGE: &str = "Bearer realm=\"mydata\"";

fn from_now(seconds: i64) -> i64 {
    time::OffsetDateTime::now_utc().unix_timestamp() + seconds
}

fn refusal(description: &str) -> String {
    format!("{CHALLENGE}, error=\"invalid_token\", error_description=\"{description}\"")
}

#[tokio::test]
async fn without_a_token_the_challenge_says_what_to_bring() {
    let api = Api::start().await;
    for (what, authorization) in
        [("none", None), ("another scheme", Some("Basic YW46cGFzc3dvcmQ=")), ("no scheme", Some("eyJhbGciOi.e30.c2ln"))]
    {
        for method in [Method::GET, Method::HEAD, Method::PUT, Method::DELETE] {
            let headers: Vec<_> = authorization.map(|value| ("authorization", value)).into_iter().collect();
            let answer = api.send(method.clone(), "/v1/message", &headers, None).await;
            assert_eq!(
                (answer.status.as_u16(), answer.header("www-authenticate")),
                (401, CHALLENGE),
                "{what} {method}"
            );
            if method != Method::HEAD {
                assert_problem(what, &answer, 401, "unauthenticated");
            }
        }
    }
}

#[tokio::test]
async fn a_header_that_cannot_be_read_is_an_invalid_request() {
    let api = Api::start().await;
    let valid = api.an();
    let two_words = format!("{valid} {valid}");
    for (what, lines) in [
        ("no token", vec!["Bearer"]),
        ("two words", vec![&*two_words]),
        ("two headers", vec![&*valid, &*valid]),
        ("a second scheme", vec![&*valid, "Basic YW46cGFzc3dvcmQ="]),
        ("a character that no token has", vec!["Bearer a,b"]),
    ] {
        let headers: Vec<_> = lines.iter().map(|line| ("authorization", *line)).collect();
        let answer = api.send(Method::GET, "/v1/message", &headers, None).await;
        assert_problem(what, &answer, 400, "invalid-request");
        assert_eq!(answer.header("www-authenticate"), format!("{CHALLENGE}, error=\"invalid_request\""), "{what}");
    }
}

#[tokio::test]
async fn a_token_with_a_wrong_claim_is_refused() {
    let api = Api::start().await;
    let other = json!({ "userId": "u", "providerName": "Second" });
    let right = json!({ "userId": "u", "providerName": "itsme" });
    let rows = [
        (
            "The token comes from another issuer.",
            json!({ "iss": "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Other" }),
        ),
        ("The token comes from another issuer.", json!({ "iss": null })),
        ("The token is for another app client.", json!({ "aud": "another-client" })),
        ("The token is for another app client.", json!({ "aud": null })),
        ("The token is for another app client.", json!({ "aud": [CLIENT_ID, "another-client"] })),
        ("The token is for another app client.", json!({ "aud": null, "client_id": CLIENT_ID })),
        ("The token is for another app client.", json!({ "azp": "another-client" })),
        ("The token has no subject.", json!({ "sub": null })),
        ("The token has no subject.", json!({ "sub": "" })),
        ("The token is not valid yet.", json!({ "iat": null })),
        ("The token is not valid yet.", json!({ "iat": from_now(120) })),
        ("The token is not valid yet.", json!({ "nbf": from_now(120) })),
        ("The token has expired.", json!({ "exp": null })),
        ("The token has expired.", json!({ "exp": from_now(-90) })),
        ("The token is not an ID token.", json!({ "token_use": "access" })),
        ("The token is not an ID token.", json!({ "token_use": null })),
        ("The token does not name one identity provider of this service.", json!({ "identities": null })),
        ("The token does not name one identity provider of this service.", json!({ "identities": [] })),
        (
            "The token does not name one identity provider of this service.",
            json!({ "identities": [{ "providerName": "Other" }] }),
        ),
        ("The token does not name one identity provider of this service.", json!({ "identities": [right, other] })),
        ("The token does not name one identity provider of this service.", json!({ "identities": [other, right] })),
        ("The token has no number that identifies a citizen.", json!({ "custom:eid": null })),
        ("The token has no number that identifies a citizen.", json!({ "custom:eid": "N/A" })),
        ("The token has no number that identifies a citizen.", json!({ "custom:eid": "85073003329" })),
    ];
    for (description, changes) in rows {
        let before = api.pool.counts();
        let answer = api.read_as(&format!("Bearer {}", api.token(changes.clone()))).await;
        let problem = assert_problem(&changes.to_string(), &answer, 401, "unauthenticated");
        assert_eq!(answer.header("www-authenticate"), refusal(description), "{changes}");
        assert_eq!(problem["detail"], description, "{changes}");
        assert_eq!(api.pool.counts(), before, "{changes}: the user pool is not asked");
    }
}

#[tokio::test]
async fn a_token_without_a_valid_signature_is_refused() {
    let api = Api::start().await;
    let claims = api.claims(json!({}));
    let key = &api.pool.key;
    let unknown = Key::unknown("first");
    let hs256 = json!({ "alg": "HS256", "kid": "first" });
    let valid = key.sign(&header("first"), &claims);
    let changed = {
        let other = signing_input(&header("first"), &api.claims(json!({ "custom:eid": "90051411136" })));
        format!("{other}.{}", valid.rsplit('.').next().unwrap())
    };
    for (what, description, token) in [
        (
            "alg none",
            "The token is not signed with RS256.",
            format!("{}.", signing_input(&json!({ "alg": "none" }), &claims)),
        ),
        (
            "HS256",
            "The token is not signed with RS256.",
            sign_with_secret(&hs256, &claims, key.jwk().to_string().as_bytes()),
        ),
        ("ES256", "The token is not signed with RS256.", sign_with_new_ec_key("first", &claims).0),
        (
            "a critical extension",
            "The token is not signed with RS256.",
            key.sign(&json!({ "alg": "RS256", "kid": "first", "crit": ["exp"] }), &claims),
        ),
        (
            "an access token",
            "The type of the token is not JWT.",
            key.sign(&json!({ "alg": "RS256", "kid": "first", "typ": "at+jwt" }), &claims),
        ),
        ("another key", "The signature of the token is wrong.", unknown.sign(&header("first"), &claims)),
        ("a changed claim", "The signature of the token is wrong.", changed),
        ("two parts", "The token is not a readable JWT.", signing_input(&header("first"), &claims)),
        ("an opaque token", "The token is not a readable JWT.", ACCESS_TOKEN.to_owned()),
    ] {
        let answer = api.read_as(&format!("Bearer {token}")).await;
        assert_problem(what, &answer, 401, "unauthenticated");
        assert_eq!(answer.header("www-authenticate"), refusal(description), "{what}");
    }
}

#[tokio::test]
async fn a_token_need_not_belong_to_a_sign_in_of_this_server() {
    let api = Api::start().await;
    for (what, changes) in [
        ("another nonce", json!({ "nonce": "made-by-an-app" })),
        ("another at_hash", json!({ "at_hash": "another" })),
        ("no at_hash", json!({ "at_hash": null })),
        ("an old auth_time", json!({ "auth_time": 1 })),
        ("no auth_time", json!({ "auth_time": null })),
        ("auth_time that is no time", json!({ "auth_time": "yesterday" })),
        ("within the skew", json!({ "iat": from_now(30), "exp": from_now(-30) })),
    ] {
        let answer = api.read_as(&format!("Bearer {}", api.token(changes))).await;
        assert_problem(what, &answer, 404, "not-found");
    }
    // The scheme is case-insensitive.
    let answer = api.read_as(&format!("bearer {}", api.token(json!({})))).await;
    assert_problem("bearer", &answer, 404, "not-found");
}

#[tokio::test]
async fn the_message_is_that_of_the_number_and_its_register() {
    let providers = vec![Provider::new("staff", "oidc").named("Staff").in_namespace("STAFF")];
    let api = Api::start_with(SiteOptions { providers, ..SiteOptions::default() }).await;
    let (an, text) = (api.an(), "saved through the API");
    assert_eq!(api.save(&an, FIRST, text).await.status, 201);
    // The same number as the register writes it, and another token.
    let again = format!("Bearer {}", api.token(json!({ "custom:eid": AN_WRITTEN, "jti": "another" })));
    assert_eq!(json_of(&api.read_as(&again).await)["text"], text);
    // The page of the same citizen, and what she saves there.
    let mut attempt = Attempt::start(&api.site).await;
    assert_signed_in("An", &attempt.succeed(&api.pool).await);
    assert_eq!(attempt.browser.get("/my-data").await.text_area(), text);
    let saved = attempt.browser.post("/api/save_message", &[("text", "saved on the page"), ("version", "1")]).await;
    assert_eq!(saved.status, 303, "{}", saved.body);
    assert_eq!(json_of(&api.read_as(&an).await)["text"], "saved on the page");
    // Another register, and another number.
    for changes in [json!({ "identities": [{ "providerName": "Staff" }] }), json!({ "custom:eid": "90051411136" })] {
        let other = format!("Bearer {}", api.token(changes.clone()));
        assert_problem(&changes.to_string(), &api.read_as(&other).await, 404, "not-found");
    }
}

#[tokio::test]
async fn only_the_header_authenticates_a_request() {
    let api = Api::start().await;
    let mut attempt = Attempt::start(&api.site).await;
    assert_signed_in("An", &attempt.succeed(&api.pool).await);
    let token = api.token(json!({}));
    let form = [("access_token", &*token)];
    let cookie = format!("{}; Authorization=Bearer {token}; access_token={token}", attempt.browser.cookie_header());
    for path in ["/v1/message".to_owned(), format!("/v1/message?access_token={token}&authorization=Bearer%20{token}")] {
        let answer = api.send(Method::GET, &path, &[("cookie", &cookie)], None).await;
        assert_problem(&path, &answer, 401, "unauthenticated");
        assert_eq!(answer.header("www-authenticate"), CHALLENGE);
    }
    let answer =
        attempt.browser.send(Method::PUT, "/v1/message", |request| testkit::browser::form(request, &form)).await;
    assert_problem("a form", &answer, 401, "unauthenticated");
    // A request with a token gets no session, and another citizen's session has no effect.
    let other = format!("Bearer {}", api.token(json!({ "custom:eid": "90051411136" })));
    assert_eq!(api.save(&other, FIRST, "not of An").await.status, 201);
    let answer = api.send(Method::GET, "/v1/message", &[("cookie", &cookie), ("authorization", &other)], None).await;
    assert_eq!((json_of(&answer)["text"].as_str(), answer.set_cookies().len()), (Some("not of An"), 0));
    assert_eq!(attempt.browser.get("/my-data").await.text_area(), "");
    assert_eq!(api.site.open_sessions().await, 1);
}

#[tokio::test]
async fn a_page_of_another_site_can_send_nothing_that_counts() {
    let api = Api::start().await;
    let mut attempt = Attempt::start(&api.site).await;
    assert_signed_in("An", &attempt.succeed(&api.pool).await);
    // Without a token, whatever the browser adds. With one, the origin does not matter.
    let answer = attempt
        .browser
        .send(Method::PUT, "/v1/message", |request| {
            request
                .header("origin", "https://evil.example")
                .header("sec-fetch-site", "cross-site")
                .body("{\"text\":\"x\"}")
        })
        .await;
    assert_problem("cross-site", &answer, 401, "unauthenticated");
    let an = api.an();
    let headers =
        [("authorization", &*an), ("origin", "https://evil.example"), FIRST, ("content-type", "application/json")];
    let answer = api.send(Method::PUT, "/v1/message", &headers, Some(b"{\"text\":\"x\"}")).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    assert!(!answer.headers.contains_key("access-control-allow-origin"));
}

#[tokio::test]
async fn an_unknown_kid_causes_few_fetches_and_the_users_of_known_keys_wait_for_none() {
    let api = Api::start().await;
    let an = api.an();
    let before = api.pool.counts();
    for kid in 0..30 {
        let token = api.pool.key.sign(&header(&format!("invented-{kid}")), &api.claims(json!({})));
        let answer = api.read_as(&format!("Bearer {token}")).await;
        assert_problem("an invented kid", &answer, 401, "unauthenticated");
        assert_eq!(answer.header("www-authenticate"), refusal("The user pool has no key with the kid of the token."));
        assert_eq!(api.read_as(&an).await.status, 404);
    }
    assert_eq!(api.pool.counts(), before.and(0, 1));
    // The budget of strangers is used up. A sign-in with a new key still finds it.
    let new = Key::unknown("new");
    api.pool.publish(&[api.pool.key.jwk(), new.jwk()]);
    let mut attempt = Attempt::start(&api.site).await;
    let token = new.sign(&header("new"), &attempt.claims(&api.pool));
    assert_signed_in("a new key", &attempt.finish_as(&api.pool, &token).await);
    let token = new.sign(&header("new"), &api.claims(json!({})));
    assert_eq!(api.read_as(&format!("Bearer {token}")).await.status, 404, "the key is known now");
}

#[tokio::test]
async fn a_new_key_is_fetched_for_its_first_token() {
    let api = Api::start().await;
    let new = Key::unknown("new");
    api.pool.publish(&[api.pool.key.jwk(), new.jwk()]);
    let token = new.sign(&header("new"), &api.claims(json!({})));
    assert_eq!(api.read_as(&format!("Bearer {token}")).await.status, 404);
}

#[tokio::test]
async fn without_the_keys_it_is_unknown_whether_a_token_is_valid() {
    let api = Api::start().await;
    api.pool.set_keys(Answers::status(reqwest::StatusCode::INTERNAL_SERVER_ERROR, &Value::Null));
    let token = api.pool.key.sign(&header("new"), &api.claims(json!({})));
    let answer = api.read_as(&format!("Bearer {token}")).await;
    assert_problem("no keys", &answer, 503, "unavailable");
    assert_eq!(api.read_as(&api.an()).await.status, 404, "known keys stay in use");
    api.site.line.set(State::Cut);
    let answer = api.read_as(&api.an()).await;
    assert_problem("no table", &answer, 503, "unavailable");
}

#[tokio::test]
async fn reads_saves_and_refused_tokens_are_recorded() {
    let api = Api::start().await;
    let an = api.an();
    assert_eq!(api.save(&an, FIRST, "a text").await.status, 201);
    assert_eq!(api.save(&an, FIRST, "another").await.status, 412);
    assert_eq!(api.read_as(&an).await.status, 200);
    assert_eq!(api.read_with(&an, &[("if-none-match", "\"1\"")]).await.status, 304);
    assert_eq!(api.delete(&an, ("if-match", "\"1\"")).await.status, 204);
    let expired = format!("Bearer {}", api.token(json!({ "exp": from_now(-90) })));
    for _ in 0..3 {
        assert_eq!(api.read_as(&expired).await.status, 401);
    }
    let events = || {
        let fields = ["action", "outcome", "reason"];
        let records = api.site.security_records();
        let events = records.into_iter().map(|record| {
            assert_eq!(record["labels"]["provider"] == "itsme", !record["user"].is_null(), "{record}");
            fields.map(|field| record["event"][field].as_str().unwrap_or_default().to_owned())
        });
        events.filter(|[action, ..]| !["key-change", "configuration"].contains(&&**action)).collect::<Vec<_>>()
    };
    let expected = [
        ["save", "success", ""],
        ["save", "failure", "save conflict"],
        ["api-read", "success", "message"],
        ["delete", "success", ""],
        ["api-token", "failure", "The token has expired."],
    ];
    until("the events are recorded", async || events().len() >= expected.len()).await;
    assert_eq!(events(), expected);
}
