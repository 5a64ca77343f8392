//! The limits of the API: for each address, for each address without a valid token, and for each citizen.

use reqwest::Method;
use serde_json::json;
use testkit::Answer;
use tokio::task::JoinSet;

use super::{Api, Header, assert_problem};
use crate::support::site::SiteOptions;

/// The address of a client that sends too much, as the load balancer names it.
const FLOODER: Header<'static> = ("x-forwarded-for", "203.0.113.9");

/// A site behind a load balancer, so that a test has many addresses.
async fn behind_a_proxy() -> Api {
    Api::start_with(SiteOptions { trusted_proxies: &["127.0.0.1"], ..SiteOptions::default() }).await
}

#[tokio::test]
async fn one_citizen_has_a_limit_whatever_the_address_and_the_token() {
    let api = behind_a_proxy().await;
    let mut refused = None;
    for number in 0..3_000 {
        let token = format!("Bearer {}", api.token(json!({ "jti": number.to_string() })));
        let address = format!("198.51.{}.{}", number / 250, number % 250);
        let answer = api.read_with(&token, &[("x-forwarded-for", &address)]).await;
        if answer.status == 429 {
            refused = Some(answer);
            break;
        }
    }
    assert_problem("An", &refused.expect("3,000 requests were all allowed"), 429, "too-many-requests");
    let bram = format!("Bearer {}", api.token(json!({ "custom:eid": "90051411136" })));
    assert_eq!(api.read_as(&bram).await.status, 404, "another citizen");
}

#[tokio::test]
async fn one_address_has_a_limit_for_refused_requests_only() {
    let api = behind_a_proxy().await;
    let an = api.an();
    let refused = flood(&api, &vec!["Bearer eyJhbGciOi.e30.c2ln".to_owned(); 20]).await;
    assert_problem("a refused token", &refused, 429, "too-many-requests");
    assert_eq!(api.read_with(&an, &[FLOODER]).await.status, 404, "a valid token");
    assert_eq!(api.read_with("", &[("x-forwarded-for", "203.0.114.9")]).await.status, 401, "another address");
}

#[tokio::test]
async fn one_address_has_a_limit_for_all_requests() {
    let api = behind_a_proxy().await;
    let authorization = |number| format!("Bearer {}", api.token(json!({ "custom:eid": national_number(number) })));
    let authorizations: Vec<_> = (0..100).map(authorization).collect();
    let refused = flood(&api, &authorizations).await;
    assert_problem("a valid token", &refused, 429, "too-many-requests");
    // Pages count separately.
    assert_eq!(api.send(Method::GET, "/", &[FLOODER], None).await.status, 200);
}

/// A Belgian number with valid check digits.
fn national_number(number: u64) -> String {
    let nine = 850_730_000 + number;
    format!("{nine}{:02}", 97 - nine % 97)
}

/// Sends requests at the same time, one with each `Authorization`, until one is refused because of a limit. Returns its answer. None
/// reads a table, so that they are faster than a limit refills.
async fn flood(api: &Api, authorizations: &[String]) -> Answer {
    let client = testkit::client();
    for _ in 0..5_000 / authorizations.len() {
        let request = |authorization| {
            let request = client.get(api.site.url("/v1/message")).header(FLOODER.0, FLOODER.1);
            request.header("authorization", authorization).header("if-match", "unreadable").send()
        };
        let mut answers: JoinSet<_> = authorizations.iter().map(request).collect();
        while let Some(answer) = answers.join_next().await {
            let answer = answer.unwrap().unwrap();
            if answer.status() == 429 {
                let (status, headers, url) = (answer.status(), answer.headers().clone(), answer.url().clone());
                return Answer { status, headers, url, body: answer.text().await.unwrap() };
            }
        }
    }
    panic!("5,000 requests were all allowed");
}
