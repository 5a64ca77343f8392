//! A DynamoDB that denies one action, as IAM does if the server's role lacks it.

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use serde_json::{Value, json};

use super::front;

/// What is denied.
#[derive(Clone, Debug)]
pub struct Rule {
    /// The action, without `dynamodb:`.
    pub action: &'static str,
    pub table: String,
    /// Whether it is denied on an index, and not on the table itself.
    pub on_index: bool,
    /// The sentence of the refusal.
    pub message: &'static str,
}

#[derive(Clone)]
struct Shared {
    engine: String,
    rule: Arc<Mutex<Option<Rule>>>,
}

/// In front of an engine.
pub struct Denied {
    url: String,
    rule: Arc<Mutex<Option<Rule>>>,
}

impl Denied {
    pub async fn start(engine: &str) -> Self {
        let rule = Arc::default();
        let shared = Shared { engine: engine.to_owned(), rule: Arc::clone(&rule) };
        Self { url: front::serve(Router::new().fallback(forward).with_state(shared)).await, rule }
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    pub fn set(&self, rule: Option<Rule>) {
        *self.rule.lock().unwrap() = rule;
    }
}

impl Rule {
    fn denies(&self, operation: &str, request: &Value) -> bool {
        let is_of_table = |of: &Value| of["TableName"] == *self.table;
        match operation {
            // IAM asks for the action of each part of a transaction.
            "TransactWriteItems" => {
                let name = match self.action {
                    "ConditionCheckItem" => "ConditionCheck",
                    action => action.trim_end_matches("Item"),
                };
                let parts = request["TransactItems"].as_array().unwrap();
                parts.iter().any(|part| part.get(name).is_some_and(is_of_table))
            }
            "BatchGetItem" | "BatchWriteItem" => {
                operation == self.action && request["RequestItems"].get(&self.table).is_some()
            }
            _ => {
                operation == self.action && is_of_table(request) && request.get("IndexName").is_some() == self.on_index
            }
        }
    }
}

async fn forward(State(Shared { engine, rule }): State<Shared>, headers: HeaderMap, body: Bytes) -> front::Response {
    let request: Value = serde_json::from_slice(&body).unwrap();
    let rule = rule.lock().unwrap().clone();
    if let Some(rule) = rule.filter(|rule| rule.denies(front::operation(&headers), &request)) {
        let refusal = json!({ "__type": "com.amazon.coral.service#AccessDeniedException", "Message": rule.message });
        return front::response(StatusCode::BAD_REQUEST, refusal.to_string());
    }
    let (status, body) = front::pass(&engine, headers, body).await;
    front::response(status, body)
}
