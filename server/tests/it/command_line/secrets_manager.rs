//! A stand-in for AWS Secrets Manager.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use axum::{
    Json, Router,
    body::Bytes,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse as _, Response},
    routing::post,
};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// The environment variable with its address.
pub const ENDPOINT: &str = "AWS_ENDPOINT_URL_SECRETS_MANAGER";

/// The ARN of the secret `name`.
pub fn arn(name: &str) -> String {
    format!("arn:aws:secretsmanager:eu-west-1:123456789012:secret:{name}")
}

/// Answers `GetSecretValue` for the ARN of each name with its value. Returns its address.
pub async fn start(secrets: &[(&str, &str)]) -> String {
    SecretsManager::start(secrets).await.address
}

/// The stand-in, for a test that changes secrets.
pub struct SecretsManager {
    /// Its address.
    pub address: String,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    /// By ARN.
    secrets: HashMap<String, String>,
    /// How often a secret was asked for.
    reads: usize,
    is_denied: bool,
}

impl SecretsManager {
    /// As [`start`].
    pub async fn start(secrets: &[(&str, &str)]) -> Self {
        let secrets = secrets.iter().map(|(name, value)| (arn(name), (*value).to_owned())).collect();
        let state = Arc::new(Mutex::new(State { secrets, ..State::default() }));
        let shared = Arc::clone(&state);
        let answer =
            move |headers: HeaderMap, body: Bytes| async move { get(&mut shared.lock().unwrap(), &headers, &body) };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, Router::new().route("/", post(answer))).await });
        Self { address, state }
    }

    /// Changes the secret `name`.
    pub fn set(&self, name: &str, value: &str) {
        self.state.lock().unwrap().secrets.insert(arn(name), value.to_owned());
    }

    /// Denies every read from now on, or no longer.
    pub fn deny(&self, is_denied: bool) {
        self.state.lock().unwrap().is_denied = is_denied;
    }

    /// How often a secret was asked for.
    pub fn reads(&self) -> usize {
        self.state.lock().unwrap().reads
    }
}

fn get(state: &mut State, headers: &HeaderMap, body: &[u8]) -> Response {
    assert_eq!(headers["x-amz-target"], "secretsmanager.GetSecretValue");
    let asked: Value = serde_json::from_slice(body).unwrap();
    let arn = asked["SecretId"].as_str().unwrap();
    state.reads += 1;
    let refuse = |kind: &str| {
        (StatusCode::BAD_REQUEST, Json(json!({ "__type": kind, "Message": "not this secret" }))).into_response()
    };
    match state.secrets.get(arn) {
        _ if state.is_denied => refuse("AccessDeniedException"),
        Some(value) => Json(json!({ "ARN": arn, "Name": "mydata", "SecretString": value })).into_response(),
        None => refuse("ResourceNotFoundException"),
    }
}
