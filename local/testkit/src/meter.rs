//! What stands between a server and a DynamoDB engine, and adds up the capacity that requests consume.
//!
//! It sends each request with `ReturnConsumedCapacity`, which the server does not ask for. The engines report what DynamoDB would:
//! read request units of 4 KB, write request units of 1 KB, twice as many in a transaction, and those of each index.

use std::collections::BTreeMap;
use std::mem;
use std::ops::AddAssign;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use reqwest::Client;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::browser::keep_alive_client;
use crate::wait::TIMEOUT;

/// The operations on items.
const READS: [&str; 3] = ["GetItem", "BatchGetItem", "Query"];
const WRITES: [&str; 5] = ["PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"];
/// What servers read whether or not citizens come, by its operation and key: the search for unfinished deletions, and `/readyz`.
const UPKEEP: [(&str, &str); 2] = [("Query", "erasures"), ("GetItem", "readyz")];

/// Request units of a table or an index.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Units {
    /// Read request units.
    pub read: f64,
    /// Write request units.
    pub write: f64,
}

impl AddAssign for Units {
    fn add_assign(&mut self, other: Self) {
        self.read += other.read;
        self.write += other.write;
    }
}

/// What requests consumed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Taken {
    /// How many requests there were, by the name of their operation.
    pub operations: BTreeMap<String, u64>,
    /// Their units, by the name of the table, or of its index.
    pub units: BTreeMap<String, Units>,
    /// How many were refused, such as writes whose condition is false. The engines report no units for them.
    pub refused: u64,
    /// How many were another attempt, because the engine was slow.
    pub retried: u64,
}

struct Shared {
    engine: String,
    client: Client,
    citizens: Mutex<Taken>,
    upkeep: Mutex<Taken>,
}

/// A running meter. It runs until the runtime ends.
pub struct Meter {
    url: String,
    shared: Arc<Shared>,
}

impl Meter {
    /// Starts a meter in front of the engine at this URL, on a free port of loopback.
    ///
    /// # Panics
    /// There is no free port.
    pub async fn start(engine: &str) -> Self {
        let client = keep_alive_client(TIMEOUT);
        let shared = Shared { engine: engine.to_owned(), client, citizens: Mutex::default(), upkeep: Mutex::default() };
        let shared = Arc::new(shared);
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let router = Router::new().fallback(pass).with_state(Arc::clone(&shared));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, shared }
    }

    /// The endpoint for the server.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// What was done for citizens since the last call.
    pub fn take(&self) -> Taken {
        mem::take(&mut lock(&self.shared.citizens))
    }

    /// What servers did on their own since the last call: for `/readyz`, and in search of unfinished deletions.
    pub fn take_upkeep(&self) -> Taken {
        mem::take(&mut lock(&self.shared.upkeep))
    }
}

/// In a task of its own, so that a request counts even if the server no longer waits for its answer.
async fn pass(State(shared): State<Arc<Shared>>, headers: HeaderMap, body: Bytes) -> Response {
    let passed = tokio::spawn(forward(shared, headers, body)).await;
    passed.unwrap_or_else(|_| StatusCode::BAD_GATEWAY.into_response())
}

async fn forward(shared: Arc<Shared>, mut headers: HeaderMap, body: Bytes) -> Response {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let operation = text("x-amz-target").rsplit_once('.').map_or("", |(_, name)| name).to_owned();
    // Such as `attempt=1; max=3`.
    let is_first = text("amz-sdk-request").split(';').any(|part| part.trim() == "attempt=1");
    let is_counted = READS.contains(&operation.as_str()) || WRITES.contains(&operation.as_str());
    let mut sent = body;
    let mut is_upkeep = false;
    if is_counted && let Ok(mut request) = serde_json::from_slice::<Value>(&sent) {
        is_upkeep = UPKEEP.iter().any(|(name, key)| operation == *name && has_text(&request, key));
        request["ReturnConsumedCapacity"] = json!("INDEXES");
        sent = request.to_string().into();
    }
    // They are those of this hop.
    for name in [header::HOST, header::CONTENT_LENGTH] {
        headers.remove(name);
    }
    let Ok(answer) = shared.client.post(&shared.engine).headers(headers).body(sent).send().await else {
        return StatusCode::BAD_GATEWAY.into_response();
    };
    let (status, kind) = (answer.status(), answer.headers().get(header::CONTENT_TYPE).cloned());
    let Ok(body) = answer.bytes().await else { return StatusCode::BAD_GATEWAY.into_response() };
    if is_counted {
        let mut taken = lock(if is_upkeep { &shared.upkeep } else { &shared.citizens });
        taken.retried += u64::from(!is_first);
        taken.count(operation, status, &body);
    }
    (status, kind.map(|kind| [(header::CONTENT_TYPE, kind)]), body).into_response()
}

impl Taken {
    fn count(&mut self, operation: String, status: StatusCode, body: &[u8]) {
        let is_write = WRITES.contains(&operation.as_str());
        *self.operations.entry(operation).or_default() += 1;
        self.refused += u64::from(!status.is_success());
        let answer: Value = serde_json::from_slice(body).unwrap_or_default();
        let consumed = &answer["ConsumedCapacity"];
        for table in consumed.as_array().map_or(std::slice::from_ref(consumed), Vec::as_slice) {
            let Some(name) = table["TableName"].as_str() else { continue };
            let mut of_table = capacity(table);
            for (index, detail) in table["GlobalSecondaryIndexes"].as_object().into_iter().flatten() {
                of_table -= capacity(detail);
                self.add(index, is_write, capacity(detail));
            }
            // The engines do not all name the part of the table.
            self.add(name, is_write, of_table);
        }
    }

    fn add(&mut self, name: &str, is_write: bool, units: f64) {
        if units > 0.0 {
            let units = if is_write { Units { read: 0.0, write: units } } else { Units { read: units, write: 0.0 } };
            *self.units.entry(name.to_owned()).or_default() += units;
        }
    }
}

fn capacity(detail: &Value) -> f64 {
    detail["CapacityUnits"].as_f64().unwrap_or_default()
}

/// Whether `value` has this text as the value of any attribute.
fn has_text(value: &Value, text: &str) -> bool {
    match value {
        Value::String(found) => found == text,
        Value::Array(values) => values.iter().any(|value| has_text(value, text)),
        Value::Object(members) => members.values().any(|value| has_text(value, text)),
        _ => false,
    }
}

fn lock(taken: &Mutex<Taken>) -> MutexGuard<'_, Taken> {
    taken.lock().unwrap_or_else(PoisonError::into_inner)
}
