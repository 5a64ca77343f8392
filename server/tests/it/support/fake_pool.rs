//! A user pool that answers what a test sets, and counts its requests.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::Notify};

use super::{
    claims::ACCESS_TOKEN,
    keys::Key,
    line::{Line, State as LineState},
};

pub const CLIENT_ID: &str = "4k2fakepool7mydata9app0000";
pub const POOL_ID: &str = "eu-west-1_FakePool";

/// The next answers of an endpoint.
#[derive(Clone)]
pub enum Answers {
    With(StatusCode, &'static str, Vec<(&'static str, String)>, Vec<u8>),
    Never,
    Late(Duration, Box<Answers>),
    /// One answer for each notification.
    When(Arc<Notify>, Box<Answers>),
}

impl Answers {
    pub fn json(body: &Value) -> Self {
        Self::With(StatusCode::OK, "application/json;charset=UTF-8", Vec::new(), body.to_string().into_bytes())
    }

    pub fn status(status: StatusCode, body: &Value) -> Self {
        Self::With(status, "application/json", Vec::new(), body.to_string().into_bytes())
    }

    /// A valid token response with this ID token.
    pub fn id_token(token: &str) -> Self {
        Self::json(&token_response(token))
    }
}

/// The form of Cognito's response.
pub fn token_response(id_token: &str) -> Value {
    json!({
        "id_token": id_token,
        "access_token": ACCESS_TOKEN,
        "refresh_token": "a-secret-refresh-token",
        "token_type": "Bearer",
        "expires_in": 3600,
    })
}

struct Shared {
    keys: Mutex<Answers>,
    token: Mutex<Answers>,
    /// Header and body of each token request.
    token_requests: Mutex<Vec<(HeaderMap, String)>>,
    keys_fetched: AtomicUsize,
    others: AtomicUsize,
}

pub struct FakePool {
    shared: Arc<Shared>,
    line: Line,
    pub key: Key,
}

impl FakePool {
    pub async fn start() -> Self {
        let key = Key::first();
        let shared = Arc::new(Shared {
            keys: Mutex::new(Answers::json(&json!({ "keys": [key.jwk()] }))),
            token: Mutex::new(Answers::status(StatusCode::BAD_REQUEST, &json!({ "error": "invalid_grant" }))),
            token_requests: Mutex::default(),
            keys_fetched: AtomicUsize::new(0),
            others: AtomicUsize::new(0),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let line = Line::to(&format!("http://{}", listener.local_addr().unwrap()));
        let router = Router::new()
            .route(&format!("/{POOL_ID}/.well-known/jwks.json"), get(keys))
            .route("/oauth2/token", post(token))
            .fallback(other)
            .with_state(Arc::clone(&shared));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { shared, line, key }
    }

    pub fn url(&self) -> String {
        self.line.url()
    }

    pub fn issuer(&self) -> String {
        format!("{}/{POOL_ID}", self.url())
    }

    pub fn set_line(&self, state: LineState) {
        self.line.set(state);
    }

    /// How many connections the line has dropped since its last change.
    pub fn dropped(&self) -> usize {
        self.line.dropped()
    }

    /// Replaces the key set.
    pub fn publish(&self, keys: &[Value]) {
        self.set_keys(Answers::json(&json!({ "keys": keys })));
    }

    pub fn set_keys(&self, answers: Answers) {
        *self.shared.keys.lock().unwrap() = answers;
    }

    pub fn set_token(&self, answers: Answers) {
        *self.shared.token.lock().unwrap() = answers;
    }

    pub fn token_requests(&self) -> Vec<(HeaderMap, String)> {
        self.shared.token_requests.lock().unwrap().clone()
    }

    pub fn counts(&self) -> Counts {
        Counts {
            token: self.token_requests().len(),
            keys: self.shared.keys_fetched.load(Ordering::SeqCst),
            others: self.shared.others.load(Ordering::SeqCst),
        }
    }
}

/// The number of calls of each endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    pub token: usize,
    pub keys: usize,
    pub others: usize,
}

impl Counts {
    /// These counts and more calls.
    pub fn and(self, token: usize, keys: usize) -> Self {
        Self { token: self.token + token, keys: self.keys + keys, ..self }
    }
}

async fn keys(State(shared): State<Arc<Shared>>) -> Response {
    shared.keys_fetched.fetch_add(1, Ordering::SeqCst);
    let answers = shared.keys.lock().unwrap().clone();
    answer(answers).await
}

async fn token(State(shared): State<Arc<Shared>>, headers: HeaderMap, body: Bytes) -> Response {
    shared.token_requests.lock().unwrap().push((headers, String::from_utf8(body.to_vec()).unwrap()));
    let answers = shared.token.lock().unwrap().clone();
    answer(answers).await
}

async fn other(State(shared): State<Arc<Shared>>) -> StatusCode {
    shared.others.fetch_add(1, Ordering::SeqCst);
    StatusCode::NOT_FOUND
}

async fn answer(answers: Answers) -> Response {
    match answers {
        Answers::With(status, kind, more, body) => {
            let mut response = (status, [(header::CONTENT_TYPE, kind)], body).into_response();
            for (name, value) in more {
                response.headers_mut().insert(name, value.parse().unwrap());
            }
            response
        }
        Answers::Never => std::future::pending().await,
        Answers::Late(after, answers) => {
            tokio::time::sleep(after).await;
            Box::pin(answer(*answers)).await
        }
        Answers::When(notify, answers) => {
            notify.notified().await;
            Box::pin(answer(*answers)).await
        }
    }
}
