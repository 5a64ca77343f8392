//! A user pool that answers what a test sets, and counts its requests.

use std::{
    collections::HashMap,
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
use base64::{Engine as _, engine::general_purpose::STANDARD};
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
    /// By the code in the request. Any other is refused.
    ByCode(HashMap<String, Answers>),
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
    /// The secrets of its app client. Without any, it is a public client.
    secrets: Mutex<Vec<String>>,
    /// How many requests had another secret.
    refused: AtomicUsize,
    /// How many revocations it has confirmed.
    revoked: AtomicUsize,
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
            secrets: Mutex::default(),
            refused: AtomicUsize::new(0),
            revoked: AtomicUsize::new(0),
            keys_fetched: AtomicUsize::new(0),
            others: AtomicUsize::new(0),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let line = Line::to(&format!("http://{}", listener.local_addr().unwrap()));
        let router = Router::new()
            .route(&format!("/{POOL_ID}/.well-known/jwks.json"), get(keys))
            .route("/oauth2/token", post(token))
            .route("/oauth2/revoke", post(revoke))
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

    /// Makes these the secrets of the app client: each of them is accepted, and nothing else.
    pub fn set_secrets(&self, secrets: &[&str]) {
        *self.shared.secrets.lock().unwrap() = secrets.iter().map(|&secret| secret.to_owned()).collect();
    }

    /// How many requests had none of the secrets.
    pub fn refused(&self) -> usize {
        self.shared.refused.load(Ordering::SeqCst)
    }

    /// How many revocations it has confirmed.
    pub fn revoked(&self) -> usize {
        self.shared.revoked.load(Ordering::SeqCst)
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
    let body = String::from_utf8(body.to_vec()).unwrap();
    let refusal = refusal(&shared, &headers);
    let code = url::form_urlencoded::parse(body.as_bytes()).find(|(name, _)| name == "code");
    let code = code.map(|(_, code)| code.into_owned());
    shared.token_requests.lock().unwrap().push((headers, body));
    if let Some(refusal) = refusal {
        return answer(refusal).await;
    }
    let answers = match &mut *shared.token.lock().unwrap() {
        // A code works once.
        Answers::ByCode(by_code) => code
            .and_then(|code| by_code.remove(&code))
            .unwrap_or_else(|| Answers::status(StatusCode::BAD_REQUEST, &json!({ "error": "invalid_grant" }))),
        answers => answers.clone(),
    };
    answer(answers).await
}

/// As Cognito: without secrets, this test kit's pool confirms nothing.
async fn revoke(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Response {
    shared.others.fetch_add(1, Ordering::SeqCst);
    if shared.secrets.lock().unwrap().is_empty() {
        return StatusCode::NOT_FOUND.into_response();
    }
    match refusal(&shared, &headers) {
        Some(refusal) => answer(refusal).await,
        None => {
            shared.revoked.fetch_add(1, Ordering::SeqCst);
            StatusCode::OK.into_response()
        }
    }
}

/// The answer to a request without one of the secrets, which is the same at both endpoints of Cognito.
fn refusal(shared: &Shared, headers: &HeaderMap) -> Option<Answers> {
    let secrets = shared.secrets.lock().unwrap();
    let header = headers.get(header::AUTHORIZATION).map(|value| value.to_str().unwrap().to_owned());
    let is = |secret: &String| Some(format!("Basic {}", STANDARD.encode(format!("{CLIENT_ID}:{secret}")))) == header;
    if secrets.is_empty() || secrets.iter().any(is) {
        return None;
    }
    shared.refused.fetch_add(1, Ordering::SeqCst);
    Some(Answers::status(StatusCode::BAD_REQUEST, &json!({ "error": "invalid_client" })))
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
        Answers::ByCode(_) => unreachable!("only of the token endpoint"),
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
