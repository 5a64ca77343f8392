//! The traces, as a collector receives them.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
};

use axum::{Router, body::Bytes, extract::State, routing::post};
use opentelemetry_proto::tonic::{
    collector::trace::v1::{ExportTraceServiceRequest, ExportTraceServiceResponse},
    common::v1::any_value::Value,
    trace::v1::{Span, span::SpanKind, status::StatusCode as SpanStatus},
};
use prost::Message as _;
use reqwest::StatusCode;
use serde_json::json;
use testkit::{browser::parameter, client, until};

use crate::support::{
    AN, AN_WRITTEN,
    attempt::Attempt,
    fake_pool::{Answers, FakePool},
    front,
    line::State as LineState,
    site::{Site, SiteOptions},
};

/// A collector that keeps everything.
#[derive(Clone)]
struct Collector {
    url: String,
    received: Arc<Mutex<Vec<Bytes>>>,
}

impl Collector {
    async fn start() -> Self {
        let received: Arc<Mutex<Vec<Bytes>>> = Arc::default();
        let keep = async |State(received): State<Arc<Mutex<Vec<Bytes>>>>, body: Bytes| {
            received.lock().unwrap().push(body);
            ExportTraceServiceResponse::default().encode_to_vec()
        };
        let router = Router::new().route("/v1/traces", post(keep)).with_state(Arc::clone(&received));
        Self { url: front::serve(router).await, received }
    }

    /// Everything, as it came.
    fn bytes(&self) -> Vec<u8> {
        self.received.lock().unwrap().concat()
    }

    fn spans(&self) -> Vec<Span> {
        let requests = self.received.lock().unwrap().clone();
        let requests = requests.iter().map(|body| ExportTraceServiceRequest::decode(body.clone()).unwrap());
        let scopes = requests.flat_map(|request| request.resource_spans).flat_map(|spans| spans.scope_spans);
        scopes.flat_map(|scope| scope.spans).collect()
    }

    /// The first span with this name, as soon as it is there.
    async fn span(&self, name: &str) -> Span {
        let find = || self.spans().into_iter().find(|span| span.name == name);
        until(&format!("{name} is traced"), async || find().is_some()).await;
        find().unwrap()
    }

    /// The names of the spans below `parent`.
    fn below(&self, parent: &Span) -> Vec<String> {
        let is_below = |span: &Span| span.parent_span_id == parent.span_id && span.trace_id == parent.trace_id;
        self.spans().into_iter().filter(is_below).map(|span| span.name).collect()
    }

    /// Sets it in the configuration of `site`, and restarts that.
    async fn watch(&self, site: &mut Site, settings: &str) {
        let more = format!("[traces]\nendpoint = \"{}\"\n{settings}\n", self.url);
        let toml = format!("{}\n{more}", site.toml);
        let traces = server::config::Config::read(server::config::Source::from_toml(&toml)).unwrap().traces;
        site.config.traces = traces;
        site.restart().await;
        site.until_ready().await;
    }
}

fn attributes(span: &Span) -> BTreeMap<String, String> {
    let text = |value: Option<Value>| match value {
        Some(Value::StringValue(text)) => text,
        Some(Value::IntValue(number)) => number.to_string(),
        other => panic!("{other:?}"),
    };
    let all = span.attributes.iter();
    all.map(|pair| (pair.key.clone(), text(pair.value.clone().and_then(|value| value.value)))).collect()
}

#[tokio::test]
async fn a_sign_in_is_a_tree_of_spans_without_anything_personal() {
    let collector = Collector::start().await;
    let mut site = Site::start().await;
    collector.watch(&mut site, "").await;
    let mut browser = site.browser();
    let callback = browser.decide("/login/itsme?return_to=/profile", "an", "approve").await;
    let [state, code] = ["state", "code"].map(|name| parameter(&callback, name).unwrap());
    assert_eq!(browser.get(&callback).await.status, 303);
    let session = browser.session().unwrap().to_owned();
    let saved = browser.post("/api/save_message", &[("text", "S3CRET text"), ("version", "0")]).await;
    assert_eq!(saved.status, 303);
    browser.get("/S3CRET/path?query=S3CRET").await;
    let own_word = reqwest::Method::from_bytes(b"S3CRET").unwrap();
    client().request(own_word, site.url("/profile")).send().await.unwrap();
    browser.post("/logout", &[]).await;

    let started = collector.span("GET /login/{id}").await;
    assert!(started.parent_span_id.is_empty() && started.kind == SpanKind::Server as i32);
    let callback = collector.span("GET /auth/callback").await;
    assert!(callback.parent_span_id.is_empty());
    assert_ne!(callback.trace_id, started.trace_id);
    let own = attributes(&callback);
    for (name, value) in [
        ("http.request.method", "GET"),
        ("http.route", "/auth/callback"),
        ("url.scheme", "http"),
        ("http.response.status_code", "303"),
    ] {
        assert_eq!(own.get(name).map(String::as_str), Some(value), "{name} of {own:?}");
    }
    let below = collector.below(&callback);
    for name in ["POST /oauth2/token", "TransactWriteItems mydata-sessions", "PutItem mydata-sessions"] {
        assert!(below.iter().any(|own| own == name), "{name} is not in {below:?}");
    }
    let exchange = collector.span("POST /oauth2/token").await;
    assert_eq!(exchange.kind, SpanKind::Client as i32);
    assert!(exchange.start_time_unix_nano >= callback.start_time_unix_nano);
    let own = attributes(&exchange);
    assert_eq!((own["http.response.status_code"].as_str(), own["server.address"].as_str()), ("200", "127.0.0.1"));
    let save = collector.span("POST /api/save_message").await;
    let below = collector.below(&save);
    assert!(below.iter().any(|name| name == "TransactWriteItems mydata-records"), "{below:?}");
    // What no request causes is a trace of its own.
    let keys = collector.spans().into_iter().find(|span| span.name.ends_with("/.well-known/jwks.json")).unwrap();
    assert!(keys.parent_span_id.is_empty() && keys.kind == SpanKind::Client as i32);
    collector.span("POST /logout").await;
    let unmatched = collector.span("GET").await;
    assert_eq!(attributes(&unmatched)["http.response.status_code"], "404");
    let unknown = collector.span("HTTP /profile").await;
    assert_eq!(attributes(&unknown)["http.request.method"], "_OTHER");

    // Anywhere in what was sent, in names, attributes and every other field.
    let sent = String::from_utf8_lossy(&collector.bytes()).into_owned();
    let secrets = [AN.0, AN.1, AN_WRITTEN, "Peeters", "S3CRET", &state, &code, &session, "eyJ"];
    for secret in secrets {
        assert!(!sent.contains(secret), "{secret}");
    }
    let page = include_str!("../../../docs/METRICS.md").split("## Traces").nth(1).unwrap();
    let rows = page.lines().filter(|line| line.starts_with("| `"));
    let allowed: BTreeSet<_> = rows.flat_map(|row| row.split('`').skip(3).step_by(2)).collect();
    assert!(allowed.contains("db.collection.name"), "{allowed:?}");
    for span in collector.spans() {
        for name in attributes(&span).keys() {
            assert!(allowed.contains(name.as_str()), "{name} of {}", span.name);
        }
        assert!(span.events.is_empty() && span.links.is_empty() && span.trace_state.is_empty(), "{}", span.name);
    }
}

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

#[tokio::test]
async fn only_a_trusted_proxy_that_may_do_so_names_the_trace() {
    const CONTINUE: &str = "continue_from_proxies = true";
    for (trusted_proxies, settings, flags, is_continued, is_recorded) in [
        (&["127.0.0.1"][..], CONTINUE, "01", true, true),
        (&["127.0.0.1"], CONTINUE, "00", true, false),
        (&["127.0.0.1"], "", "01", false, true),
        (&["127.0.0.1"], "", "00", false, true),
        (&[], CONTINUE, "01", false, true),
        (&[], CONTINUE, "00", false, true),
    ] {
        let (collector, pool) = (Collector::start().await, FakePool::start().await);
        let mut site = Site::start_at(&pool, SiteOptions { trusted_proxies, ..SiteOptions::default() }).await;
        collector.watch(&mut site, settings).await;
        pool.set_token(Answers::status(StatusCode::INTERNAL_SERVER_ERROR, &json!({})));
        let mut attempt = Attempt::start(&site).await;
        let parent = format!("00-{TRACE}-00f067aa0ba902b7-{flags}");
        let path = format!("/auth/callback?code=a-code&state={}", attempt.state);
        let request = |request: reqwest::RequestBuilder| {
            request.header("traceparent", &parent).header("tracestate", "vendor=S3CRET")
        };
        attempt.browser.send(reqwest::Method::GET, &path, request).await;
        // The user pool is told the trace.
        let (headers, _) = pool.token_requests().pop().unwrap();
        let passed_on = headers["traceparent"].to_str().unwrap().to_owned();
        assert_eq!(passed_on.contains(TRACE), is_continued, "{passed_on}");
        assert!(!headers.contains_key("tracestate"));
        assert_eq!(passed_on.ends_with("-01"), is_recorded, "{passed_on}");
        // A later trace: what came before it has arrived too.
        client().get(site.url("/healthz")).send().await.unwrap();
        collector.span("GET /healthz").await;
        let callback = collector.spans().into_iter().find(|span| span.name == "GET /auth/callback");
        assert_eq!(callback.is_some(), is_recorded, "{trusted_proxies:?} {settings} {flags}");
        if let Some(callback) = callback {
            assert_eq!(hex::encode(&callback.trace_id) == TRACE, is_continued);
            assert_eq!(hex::encode(&callback.parent_span_id) == "00f067aa0ba902b7", is_continued);
            assert_eq!(callback.status.clone().unwrap_or_default().code, SpanStatus::Error as i32);
            assert_eq!(attributes(&callback)["mydata.provider"], "itsme");
        }
        assert!(!String::from_utf8_lossy(&collector.bytes()).contains("S3CRET"));
    }
}

#[tokio::test]
async fn a_bridge_traces_its_call_to_the_provider() {
    let collector = Collector::start().await;
    let mut site = Site::start_with(SiteOptions { all_providers: true, ..SiteOptions::default() }).await;
    collector.watch(&mut site, "").await;
    let mut browser = site.browser();
    let callback = browser.decide("/login/login_gov", "an", "approve").await;
    assert_eq!(browser.get(&callback).await.status, 303);
    let exchange = collector.span("POST /federation/{id}/token").await;
    let below = collector.below(&exchange);
    assert!(below.iter().any(|name| name.starts_with("POST /")), "{below:?}");
    let sent = String::from_utf8_lossy(&collector.bytes()).into_owned();
    assert!(!sent.contains("client_assertion") && !sent.contains("eyJ"));
}

#[tokio::test]
async fn a_request_whose_client_has_left_is_cancelled_in_its_trace() {
    let collector = Collector::start().await;
    let mut site = Site::start_with(SiteOptions { metrics: true, ..SiteOptions::default() }).await;
    collector.watch(&mut site, "").await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    site.line.set(LineState::Silent);
    let request = client().get(site.url("/my-data")).header("cookie", browser.cookie_header());
    let asking = tokio::spawn(request.send());
    let metrics = format!("http://{}/metrics", site.metrics());
    until("the request is being answered", async || {
        let text = client().get(&metrics).send().await.unwrap().text().await.unwrap();
        text.contains("http_server_active_requests{http_request_method=\"GET\"} 1")
    })
    .await;
    asking.abort();
    let cancelled = collector.span("GET /my-data").await;
    let own = attributes(&cancelled);
    assert_eq!(own["error.type"], "cancelled");
    assert!(!own.contains_key("http.response.status_code"), "{own:?}");
    site.line.set(LineState::Whole);
}

#[tokio::test]
async fn what_is_not_sampled_is_not_sent() {
    let collector = Collector::start().await;
    let mut site = Site::start_with(SiteOptions { trusted_proxies: &["127.0.0.1"], ..SiteOptions::default() }).await;
    collector.watch(&mut site, "sampling_ratio = 0\ncontinue_from_proxies = true").await;
    for flags in ["00", "01"] {
        let parent = format!("00-{TRACE}-00f067aa0ba902b7-{flags}");
        client().get(site.url("/healthz")).header("traceparent", parent).send().await.unwrap();
        client().get(site.url("/")).send().await.unwrap();
    }
    // The proxy has decided for one of them.
    collector.span("GET /healthz").await;
    assert_eq!(collector.spans().len(), 1);
}
