use std::{net::SocketAddr, path::Path};

use axum::routing::{get, post};
use serde_json::Value;
use testkit::{Answer, Browser, Example};
use tokio::net::TcpListener;

use super::*;
use crate::{
    assets::{CurrentAssets, Fallback},
    config::{Config, Source},
    layers::{Limits, add_headers, observe},
    request_context::{Clients, establish},
};

/// Serves `routes` inside the layers of every request; with `/panics`, whose handler panics.
async fn serve(routes: Routes<()>) -> Browser {
    let panics = get(async || -> String { panic!("the text of a citizen") });
    let router = routes.route("/panics", Budget::unlimited("a test"), panics).finish(());
    let router = router
        .layer(middleware::from_fn_with_state(false, add_headers))
        .layer(middleware::from_fn(observe))
        .layer(middleware::from_fn_with_state(Clients::default(), establish));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    Browser::new(&format!("http://{address}"))
}

fn frame() -> Frame {
    let config = Config::read(Source::from_toml(&Example::aws().to_toml())).unwrap();
    let fallback = Fallback { style: "body{}".into(), public: Path::new("/nonexistent").to_owned() };
    let assets = CurrentAssets::load(Path::new("/nonexistent"), Some(&fallback)).unwrap();
    Frame { origin: config.public_url.origin().into(), renderer: Arc::new(Renderer::new(&config, assets)) }
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
    for (answer, code) in failures(Routes::for_oauth_clients(1024)).await.into_iter().zip(codes) {
        assert_eq!(answer.header("content-type"), "application/json");
        let body: Value = serde_json::from_str(&answer.body).unwrap();
        assert_eq!(body["error"], code, "{body}");
        assert!(body["error_description"].as_str().unwrap().starts_with("reference "), "{body}");
        assert_eq!(body.as_object().unwrap().len(), 2, "{body}");
    }
}

#[tokio::test]
async fn a_failure_on_a_route_for_load_balancers_is_plain_text() {
    for answer in failures(Routes::for_load_balancers()).await {
        assert_eq!((answer.header("content-type"), &*answer.body), ("text/plain; charset=utf-8", "failed\n"));
    }
}

/// Asks until the answer is 429, and fails if it never is. A counter of 200 refills by 20 a second, so requests one after the
/// other reach it.
async fn until_too_many(mut ask: impl AsyncFnMut() -> Answer) -> Answer {
    for _ in 0..2_000 {
        let answer = ask().await;
        if answer.status == 429 {
            return answer;
        }
    }
    panic!("2,000 requests from one address were all allowed");
}

#[tokio::test]
async fn a_method_that_a_route_does_not_have_counts_as_a_refusal() {
    let budget = Limits::default().bridge_refusals.refusals_only();
    let routes = Routes::for_oauth_clients(1024).route("/token", budget, post(async || "a token"));
    let mut browser = serve(routes).await;
    let refused = until_too_many(async || browser.get("/token").await).await;
    assert_eq!(serde_json::from_str::<Value>(&refused.body).unwrap()["error"], "slow_down");
    assert_eq!(browser.post("/token", &[]).await.status, 200, "what is not refused is not counted");
}

#[tokio::test]
async fn a_handler_that_does_not_look_cannot_turn_its_limit_off() {
    let budget = Limits::default().sign_ins.left_to_handler();
    let routes = Routes::for_load_balancers().route("/save", budget, post(async || "saved").get(async || "read"));
    let mut browser = serve(routes).await;
    until_too_many(async || browser.post("/save", &[]).await).await;
    assert_eq!(browser.get("/save").await.status, 200, "reading does not count");
}
