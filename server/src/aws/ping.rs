use aws_sdk_dynamodb::{Client, types::AttributeValue};

use super::Unavailable;
use crate::config::DynamoDb;

/// Checks that both tables answer, by reading an item that does not exist.
///
/// # Errors
/// A table does not answer.
pub async fn ping(client: &Client, tables: &DynamoDb) -> Result<(), Unavailable> {
    let read = async |table: &str, keys: &[&str]| {
        let key = keys.iter().map(|name| ((*name).to_owned(), AttributeValue::S("readyz".to_owned()))).collect();
        let request = client.get_item().table_name(table).set_key(Some(key));
        request.send().await.map(drop).map_err(|error| Unavailable::new("GetItem", table, &error))
    };
    let (sessions, records) =
        tokio::join!(read(&tables.sessions_table, &["pk"]), read(&tables.records_table, &["pk", "sk"]));
    sessions.and(records)
}
