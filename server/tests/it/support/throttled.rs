//! A DynamoDB that leaves parts of batches unprocessed, as it does when a table is throttled.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use serde_json::{Value, json};

use super::front;

#[derive(Clone)]
struct Shared {
    engine: String,
    /// How many items of a batch are processed.
    most: Arc<AtomicUsize>,
}

/// In front of an engine.
pub struct Throttled {
    url: String,
    most: Arc<AtomicUsize>,
}

impl Throttled {
    /// Of each batch, `most` items are processed by the engine at `engine`.
    pub async fn start(engine: &str, most: usize) -> Self {
        let most = Arc::new(AtomicUsize::new(most));
        let shared = Shared { engine: engine.to_owned(), most: Arc::clone(&most) };
        let router = Router::new().fallback(forward).with_state(shared);
        Self { url: front::serve(router).await, most }
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    pub fn set(&self, most: usize) {
        self.most.store(most, Ordering::SeqCst);
    }
}

async fn forward(State(Shared { engine, most }): State<Shared>, headers: HeaderMap, body: Bytes) -> front::Response {
    let mut request: Value = serde_json::from_slice(&body).unwrap();
    let (list, left_over) = match front::operation(&headers) {
        "BatchWriteItem" => ("", "UnprocessedItems"),
        "BatchGetItem" => ("/Keys", "UnprocessedKeys"),
        _ => ("", ""),
    };
    let most = most.load(Ordering::SeqCst);
    let mut left = json!({});
    if !left_over.is_empty() {
        for (table, of_table) in request["RequestItems"].as_object_mut().unwrap() {
            let mut rest = of_table.clone();
            let items = of_table.pointer_mut(list).unwrap().as_array_mut().unwrap();
            let others = items.split_off(most.min(items.len()));
            if !others.is_empty() {
                *rest.pointer_mut(list).unwrap() = others.into();
                left[table] = rest;
            }
        }
    }
    let is_empty = most == 0 && !left_over.is_empty();
    let (status, mut response) = if is_empty {
        (StatusCode::OK, json!({ "Responses": {} }))
    } else {
        let (status, body) = front::pass(&engine, headers, request.to_string().into()).await;
        (status, serde_json::from_str(&body).unwrap())
    };
    if !left_over.is_empty() {
        response[left_over] = left;
    }
    front::response(status, response.to_string())
}
