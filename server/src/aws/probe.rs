//! Checks permissions: first by calls that change nothing, one for each action, so that every action that is missing is known; then by
//! items that are written, read and deleted again.

use std::collections::HashMap;

use aws_sdk_dynamodb::{
    Client,
    error::{ProvideErrorMetadata, SdkError},
    types::{AttributeValue, DeleteRequest, KeysAndAttributes, WriteRequest},
};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    Unavailable, built,
    error::{is_denied, is_denied_by_key},
    transaction::{self, Condition, Item},
};
use crate::config::DynamoDb;

/// If an item cannot be deleted again, DynamoDB deletes it after this time.
const KEPT_SECONDS: i64 = 3_600;
/// A condition that is false for a key which no item has.
const NEVER: &str = "attribute_exists(pk)";
const INDEX: &str = "by_citizen";

/// Why a table cannot be used as the server does.
#[derive(Debug, thiserror::Error)]
pub enum ProbeError {
    /// An operation fails.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
    /// The server's role may not do everything.
    #[error("the role of these credentials may not do everything")]
    Denied(Denied),
}

/// What the role may not do.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Denied {
    /// Actions on the table, such as `dynamodb:PutItem`.
    pub on_table: Vec<&'static str>,
    /// Actions on its index.
    pub on_index: Vec<&'static str>,
    /// Whether the KMS key of the table refuses.
    pub by_key: bool,
}

/// The verdict of one call that changes nothing.
enum Verdict {
    Allowed,
    Denied,
    DeniedByKey,
}

/// What `result` says of the right to make the call. A condition that is false is what was asked for.
fn verdict<T, E: ProvideErrorMetadata, R>(
    operation: &'static str,
    table: &str,
    result: Result<T, SdkError<E, R>>,
) -> Result<Verdict, Unavailable> {
    match result {
        Ok(_) => Ok(Verdict::Allowed),
        Err(error) if is_denied_by_key(&error) => Ok(Verdict::DeniedByKey),
        Err(error) if is_denied(&error) => Ok(Verdict::Denied),
        Err(error) => match error.code() {
            Some("ConditionalCheckFailedException" | "TransactionCanceledException") => Ok(Verdict::Allowed),
            _ => Err(Unavailable::new(operation, table, &error)),
        },
    }
}

impl Denied {
    fn add(&mut self, action: &'static str, is_on_index: bool, verdict: &Verdict) {
        let list = if is_on_index { &mut self.on_index } else { &mut self.on_table };
        match verdict {
            Verdict::Allowed => {}
            Verdict::Denied => list.push(action),
            Verdict::DeniedByKey => self.by_key = true,
        }
    }

    fn or_nothing(self) -> Result<(), ProbeError> {
        if self == Self::default() { Ok(()) } else { Err(ProbeError::Denied(self)) }
    }
}

/// Probes both tables. Returns each table's name and result.
pub async fn probe_tables(client: &Client, config: &DynamoDb) -> Vec<(String, Result<(), ProbeError>)> {
    let (records, sessions) = (&config.records_table, &config.sessions_table);
    let mut sessions_result = dry_calls_of_sessions(client, sessions).await;
    let mut records_result = dry_calls_of_records(client, records).await;
    // A transaction writes to both tables.
    if sessions_result.is_ok() && records_result.is_ok() {
        sessions_result = write_read_delete(client, sessions, &["pk"]).await.map_err(Into::into);
        records_result = match write_read_delete(client, records, &["pk", "sk"]).await {
            Ok(()) => transact(client, records, sessions).await.map_err(Into::into),
            Err(error) => Err(error.into()),
        };
    }
    vec![(records.clone(), records_result), (sessions.clone(), sessions_result)]
}

/// A name that no item has: keys of citizens' items are hashes.
fn new_name() -> AttributeValue {
    AttributeValue::S(format!("check#{}", Uuid::now_v7()))
}

fn key_of(names: &[&str]) -> Item {
    let value = new_name();
    names.iter().map(|name| ((*name).to_owned(), value.clone())).collect()
}

/// The actions that both tables need.
async fn dry_calls_of_both(
    client: &Client,
    table: &str,
    keys: &[&str],
    denied: &mut Denied,
) -> Result<(), Unavailable> {
    let get = client.get_item().table_name(table).set_key(Some(key_of(keys))).send().await;
    denied.add("dynamodb:GetItem", false, &verdict("GetItem", table, get)?);
    let put = client.put_item().table_name(table).set_item(Some(key_of(keys))).condition_expression(NEVER);
    denied.add("dynamodb:PutItem", false, &verdict("PutItem", table, put.send().await)?);
    let delete = client.delete_item().table_name(table).set_key(Some(key_of(keys))).condition_expression(NEVER);
    denied.add("dynamodb:DeleteItem", false, &verdict("DeleteItem", table, delete.send().await)?);
    Ok(())
}

async fn dry_calls_of_records(client: &Client, table: &str) -> Result<(), ProbeError> {
    const KEYS: [&str; 2] = ["pk", "sk"];
    let mut denied = Denied::default();
    dry_calls_of_both(client, table, &KEYS, &mut denied).await?;
    let update = client.update_item().table_name(table).set_key(Some(key_of(&KEYS)));
    let update = update.update_expression("ADD probes :one").condition_expression(NEVER);
    let update = update.expression_attribute_values(":one", AttributeValue::N("1".to_owned())).send().await;
    denied.add("dynamodb:UpdateItem", false, &verdict("UpdateItem", table, update)?);
    let check = transaction::check(table, key_of(&KEYS), Condition::ABSENT);
    let check = client.transact_write_items().transact_items(check).send().await;
    denied.add("dynamodb:ConditionCheckItem", false, &verdict("TransactWriteItems", table, check)?);
    let query = client.query().table_name(table).key_condition_expression("pk = :pk");
    let query = query.expression_attribute_values(":pk", new_name()).send().await;
    denied.add("dynamodb:Query", false, &verdict("Query", table, query)?);
    let delete = built(DeleteRequest::builder().set_key(Some(key_of(&KEYS))).build());
    let delete = WriteRequest::builder().delete_request(delete).build();
    let delete = client.batch_write_item().request_items(table, vec![delete]).send().await;
    denied.add("dynamodb:BatchWriteItem", false, &verdict("BatchWriteItem", table, delete)?);
    denied.or_nothing()
}

async fn dry_calls_of_sessions(client: &Client, table: &str) -> Result<(), ProbeError> {
    const KEYS: [&str; 1] = ["pk"];
    let mut denied = Denied::default();
    dry_calls_of_both(client, table, &KEYS, &mut denied).await?;
    let keys = built(KeysAndAttributes::builder().keys(key_of(&KEYS)).build());
    let get = client.batch_get_item().request_items(table, keys).send().await;
    denied.add("dynamodb:BatchGetItem", false, &verdict("BatchGetItem", table, get)?);
    let query = client.query().table_name(table).index_name(INDEX).key_condition_expression("citizen = :citizen");
    let query = query.expression_attribute_values(":citizen", new_name()).send().await;
    denied.add("dynamodb:Query", true, &verdict("Query", table, query)?);
    denied.or_nothing()
}

async fn write_read_delete(client: &Client, table: &str, keys: &[&str]) -> Result<(), Unavailable> {
    let key = key_of(keys);
    let mut item = key.clone();
    let ends = OffsetDateTime::now_utc().unix_timestamp() + KEPT_SECONDS;
    item.insert("expires_at".to_owned(), AttributeValue::N(ends.to_string()));
    let put = client.put_item().table_name(table).set_item(Some(item));
    let put = put.condition_expression("attribute_not_exists(pk)");
    put.send().await.map_err(|error| Unavailable::new("PutItem", table, &error))?;
    let get = client.get_item().table_name(table).set_key(Some(key.clone())).consistent_read(true);
    let found = get.send().await.map_err(|error| Unavailable::new("GetItem", table, &error))?;
    let delete = client.delete_item().table_name(table).set_key(Some(key));
    delete.send().await.map_err(|error| Unavailable::new("DeleteItem", table, &error))?;
    if found.item.is_some() {
        return Ok(());
    }
    let reason = "an item that was written is not there".to_owned();
    Err(Unavailable { operation: "GetItem", table: table.to_owned(), reason })
}

/// One transaction with every kind of action in both tables, and the batch that deletes what it wrote.
async fn transact(client: &Client, records: &str, sessions: &str) -> Result<(), Unavailable> {
    let name = new_name();
    let record = |sort: &str| {
        Item::from([("pk".to_owned(), name.clone()), ("sk".to_owned(), AttributeValue::S(sort.to_owned()))])
    };
    let session = || HashMap::from([("pk".to_owned(), name.clone())]);
    let one = Item::from([(":one".to_owned(), AttributeValue::N("1".to_owned()))]);
    let actions = vec![
        transaction::put(records, record("put"), Some(Condition::ABSENT)),
        transaction::update(records, record("update"), "ADD probes :one", one),
        transaction::check(records, record("none"), Condition::ABSENT),
        transaction::delete(records, record("none either"), None),
        transaction::delete(sessions, session(), None),
    ];
    transaction::transact(client, records, actions).await.map_err(|error| error.unexpected(records))?;
    let delete = |sort| {
        WriteRequest::builder()
            .delete_request(built(DeleteRequest::builder().set_key(Some(record(sort))).build()))
            .build()
    };
    let delete = client.batch_write_item().request_items(records, vec![delete("put"), delete("update")]);
    delete.send().await.map(drop).map_err(|error| Unavailable::new("BatchWriteItem", records, &error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_that_is_missing_is_told() {
        let mut denied = Denied::default();
        assert!(Denied::default().or_nothing().is_ok());
        denied.add("dynamodb:GetItem", false, &Verdict::Allowed);
        denied.add("dynamodb:PutItem", false, &Verdict::Denied);
        denied.add("dynamodb:Query", true, &Verdict::Denied);
        denied.add("dynamodb:DeleteItem", false, &Verdict::DeniedByKey);
        let expected = Denied { on_table: vec!["dynamodb:PutItem"], on_index: vec!["dynamodb:Query"], by_key: true };
        assert_eq!(denied, expected);
        assert!(matches!(denied.or_nothing(), Err(ProbeError::Denied(_))));
    }
}
