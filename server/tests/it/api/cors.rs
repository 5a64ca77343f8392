//! Which pages of other sites may use the API (Fetch Standard, CORS protocol): none, unless they are configured.

use reqwest::Method;
use testkit::Answer;

use super::{Api, FIRST, assert_problem};
use crate::support::site::SiteOptions;

const APP: &str = "https://app.example";

const ALLOWED: SiteOptions = SiteOptions {
    more: "[api]\nallowed_origins = [\"https://app.example\", \"http://127.0.0.1:5173\"]",
    client_secret: None,
    public_url: None,
    providers: Vec::new(),
    all_providers: false,
    case_workers: false,
    assistant: false,
    server: None,
    trusted_proxies: &[],
    metrics: false,
};

async fn preflight(api: &Api, path: &str, origin: &str) -> Answer {
    let headers = [
        ("origin", origin),
        ("access-control-request-method", "PUT"),
        ("access-control-request-headers", "authorization,content-type,if-match"),
    ];
    api.send(Method::OPTIONS, path, &headers, None).await
}

/// The headers of an answer that CORS has.
fn of_cors(answer: &Answer) -> Vec<&str> {
    let names = answer.headers.keys().map(http::HeaderName::as_str);
    names.filter(|name| name.starts_with("access-control-")).collect()
}

#[tokio::test]
async fn without_origins_there_is_no_cors() {
    let api = Api::start().await;
    let an = api.an();
    let answer = preflight(&api, "/v1/message", APP).await;
    assert_problem("preflight", &answer, 405, "method-not-allowed");
    assert!(of_cors(&answer).is_empty());
    let answer = api.read_with(&an, &[("origin", APP)]).await;
    assert!(of_cors(&answer).is_empty() && !answer.headers.contains_key("vary"));
}

#[tokio::test]
async fn pages_of_the_configured_origins_may_read_and_change() {
    let api = Api::start_with(ALLOWED).await;
    let an = api.an();
    for origin in [APP, "http://127.0.0.1:5173"] {
        let answer = preflight(&api, "/v1/message", origin).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("access-control-allow-origin"), origin);
        let listed = |name| answer.header(name).to_ascii_lowercase().split(',').map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(listed("access-control-allow-methods"), ["get", "head", "put", "delete"]);
        assert_eq!(
            listed("access-control-allow-headers"),
            ["authorization", "content-type", "if-match", "if-none-match"]
        );
        assert_eq!(answer.header("access-control-max-age"), "3600");
        assert!(!answer.headers.contains_key("access-control-allow-credentials"));
        assert!(answer.header("vary").to_ascii_lowercase().contains("origin"));
    }
    let body = b"{\"text\":\"from a page\"}";
    let headers = [("origin", APP), ("authorization", &*an), FIRST, ("content-type", "application/json")];
    let saved = api.send(Method::PUT, "/v1/message", &headers, Some(body)).await;
    assert_eq!((saved.status.as_u16(), saved.header("access-control-allow-origin")), (201, APP));
    // Pages can read why a request is refused.
    let refused = api.send(Method::GET, "/v1/message", &[("origin", APP)], None).await;
    assert_problem("no token", &refused, 401, "unauthenticated");
    let missing = api.send(Method::GET, "/v1/nothing", &[("origin", APP)], None).await;
    assert_problem("no address", &missing, 404, "not-found");
    for answer in [saved, refused, missing] {
        assert_eq!(answer.header("access-control-allow-origin"), APP);
        assert_eq!(answer.header("access-control-expose-headers"), "etag,retry-after,www-authenticate");
    }
}

#[tokio::test]
async fn pages_of_other_origins_may_not() {
    let api = Api::start_with(ALLOWED).await;
    let an = api.an();
    for origin in [
        "https://evil.example",
        "https://app.example.evil.example",
        "http://app.example",
        "https://app.example:8443",
        "https://APP.example",
        "null",
        "",
    ] {
        let answer = preflight(&api, "/v1/message", origin).await;
        assert!(!answer.headers.contains_key("access-control-allow-origin"), "{origin}");
        let answer = api.read_with(&an, &[("origin", origin)]).await;
        assert!(!answer.headers.contains_key("access-control-allow-origin"), "{origin}");
        assert!(answer.header("vary").to_ascii_lowercase().contains("origin"), "{origin}");
    }
    // Pages, files and everything else stay closed.
    for path in ["/", "/my-data", "/session", "/healthz"] {
        let answer = api.send(Method::GET, path, &[("origin", APP)], None).await;
        assert!(of_cors(&answer).is_empty(), "{path}");
    }
}
