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
    types::{AttributeValue, ReturnValue},
};
use serde_json::Value;
use time::OffsetDateTime;
use tower_sessions::{
    SessionStore,
    session::{Id, Record},
    session_store::{Error, Result},
};

use crate::{
    aws::Unavailable,
    citizen::Pseudonym,
    secret::{SealingKeys, random, sha256_hex},
    security_log::{Event, Outcome, SecurityLog},
};

/// The indexed entry of a session's data, to find all sessions of a citizen. It is not used yet.
pub const CITIZEN: &str = "pseudonym";

/// The purpose of the derived keys. The context is the session id. Before v2, no session key was needed: anyone who
/// could write to the table could make a session for any citizen.
const PURPOSE: &str = "session v2";

/// Sessions in the table `dynamodb.sessions_table`.
#[derive(Clone)]
pub struct DynamoDbStore {
    client: Client,
    table: String,
    keys: Arc<SealingKeys>,
    security: Option<SecurityLog>,
}

impl fmt::Debug for DynamoDbStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DynamoDbStore").field("table", &self.table).finish_non_exhaustive()
    }
}

impl DynamoDbStore {
    /// A store in the table `table`, sealed with `keys`.
    pub const fn new(client: Client, table: String, keys: Arc<SealingKeys>) -> Self {
        Self { client, table, keys, security: None }
    }

    /// Records each session that is found expired.
    #[must_use]
    pub fn recording_to(self, security: SecurityLog) -> Self {
        Self { security: Some(security), ..self }
    }

    /// Deletes an expired session, which DynamoDB may keep for days, and records its end once.
    async fn delete_expired(&self, key: AttributeValue, expires_at: i64) {
        let Some(security) = &self.security else { return };
        let request = self
            .client
            .delete_item()
            .table_name(&self.table)
            .key("pk", key)
            .condition_expression("expires_at = :seen")
            .expression_attribute_values(":seen", AttributeValue::N(expires_at.to_string()))
            .return_values(ReturnValue::AllOld);
        // If that fails, the next request with this session tries again.
        let Ok(answer) = request.send().await else { return };
        let citizen = answer.attributes().and_then(|item| item.get("citizen")?.as_s().ok());
        let citizen = citizen.map(|text| Pseudonym::from_index(text.clone()));
        security.record_own(&Event::session_ended(citizen.as_ref(), Outcome::Success, "expired"));
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

    fn put(&self, record: &Record) -> Result<PutItemFluentBuilder> {
        let data = serde_json::to_vec(&record.data).map_err(|error| Error::Encode(error.to_string()))?;
        let sealed = self.keys.seal(PURPOSE, &record.id.0.to_le_bytes(), data);
        let request = self
            .client
            .put_item()
            .table_name(&self.table)
            .item("pk", AttributeValue::S(partition_key(&record.id)))
            .item("data", AttributeValue::B(Blob::new(sealed)))
            .item("expires_at", AttributeValue::N(record.expiry_date.unix_timestamp().to_string()));
        // A session without a citizen is not indexed.
        Ok(match record.data.get(CITIZEN).and_then(Value::as_str) {
            Some(citizen) => request.item("citizen", AttributeValue::S(citizen.to_owned())),
            None => request,
        })
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

    /// Reads consistently and checks the expiry, because DynamoDB may delete expired items days later.
    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let key = AttributeValue::S(partition_key(id));
        let request = self.client.get_item().table_name(&self.table).key("pk", key.clone()).consistent_read(true);
        let answer = request.send().await.map_err(|error| backend("GetItem", &self.table, &error))?;
        let Some(item) = answer.item() else { return Ok(None) };
        let expires_at = item.get("expires_at").and_then(|value| value.as_n().ok()?.parse().ok()).unwrap_or(0);
        let expiry_date = OffsetDateTime::from_unix_timestamp(expires_at).unwrap_or(OffsetDateTime::UNIX_EPOCH);
        if expiry_date <= OffsetDateTime::now_utc() {
            self.delete_expired(key, expires_at).await;
            return Ok(None);
        }
        let sealed =
            item.get("data").and_then(|value| value.as_b().ok()).ok_or_else(|| Error::Decode("no data".to_owned()))?;
        let data = self
            .keys
            .open(PURPOSE, &id.0.to_le_bytes(), sealed.as_ref())
            .ok_or_else(|| Error::Decode("it was sealed with a key that this server does not have".to_owned()))?;
        let data: HashMap<String, Value> =
            serde_json::from_slice(&data).map_err(|_| Error::Decode("not a session".to_owned()))?;
        Ok(Some(Record { id: *id, data, expiry_date }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        let request = self.client.delete_item().table_name(&self.table).key("pk", AttributeValue::S(partition_key(id)));
        request.send().await.map(drop).map_err(|error| backend("DeleteItem", &self.table, &error))
    }
}

/// The lower-case hex of SHA-256 of the id as in the cookie.
fn partition_key(id: &Id) -> String {
    sha256_hex(id.to_string().as_bytes())
}

fn backend<E: aws_sdk_dynamodb::error::ProvideErrorMetadata, R>(
    operation: &'static str,
    table: &str,
    error: &aws_sdk_dynamodb::error::SdkError<E, R>,
) -> Error {
    Error::Backend(Unavailable::new(operation, table, error).to_string())
}
