//! Checks permissions: writes, reads and deletes one item in each table.

use std::collections::HashMap;

use aws_sdk_dynamodb::{Client, types::AttributeValue};
use uuid::Uuid;

use super::Unavailable;
use crate::config::DynamoDb;

/// Probes both tables. Returns each table's name and result.
pub async fn probe_tables(client: &Client, config: &DynamoDb) -> Vec<(String, Result<(), Unavailable>)> {
    let (records, sessions) = (&config.records_table, &config.sessions_table);
    let sessions_result = match write_read_delete(client, sessions, &["pk"]).await {
        Ok(()) => query_index(client, sessions).await,
        failed => failed,
    };
    let records_result = write_read_delete(client, records, &["pk", "sk"]).await;
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

async fn query_index(client: &Client, table: &str) -> Result<(), Unavailable> {
    let query =
        client.query().table_name(table).index_name("by_citizen").key_condition_expression("citizen = :citizen");
    let query = query.expression_attribute_values(":citizen", AttributeValue::S("check".to_owned()));
    query.send().await.map(drop).map_err(|error| Unavailable::new("Query", table, &error))
}
