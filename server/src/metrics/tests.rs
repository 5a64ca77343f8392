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
        "mydata_requests_shed_total 0",
    ] {
        assert!(text.lines().any(|own| own == line), "{line} is not in\n{text}");
    }
}

#[test]
fn a_part_is_ready_or_not_once_it_was_asked() {
    let metrics = metrics();
    let told = || {
        let text = metrics.exposition.text().unwrap();
        text.lines().filter(|line| line.starts_with("mydata_ready")).map(str::to_owned).collect::<Vec<_>>()
    };
    assert!(told().is_empty());
    metrics.ready.set(Part::Tables, false);
    assert_eq!(told(), ["mydata_ready{part=\"tables\"} 0"]);
    metrics.ready.set(Part::Tables, true);
    assert_eq!(told(), ["mydata_ready{part=\"tables\"} 1"]);
}

/// As when the callback panics.
#[test]
fn a_visit_that_does_not_say_how_it_ended_is_a_fault_of_the_server() {
    let metrics = metrics();
    drop(metrics.sign_ins.visit(Some("one")));
    let text = metrics.exposition.text().unwrap();
    assert!(text.contains("mydata_sign_ins_total{outcome=\"internal\",provider=\"one\"} 1"), "{text}");
}

#[test]
fn a_name_that_is_not_configured_adds_no_series() {
    let metrics = metrics();
    let before = series(&metrics);
    metrics.sign_ins.started("three");
    metrics.sign_ins.visit(Some("three")).ended(SignInOutcome::Success);
    assert!(metrics.bridge_exchanges.get("one").is_none());
    assert_eq!(series(&metrics), before);
    let mut visit = metrics.sign_ins.visit(Some("one"));
    visit.ended(SignInOutcome::Success);
    visit.ended_otherwise(SignInOutcome::Timeout);
    drop(visit);
    let text = metrics.exposition.text().unwrap();
    assert!(text.contains("mydata_sign_ins_total{outcome=\"success\",provider=\"one\"} 1"), "{text}");
    assert!(text.contains("mydata_sign_ins_total{outcome=\"timeout\",provider=\"one\"} 0"), "{text}");
}

#[test]
fn unknown_methods_are_one_value_and_a_request_is_active_until_it_ends() {
    let metrics = metrics();
    let named = |method: &[u8]| known_method(&Method::from_bytes(method).unwrap());
    for method in [&b"S3CRET"[..], b"get", b"PATCH", &[b'X'; 1000]] {
        assert_eq!(named(method), OTHER_METHOD);
    }
    assert_eq!(named(b"PUT"), "PUT");
    let request = metrics.requests.began(named(b"S3CRET"));
    assert!(metrics.exposition.text().unwrap().contains("active_requests{http_request_method=\"_OTHER\"} 1"));
    metrics.requests.ended(OTHER_METHOD, "none", Some(StatusCode::NOT_FOUND), std::time::Duration::from_millis(7));
    drop(request);
    let text = metrics.exposition.text().unwrap();
    assert!(text.contains("active_requests{http_request_method=\"_OTHER\"} 0"), "{text}");
    let bucket = "{http_request_method=\"_OTHER\",http_response_status_code=\"404\",http_route=\"none\",le=\"0.01\"} 1";
    assert!(text.contains(bucket), "{text}");
}

#[test]
fn what_cannot_be_read_is_not_measured_for_each_request() {
    let metrics = Metrics::new(&Names::default(), false);
    drop(metrics.requests.began("GET"));
    metrics.requests.expect("/");
    metrics.requests.ended("GET", "/", Some(StatusCode::OK), std::time::Duration::ZERO);
    let text = metrics.exposition.text().unwrap();
    assert!(!text.contains("http_server") && !text.contains("mydata_requests_total"), "{text}");
}

#[test]
fn requests_of_a_route_are_counted_from_zero_by_how_they_ended() {
    let metrics = metrics();
    metrics.requests.expect("/");
    let count = |outcome: &str| {
        let text = metrics.exposition.text().unwrap();
        let series = format!("mydata_requests_total{{http_route=\"/\",outcome=\"{outcome}\"}} ");
        text.lines().find_map(|line| line.strip_prefix(&series)).unwrap().to_owned()
    };
    let counts = || ["answered", "failed", "unanswered"].map(count);
    assert_eq!(counts(), ["0", "0", "0"]);
    for status in [Some(StatusCode::OK), Some(StatusCode::NOT_FOUND), Some(StatusCode::BAD_GATEWAY), None] {
        metrics.requests.ended("GET", "/", status, std::time::Duration::ZERO);
    }
    assert_eq!(counts(), ["2", "1", "1"]);
    let unanswered = "{http_request_method=\"GET\",http_response_status_code=\"499\",http_route=\"/\"} 1";
    assert!(metrics.exposition.text().unwrap().contains(unanswered));
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
