//! What the server's own client counts, where one operation is about several items or tables.

use aws_sdk_dynamodb::{
    Client,
    types::{AttributeValue, DeleteRequest, KeysAndAttributes, WriteRequest},
};
use axum::{Router, http::StatusCode};
use server::{
    aws::{self, transaction},
    config::{Config, Source},
    metrics::{Metrics, Names},
};
use testkit::Example;

use super::{Item, Tables};
use crate::support::{front, throttled::Throttled};

/// A client of the engine at `endpoint`, and what it counts for the tables.
async fn measured(endpoint: &str, tables: [&str; 2]) -> (Client, Metrics) {
    let config = Config::read(Source::from_toml(&Example::aws().dynamodb_endpoint(endpoint).to_toml())).unwrap();
    let tables = tables.map(str::to_owned).into();
    let metrics = Metrics::new(&Names { tables, ..Names::default() }, true);
    (aws::observed_dynamodb_client(&config, &aws::settings(&config).await, &metrics.dynamodb), metrics)
}

/// The series of throttles and errors that are not zero.
fn counted(metrics: &Metrics) -> Vec<String> {
    let text = metrics.exposition.text().unwrap();
    let is_counted = |line: &&str| {
        let is_wanted = ["mydata_dynamodb_throttles_total{", "mydata_dynamodb_errors_total{"];
        is_wanted.iter().any(|name| line.starts_with(name)) && !line.ends_with(" 0")
    };
    text.lines().filter(is_counted).map(|line| line.replace("mydata_dynamodb_", "")).collect()
}

fn item(id: &str) -> Item {
    ["pk", "sk"].map(|name| (name.to_owned(), AttributeValue::S(id.to_owned()))).into()
}

#[tokio::test]
async fn a_transaction_counts_for_the_table_that_was_throttled() {
    let answer = r#"{"__type":"x#TransactionCanceledException","Message":"cancelled","CancellationReasons":
        [{"Code":"None"},{"Code":"ThrottlingError"},{"Code":"ThrottlingError"}]}"#;
    let engine = Router::new().fallback(async move || front::response(StatusCode::BAD_REQUEST, answer.to_owned()));
    let (client, metrics) = measured(&front::serve(engine).await, ["records", "sessions"]).await;
    let actions = ["sessions", "records", "records"].map(|table| transaction::put(table, item("a"), None)).to_vec();
    let request = client.transact_write_items().set_transact_items(Some(actions));
    request.send().await.unwrap_err();
    let labels = "db_collection_name=\"records\"";
    let expected = [
        format!("errors_total{{{labels},error_type=\"throttled\"}} 1"),
        // One attempt, although two of its actions were throttled.
        format!("throttles_total{{{labels},reason=\"unknown\"}} 1"),
    ];
    assert_eq!(counted(&metrics), expected);
}

#[tokio::test]
async fn what_a_batch_leaves_over_was_throttled() {
    let tables = Tables::create().await;
    let throttled = Throttled::start(&tables.endpoint, 1).await;
    let (records, sessions) = (tables.names.records_table.as_str(), tables.names.sessions_table.as_str());
    let (client, metrics) = measured(throttled.url(), [records, sessions]).await;
    let series = |table: &str| format!("throttles_total{{db_collection_name=\"{table}\",reason=\"unknown\"}} 1");
    let ids = ["a", "b"];
    let key = |id: &str| Item::from([("pk".to_owned(), AttributeValue::S(id.to_owned()))]);
    let keys = KeysAndAttributes::builder().set_keys(Some(ids.map(key).to_vec())).build().unwrap();
    client.batch_get_item().request_items(sessions, keys.clone()).send().await.unwrap();
    assert_eq!(counted(&metrics), [series(sessions)]);
    let delete = |id: &str| {
        let request = DeleteRequest::builder().set_key(Some(item(id))).build().unwrap();
        WriteRequest::builder().delete_request(request).build()
    };
    client.batch_write_item().request_items(records, ids.map(delete).to_vec()).send().await.unwrap();
    assert_eq!(counted(&metrics), [series(records), series(sessions)]);
    // Nothing is left over.
    throttled.set(25);
    client.batch_get_item().request_items(sessions, keys).send().await.unwrap();
    assert_eq!(counted(&metrics), [series(records), series(sessions)]);
}
