//! `pseudonym.key_secret_arn`, with a Secrets Manager that holds one secret.

use axum::{Json, Router, body::Bytes, http::HeaderMap, routing::post};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::{assert_ended, with_config};
use crate::support::{process::run, site::Site};

const ARN: &str = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:mydata";

/// Answers `GetSecretValue` for [`ARN`] with `value`; gives its address.
async fn secrets_manager(value: &'static str) -> String {
    let answer = move |headers: HeaderMap, body: Bytes| async move {
        assert_eq!(headers["x-amz-target"], "secretsmanager.GetSecretValue");
        let asked: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(asked["SecretId"], ARN);
        Json(json!({ "ARN": ARN, "Name": "mydata", "SecretString": value }))
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, Router::new().route("/", post(answer))).await });
    address
}

#[tokio::test]
async fn the_key_can_come_from_secrets_manager() {
    let site = Site::start().await;
    let key = site.toml.lines().find(|line| line.starts_with("key = ")).unwrap();
    let config = site.scratch.file("secret.toml", &site.toml.replace(key, &format!("key_secret_arn = \"{ARN}\"")));
    for (value, code, expected) in [
        ("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", 0, "ok    pseudonym key: "),
        ("dG9vIHNob3J0", 1, "FAIL  pseudonym key: pseudonym.key_secret_arn: the secret must hold the base64"),
    ] {
        let mut command = with_config(&site.scratch, &["check"], &config);
        command.env("AWS_ENDPOINT_URL_SECRETS_MANAGER", secrets_manager(value).await);
        let ended = run(command).await;
        assert_ended(&ended, code, &[]);
        assert!(ended.stdout.contains(expected) && !ended.stdout.contains(value), "{}", ended.stdout);
    }
}
