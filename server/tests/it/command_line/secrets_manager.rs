//! A stand-in for AWS Secrets Manager.

use std::{collections::HashMap, sync::Arc};

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
    let secrets: HashMap<_, _> = secrets.iter().map(|(name, value)| (arn(name), (*value).to_owned())).collect();
    let secrets = Arc::new(secrets);
    let answer = move |headers: HeaderMap, body: Bytes| async move { get(&secrets, &headers, &body) };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, Router::new().route("/", post(answer))).await });
    address
}

fn get(secrets: &HashMap<String, String>, headers: &HeaderMap, body: &[u8]) -> Response {
    assert_eq!(headers["x-amz-target"], "secretsmanager.GetSecretValue");
    let asked: Value = serde_json::from_slice(body).unwrap();
    let arn = asked["SecretId"].as_str().unwrap();
    match secrets.get(arn) {
        Some(value) => Json(json!({ "ARN": arn, "Name": "mydata", "SecretString": value })).into_response(),
        None => {
            let kind = json!({ "__type": "ResourceNotFoundException", "Message": "no such secret" });
            (StatusCode::BAD_REQUEST, Json(kind)).into_response()
        }
    }
}
