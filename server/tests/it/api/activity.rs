//! `/v1/activity` and `/v1/export`: what the citizen sees on the pages, for programs. And what the citizen sees of programs.

use reqwest::Method;
use serde_json::{Value, json};
use testkit::Answer;

use super::{Api, FIRST, assert_problem, json_of};
use crate::support::{
    AN,
    attempt::{Attempt, assert_signed_in},
    line::State,
};

impl Api {
    async fn get(&self, authorization: &str, path: &str) -> Answer {
        self.send(Method::GET, path, &[("authorization", authorization)], None).await
    }

    async fn activity(&self, authorization: &str, query: &str) -> Value {
        let answer = self.get(authorization, &format!("/v1/activity{query}")).await;
        assert_eq!(answer.status, 200, "{query}: {}", answer.body);
        assert_eq!((answer.header("content-type"), answer.header("cache-control")), ("application/json", "no-store"));
        json_of(&answer)
    }
}

/// What each item says was done, and who did it.
fn acts(page: &Value) -> Vec<[&str; 2]> {
    let items = page["items"].as_array().unwrap().iter();
    items.map(|item| ["act", "by"].map(|member| item[member].as_str().unwrap())).collect()
}

#[tokio::test]
async fn what_a_program_does_is_in_the_activity() {
    let api = Api::start().await;
    let an = api.an();
    assert_eq!(api.save(&an, FIRST, "a text").await.status, 201);
    assert_eq!(api.save(&an, ("if-match", "\"1\""), "another text").await.status, 200);
    assert_eq!(api.save(&an, ("if-match", "\"1\""), "a conflict").await.status, 412);
    assert_eq!(api.delete(&an, ("if-match", "\"2\"")).await.status, 204);
    let page = api.activity(&an, "").await;
    let expected =
        [["message_deleted", "api"], ["message_saved", "api"], ["message_saved", "api"], ["api_used", "api"]];
    assert_eq!(acts(&page), expected, "{page}");
    assert_eq!(page["next"], Value::Null);
    for item in page["items"].as_array().unwrap() {
        let device = json!({ "kind": "program", "browser": null, "system": null });
        assert_eq!((&item["device"], &item["provider"], &item["session"]), (&device, &json!("itsme"), &Value::Null));
    }
    assert_eq!(page["items"][1]["version"], 2, "{page}");
}

#[tokio::test]
async fn what_is_read_with_a_token_is_counted_on_one_entry() {
    let api = Api::start().await;
    let an = api.an();
    assert_eq!(api.save(&an, FIRST, "a text").await.status, 201);
    for _ in 0..3 {
        assert_eq!(api.read_as(&an).await.status, 200);
    }
    // Neither of these sends the text.
    assert_eq!(api.read_with(&an, &[("if-none-match", "\"1\"")]).await.status, 304);
    assert_eq!(api.send(Method::HEAD, "/v1/message", &[("authorization", &an)], None).await.status, 200);
    let other = format!("Bearer {}", api.token(json!({ "jti": "another", "iat": 1_700_000_000 })));
    assert_eq!(api.read_as(&other).await.status, 200);
    let page = api.activity(&an, "").await;
    let uses: Vec<_> = page["items"].as_array().unwrap().iter().filter(|item| item["act"] == "api_used").collect();
    assert_eq!(uses.len(), 2, "{page}");
    assert_eq!((&uses[0]["reads"]["count"], &uses[1]["reads"]["count"]), (&json!(3), &json!(1)), "{page}");
    assert_eq!(uses[1]["at"], "2023-11-14T22:13:20Z", "the time at which the token was issued");
}

#[tokio::test]
async fn a_text_that_cannot_be_counted_is_not_sent() {
    let api = Api::start().await;
    let an = api.an();
    assert_eq!(api.save(&an, FIRST, "a text").await.status, 201);
    api.site.line.set(State::Throttles);
    for path in ["/v1/message", "/v1/activity", "/v1/export"] {
        let answer = api.get(&an, path).await;
        assert_problem(path, &answer, 503, "unavailable");
        assert!(!answer.body.contains("a text"), "{path}");
    }
}

#[tokio::test]
async fn the_activity_is_read_in_pages() {
    let api = Api::start().await;
    let an = api.an();
    assert_eq!(api.save(&an, FIRST, "1").await.status, 201);
    for version in 1..=29 {
        let tag = super::on(version);
        assert_eq!(api.save(&an, ("if-match", &tag), &version.to_string()).await.status, 200);
    }
    let all = api.activity(&an, "?limit=100").await;
    // The oldest is the token's, because the token is older.
    assert_eq!((all["items"].as_array().unwrap().len(), &all["next"]), (31, &Value::Null));
    let first = api.activity(&an, "").await;
    assert_eq!(first["items"].as_array().unwrap().len(), 25);
    assert_eq!(first["next"], first["items"][24]["id"]);
    let mut read = Vec::new();
    let mut query = "?limit=7".to_owned();
    loop {
        let page = api.activity(&an, &query).await;
        read.extend(page["items"].as_array().unwrap().clone());
        let Some(next) = page["next"].as_str() else { break };
        query = format!("?before={next}&limit=7");
    }
    assert_eq!(&read, all["items"].as_array().unwrap());
    let other = format!("Bearer {}", api.token(json!({ "custom:eid": "90051411136" })));
    let page = api.activity(&other, &format!("?before={}", first["next"].as_str().unwrap())).await;
    assert!(acts(&page).iter().all(|act| *act == ["api_used", "api"]), "another citizen: {page}");
}

#[tokio::test]
async fn a_page_that_does_not_exist_is_an_invalid_request() {
    let api = Api::start().await;
    let an = api.an();
    for query in [
        "limit=0",
        "limit=101",
        "limit=-1",
        "limit=",
        "limit=1.0",
        "limit=ten",
        "limit=1&limit=2",
        "before=",
        "before=x",
        "before=018bcfe5-6800-7000-8000-00000000000",
        "before=018bcfe5-6800-7000-8000-000000000000&before=018bcfe5-6800-7000-8000-000000000000",
    ] {
        let answer = api.get(&an, &format!("/v1/activity?{query}")).await;
        assert_problem(query, &answer, 400, "invalid-request");
    }
    for query in ["", "?", "?limit=1", "?other=1", "?before=018bcfe5-6800-7000-8000-000000000000"] {
        api.activity(&an, query).await;
    }
    assert_problem("no token", &api.send(Method::GET, "/v1/activity", &[], None).await, 401, "unauthenticated");
}

#[tokio::test]
async fn the_export_is_that_of_the_pages_with_the_details_of_the_token() {
    let api = Api::start().await;
    let an = api.an();
    let mut attempt = Attempt::start(&api.site).await;
    assert_signed_in("An", &attempt.succeed(&api.pool).await);
    let saved = attempt.browser.post("/api/save_message", &[("text", "her text"), ("version", "0")]).await;
    assert_eq!(saved.status, 303);
    let answer = api.get(&an, "/v1/export").await;
    assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, "application/json"), "{}", answer.body);
    let (by_api, on_page) = (json_of(&answer), json_of(&attempt.browser.get("/my-data/export").await));
    for member in ["$schema", "service", "held", "message"] {
        assert_eq!(by_api[member], on_page[member], "{member}");
    }
    assert_eq!(by_api["details"]["claims"], json!({ "custom:eid": AN.0, "name": AN.1 }));
    assert_eq!(by_api["details"]["claims"], on_page["details"]["claims"]);
    assert_eq!(by_api["sessions"].as_array().unwrap().len(), 1);
    assert_eq!(by_api["sessions"][0]["is_this"], false);
    let newest = &by_api["activity"][0];
    assert_eq!((&newest["act"], &newest["by"]), (&json!("data_exported"), &json!("api")), "this export: {newest}");
    assert_problem("no token", &api.send(Method::GET, "/v1/export", &[], None).await, 401, "unauthenticated");
    let head = api.send(Method::HEAD, "/v1/export", &[("authorization", &an)], None).await;
    assert_eq!((head.status.as_u16(), &*head.body), (200, ""));
    let exports = acts(&api.activity(&an, "").await).into_iter().filter(|[act, _]| *act == "data_exported").count();
    assert_eq!(exports, 2, "HEAD exports nothing");
}
