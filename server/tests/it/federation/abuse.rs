//! Requests to the bridge that the user pool never sends.

use std::{net::Ipv4Addr, time::Instant};

use reqwest::StatusCode;
use serde_json::Value;
use testkit::{client, until_too_many};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use url::Url;

use super::{
    TIMEOUT,
    bridged::{Bridged, changed, token_request},
    error,
};

#[tokio::test]
async fn an_incomplete_token_request_times_out() {
    let bridged = Bridged::start().await;
    let mut stream = TcpStream::connect(bridged.site.address).await.unwrap();
    let head = format!(
        "POST /federation/login_gov/token HTTP/1.1\r\nhost: {}\r\ncontent-length: 1000\r\n\
         content-type: application/x-www-form-urlencoded\r\n\r\ngrant_type=",
        bridged.site.address
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let began = Instant::now();
    let mut answer = vec![0; 4096];
    let length = stream.read(&mut answer).await.unwrap();
    let answer = String::from_utf8_lossy(&answer[..length]);
    assert!(answer.starts_with("HTTP/1.1 408 ") && answer.contains("\"error\":\"invalid_request\""), "{answer}");
    assert!(began.elapsed() < TIMEOUT, "{:?}", began.elapsed());
}

#[tokio::test]
async fn unknown_parameters_are_not_forwarded() {
    let bridged = Bridged::start().await;
    let odd = [
        ("request", "eyJhbGciOiJub25lIn0.e30."),
        ("request_uri", "https://evil.example/request"),
        ("response_mode", "fragment"),
        ("claims", "{}"),
        ("code_challenge", "x"),
        ("client_secret", "secret"),
        ("ACR_VALUES", "none"),
        ("Nonce", "mine"),
        (" acr_values", "none"),
        ("acr_values[]", "none"),
        ("redirect_uri[]", "https://evil.example"),
    ];
    let changes: Vec<_> = odd.iter().map(|(name, value)| (*name, Some(*value))).collect();
    let answer = bridged.authorize(&changes).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    let location = Url::parse(answer.headers()["location"].to_str().unwrap()).unwrap();
    let mut names: Vec<_> = location.query_pairs().map(|(name, _)| name.into_owned()).collect();
    names.sort();
    let expected =
        ["acr_values", "client_id", "locale", "nonce", "prompt", "redirect_uri", "response_type", "scope", "state"];
    assert_eq!(names, expected, "{location}");
    // A known parameter that is sent twice is refused.
    for name in ["client_id", "redirect_uri", "response_type", "scope", "state", "login_hint"] {
        let url = format!("{}&{name}=a&{name}=b", bridged.site.url("/federation/login_gov/authorize?x=y"));
        assert_eq!(client().get(url).send().await.unwrap().status(), StatusCode::BAD_REQUEST, "{name}");
    }
    for path in ["authorize", "jwks.json"] {
        let answer = client().get(bridged.site.url(&format!("/federation/%ff/{path}"))).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
    }
    let answer = client().post(bridged.site.url("/federation/%ff/token")).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
    assert_eq!(error(&answer.text().await.unwrap()), "invalid_request");
}

#[tokio::test]
async fn only_refused_token_requests_count_towards_the_limit() {
    const PATH: &str = "/federation/login_gov/token";
    let bridged = Bridged::start().await;
    let redirect_uri = bridged.redirect_uri();
    let wrong = changed(&token_request(&redirect_uri), &[("client_secret", Some("wrong"))]);
    let [mut first, mut second] =
        [7, 8].map(|last| bridged.site.browser().with_forwarded_for(Ipv4Addr::new(203, 0, 113, last)));
    let (before, refused) = until_too_many(401, async || first.post(PATH, &wrong).await).await;
    assert_eq!(before, 200);
    assert_eq!((refused.header("retry-after"), refused.header("cache-control")), ("5", "no-store"));
    let body: Value = serde_json::from_str(&refused.body).unwrap();
    assert_eq!(body["error"], "slow_down");
    // Another address is not limited, nor is the user pool at the same address.
    assert_eq!(second.post(PATH, &wrong).await.status, StatusCode::UNAUTHORIZED);
    bridged.answer(&bridged.sign(&bridged.claims().await));
    assert_eq!(first.post(PATH, &token_request(&redirect_uri)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn too_many_browsers_at_one_address_are_refused() {
    let bridged = Bridged::start().await;
    let mut browser = bridged.site.browser().with_forwarded_for(Ipv4Addr::new(203, 0, 113, 9));
    let (before, refused) = until_too_many(400, async || browser.get("/federation/login_gov/authorize").await).await;
    assert_eq!(before, 200);
    assert!(!refused.header("retry-after").is_empty());
}
