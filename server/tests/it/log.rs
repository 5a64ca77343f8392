//! The log of requests: one line for each, written by the outermost layer.

use reqwest::{Method, StatusCode};
use serde_json::Value;
use testkit::{
    browser::{form, parameter},
    client, until,
};

use crate::{
    federation::Bridged,
    support::process::{Process, serve},
};

/// A method that HTTP does not know.
const UNKNOWN: &str = "S3CRETMETHOD";

/// A method and a path; the method, the route and the status in the log, and whether the line has a reason.
const REQUESTS: &[(&str, &str, &str, &str, u16, bool)] = &[
    ("GET", "/healthz", "GET", "/healthz", 200, false),
    ("GET", "/readyz", "GET", "/readyz", 200, false),
    ("POST", "/healthz", "POST", "/healthz", 405, true),
    ("GET", "/federation/login_gov/jwks.json", "GET", "/federation/{id}/jwks.json", 200, false),
    ("GET", "/federation/nobody/jwks.json", "GET", "/federation/{id}/jwks.json", 404, true),
    ("GET", "/federation/login_gov/authorize", "GET", "/federation/{id}/authorize", 400, true),
    ("POST", "/federation/login_gov/token", "POST", "/federation/{id}/token", 401, true),
    ("GET", "/federation/login_gov/token", "GET", "/federation/{id}/token", 405, true),
    ("GET", "/", "GET", "/", 200, false),
    ("HEAD", "/", "HEAD", "/", 200, false),
    ("GET", "/profile", "GET", "/profile", 303, false),
    ("GET", "/login/itsme", "GET", "/login/{id}", 303, false),
    ("GET", "/login/nobody", "GET", "/login/{id}", 404, true),
    ("GET", "/auth/callback?code=S3CRETCODE", "GET", "/auth/callback", 400, true),
    ("POST", "/api/save_message", "POST", "/api/save_message", 401, true),
    ("POST", "/language", "POST", "/language", 303, false),
    ("POST", "/logout", "POST", "/logout", 303, false),
    ("GET", "/v1/message?access_token=S3CRETTOKEN", "GET", "/v1/message", 401, true),
    ("POST", "/v1/message", "POST", "/v1/message", 405, true),
    ("GET", "/v1/openapi.json", "GET", "/v1/openapi.json", 200, false),
    ("GET", "/v1/S3CRETPATH", "GET", "/v1/{*path}", 404, true),
    (UNKNOWN, "/v1/message", "_OTHER", "/v1/message", 405, true),
    ("GET", "/favicon.svg", "GET", "none", 200, false),
    ("GET", "/S3CRETPATH", "GET", "none", 404, true),
    (UNKNOWN, "/", "_OTHER", "/", 405, true),
    (UNKNOWN, "/healthz", "_OTHER", "/healthz", 405, true),
    (UNKNOWN, "/federation/login_gov/token", "_OTHER", "/federation/{id}/token", 405, true),
    (UNKNOWN, "/S3CRETPATH", "_OTHER", "none", 404, true),
];

/// The lines about requests.
fn lines(log: &str) -> Vec<Value> {
    let lines = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    lines.filter(|line| line["route"].is_string()).collect()
}

#[tokio::test]
async fn every_request_is_logged_once_by_its_route() {
    let bridged = Bridged::start().await;
    let site = &bridged.site;
    let mut command = serve(site);
    command.env("RUST_LOG", "debug");
    let process = Process::start(command, site.scratch.path()).await;
    let ready = format!("http://{}/readyz", process.address);
    let mut before = 0;
    until("the binary is ready", async || {
        before += 1;
        client().get(&ready).send().await.unwrap().status() == 200
    })
    .await;
    for (number, (method, path, .., status, _)) in REQUESTS.iter().enumerate() {
        let request = client()
            .request(Method::from_bytes(method.as_bytes()).unwrap(), format!("http://{}{path}", process.address))
            // Each from an address of its own: of one address, most refusals are only counted.
            .header("x-forwarded-for", format!("S3CRET, 198.51.100.{number}"))
            .header("user-agent", "S3CRET")
            .header("x-s3cret", "S3CRET")
            .header("cookie", "mydata_session=S3CRET; lang=S3CRET");
        let answer = form(request, &[]).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), *status, "{method} {path}");
    }
    let (_, log) = process.stop().await;
    let logged = lines(&log).split_off(before);
    assert_eq!(logged.len(), REQUESTS.len(), "{log}");
    for (line, (_, path, method, route, status, has_reason)) in logged.iter().zip(REQUESTS) {
        assert_eq!((&line["method"], &line["route"]), (&(*method).into(), &(*route).into()), "{path}: {line}");
        assert_eq!(line["status"], *status, "{path}: {line}");
        assert!(line["elapsed_ms"].is_u64(), "{path}: {line}");
        assert_eq!(line["reason"].is_string(), *has_reason, "{path}: {line}");
        let level = if *status < 400 { "DEBUG" } else { "WARN" };
        assert_eq!(line["level"], level, "{path}: {line}");
    }
    assert!(!log.contains("S3CRET"), "{log}");
}

#[tokio::test]
async fn most_refusals_of_one_address_are_counted_in_one_line() {
    let bridged = Bridged::start().await;
    let site = &bridged.site;
    let command = serve(site);
    let process = Process::start_ready(command, site.scratch.path()).await;
    let mut browser = process.browser(site);
    let mut references = Vec::new();
    for _ in 0..300 {
        let page = browser.get("/no-such-page").await;
        assert_eq!(page.status, 404);
        references.extend(page.reference().map(str::to_owned));
    }
    assert_eq!(references.len(), 3, "a page shows a reference that is not in the log");
    for reference in &references {
        assert_eq!(process.line_with(reference).await["status"], 404);
    }
    for number in 0..5 {
        let refused = browser.get("/federation/login_gov/token").await;
        assert_eq!(refused.status, StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(refused.body.contains("reference"), number < 3, "{}", refused.body);
    }
    // Callbacks without a sign-in, of two kinds.
    for number in 0..70 {
        let failed = browser.get(["/auth/callback", "/auth/callback?code=c&state=s"][number % 2]).await;
        assert_eq!((failed.status, failed.reference().is_some()), (StatusCode::BAD_REQUEST, number < 60));
    }
    // A sign-in that this browser has started always has a line.
    for _ in 0..10 {
        let state = parameter(&browser.get("/login/itsme").await.target(), "state").unwrap();
        let failed = browser.get(format!("/auth/callback?error=server_error&state={state}")).await;
        assert_eq!(process.line_with(failed.reference().unwrap()).await["status"], 502);
    }
    let (_, log) = process.stop().await;
    assert_eq!(lines(&log).len(), 3 + 3 + 60 + 10, "{log}");
    let counted: Vec<Value> = log
        .lines()
        .filter(|line| line.contains("more requests refused"))
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(counted.len(), 1, "{log}");
    let fields = ["client", "not_found", "method_not_allowed", "unknown_sign_in", "too_many"];
    let counts = fields.map(|field| &counted[0][field]);
    assert_eq!(counts, [&Value::from("127.0.0.0/24"), &297.into(), &2.into(), &10.into(), &Value::Null]);
}

#[tokio::test]
async fn the_reference_in_an_answer_leads_to_one_log_line() {
    let bridged = Bridged::start().await;
    let site = &bridged.site;
    let command = serve(site);
    let process = Process::start_ready(command, site.scratch.path()).await;
    let mut browser = process.browser(site);
    let page = browser.get("/no-such-page").await;
    assert_eq!(process.line_with(page.reference().unwrap()).await["route"], "none");
    let refused = browser.get("/federation/login_gov/token").await;
    assert_eq!(refused.status, StatusCode::METHOD_NOT_ALLOWED);
    let body: Value = serde_json::from_str(&refused.body).unwrap();
    let reference = body["error_description"].as_str().unwrap().strip_prefix("reference ").unwrap();
    let line = process.line_with(reference).await;
    assert_eq!((&line["code"], &line["route"]), (&"invalid_request".into(), &"/federation/{id}/token".into()));
    // Requests that succeed are logged at the level debug.
    assert!(lines(&process.log()).iter().all(|line| line["level"] != "DEBUG"), "{}", process.log());
}
