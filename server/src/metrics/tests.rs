use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
};

use axum::{
    body::{Body, to_bytes},
    http::{Method, Request, StatusCode, header},
};
use tower_service::Service as _;

use super::*;

fn metrics() -> Metrics {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    Metrics::new(
        &Names { providers: names(&["one", "two"]), bridges: names(&["two"]), tables: names(&["records", "sessions"]) },
        true,
    )
}

/// The names and labels of every series on the page.
fn series(metrics: &Metrics) -> BTreeSet<String> {
    let text = metrics.exposition.text().unwrap();
    let is_sample = |line: &&str| !line.starts_with('#');
    text.lines().filter(is_sample).map(|line| line.rsplit_once(' ').unwrap().0.to_owned()).collect()
}

#[test]
fn counters_begin_at_zero_for_every_value_of_their_label() {
    let metrics = metrics();
    let text = metrics.exposition.text().unwrap();
    for line in [
        "mydata_sign_ins_started_total{provider=\"two\"} 0",
        "mydata_sign_ins_total{outcome=\"user_pool_unavailable\",provider=\"one\"} 0",
        "mydata_sign_ins_total{outcome=\"invalid\",provider=\"none\"} 0",
        "mydata_sessions_ended_total{reason=\"expired\"} 0",
        "mydata_saves_total{outcome=\"conflict\"} 0",
        "mydata_bridge_exchanges_total{outcome=\"forwarded\",provider=\"two\"} 0",
        "mydata_signing_keys_age_seconds{issuer=\"user_pool\"} 0",
        "mydata_ready{part=\"tables\"} 0",
        "mydata_requests_shed_total 0",
    ] {
        assert!(text.lines().any(|own| own == line), "{line} is not in\n{text}");
    }
}

#[test]
fn a_name_that_is_not_configured_adds_no_series() {
    let metrics = metrics();
    let before = series(&metrics);
    metrics.sign_ins.started("three");
    metrics.sign_ins.finished(Some("three"), SignInOutcome::Success);
    assert!(metrics.bridge_exchanges.get("one").is_none());
    assert_eq!(series(&metrics), before);
    metrics.sign_ins.finished(Some("one"), SignInOutcome::Success);
    let text = metrics.exposition.text().unwrap();
    assert!(text.contains("mydata_sign_ins_total{outcome=\"success\",provider=\"one\"} 1"), "{text}");
}

#[test]
fn unknown_methods_are_one_value_and_a_request_is_active_until_it_ends() {
    let metrics = metrics();
    let request = metrics.requests.began("S3CRET");
    assert!(metrics.exposition.text().unwrap().contains("active_requests{http_request_method=\"_OTHER\"} 1"));
    metrics.requests.answered("S3CRET", "none", StatusCode::NOT_FOUND, std::time::Duration::from_millis(7));
    metrics.requests.answered("PATCH", "/", StatusCode::METHOD_NOT_ALLOWED, std::time::Duration::ZERO);
    drop(request);
    let text = metrics.exposition.text().unwrap();
    assert!(text.contains("active_requests{http_request_method=\"_OTHER\"} 0"), "{text}");
    assert!(!text.contains("S3CRET") && !text.contains("PATCH\",http_response"), "{text}");
    let bucket = "{http_request_method=\"_OTHER\",http_response_status_code=\"404\",http_route=\"none\",le=\"0.01\"} 1";
    assert!(text.contains(bucket), "{text}");
}

#[test]
fn what_cannot_be_read_is_not_measured_for_each_request() {
    let metrics = Metrics::new(&Names::default(), false);
    drop(metrics.requests.began("GET"));
    metrics.requests.answered("GET", "/", StatusCode::OK, std::time::Duration::ZERO);
    assert!(!metrics.exposition.text().unwrap().contains("http_server"));
}

#[tokio::test]
async fn the_page_is_read_with_get_only_and_nothing_else_is_there() {
    let mut router = router(metrics().exposition);
    for (method, path, status) in [
        (Method::GET, "/metrics", 200),
        (Method::HEAD, "/metrics", 405),
        (Method::POST, "/metrics", 405),
        (Method::OPTIONS, "/metrics", 405),
        (Method::GET, "/", 404),
        (Method::GET, "/metrics/", 404),
        (Method::GET, "/healthz", 404),
    ] {
        let request = Request::builder().method(&method).uri(path).body(Body::empty()).unwrap();
        let response = router.call(request).await.unwrap();
        assert_eq!(response.status(), status, "{method} {path}");
        if status == 200 {
            assert_eq!(response.headers()[header::CONTENT_TYPE], "text/plain; version=0.0.4; charset=utf-8");
            let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
            assert!(body.starts_with(b"# HELP"));
        }
    }
}

#[tokio::test]
async fn reading_the_page_holds_up_nothing_else() {
    let metrics = metrics();
    let (tell, told) = mpsc::channel();
    let (told, was_told) = (Mutex::new(told), Arc::new(AtomicBool::new(false)));
    let is_told = Arc::clone(&was_told);
    metrics.exposition.before_each_reading(move || {
        is_told.store(told.lock().unwrap().recv_timeout(testkit::TIMEOUT).is_ok(), Ordering::SeqCst);
    });
    let mut router = router(metrics.exposition);
    let request = Request::get("/metrics").body(Body::empty()).unwrap();
    // On one thread: the page waits for the other future.
    let (answer, ()) = tokio::join!(router.call(request), async { tell.send(()).unwrap() });
    assert_eq!(answer.unwrap().status(), StatusCode::OK);
    assert!(was_told.load(Ordering::SeqCst));
}

/// What `promtool check metrics` demands of names, and a help text for each.
#[test]
fn names_follow_the_rules_of_prometheus() {
    let text = metrics().exposition.text().unwrap();
    let mut count = 0;
    for line in text.lines().filter_map(|line| line.strip_prefix("# TYPE ")) {
        count += 1;
        let (name, kind) = line.split_once(' ').unwrap();
        assert_eq!(name.ends_with("_total"), kind == "counter", "{name} is a {kind}");
        for end in ["_count", "_sum", "_bucket", "_info"] {
            assert!(!name.ends_with(end) || name == "mydata_build_info", "{name}");
        }
        for unit in ["_ms", "milliseconds", "_minutes", "kilobytes", "_kb"] {
            assert!(!name.contains(unit), "{name} has a unit that is no base unit");
        }
        let help = format!("# HELP {name} ");
        let help = text.lines().find_map(|line| line.strip_prefix(&help)).unwrap();
        assert!(help.ends_with('.'), "{name}: {help}");
    }
    assert!(count > 20, "{count}");
}
