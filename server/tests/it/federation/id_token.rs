//! The ID token of a provider behind the bridge.

use reqwest::StatusCode;
use serde_json::{Value, json};

use super::{
    bridged::{ACR, Bridged, CLIENT_ID},
    error,
};
use crate::support::{
    attempt::header,
    fake_pool::Answers,
    keys::{Key, sign_with_secret, signing_input},
    line::State,
};

#[tokio::test]
async fn an_invalid_id_token_is_not_forwarded() {
    let bridged = Bridged::start().await;
    let good = bridged.claims().await;
    let with = |name: &str, value: Value| {
        let mut claims = good.clone();
        claims[name] = value;
        bridged.sign(&claims)
    };
    let with_header = |name: &str, value: Value| {
        let mut head = header("first");
        head[name] = value;
        head
    };
    let old = time::OffsetDateTime::now_utc().unix_timestamp() - 4_000;
    let rows = [
        ("another issuer", with("iss", json!(bridged.provider.url()))),
        ("a list of issuers", with("iss", json!([format!("{}/", bridged.provider.url()), "https://other.example"]))),
        ("another audience", with("aud", json!("another"))),
        ("a second audience", with("aud", json!([CLIENT_ID, "another"]))),
        ("no audience", with("aud", Value::Null)),
        ("a nonce of another sign-in", with("nonce", json!("a-nonce-that-is-long-enough-and-not-ours"))),
        ("no nonce", with("nonce", json!(""))),
        ("expired", with("exp", json!(old))),
        ("not valid yet", with("nbf", json!(old + 8_000))),
        ("an unknown key", Key::unknown("first").sign(&header("first"), &good)),
        ("an unknown kid", bridged.provider.key.sign(&header("unknown"), &good)),
        ("HS256", sign_with_secret(&json!({ "alg": "HS256", "kid": "first" }), &good, b"secret")),
        ("unsigned", format!("{}.", signing_input(&json!({ "alg": "none" }), &good))),
        ("not a token", "secret".to_owned()),
        ("another token type", bridged.provider.key.sign(&with_header("typ", json!("at+jwt")), &good)),
        ("an unknown critical extension", bridged.provider.key.sign(&with_header("crit", json!(["b64"])), &good)),
        ("issued to another client", with("azp", json!("another"))),
        ("no subject", with("sub", Value::Null)),
        ("an empty subject", with("sub", json!(""))),
        ("no time of issue", with("iat", Value::Null)),
        ("issued in the future", with("iat", json!(old + 8_000))),
        ("a list of nonces", with("nonce", json!([good["nonce"]]))),
        ("a lower level than requested", with("acr", json!("http://idmanagement.gov/ns/assurance/ial/0"))),
        ("a list of levels", with("acr", json!([ACR]))),
        ("no level", with("acr", Value::Null)),
    ];
    for (what, token) in rows {
        bridged.answer(&token);
        let (status, body) = bridged.token(&[]).await;
        assert_eq!((status.as_u16(), error(&body).as_str()), (502, "server_error"), "{what}");
        assert!(!body.contains(&token), "{what}");
    }
    bridged.provider.set_token(Answers::json(&json!([bridged.sign(&good)])));
    assert_eq!(bridged.token(&[]).await.0, StatusCode::BAD_GATEWAY, "a list is not a token response");
    let body = bridged.answer(&bridged.sign(&good));
    assert_eq!(bridged.token(&[]).await, (StatusCode::OK, body), "the valid token");
}

#[tokio::test]
async fn acr_is_checked_only_if_levels_are_requested_or_accepted() {
    for (parameters, accepted, acr, status) in [
        ("", "", json!("anything"), 200),
        ("", "", Value::Null, 200),
        ("acr_values=one two", "", json!("two"), 200),
        ("acr_values=one two", "", json!("one two"), 502),
        ("acr_values=preferred", "accepted_acr = [\"preferred\", \"required\"]", json!("required"), 200),
        ("acr_values=preferred", "accepted_acr = [\"required\"]", json!("preferred"), 502),
    ] {
        let bridged = Bridged::start_asking(parameters, accepted).await;
        let mut claims = bridged.claims().await;
        claims["acr"] = acr.clone();
        bridged.answer(&bridged.sign(&claims));
        assert_eq!(bridged.token(&[]).await.0, status, "{parameters} {accepted} {acr}");
    }
}

#[tokio::test]
async fn an_unusual_token_response_is_forwarded_byte_for_byte() {
    let bridged = Bridged::start().await;
    let token = bridged.sign(&bridged.claims().await);
    for expires_in in [json!("899"), json!(898.5), Value::Null] {
        let body = json!({ "access_token": "a", "token_type": "bearer", "expires_in": expires_in, "id_token": token });
        bridged.provider.set_token(Answers::json(&body));
        assert_eq!(bridged.token(&[]).await, (StatusCode::OK, body.to_string()), "{expires_in}");
    }
    let mut head = header("first");
    head["typ"] = json!("application/jwt");
    let body = bridged.answer(&bridged.provider.key.sign(&head, &bridged.claims().await));
    assert_eq!(bridged.token(&[]).await, (StatusCode::OK, body));
}

#[tokio::test]
async fn a_response_with_more_than_json_is_not_forwarded() {
    let bridged = Bridged::start().await;
    let body = bridged.answer(&bridged.sign(&bridged.claims().await));
    for more in [format!("{body}x"), format!("{body}{body}"), format!("\u{feff}{body}")] {
        bridged.provider.set_token(Answers::With(StatusCode::OK, "application/json", Vec::new(), more.into_bytes()));
        let (status, body) = bridged.token(&[]).await;
        assert_eq!((status.as_u16(), error(&body).as_str()), (502, "server_error"));
    }
}

#[tokio::test]
async fn a_connection_to_the_provider_that_ends_early_is_made_once_more() {
    let bridged = Bridged::start().await;
    let body = bridged.answer(&bridged.sign(&bridged.claims().await));
    bridged.provider.set_line(State::Drops(1));
    assert_eq!(bridged.token(&[]).await, (StatusCode::OK, body));
    assert_eq!(bridged.provider.dropped(), 1);
    bridged.provider.set_line(State::Drops(usize::MAX));
    assert_eq!(bridged.token(&[]).await.0, StatusCode::GATEWAY_TIMEOUT);
    assert_eq!(bridged.provider.dropped(), 2);
}
