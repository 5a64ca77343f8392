//! A DynamoDB that answers one request late, so that a test can do something in between.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use axum::{Router, body::Bytes, extract::State, http::HeaderMap};
use tokio::sync::Notify;

use super::front;

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
        let shared = Arc::new(Shared {
            engine: engine.to_owned(),
            operation,
            left: AtomicUsize::new(before),
            has_arrived: Notify::new(),
            may_go: Notify::new(),
        });
        let router = Router::new().fallback(forward).with_state(Arc::clone(&shared));
        Self { url: front::serve(router).await, shared }
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

async fn forward(State(shared): State<Arc<Shared>>, headers: HeaderMap, body: Bytes) -> front::Response {
    let is_of_operation = front::operation(&headers) == shared.operation;
    if is_of_operation && shared.left.fetch_sub(1, Ordering::SeqCst) == 0 {
        shared.has_arrived.notify_one();
        shared.may_go.notified().await;
    }
    let (status, body) = front::pass(&shared.engine, headers, body).await;
    front::response(status, body)
}
