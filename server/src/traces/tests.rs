use axum::{
    Router,
    http::{HeaderMap, Method, StatusCode, Uri},
};
use opentelemetry_proto::tonic::collector::trace::v1::{ExportTracePartialSuccess, ExportTraceServiceResponse};
use prost::Message as _;
use tokio::{net::TcpListener, time::timeout};

use super::*;
use crate::metrics::{Metrics, Names};

fn metrics() -> Metrics {
    Metrics::new(&Names::default(), true)
}

fn lost(metrics: &Metrics, reason: SpanLoss) -> u64 {
    metrics.spans_lost.of_value(reason).get()
}

fn start(endpoint: String, metrics: &Metrics) -> (Traces, Exporting) {
    Traces::start(&Settings { endpoint, sampling_ratio: 1.0 }, metrics.spans_lost.clone()).unwrap()
}

#[tokio::test]
async fn outside_of_a_trace_there_are_no_spans() {
    let url = Uri::from_static("http://127.0.0.1/oauth2/token");
    assert!(http_call(&Method::POST, &url).traceparent().is_none());
    let off = Traces::default();
    let request = off.request(&HeaderMap::new(), "GET", Some("/"), "https");
    let call = request.around(async { http_call(&Method::POST, &url).traceparent() }).await;
    assert!(request.traceparent().is_none() && call.is_none());
}

#[tokio::test]
async fn the_trace_goes_along_to_other_tasks_and_ends_with_the_request() {
    let (traces, _exporting) = start("http://127.0.0.1:9".to_owned(), &metrics());
    let request = traces.request(&HeaderMap::new(), "GET", Some("/"), "https");
    let trace = |span: &Span| span.traceparent().unwrap().to_str().unwrap()[3..35].to_owned();
    let expected = trace(&request);
    let other_task = request
        .around(async {
            let work = carried(async {
                tokio::task::yield_now().await;
                database_call("GetItem", "table")
            });
            tokio::spawn(work).await.unwrap()
        })
        .await;
    assert_eq!(trace(&other_task), expected);
    let stranger = tokio::spawn(async { database_call("GetItem", "table").traceparent() }).await.unwrap();
    assert!(stranger.is_none());
}

#[tokio::test]
async fn a_collector_that_does_not_answer_costs_only_spans() {
    // It accepts connections, and never answers.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let metrics = metrics();
    let (traces, exporting) = start(format!("http://{}", listener.local_addr().unwrap()), &metrics);
    let begin = || traces.request(&HeaderMap::new(), "GET", Some("/"), "https");
    begin().answered(StatusCode::OK, &"3F9A-12C7", None);
    // It has received the first batch, and the rest waits.
    let _connection = timeout(testkit::TIMEOUT, listener.accept()).await.unwrap().unwrap();
    for _ in 0..MAX_WAITING + 10 {
        drop(begin());
    }
    assert_eq!(lost(&metrics, SpanLoss::QueueFull), 10);
    // Without its limit, the end would wait for the first batch to time out, and then send the next one.
    tokio::select! {
        () = exporting.finish() => (),
        _ = listener.accept() => panic!("the server waits for the collector"),
    }
    // The first batch, and the queue.
    assert_eq!(lost(&metrics, SpanLoss::ExportFailed), 1 + u64::try_from(MAX_WAITING).unwrap());
}

#[tokio::test]
async fn a_collector_cannot_reject_more_than_it_was_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let rejected = ExportTracePartialSuccess { rejected_spans: i64::MAX, ..Default::default() };
    let answer = ExportTraceServiceResponse { partial_success: Some(rejected) }.encode_to_vec();
    let router = Router::new().fallback(async move || answer);
    tokio::spawn(async move { axum::serve(listener, router).await });
    let metrics = metrics();
    let (traces, exporting) = start(endpoint, &metrics);
    for _ in 0..3 {
        drop(traces.request(&HeaderMap::new(), "GET", Some("/"), "https"));
    }
    exporting.finish().await;
    assert_eq!(lost(&metrics, SpanLoss::ExportFailed), 3);
}

#[tokio::test]
async fn what_the_collector_does_not_get_is_counted() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let metrics = metrics();
    let (traces, exporting) = start(endpoint, &metrics);
    for _ in 0..3 {
        drop(traces.request(&HeaderMap::new(), "GET", Some("/"), "https"));
    }
    exporting.finish().await;
    assert_eq!((lost(&metrics, SpanLoss::ExportFailed), lost(&metrics, SpanLoss::QueueFull)), (3, 0));
}
