//! Requests to the bridge that the user pool never sends.

use std::time::Instant;

use reqwest::StatusCode;
use serde_json::Value;
use testkit::{browser::form, client};
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
    let bridged = Bridged::start().await;
    let url = bridged.site.url("/federation/login_gov/token");
    let redirect_uri = bridged.redirect_uri();
    let wrong = changed(&token_request(&redirect_uri), &[("client_secret", Some("wrong"))]);
    let client = client();
    let from = async |address: &str, fields: &[(&str, &str)]| {
        form(client.post(&url), fields).header("x-forwarded-for", address).send().await.unwrap()
    };
    let mut last = from("203.0.113.7", &wrong).await;
    for _ in 0..2_000 {
        if last.status() == StatusCode::TOO_MANY_REQUESTS {
            break;
        }
        assert_eq!(last.status(), StatusCode::UNAUTHORIZED);
        last = from("203.0.113.7", &wrong).await;
    }
    assert_eq!(last.status(), StatusCode::TOO_MANY_REQUESTS, "2,000 attempts were not refused");
    assert_eq!(
        (&last.headers()["retry-after"], &last.headers()["cache-control"]),
        (&"5".parse().unwrap(), &"no-store".parse().unwrap())
    );
    let body: Value = serde_json::from_str(&last.text().await.unwrap()).unwrap();
    assert_eq!(body["error"], "slow_down");
    // Another address is not limited, nor is the user pool at the same address.
    assert_eq!(from("203.0.113.8", &wrong).await.status(), StatusCode::UNAUTHORIZED);
    bridged.answer(&bridged.sign(&bridged.claims().await));
    assert_eq!(from("203.0.113.7", &token_request(&redirect_uri)).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn too_many_browsers_at_one_address_are_refused() {
    let bridged = Bridged::start().await;
    let (client, url) = (client(), bridged.site.url("/federation/login_gov/authorize"));
    // Many at the same time: the limit refills by 20 a second.
    for _ in 0..100 {
        let request = || client.get(&url).header("x-forwarded-for", "203.0.113.9").send();
        let batch: Vec<_> = (0..20).map(|_| tokio::spawn(request())).collect();
        for answer in batch {
            let answer = answer.await.unwrap().unwrap();
            if answer.status() == StatusCode::TOO_MANY_REQUESTS {
                assert!(answer.headers().contains_key("retry-after"));
                return;
            }
            assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
        }
    }
    panic!("2,000 requests from one address were not refused");
}
