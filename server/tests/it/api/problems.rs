//! Problem details (RFC 9457): every failure below `/v1` is one, and its reference is in the log.

use reqwest::Method;

use super::{Api, FIRST, assert_problem};
use crate::support::{
    attempt::changed,
    process::{Process, serve},
    site::SiteOptions,
};

const LIMIT: usize = 64 * 1024;

#[tokio::test]
async fn every_other_address_below_v1_is_a_problem() {
    let api = Api::start().await;
    let an = api.an();
    for path in ["/v1", "/v1/", "/v1/messages", "/v1/message/", "/v1/message/1", "/v1//message", "/v1/Message"] {
        for headers in [&[][..], &[("authorization", &*an)]] {
            for method in [Method::GET, Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS] {
                let answer = api.send(method.clone(), path, headers, None).await;
                assert_problem(&format!("{method} {path}"), &answer, 404, "not-found");
            }
        }
    }
    // Other addresses are pages.
    for path in ["/v2/message", "/v1x", "/v"] {
        let answer = api.send(Method::GET, path, &[], None).await;
        assert!(answer.status == 404 && answer.header("content-type").starts_with("text/html"), "{path}");
    }
}

#[tokio::test]
async fn a_method_that_the_message_does_not_have_is_a_problem_with_those_that_it_has() {
    let api = Api::start().await;
    let an = api.an();
    for method in ["POST", "PATCH", "OPTIONS", "TRACE", "QUERY"] {
        for headers in [&[][..], &[("authorization", &*an)]] {
            let answer = api.send(Method::from_bytes(method.as_bytes()).unwrap(), "/v1/message", headers, None).await;
            assert_problem(method, &answer, 405, "method-not-allowed");
            assert_eq!(answer.header("allow"), "GET,HEAD,PUT,DELETE", "{method}");
        }
    }
}

#[tokio::test]
async fn a_body_over_the_limit_is_a_problem() {
    let api = Api::start().await;
    let an = api.an();
    let json = ("content-type", "application/json");
    let headers = [("authorization", &*an), FIRST, json];
    let body =
        |length: usize| format!("{{\"text\":\"{}\"}}", "x".repeat(length - "{\"text\":\"\"}".len())).into_bytes();
    for headers in [&headers[..], &[json]] {
        let answer = api.send(Method::PUT, "/v1/message", headers, Some(&body(LIMIT + 1))).await;
        assert_problem("one byte too many", &answer, 413, "too-large");
    }
    let answer = api.send(Method::PUT, "/v1/message", &headers, Some(&body(LIMIT))).await;
    assert_problem("the text is too long", &answer, 422, "text-not-usable");
    assert!(api.site.records().await.is_empty());
}

#[tokio::test]
async fn the_type_leads_to_a_page_and_the_instance_to_a_line_of_the_log() {
    let api =
        Api::start_with(SiteOptions { public_url: Some("https://mydata.example"), ..SiteOptions::default() }).await;
    let mut command = serve(&api.site);
    command.env("RUST_LOG", "trace");
    let process = Process::start_ready(command, api.site.scratch.path()).await;
    let token = api.token(serde_json::json!({}));
    let mut problems = Vec::new();
    for (authorization, status, slug, reason) in [
        (None, 401, "unauthenticated", "no bearer token"),
        (
            Some(format!("Bearer {}", changed(&token))),
            401,
            "unauthenticated",
            "the ID token is rejected: its signature is wrong",
        ),
        (Some(format!("Bearer {token} x")), 400, "invalid-request", "the header Authorization cannot be read"),
        (Some(format!("Bearer {token}")), 404, "not-found", "no message is saved"),
    ] {
        let mut browser = process.browser(&api.site);
        let answer = browser
            .send(Method::GET, "/v1/message?access_token=a-secret", |request| match &authorization {
                Some(authorization) => request.header("authorization", authorization),
                None => request,
            })
            .await;
        let problem = assert_problem(reason, &answer, status, slug);
        assert_eq!(problem["type"], format!("https://mydata.example/problems#{slug}"));
        assert!(!answer.body.contains(&token[..20]), "{}", answer.body);
        problems.push((problem["instance"].as_str().unwrap()["urn:mydata:".len()..].to_owned(), slug, reason, status));
    }
    for (reference, slug, reason, status) in problems {
        let line = process.line_with(&reference).await;
        assert_eq!(
            (&line["route"], &line["code"], &line["reason"]),
            (&"/v1/message".into(), &slug.into(), &reason.into())
        );
        assert_eq!((&line["status"], &line["message"]), (&status.into(), &"request refused".into()));
    }
    // No part of a token, at any level.
    let (_, log) = process.stop().await;
    assert!(log.contains("\"level\":\"DEBUG\""), "this may not be the log: {log}");
    for part in token.split('.').chain(["eyJ", "a-secret", "85073003328"]) {
        assert!(!log.contains(part), "{part} is in the log");
    }
}

#[tokio::test]
async fn a_problem_that_is_only_counted_has_no_instance() {
    let options = server::Options { refusal_lines: 1, ..server::Options::default() };
    let api = Api::start_with(SiteOptions { server: Some(options), ..SiteOptions::default() }).await;
    let first = api.send(Method::GET, "/v1/nothing", &[], None).await;
    assert_problem("the first", &first, 404, "not-found");
    let second = api.send(Method::GET, "/v1/nothing", &[], None).await;
    assert_eq!(super::json_of(&second).get("instance"), None, "{}", second.body);
}
