//! The log of the bridge.

use reqwest::StatusCode;
use serde_json::{Value, json};
use testkit::{
    browser::{form, parameter},
    client,
};
use url::Url;

use super::{
    PREVIOUS_SECRET,
    bridged::{Bridged, CLIENT_ID, CLIENT_SECRET, changed, token_request},
};
use crate::support::{
    fake_pool::Answers,
    process::{Process, serve},
};

#[tokio::test]
async fn a_refusal_of_the_provider_is_logged_without_its_text() {
    let bridged = Bridged::start().await;
    let command = serve(&bridged.site);
    let process = Process::start(command, bridged.site.scratch.path()).await;
    let url = format!("http://{}/federation/login_gov/token", process.address);
    for (error, code, reason) in [
        ("Code is invalid because An Peeters said so", "invalid_request", "without a standard code"),
        ("invalid_grant", "invalid_grant", "the provider refuses the token request: "),
    ] {
        bridged.provider.set_token(Answers::status(StatusCode::BAD_REQUEST, &json!({ "error": error })));
        let answer = form(client().post(&url), &token_request(&bridged.redirect_uri())).send().await.unwrap();
        let body: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
        let reference = body["error_description"].as_str().unwrap().strip_prefix("reference ").unwrap();
        let line = process.line_with(reference).await;
        assert_eq!((line["status"].as_u64(), line["code"].as_str()), (Some(400), Some(code)), "{line}");
        assert!(line["reason"].as_str().unwrap().contains(reason), "{line}");
    }
    let log = process.log();
    assert!(!log.contains("Peeters") && !log.contains("Code is"), "{log}");
}

#[tokio::test]
async fn the_log_says_whether_the_previous_secret_is_still_in_use() {
    let previous = format!("previous_client_secret = \"{PREVIOUS_SECRET}\"");
    let bridged = Bridged::start_asking("", &previous).await;
    let command = serve(&bridged.site);
    let process = Process::start(command, bridged.site.scratch.path()).await;
    let url = format!("http://{}/federation/login_gov/token", process.address);
    let redirect_uri = bridged.redirect_uri();
    let send = async |secret: &str, client_id: &str| {
        let changes = [("client_secret", Some(secret)), ("client_id", Some(client_id))];
        form(client().post(&url), &changed(&token_request(&redirect_uri), &changes)).send().await.unwrap();
    };
    let told = "previous client secret still in use";
    for (secret, client_id) in [(CLIENT_SECRET, CLIENT_ID), (PREVIOUS_SECRET, "another"), ("wrong", CLIENT_ID)] {
        send(secret, client_id).await;
    }
    for _ in 0..3 {
        send(PREVIOUS_SECRET, CLIENT_ID).await;
    }
    let line = process.line_with(told).await;
    assert_eq!((line["level"].as_str(), line["provider"].as_str()), (Some("INFO"), Some("login_gov")), "{line}");
    let (_, log) = process.stop().await;
    // Three refusals of the provider came after the first three requests, so the line belongs to one of them.
    assert_eq!(log.matches(told).count(), 1, "{log}");
    assert!(!log.contains(PREVIOUS_SECRET) && !log.contains(CLIENT_SECRET), "{log}");
    let (before, _) = log.split_once(told).unwrap();
    assert_eq!(before.matches("wrong client_id or client_secret").count(), 2, "{log}");
}

#[tokio::test]
async fn no_secret_that_passes_the_bridge_is_logged() {
    let bridged = Bridged::start().await;
    let mut command = serve(&bridged.site);
    command.env("RUST_LOG", "trace");
    let process = Process::start_ready(command, bridged.site.scratch.path()).await;
    let at = |path: &str| format!("http://{}/federation/login_gov{path}", process.address);

    // A complete sign-in.
    let redirect_uri = bridged.redirect_uri();
    let (state, code) = ("a-state-that-only-cognito-knows", "a-code-of-the-provider");
    let request = [
        ("client_id", CLIENT_ID),
        ("redirect_uri", redirect_uri.as_str()),
        ("response_type", "code"),
        ("state", state),
        ("login_hint", "an@example.gov"),
    ];
    let answer = client().get(Url::parse_with_params(&at("/authorize"), request).unwrap()).send().await.unwrap();
    let location = Url::parse(answer.headers()["location"].to_str().unwrap()).unwrap();
    let mut claims = bridged.claims().await;
    claims["nonce"] = json!(parameter(&location, "nonce").unwrap());
    let id_token = bridged.sign(&claims);
    bridged.answer(&id_token);
    let token = async |secret: &str| {
        let fields = changed(&token_request(&redirect_uri), &[("code", Some(code)), ("client_secret", Some(secret))]);
        form(client().post(at("/token")), &fields).send().await.unwrap().status()
    };
    assert_eq!(token(CLIENT_SECRET).await, StatusCode::OK);
    let (_, redeemed) = bridged.provider.token_requests().pop().unwrap();
    let redeemed = Url::parse(&format!("http://form/?{redeemed}")).unwrap();
    let assertion = parameter(&redeemed, "client_assertion").unwrap();

    // Failures.
    let wrong = "a-secret-that-is-not-the-right-one";
    assert_eq!(token(wrong).await, StatusCode::UNAUTHORIZED);
    let sentence = "Code an@example.gov is invalid";
    bridged.provider.set_token(Answers::status(StatusCode::BAD_REQUEST, &json!({ "error": sentence })));
    assert_eq!(token(CLIENT_SECRET).await, StatusCode::BAD_REQUEST);
    bridged.answer(&id_token[1..]);
    assert_eq!(token(CLIENT_SECRET).await, StatusCode::BAD_GATEWAY);

    let (_, log) = process.stop().await;
    for said in ["token response forwarded", "request refused", "\"level\":\"DEBUG\""] {
        assert!(log.contains(said), "{said} is missing, so this may not be the log: {log}");
    }
    let nonce = claims["nonce"].as_str().unwrap();
    for secret in [state, code, nonce, CLIENT_SECRET, wrong, &id_token, &assertion, sentence, "an@example.gov"] {
        assert!(!log.contains(secret), "{secret} is in the log: {log}");
    }
    for piece in ["eyJ", "hhJES3wcgjI55jzjBvZpNQ", "PRIVATE KEY", claims["sub"].as_str().unwrap()] {
        assert!(!log.contains(piece), "{piece} is in the log: {log}");
    }
}
