//! Checks permissions: writes, reads and deletes one item in each table.

use std::collections::HashMap;

use aws_sdk_dynamodb::{
    Client,
    types::{AttributeValue, DeleteRequest, KeysAndAttributes, WriteRequest},
};
use uuid::Uuid;

use super::{
    Unavailable, built,
    transaction::{self, Condition, Item},
};
use crate::config::DynamoDb;

/// Probes both tables. Returns each table's name and result.
pub async fn probe_tables(client: &Client, config: &DynamoDb) -> Vec<(String, Result<(), Unavailable>)> {
    let (records, sessions) = (&config.records_table, &config.sessions_table);
    let sessions_result = match write_read_delete(client, sessions, &["pk"]).await {
        Ok(()) => query_index(client, sessions).await,
        failed => failed,
    };
    let records_result = match write_read_delete(client, records, &["pk", "sk"]).await {
        Ok(()) => transact(client, records, sessions).await,
        failed => failed,
    };
    vec![(records.clone(), records_result), (sessions.clone(), sessions_result)]
}

async fn write_read_delete(client: &Client, table: &str, keys: &[&str]) -> Result<(), Unavailable> {
    // Keys of citizens' items are hashes, so this key cannot collide.
    let value = AttributeValue::S(format!("check#{}", Uuid::now_v7()));
    let key: HashMap<_, _> = keys.iter().map(|name| ((*name).to_owned(), value.clone())).collect();
    let put = client.put_item().table_name(table).set_item(Some(key.clone()));
    let put = put.condition_expression("attribute_not_exists(pk)");
    put.send().await.map_err(|error| Unavailable::new("PutItem", table, &error))?;
    let get = client.get_item().table_name(table).set_key(Some(key.clone())).consistent_read(true);
    get.send().await.map_err(|error| Unavailable::new("GetItem", table, &error))?;
    let delete = client.delete_item().table_name(table).set_key(Some(key));
    delete.send().await.map(drop).map_err(|error| Unavailable::new("DeleteItem", table, &error))
}

/// What records need besides: one transaction with every kind of action in both tables, queries and batches.
async fn transact(client: &Client, records: &str, sessions: &str) -> Result<(), Unavailable> {
    let name = format!("check#{}", Uuid::now_v7());
    let text = || AttributeValue::S(name.clone());
    let record =
        |sort: &str| Item::from([("pk".to_owned(), text()), ("sk".to_owned(), AttributeValue::S(sort.to_owned()))]);
    let session = || Item::from([("pk".to_owned(), text())]);
    let one = Item::from([(":one".to_owned(), AttributeValue::N("1".to_owned()))]);
    let actions = vec![
        transaction::put(records, record("put"), Some(Condition::ABSENT)),
        transaction::update(records, record("update"), "ADD probes :one", one),
        transaction::check(records, record("none"), Condition::ABSENT),
        transaction::delete(records, record("none either"), None),
        transaction::delete(sessions, session(), None),
    ];
    transaction::transact(client, records, actions).await.map_err(|error| error.unexpected(records))?;
    let query = client.query().table_name(records).key_condition_expression("pk = :pk").consistent_read(true);
    let query = query.expression_attribute_values(":pk", text());
    query.send().await.map_err(|error| Unavailable::new("Query", records, &error))?;
    let keys = built(KeysAndAttributes::builder().keys(session()).consistent_read(true).build());
    let get = client.batch_get_item().request_items(sessions, keys);
    get.send().await.map_err(|error| Unavailable::new("BatchGetItem", sessions, &error))?;
    let delete = |sort| {
        WriteRequest::builder()
            .delete_request(built(DeleteRequest::builder().set_key(Some(record(sort))).build()))
            .build()
    };
    let delete = client.batch_write_item().request_items(records, vec![delete("put"), delete("update")]);
    delete.send().await.map(drop).map_err(|error| Unavailable::new("BatchWriteItem", records, &error))
}

async fn query_index(client: &Client, table: &str) -> Result<(), Unavailable> {
    let query =
        client.query().table_name(table).index_name("by_citizen").key_condition_expression("citizen = :citizen");
    let query = query.expression_attribute_values(":citizen", AttributeValue::S("check".to_owned()));
    query.send().await.map(drop).map_err(|error| Unavailable::new("Query", table, &error))
}
