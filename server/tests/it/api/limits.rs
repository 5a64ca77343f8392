//! The limits of the API: for each address, for each address without a valid token, and for each citizen.

use reqwest::Method;
use serde_json::json;
use testkit::until_too_many;

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
    let mut number = 0;
    let (before, refused) = until_too_many(404, async || {
        number += 1;
        let token = format!("Bearer {}", api.token(json!({ "jti": number.to_string() })));
        api.read_with(&token, &[("x-forwarded-for", &format!("198.51.100.{number}"))]).await
    })
    .await;
    assert_eq!(before, 100);
    assert_problem("An", &refused, 429, "too-many-requests");
    let bram = format!("Bearer {}", api.token(json!({ "custom:eid": "90051411136" })));
    assert_eq!(api.read_as(&bram).await.status, 404, "another citizen");
}

#[tokio::test]
async fn one_address_has_a_limit_for_refused_requests_only() {
    let api = behind_a_proxy().await;
    let an = api.an();
    let (before, refused) =
        until_too_many(401, async || api.read_with("Bearer eyJhbGciOi.e30.c2ln", &[FLOODER]).await).await;
    assert_eq!(before, 200);
    assert_problem("a refused token", &refused, 429, "too-many-requests");
    assert_eq!(api.read_with(&an, &[FLOODER]).await.status, 404, "a valid token");
    assert_eq!(api.read_with("", &[("x-forwarded-for", "203.0.114.9")]).await.status, 401, "another address");
}

#[tokio::test]
async fn one_address_has_a_limit_for_all_requests() {
    let api = behind_a_proxy().await;
    let authorization = |number| format!("Bearer {}", api.token(json!({ "custom:eid": national_number(number) })));
    let mut authorizations = (0..100).map(authorization).collect::<Vec<_>>().into_iter().cycle();
    let (before, refused) =
        until_too_many(404, async || api.read_with(&authorizations.next().unwrap(), &[FLOODER]).await).await;
    assert_eq!(before, 1_000);
    assert_problem("a valid token", &refused, 429, "too-many-requests");
    // Pages count separately.
    assert_eq!(api.send(Method::GET, "/", &[FLOODER], None).await.status, 200);
}

/// A Belgian number with valid check digits.
fn national_number(number: u64) -> String {
    let nine = 850_730_000 + number;
    format!("{nine}{:02}", 97 - nine % 97)
}
