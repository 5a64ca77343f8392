//! The DynamoDB-compatible engine: what it keeps, and its errors when it cannot start.

use local::StartError;
use local::dynamodb::Engine;
use reqwest::StatusCode;
use serde_json::{Value, json};
use testkit::Scratch;
use testkit::client;

async fn call(engine: &Engine, operation: &str, body: Value) -> (StatusCode, Value) {
    let request = client()
        .post(engine.endpoint())
        .header("x-amz-target", format!("DynamoDB_20120810.{operation}"))
        .header("content-type", "application/x-amz-json-1.0")
        .header("x-amz-date", "20261101T000000Z")
        .header(
            "authorization",
            "AWS4-HMAC-SHA256 Credential=local/20261101/eu-west-1/dynamodb/aws4_request, \
             SignedHeaders=host;x-amz-date, Signature=00",
        )
        .body(body.to_string());
    crate::relying_party::send(request).await
}

async fn put(engine: &Engine) {
    let table = json!({
        "TableName": "table",
        "AttributeDefinitions": [{ "AttributeName": "pk", "AttributeType": "S" }],
        "KeySchema": [{ "AttributeName": "pk", "KeyType": "HASH" }],
        "BillingMode": "PAY_PER_REQUEST",
    });
    let (status, body) = call(engine, "CreateTable", table).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    let item = json!({ "TableName": "table", "Item": { "pk": { "S": "a" }, "v": { "N": "1" } } });
    assert_eq!(call(engine, "PutItem", item).await.0, StatusCode::OK);
}

async fn assert_kept(engine: &Engine) {
    let key = json!({ "TableName": "table", "Key": { "pk": { "S": "a" } }, "ConsistentRead": true });
    assert_eq!(call(engine, "GetItem", key).await.1["Item"]["v"]["N"], "1");
}

#[tokio::test]
async fn items_survive_a_restart() {
    let scratch = Scratch::make();
    let dir = scratch.path().join("data");
    let engine = Engine::start(&dir).await.unwrap();
    assert!(engine.endpoint().starts_with("http://127.0.0.1:"));
    put(&engine).await;
    engine.shutdown().await;
    let engine = Engine::start(&dir).await.unwrap();
    assert_kept(&engine).await;
    engine.shutdown().await;
}

#[tokio::test]
async fn an_engine_restarts_on_its_port() {
    let scratch = Scratch::make();
    let engine = Engine::start(scratch.path()).await.unwrap();
    let endpoint = engine.endpoint().to_owned();
    let address = endpoint.trim_start_matches("http://").parse().unwrap();
    let taken = Engine::start_at(&scratch.path().join("other"), address).await;
    assert!(matches!(taken, Err(StartError::CannotListen { .. })));
    put(&engine).await;
    engine.shutdown().await;
    let engine = Engine::start_at(scratch.path(), address).await.unwrap();
    assert_eq!(engine.endpoint(), endpoint);
    assert_kept(&engine).await;
    engine.shutdown().await;
    let outside = Engine::start_at(scratch.path(), "0.0.0.0:0".parse().unwrap()).await;
    assert!(matches!(outside, Err(StartError::NotLoopback { .. })));
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_reads_the_data() {
    use std::os::unix::fs::PermissionsExt as _;
    let scratch = Scratch::make();
    let dir = scratch.path().join("data");
    let engine = Engine::start(&dir).await.unwrap();
    let mode = |path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(dir.clone()), 0o700);
    assert_eq!(mode(dir.join("dynamodb.sqlite")), 0o600);
    let left: Vec<_> = std::fs::read_dir(&dir).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().starts_with(".probe")));
    engine.shutdown().await;
}

#[tokio::test]
async fn one_process_at_a_time_uses_a_database() {
    let scratch = Scratch::make();
    let engine = Engine::start(scratch.path()).await.unwrap();
    let second = Engine::start(scratch.path()).await;
    assert!(matches!(second, Err(StartError::DatabaseInUse { .. })));
    engine.shutdown().await;
    Engine::start(scratch.path()).await.unwrap().shutdown().await;
}

#[tokio::test]
async fn start_errors_name_the_path() {
    let scratch = Scratch::make();
    let file = scratch.path().join("file");
    std::fs::write(&file, "text").unwrap();
    let fault = Engine::start(&file).await.err().unwrap();
    assert!(matches!(fault, StartError::DataDirNotADirectory { .. }));
    assert!(fault.to_string().contains(file.to_str().unwrap()));

    let fault = Engine::start(&file.join("below")).await.err().unwrap();
    assert!(matches!(fault, StartError::DataDirCannotBeCreated { .. }), "{fault}");

    let dir = scratch.path().join("data");
    std::fs::create_dir(&dir).unwrap();
    std::fs::write(dir.join("dynamodb.sqlite"), "this is not a database at all").unwrap();
    let fault = Engine::start(&dir).await.err().unwrap();
    assert!(matches!(fault, StartError::NotADatabase { .. }), "{fault}");

    std::fs::remove_file(dir.join("dynamodb.sqlite")).unwrap();
    std::fs::create_dir(dir.join("dynamodb.sqlite")).unwrap();
    let fault = Engine::start(&dir).await.err().unwrap();
    assert!(matches!(fault, StartError::DataDirNotWritable { .. }), "{fault}");
    // A failed start leaves no lock behind.
    std::fs::remove_dir(dir.join("dynamodb.sqlite")).unwrap();
    Engine::start(&dir).await.unwrap().shutdown().await;
}

/// Set in the child process of the test below.
const CHILD_DIR: &str = "LOCAL_IT_ENGINE_DIR";

#[tokio::test]
async fn acknowledged_items_survive_a_kill() {
    if let Some(dir) = std::env::var_os(CHILD_DIR) {
        let engine = Engine::start(dir.as_ref()).await.unwrap();
        put(&engine).await;
        println!("written");
        return std::future::pending().await;
    }
    let scratch = Scratch::make();
    let mut child = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "engine::acknowledged_items_survive_a_kill", "--nocapture"])
        .env(CHILD_DIR, scratch.path())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let output = std::io::BufReader::new(child.stdout.take().unwrap());
    let written = std::io::BufRead::lines(output).any(|line| line.is_ok_and(|line| line.contains("written")));
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(written);
    let engine = Engine::start(scratch.path()).await.unwrap();
    assert_kept(&engine).await;
    engine.shutdown().await;
}
