//! The tower-sessions store on DynamoDB.
//!
//! A copy of the table is useless on its own, and so is write access to it. The partition key is the hash of the session
//! id. The session's data is sealed under a key derived from a session key, which only the servers have, and from the
//! id, which only the citizen's browser has.

use std::{collections::HashMap, fmt, sync::Arc};

use async_trait::async_trait;
use aws_sdk_dynamodb::{
    Client,
    operation::put_item::{PutItemError, builders::PutItemFluentBuilder},
    primitives::Blob,
    types::{AttributeValue, TransactWriteItem},
};
use serde_json::Value;
use time::OffsetDateTime;
use tower_sessions::{
    SessionStore,
    session::{Id, Record},
    session_store::{Error, Result},
};

use crate::{
    aws::{
        Unavailable,
        transaction::{self, Condition, Item, TransactionError},
    },
    secret::{SealingKeys, random, sha256_hex},
};

/// The indexed entry of a session's data, to find all sessions of a citizen.
pub const CITIZEN: &str = "pseudonym";

/// The purpose of the derived keys. The context is the session id. Before v2, no session key was needed: anyone who
/// could write to the table could make a session for any citizen.
const PURPOSE: &str = "session v2";

/// What a session holds.
type Data = HashMap<String, Value>;

/// What a store has under a session id.
#[derive(Debug)]
pub enum Found {
    /// An open session.
    Open(Record),
    /// A session that has expired. Its data is empty if it cannot be read.
    Expired(Record),
    /// No session.
    Nothing,
}

/// Whether a session was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opening {
    /// It is open.
    Done,
    /// It is not: an action beside it was refused.
    Refused,
}

/// A store that may still have sessions that have expired, and that opens and ends a session together with other writes.
#[async_trait]
pub trait CitizensStore: SessionStore {
    /// As `load`, but also finds a session that has expired.
    async fn find(&self, id: &Id) -> Result<Found> {
        Ok(self.load(id).await?.map_or(Found::Nothing, Found::Open))
    }

    /// Stores a new session, and carries out `others` in the same transaction.
    async fn open(&self, record: &Record, _others: Vec<TransactWriteItem>) -> Result<Opening> {
        self.create(&mut record.clone()).await.map(|()| Opening::Done)
    }

    /// Deletes a session, and carries out `others` in the same transaction. With `expired_at`, only if it still expires then.
    /// False if there was no such session. Should one of `others` be refused, the session is deleted without them.
    async fn end(&self, id: &Id, _others: Vec<TransactWriteItem>, _expired_at: Option<OffsetDateTime>) -> Result<bool> {
        self.delete(id).await.map(|()| true)
    }
}

/// Sessions in the table `dynamodb.sessions_table`.
#[derive(Clone)]
pub struct DynamoDbStore {
    client: Client,
    table: String,
    keys: Arc<SealingKeys>,
}

impl fmt::Debug for DynamoDbStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DynamoDbStore").field("table", &self.table).finish_non_exhaustive()
    }
}

impl DynamoDbStore {
    /// A store in the table `table`, sealed with `keys`.
    pub const fn new(client: Client, table: String, keys: Arc<SealingKeys>) -> Self {
        Self { client, table, keys }
    }

    /// The item of a session, and when it expires. Reads consistently.
    async fn item(&self, id: &Id) -> Result<Option<(HashMap<String, AttributeValue>, i64)>> {
        let key = AttributeValue::S(partition_key(id));
        let request = self.client.get_item().table_name(&self.table).key("pk", key).consistent_read(true);
        let answer = request.send().await.map_err(|error| backend("GetItem", &self.table, &error))?;
        Ok(answer.item.map(|item| {
            let expires_at = item.get("expires_at").and_then(|value| value.as_n().ok()?.parse().ok()).unwrap_or(0);
            (item, expires_at)
        }))
    }

    /// The data in an item.
    fn data(&self, id: &Id, item: &HashMap<String, AttributeValue>) -> Result<Data> {
        let sealed =
            item.get("data").and_then(|value| value.as_b().ok()).ok_or_else(|| Error::Decode("no data".to_owned()))?;
        let data = self
            .keys
            .open(PURPOSE, &id.0.to_le_bytes(), sealed.as_ref())
            .ok_or_else(|| Error::Decode("it was sealed with a key that this server does not have".to_owned()))?;
        serde_json::from_slice(&data).map_err(|_| Error::Decode("not a session".to_owned()))
    }

    fn record(&self, id: &Id, item: &HashMap<String, AttributeValue>, expires_at: i64) -> Result<Record> {
        Ok(Record { id: *id, data: self.data(id, item)?, expiry_date: date(expires_at) })
    }

    /// Marks the `state` of an authorization response as used until `expires_at`. False if it was used before.
    ///
    /// # Errors
    /// The table does not answer.
    pub async fn use_once(&self, state: &str, expires_at: OffsetDateTime) -> std::result::Result<bool, Unavailable> {
        let key = AttributeValue::S(format!("state#{}", sha256_hex(state.as_bytes())));
        let write = AttributeValue::S(hex::encode(random::<16>()));
        let request = self
            .client
            .put_item()
            .table_name(&self.table)
            .item("pk", key.clone())
            .item("expires_at", AttributeValue::N(expires_at.unix_timestamp().to_string()))
            .item("write_id", write.clone())
            .condition_expression("attribute_not_exists(pk)");
        let Err(error) = request.send().await else { return Ok(true) };
        if !error.as_service_error().is_some_and(PutItemError::is_conditional_check_failed_exception) {
            return Err(Unavailable::new("PutItem", &self.table, &error));
        }
        // An attempt that timed out may have succeeded: then the item is ours.
        let request = self.client.get_item().table_name(&self.table).key("pk", key).consistent_read(true);
        let answer = request.send().await.map_err(|error| Unavailable::new("GetItem", &self.table, &error))?;
        Ok(answer.item().and_then(|item| item.get("write_id")) == Some(&write))
    }

    /// `record` as an item.
    fn sealed(&self, record: &Record) -> Result<Item> {
        let data = serde_json::to_vec(&record.data).map_err(|error| Error::Encode(error.to_string()))?;
        let sealed = self.keys.seal(PURPOSE, &record.id.0.to_le_bytes(), data);
        let mut item = Item::from([
            ("pk".to_owned(), AttributeValue::S(partition_key(&record.id))),
            ("data".to_owned(), AttributeValue::B(Blob::new(sealed))),
            ("expires_at".to_owned(), AttributeValue::N(record.expiry_date.unix_timestamp().to_string())),
        ]);
        // A session without a citizen is not indexed.
        if let Some(citizen) = record.data.get(CITIZEN).and_then(Value::as_str) {
            item.insert("citizen".to_owned(), AttributeValue::S(citizen.to_owned()));
        }
        Ok(item)
    }

    fn put(&self, record: &Record) -> Result<PutItemFluentBuilder> {
        Ok(self.client.put_item().table_name(&self.table).set_item(Some(self.sealed(record)?)))
    }

    /// `action`, and `others` in the same transaction.
    async fn transact(
        &self,
        action: TransactWriteItem,
        others: Vec<TransactWriteItem>,
    ) -> std::result::Result<(), TransactionError> {
        let actions = std::iter::once(action).chain(others).collect();
        transaction::transact(&self.client, &self.table, actions).await
    }
}

#[async_trait]
impl SessionStore for DynamoDbStore {
    /// Stores a new session. Replaces an id that exists, unless one of our own attempts that timed out stored it.
    async fn create(&self, record: &mut Record) -> Result<()> {
        for _ in 0..3 {
            match self.put(record)?.condition_expression("attribute_not_exists(pk)").send().await {
                Ok(_) => return Ok(()),
                Err(error)
                    if error.as_service_error().is_some_and(PutItemError::is_conditional_check_failed_exception) =>
                {
                    if self.load(&record.id).await?.is_some_and(|taken| taken.data == record.data) {
                        return Ok(());
                    }
                    record.id = Id::default();
                }
                Err(error) => return Err(backend("PutItem", &self.table, &error)),
            }
        }
        Err(Error::Backend("three new session ids in a row already exist".to_owned()))
    }

    /// Replaces a session if it still exists. One that ended in the meantime stays ended.
    async fn save(&self, record: &Record) -> Result<()> {
        match self.put(record)?.condition_expression("attribute_exists(pk)").send().await {
            Ok(_) => Ok(()),
            Err(error) if error.as_service_error().is_some_and(PutItemError::is_conditional_check_failed_exception) => {
                Ok(())
            }
            Err(error) => Err(backend("PutItem", &self.table, &error)),
        }
    }

    /// Checks the expiry, because DynamoDB may delete expired items days later.
    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        match self.item(id).await? {
            Some((item, expires_at)) if !is_past(expires_at) => self.record(id, &item, expires_at).map(Some),
            _ => Ok(None),
        }
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        let request = self.client.delete_item().table_name(&self.table).key("pk", AttributeValue::S(partition_key(id)));
        request.send().await.map(drop).map_err(|error| backend("DeleteItem", &self.table, &error))
    }
}

#[async_trait]
impl CitizensStore for DynamoDbStore {
    async fn find(&self, id: &Id) -> Result<Found> {
        let Some((item, expires_at)) = self.item(id).await? else { return Ok(Found::Nothing) };
        if !is_past(expires_at) {
            return self.record(id, &item, expires_at).map(Found::Open);
        }
        let data = self.data(id, &item).unwrap_or_default();
        Ok(Found::Expired(Record { id: *id, data, expiry_date: date(expires_at) }))
    }

    async fn open(&self, record: &Record, others: Vec<TransactWriteItem>) -> Result<Opening> {
        let put = transaction::put(&self.table, self.sealed(record)?, Some(Condition::ABSENT));
        match self.transact(put, others).await {
            Ok(()) => Ok(Opening::Done),
            // An attempt of ours that timed out has succeeded. Ids do not repeat.
            Err(error) if error.is_refused_at(0) => Ok(Opening::Done),
            Err(TransactionError::Refused(_)) => Ok(Opening::Refused),
            Err(TransactionError::Unavailable(error)) => Err(Error::Backend(error.to_string())),
        }
    }

    async fn end(&self, id: &Id, others: Vec<TransactWriteItem>, expired_at: Option<OffsetDateTime>) -> Result<bool> {
        let key = Item::from([("pk".to_owned(), AttributeValue::S(partition_key(id)))]);
        let condition = expired_at.map_or(Condition::PRESENT, |at| {
            let seen = AttributeValue::N(at.unix_timestamp().to_string());
            Condition::with("expires_at = :seen", ":seen", seen)
        });
        match self.transact(transaction::delete(&self.table, key, Some(condition)), others).await {
            Ok(()) => Ok(true),
            Err(error) if error.is_refused_at(0) => Ok(false),
            Err(TransactionError::Refused(_)) => self.delete(id).await.map(|()| true),
            Err(TransactionError::Unavailable(error)) => Err(Error::Backend(error.to_string())),
        }
    }
}

fn date(expires_at: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(expires_at).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

fn is_past(expires_at: i64) -> bool {
    date(expires_at) <= OffsetDateTime::now_utc()
}

/// The lower-case hex of SHA-256 of the id as in the cookie.
pub(super) fn partition_key(id: &Id) -> String {
    sha256_hex(id.to_string().as_bytes())
}

fn backend<E: aws_sdk_dynamodb::error::ProvideErrorMetadata, R>(
    operation: &'static str,
    table: &str,
    error: &aws_sdk_dynamodb::error::SdkError<E, R>,
) -> Error {
    Error::Backend(Unavailable::new(operation, table, error).to_string())
}
