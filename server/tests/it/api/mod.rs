//! The JSON API, with ID tokens that a test makes.

mod activity;
mod bearer;
mod conditions;
mod cors;
mod guide;
mod limits;
mod message;
mod openapi;
mod problems;

use reqwest::Method;
use serde_json::{Value, json};
use testkit::Answer;

use crate::support::{
    attempt::header,
    claims,
    fake_pool::FakePool,
    site::{Site, SiteOptions},
};

/// A site, its user pool, and a client of its API that sends no cookies.
pub struct Api {
    pub pool: FakePool,
    pub site: Site,
}

/// A header of a request.
pub type Header<'a> = (&'a str, &'a str);

impl Api {
    pub async fn start() -> Self {
        Self::start_with(SiteOptions::default()).await
    }

    pub async fn start_with(options: SiteOptions) -> Self {
        let pool = FakePool::start().await;
        let site = Site::start_at(&pool, options).await;
        site.until_ready().await;
        Self { pool, site }
    }

    /// The claims of a token of An, as the user pool issues it to a client that sent no nonce. `null` removes one.
    pub fn claims(&self, changes: Value) -> Value {
        let mut claims = claims::valid(&self.pool.issuer(), "");
        claims.as_object_mut().unwrap().remove("nonce");
        for (name, value) in changes.as_object().unwrap() {
            claims[name] = value.clone();
        }
        claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        claims
    }

    /// A token with these changes.
    pub fn token(&self, changes: Value) -> String {
        self.pool.key.sign(&header("first"), &self.claims(changes))
    }

    /// The header with a valid token of An.
    pub fn an(&self) -> String {
        format!("Bearer {}", self.token(json!({})))
    }

    pub async fn send(&self, method: Method, path: &str, headers: &[Header<'_>], body: Option<&[u8]>) -> Answer {
        self.site
            .browser()
            .send(method, path, |mut request| {
                for (name, value) in headers {
                    request = request.header(*name, *value);
                }
                match body {
                    Some(body) => request.body(body.to_vec()),
                    None => request,
                }
            })
            .await
    }

    /// Reads the message with this `Authorization`.
    pub async fn read_as(&self, authorization: &str) -> Answer {
        self.read_with(authorization, &[]).await
    }

    /// Reads the message with more headers.
    pub async fn read_with(&self, authorization: &str, headers: &[Header<'_>]) -> Answer {
        let headers = [&[("authorization", authorization)], headers].concat();
        self.send(Method::GET, "/v1/message", &headers, None).await
    }

    /// Saves `text` on the condition `condition`.
    pub async fn save(&self, authorization: &str, condition: Header<'_>, text: &str) -> Answer {
        let body = json!({ "text": text }).to_string();
        let headers = [("authorization", authorization), condition, ("content-type", "application/json")];
        self.send(Method::PUT, "/v1/message", &headers, Some(body.as_bytes())).await
    }

    /// Deletes the message on the condition `condition`.
    pub async fn delete(&self, authorization: &str, condition: Header<'_>) -> Answer {
        self.send(Method::DELETE, "/v1/message", &[("authorization", authorization), condition], None).await
    }
}

/// The condition of a first save.
pub const FIRST: Header<'_> = ("if-none-match", "*");

/// The condition that this version is saved.
pub fn on(version: u64) -> String {
    format!("\"{version}\"")
}

pub fn json_of(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap_or_else(|error| panic!("{error}: {}", answer.body))
}

/// Asserts that the answer is this problem, with nothing but what a problem has. Returns it.
#[track_caller]
pub fn assert_problem(what: &str, answer: &Answer, status: u16, slug: &str) -> Value {
    assert_eq!(answer.status, status, "{what}: {}", answer.body);
    assert_eq!(answer.header("content-type"), "application/problem+json", "{what}");
    assert_eq!(answer.header("cache-control"), "no-store", "{what}");
    assert!(answer.set_cookies().is_empty(), "{what}");
    let problem = json_of(answer);
    let members: Vec<_> = problem.as_object().unwrap().keys().map(String::as_str).collect();
    let known = ["type", "title", "status", "detail", "instance"];
    assert!(members.iter().all(|member| known.contains(member)), "{what}: {members:?}");
    assert!(problem["type"].as_str().unwrap().ends_with(&format!("/problems#{slug}")), "{what}: {problem}");
    assert_eq!(problem["status"], status, "{what}");
    assert!(problem["title"].as_str().is_some_and(|title| title.len() > 10), "{what}: {problem}");
    let instance = problem["instance"].as_str().unwrap_or_default();
    assert!(instance.starts_with("urn:mydata:") && instance.len() == 20, "{what}: {problem}");
    assert_eq!(answer.headers.contains_key("retry-after"), [429, 503].contains(&status), "{what}");
    let challenge = answer.header("www-authenticate");
    assert_eq!(
        challenge.starts_with("Bearer realm=\"mydata\""),
        [400, 401].contains(&status) && !challenge.is_empty(),
        "{what}"
    );
    problem
}
