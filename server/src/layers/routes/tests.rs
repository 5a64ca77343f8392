use std::{net::SocketAddr, path::Path};

use aws_lc_rs::hmac;
use axum::{
    Extension,
    body::Bytes,
    http::StatusCode,
    response::{Html, Response},
    routing::{get, post},
};
use serde_json::Value;
use testkit::{Answer, Browser, Example, until_too_many};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::Notify,
};

use super::*;
use crate::{
    assets::{CurrentAssets, Fallback},
    config::{Config, Source},
    cookies::CookieJar,
    failure::Refusals,
    layers::{Limits, Logs, Overloaded, add_headers, observe},
    metrics::{self, Metrics, Names, Requests},
    rendering::Renderer,
    request_context::{Clients, establish},
    secret::{SealingKeys, ServerKey},
    security_log::SecurityLog,
    traces::Traces,
};

/// Serves `routes` inside the layers of every request; with `/panics`, whose handler panics.
async fn serve(routes: Routes<()>) -> Browser {
    serve_measured(routes, Requests::default()).await
}

async fn serve_measured(routes: Routes<()>, requests: Requests) -> Browser {
    let panics = get(async || -> String { panic!("the text of a citizen") });
    let router = routes.route("/panics", Budget::unlimited("a test"), panics).finish(());
    let security = SecurityLog::new(None, hmac::Key::new(hmac::HMAC_SHA256, &[]));
    let logs = Logs { refusals: Refusals::new(1_000), security, requests, traces: Traces::default(), scheme: "http" };
    let router = router
        .layer(middleware::from_fn_with_state(false, add_headers))
        .layer(middleware::from_fn_with_state(logs, observe))
        .layer(middleware::from_fn_with_state(Clients::default(), establish));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    Browser::new(&format!("http://{address}"))
}

fn frame() -> Frame {
    let config = Config::read(Source::from_toml(&Example::aws().to_toml())).unwrap();
    let keys = SealingKeys::new(&ServerKey::new([1; 32]).unwrap(), []);
    let fallback = Fallback { style: "body{}".into(), public: Path::new("/nonexistent").to_owned() };
    let assets = CurrentAssets::load(Path::new("/nonexistent"), Some(&fallback), String::new()).unwrap();
    Frame {
        origin: config.public_url.origin().into(),
        failures: FailurePages::new(Arc::new(Renderer::new(&config, assets)), Arc::new(keys)),
        choice: Choice::of(config.service.languages.clone(), CookieJar::new(true)),
        body: BodyLimits::PAGES,
    }
}

/// The answers to a handler that panics and to a method that the route does not have.
async fn failures(routes: Routes<()>) -> [Answer; 2] {
    let mut browser = serve(routes).await;
    let panicked = browser.get("/panics").await;
    let other_method = browser.post("/panics", &[]).await;
    assert_eq!((panicked.status.as_u16(), other_method.status.as_u16()), (500, 405));
    assert_eq!(other_method.header("allow"), "GET,HEAD");
    for answer in [&panicked, &other_method] {
        assert!(!answer.body.contains("the text of a citizen"), "{}", answer.body);
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
    }
    [panicked, other_method]
}

#[tokio::test]
async fn a_failure_on_a_route_for_browsers_is_a_page() {
    let origin = frame().origin;
    let mut browser = serve(Routes::for_browsers(frame())).await;
    let panicked = browser.get("/panics").await;
    let other_method = browser.send(http::Method::POST, "/panics", |request| request.header("origin", &*origin)).await;
    for (answer, status, heading) in
        [(panicked, 500, "Something went wrong"), (other_method, 405, "This page cannot be opened that way")]
    {
        assert_eq!(answer.status, status, "{}", answer.body);
        assert!(answer.header("content-type").starts_with("text/html"), "{status}");
        assert!(answer.body.contains(&format!("<h1>{heading}</h1>")), "{}", answer.body);
        assert!(answer.reference().is_some(), "{}", answer.body);
        assert!(!answer.body.contains("the text of a citizen"), "{}", answer.body);
    }
}

#[tokio::test]
async fn a_failure_on_a_route_for_oauth_clients_is_an_oauth_error() {
    let codes = ["server_error", "invalid_request"];
    for (answer, code) in failures(Routes::for_oauth_clients(BodyLimits::PAGES)).await.into_iter().zip(codes) {
        assert_eq!(answer.header("content-type"), "application/json");
        let body: Value = serde_json::from_str(&answer.body).unwrap();
        assert_eq!(body["error"], code, "{body}");
        assert!(body["error_description"].as_str().unwrap().starts_with("reference "), "{body}");
        assert_eq!(body.as_object().unwrap().len(), 2, "{body}");
    }
}

fn api_frame(allowed_origins: &[&'static str]) -> ApiFrame {
    ApiFrame {
        problems: ProblemTypes::at("https://mydata.example/problems"),
        allowed_origins: allowed_origins.iter().map(|origin| HeaderValue::from_static(origin)).collect(),
        body: BodyLimits::PAGES,
    }
}

#[tokio::test]
async fn a_failure_on_a_route_for_programs_is_a_problem() {
    let slugs = ["internal", "method-not-allowed"];
    for (answer, slug) in failures(Routes::for_api(api_frame(&[]))).await.into_iter().zip(slugs) {
        assert_eq!(answer.header("content-type"), "application/problem+json");
        let body: Value = serde_json::from_str(&answer.body).unwrap();
        assert_eq!(body["type"], format!("https://mydata.example/problems#{slug}"), "{body}");
        assert_eq!(body["status"], answer.status.as_u16(), "{body}");
        assert!(body["instance"].as_str().unwrap().starts_with("urn:mydata:"), "{body}");
    }
}

#[tokio::test]
async fn pages_of_allowed_origins_can_read_a_failure_of_any_layer() {
    let mut browser = serve(Routes::for_api(api_frame(&["https://app.example"]))).await;
    let panicked =
        browser.send(http::Method::GET, "/panics", |request| request.header("origin", "https://app.example")).await;
    assert_eq!(
        (panicked.status.as_u16(), panicked.header("access-control-allow-origin")),
        (500, "https://app.example")
    );
}

#[tokio::test]
async fn a_failure_on_a_route_for_load_balancers_is_plain_text() {
    for answer in failures(Routes::for_load_balancers()).await {
        assert_eq!((answer.header("content-type"), &*answer.body), ("text/plain; charset=utf-8", "failed\n"));
    }
}

#[tokio::test]
async fn a_method_that_a_route_does_not_have_counts_as_a_refusal() {
    let metrics = Metrics::new(&Names::default(), true);
    let limits = Limits::new(10, false, &metrics);
    let budget = limits.bridge_refusals.refusals_only();
    let routes = Routes::for_oauth_clients(BodyLimits::PAGES).route("/token", budget, post(async || "a token"));
    let mut browser = serve(routes).await;
    let (before, refused) = until_too_many(405, async || browser.get("/token").await).await;
    assert_eq!(before, 200);
    assert_eq!(serde_json::from_str::<Value>(&refused.body).unwrap()["error"], "slow_down");
    assert_eq!(browser.post("/token", &[]).await.status, 200, "what is not refused is not counted");
    let over = |budget| metrics.rate_limited.of_value(budget).get();
    assert_eq!((over(metrics::Budget::BridgeRefusals), over(metrics::Budget::SignIns)), (1, 0));
}

#[tokio::test]
async fn a_route_is_measured_with_its_own_methods_only() {
    let metrics = Metrics::new(&Names::default(), true);
    let limits = Limits::new(10, false, &metrics);
    let routes = Routes::for_browsers(frame()).route("/read", limits.writes.writes_only(), get(async || "read")).route(
        "/unread",
        limits.writes.writes_only(),
        get(async || "read"),
    );
    let mut browser = serve_measured(routes, metrics.requests.clone()).await;
    let address = browser.get("/panics").await.url.join("/read").unwrap();
    // The origin check refuses some of them before the route does.
    for (method, origin) in [("GET", "x"), ("HEAD", "x"), ("PUT", "x"), ("DELETE", "http://x"), ("OPTIONS", "x")] {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        testkit::client().request(method, address.clone()).header("origin", origin).send().await.unwrap();
    }
    let text = metrics.exposition.text().unwrap();
    let is_measured = |line: &&str| {
        line.starts_with("http_server_request_duration_seconds_count") && line.contains("http_route=\"/read\"")
    };
    let measured = text.lines().filter(is_measured);
    let mut methods: Vec<_> = measured.filter_map(|line| line.split('"').nth(1)).collect();
    methods.dedup();
    assert_eq!(methods, ["GET", "HEAD", "_OTHER"], "{text}");
    for outcome in ["answered", "failed", "unanswered"] {
        let at_zero = format!("mydata_requests_total{{http_route=\"/unread\",outcome=\"{outcome}\"}} 0");
        assert!(text.lines().any(|line| line == at_zero), "{at_zero}");
    }
    assert!(text.contains("mydata_requests_total{http_route=\"/read\",outcome=\"answered\"} 5"), "{text}");
}

#[tokio::test]
async fn a_request_whose_client_has_left_is_measured() {
    let metrics = Metrics::new(&Names::default(), true);
    let limits = Limits::new(10, false, &metrics);
    let (routes, started, _release) = held(limits.writes.writes_only(), Routes::for_load_balancers());
    let mut browser = serve_measured(routes, metrics.requests.clone()).await;
    let address = browser.get("/panics").await.url.join("/held").unwrap();
    let asking = tokio::spawn(testkit::client().get(address).send());
    started.notified().await;
    assert_eq!(limits.requests_in_flight(), 1);
    asking.abort();
    let measured = "http_server_request_duration_seconds_count{http_request_method=\"GET\",http_response_status_code=\"499\",\
                    http_route=\"/held\"} 1";
    testkit::until("it is measured", async || metrics.exposition.text().unwrap().contains(measured)).await;
    let text = metrics.exposition.text().unwrap();
    assert!(text.contains("mydata_requests_total{http_route=\"/held\",outcome=\"unanswered\"} 1"), "{text}");
    assert!(text.contains("http_server_active_requests{http_request_method=\"GET\"} 0"), "{text}");
    assert_eq!(limits.requests_in_flight(), 0);
}

#[tokio::test]
async fn a_handler_that_does_not_look_cannot_turn_its_limit_off() {
    let budget = Limits::uncounted(10).sign_ins.left_to_handler();
    let routes = Routes::for_load_balancers().route("/save", budget, post(async || "saved").get(async || "read"));
    let mut browser = serve(routes).await;
    let (before, _) = until_too_many(200, async || browser.post("/save", &[]).await).await;
    assert_eq!(before, 200);
    assert_eq!(browser.get("/save").await.status, 200, "reading does not count");
}

/// A route that holds the only slot until it is notified, with the notification and the slots.
fn held(budget: Budget, routes: Routes<()>) -> (Routes<()>, Arc<Notify>, Arc<Notify>) {
    let (started, release) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (start, released) = (Arc::clone(&started), Arc::clone(&release));
    let handler = get(async move || {
        start.notify_one();
        released.notified().await;
    });
    (routes.route("/held", budget, handler), started, release)
}

#[tokio::test]
async fn requests_over_the_limit_in_flight_are_refused_in_the_format_of_their_route() {
    let page = "<h1>The service is very busy</h1>";
    for (routes, shown) in [
        (Routes::for_browsers(frame()), page),
        (Routes::for_oauth_clients(BodyLimits::PAGES), "\"error\":\"temporarily_unavailable\""),
        (Routes::for_load_balancers(), "The service is very busy."),
        (Routes::for_api(api_frame(&[])), "https://mydata.example/problems#unavailable"),
    ] {
        let metrics = Metrics::new(&Names::default(), true);
        let limits = Limits::new(1, false, &metrics);
        let (routes, started, release) = held(limits.writes.writes_only(), routes);
        let routes = routes
            .route("/counted", limits.sign_ins.every_request(), get(async || "handled"))
            .route("/unlimited", Budget::unlimited("a test"), get(async || "handled"))
            // A handler that ignores the mark.
            .route("/left", limits.writes.left_to_handler(), get(async || "handled"))
            .route("/looks", limits.writes.left_to_handler(), get(looks));
        let mut browser = serve(routes).await;
        let address = browser.get("/counted").await.url;
        let holding = tokio::spawn(testkit::client().get(address.join("/held").unwrap()).send());
        started.notified().await;
        for path in ["/counted", "/left"] {
            let refused = browser.get(path).await;
            assert_eq!((refused.status.as_u16(), refused.header("retry-after")), (503, "5"), "{path}");
            assert!(refused.body.contains(shown), "{path}: {}", refused.body);
        }
        assert_eq!(browser.get("/unlimited").await.status, 200);
        let looked = browser.get("/looks").await;
        assert!(looked.status == 503 && looked.body == "<p>kept</p>", "{}", looked.body);
        assert_eq!(metrics.shed.get(), 3, "as many as were refused");
        release.notify_one();
        assert_eq!(holding.await.unwrap().unwrap().status(), 200);
        assert_eq!(browser.get("/counted").await.status, 200, "the slot is free again");
    }
}

/// A handler that refuses by itself, on a page of its own.
async fn looks(overloaded: Option<Extension<Overloaded>>) -> Response {
    let status = if overloaded.is_some() { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK };
    (status, Html("<p>kept</p>")).into_response()
}

#[tokio::test]
async fn a_slow_body_takes_no_slot() {
    let limits = Limits::uncounted(1);
    let routes = Routes::for_load_balancers()
        .route("/save", limits.writes.writes_only(), post(async || "saved"))
        .route("/page", limits.writes.writes_only(), get(async || "read"));
    let mut browser = serve(routes).await;
    let address = browser.get("/page").await.url;
    let mut slow = TcpStream::connect((address.host_str().unwrap(), address.port().unwrap())).await.unwrap();
    let head = "POST /save HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\nExpect: 100-continue\r\n\r\n";
    slow.write_all(head.as_bytes()).await.unwrap();
    // The server sends this when it begins to read the body.
    slow.read_exact(&mut [0; 25]).await.unwrap();
    assert_eq!(browser.get("/page").await.status, 200);
    slow.write_all(b"0123456789").await.unwrap();
    let mut start = [0; 12];
    slow.read_exact(&mut start).await.unwrap();
    assert_eq!(&start, b"HTTP/1.1 200");
}

#[tokio::test]
async fn a_route_without_a_limit_does_not_read_the_body() {
    let routes = Routes::for_load_balancers().route(
        "/unlimited",
        Budget::unlimited("a test"),
        post(async |body: Bytes| body.len().to_string()),
    );
    let mut browser = serve(routes).await;
    assert_eq!(browser.post("/unlimited", &[("name", "value")]).await.body, "0");
    // What says itself that it is too large is refused all the same.
    let body = vec![b'x'; BodyLimits::PAGES.max_bytes + 1];
    let refused = browser.send(http::Method::POST, "/unlimited", |request| request.body(body)).await;
    assert_eq!(refused.status, 413);
}
