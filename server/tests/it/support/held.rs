//! A DynamoDB that answers one request late, so that a test can do something in between.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, header},
};
use testkit::client;
use tokio::{net::TcpListener, sync::Notify};

struct Shared {
    engine: String,
    /// As at the end of `X-Amz-Target`.
    operation: &'static str,
    /// How many requests of the operation come before the one that is held back.
    left: AtomicUsize,
    has_arrived: Notify,
    may_go: Notify,
}

/// In front of an engine.
pub struct Held {
    url: String,
    shared: Arc<Shared>,
}

impl Held {
    /// Holds back the request of `operation` that comes after `before` others.
    pub async fn start(engine: &str, operation: &'static str, before: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let shared = Arc::new(Shared {
            engine: engine.to_owned(),
            operation,
            left: AtomicUsize::new(before),
            has_arrived: Notify::new(),
            may_go: Notify::new(),
        });
        let router = Router::new().fallback(forward).with_state(Arc::clone(&shared));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, shared }
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    /// Runs `work` when the request has arrived, and lets it go afterwards.
    pub async fn meanwhile(&self, work: impl Future<Output = ()>) {
        self.shared.has_arrived.notified().await;
        work.await;
        self.shared.may_go.notify_one();
    }
}

async fn forward(
    State(shared): State<Arc<Shared>>,
    mut headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, [(header::HeaderName, &'static str); 1], String) {
    let is_of_operation = headers["x-amz-target"].to_str().unwrap().rsplit_once('.').unwrap().1 == shared.operation;
    if is_of_operation && shared.left.fetch_sub(1, Ordering::SeqCst) == 0 {
        shared.has_arrived.notify_one();
        shared.may_go.notified().await;
    }
    headers.remove(header::HOST);
    let answer = client().post(&shared.engine).headers(headers).body(body).send().await.unwrap();
    (answer.status(), [(header::CONTENT_TYPE, "application/x-amz-json-1.0")], answer.text().await.unwrap())
}
