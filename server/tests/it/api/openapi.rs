//! `/v1/openapi.json`: the description of the API, which everyone may read.

use reqwest::Method;
use serde_json::Value;
use testkit::Answer;

use super::{Api, assert_problem, json_of};

const PATH: &str = "/v1/openapi.json";

async fn describe(api: &Api, headers: &[super::Header<'_>]) -> Answer {
    api.send(Method::GET, PATH, headers, None).await
}

#[tokio::test]
async fn everyone_may_read_the_description_and_keep_it() {
    let api = Api::start().await;
    let answer = describe(&api, &[("origin", "https://app.example")]).await;
    assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, "application/json"));
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    assert_eq!(answer.header("cache-control"), "public, max-age=3600");
    assert_eq!(json_of(&answer)["openapi"], "3.1.0");
    let tag = answer.header("etag").to_owned();
    assert!(tag.len() > 10 && tag.starts_with('"') && tag.ends_with('"'), "{tag}");
    let (weak, list) = (format!("W/{tag}"), format!("\"other\", {tag}"));
    for line in [&tag, &weak, &list, "*"] {
        let known = describe(&api, &[("if-none-match", line)]).await;
        assert_eq!((known.status.as_u16(), &*known.body, known.header("etag")), (304, "", &*tag), "{line}");
        assert_eq!(known.header("cache-control"), "public, max-age=3600", "{line}");
    }
    assert_eq!(describe(&api, &[("if-none-match", "\"other\"")]).await.status, 200);
    let other = api.send(Method::PUT, PATH, &[], None).await;
    assert_problem("PUT", &other, 405, "method-not-allowed");
}

#[tokio::test]
async fn every_operation_is_there_and_needs_a_token() {
    let api = Api::start().await;
    let description = json_of(&describe(&api, &[]).await);
    let mut paths = Vec::new();
    for (path, operations) in description["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            let answer = api.send(method.clone(), path, &[], None).await;
            let is_public = operation["security"] == serde_json::json!([{}]);
            assert_eq!(answer.status, if is_public { 200 } else { 401 }, "{method} {path}");
            assert_ne!(operation["responses"][answer.status.as_str()], Value::Null, "{method} {path}");
            paths.push(format!("{method} {path}"));
        }
    }
    let expected = [
        "GET /v1/activity",
        "GET /v1/export",
        "DELETE /v1/message",
        "GET /v1/message",
        "PUT /v1/message",
        "GET /v1/openapi.json",
    ];
    assert_eq!(paths, expected);
}
