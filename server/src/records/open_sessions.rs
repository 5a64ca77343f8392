//! The open sessions of a citizen, as the citizen sees them.
//!
//! What a session holds is sealed under a key that only its browser can derive. So the record has a row for each session, written and
//! deleted in the same transactions as the session itself: where it was opened, and which item of the sessions table it is. Unlike the
//! index of that table, rows are found by consistent reads. A row holds neither a session id nor anything that leads to one.

use std::cmp::Reverse;

use app::Device;
use aws_sdk_dynamodb::types::{KeysAndAttributes, TransactWriteItem};
use time::{Duration, OffsetDateTime};

use super::table::{Query, Table, key, moment_in, now, number, number_in, stored, text, text_in};
use crate::{
    aws::{
        Unavailable,
        transaction::{self, Condition, Item},
    },
    citizen::{Pseudonym, RecordKeys},
};

/// What the sort keys of rows start with. The partition key of the session follows.
pub(super) const PREFIX: &str = "session#";
/// The length of the name of a session.
const NAME_LENGTH: usize = 16;
/// The most items that one BatchGetItem reads.
const BATCH: usize = 100;

/// An open session of a citizen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenSession {
    /// Its partition key in the sessions table: the hash of its id.
    pub key: String,
    /// The id of the provider that the citizen signed in with. Empty for a session that an earlier version opened.
    pub provider: String,
    /// The device that it was opened on.
    pub device: Device,
    /// When it was opened. `None` for a session that an earlier version opened.
    pub signed_in_at: Option<OffsetDateTime>,
    /// When it ends if no further request comes.
    pub expires_at: OffsetDateTime,
}

impl OpenSession {
    /// The name of the session with this partition key: short, and useless for finding it.
    pub fn name_of(key: &str) -> String {
        key.chars().take(NAME_LENGTH).collect()
    }

    /// Its name.
    pub fn name(&self) -> String {
        Self::name_of(&self.key)
    }

    /// When it was last used. Its end moves in steps of a tenth of `idle`, so this may be that much too early.
    pub fn last_used_at(&self, idle: Duration) -> OffsetDateTime {
        (self.expires_at - idle).max(self.signed_in_at.unwrap_or(OffsetDateTime::UNIX_EPOCH))
    }
}

/// The open sessions of all citizens.
#[derive(Clone, Debug)]
pub struct OpenSessions(Table);

impl OpenSessions {
    /// The sessions with rows in `table`.
    pub const fn new(table: Table) -> Self {
        Self(table)
    }

    /// For the transaction that opens the session with the partition key `session` now: its row. `until` is the last moment at which
    /// the session can end.
    pub fn opened(
        &self,
        citizen: &RecordKeys,
        session: &str,
        provider: &str,
        device: Device,
        until: OffsetDateTime,
    ) -> TransactWriteItem {
        let mut item = row_key(citizen.for_new(), session);
        let attributes = [
            ("provider", text(provider)),
            ("device", text(device.code())),
            ("signed_in_at", stored(now())),
            ("expires_at", number(until.unix_timestamp())),
        ];
        item.extend(attributes.map(|(name, value)| (name.to_owned(), value)));
        transaction::put(&self.0.name, item, None)
    }

    /// For the transaction that ends a session: deletes its row, wherever it is.
    pub fn ended(&self, citizen: &RecordKeys, session: &str) -> Vec<TransactWriteItem> {
        citizen.places().map(|place| transaction::delete(&self.0.name, row_key(place, session), None)).collect()
    }

    /// Ends the session with the partition key `session`, and carries out `others` in the same transaction. False if it has ended
    /// already: then only its row is deleted.
    ///
    /// # Errors
    /// A table does not answer, or the record is being deleted.
    pub async fn end(
        &self,
        citizen: &RecordKeys,
        session: &str,
        others: Vec<TransactWriteItem>,
    ) -> Result<bool, Unavailable> {
        let item = Item::from([("pk".to_owned(), text(session))]);
        // An expired one, which DynamoDB may keep for days, has ended as well.
        let now = number(OffsetDateTime::now_utc().unix_timestamp());
        let is_open = Condition::with("expires_at > :now", ":now", now);
        let mut actions = vec![transaction::delete(&self.0.sessions, item, Some(is_open))];
        actions.extend(self.ended(citizen, session));
        actions.extend(others);
        match self.0.transact(actions).await {
            Ok(()) => Ok(true),
            Err(error) if error.is_refused_at(0) => {
                let rows = self.ended(citizen, session);
                self.0.transact(rows).await.map(|()| false).map_err(|error| self.0.unexpected(error))
            }
            Err(error) => Err(self.0.unexpected(error)),
        }
    }

    /// The open sessions of a citizen, the newest first. Those that an earlier version opened have no row, and are found by the index.
    ///
    /// # Errors
    /// A table does not answer.
    pub async fn list(&self, citizen: &RecordKeys) -> Result<Vec<OpenSession>, Unavailable> {
        let mut sessions = Vec::new();
        for place in citizen.places_by_age() {
            for session in self.0.query(place, Query::all(PREFIX)).await?.iter().filter_map(read) {
                if !sessions.iter().any(|known: &OpenSession| known.key == session.key) {
                    sessions.push(session);
                }
            }
        }
        // After all rows: a request may have moved a session to another place of the index than that of its row.
        for place in citizen.places_by_age() {
            for key in self.indexed(place).await? {
                if !sessions.iter().any(|known| known.key == key) {
                    sessions.push(OpenSession {
                        key,
                        provider: String::new(),
                        device: Device::default(),
                        signed_in_at: None,
                        expires_at: OffsetDateTime::UNIX_EPOCH,
                    });
                }
            }
        }
        let ends = self.ends(sessions.iter().map(|session| session.key.as_str())).await?;
        let now = OffsetDateTime::now_utc();
        sessions.retain_mut(|session| {
            let end = ends.iter().find(|(key, _)| *key == session.key).map(|(_, end)| *end);
            session.expires_at = end.unwrap_or(OffsetDateTime::UNIX_EPOCH);
            session.expires_at > now
        });
        sessions.sort_by_key(|session| Reverse(session.signed_in_at));
        Ok(sessions)
    }

    /// The partition keys of the sessions that the index has for `place`.
    pub(super) async fn indexed(&self, place: &Pseudonym) -> Result<Vec<String>, Unavailable> {
        let (mut keys, mut start) = (Vec::new(), None);
        loop {
            let request = self
                .0
                .client
                .query()
                .table_name(&self.0.sessions)
                .index_name("by_citizen")
                .key_condition_expression("citizen = :citizen")
                .expression_attribute_values(":citizen", text(place.as_str()))
                .set_exclusive_start_key(start);
            let answer = request.send().await.map_err(|error| Unavailable::new("Query", &self.0.sessions, &error))?;
            keys.extend(answer.items().iter().filter_map(|item| text_in(item, "pk").map(str::to_owned)));
            start = answer.last_evaluated_key;
            if start.is_none() {
                return Ok(keys);
            }
        }
    }

    /// The sessions with these partition keys that are in the table, each with its end, by consistent reads.
    async fn ends(&self, keys: impl Iterator<Item = &str>) -> Result<Vec<(String, OffsetDateTime)>, Unavailable> {
        let keys: Vec<Item> = keys.map(|key| Item::from([("pk".to_owned(), text(key))])).collect();
        let mut found = Vec::new();
        for batch in keys.chunks(BATCH) {
            let mut left = batch.to_vec();
            while !left.is_empty() {
                let request = KeysAndAttributes::builder()
                    .set_keys(Some(left))
                    .consistent_read(true)
                    .projection_expression("pk, expires_at")
                    .build();
                let request = request.map_err(|_| self.0.unreadable("BatchGetItem", "the request cannot be built"))?;
                let request = self.0.client.batch_get_item().request_items(&self.0.sessions, request);
                let answer =
                    request.send().await.map_err(|error| Unavailable::new("BatchGetItem", &self.0.sessions, &error))?;
                let items = answer.responses.unwrap_or_default().remove(&self.0.sessions).unwrap_or_default();
                // What is left over was throttled. Without progress, the table does not answer.
                let unprocessed = answer.unprocessed_keys.unwrap_or_default().remove(&self.0.sessions);
                left = unprocessed.map(|request| request.keys).unwrap_or_default();
                if items.is_empty() && !left.is_empty() {
                    return Err(self.0.unreadable("BatchGetItem", "throttled"));
                }
                found.extend(items.iter().filter_map(|item| {
                    let end = OffsetDateTime::from_unix_timestamp(number_in(item, "expires_at")?).ok()?;
                    Some((text_in(item, "pk")?.to_owned(), end))
                }));
            }
        }
        Ok(found)
    }
}

fn row_key(place: &Pseudonym, session: &str) -> Item {
    key(place, &format!("{PREFIX}{session}"))
}

fn read(item: &Item) -> Option<OpenSession> {
    Some(OpenSession {
        key: text_in(item, "sk")?.strip_prefix(PREFIX)?.to_owned(),
        provider: text_in(item, "provider")?.to_owned(),
        device: Device::parse(text_in(item, "device")?),
        signed_in_at: Some(moment_in(item, "signed_in_at")?),
        expires_at: OffsetDateTime::UNIX_EPOCH,
    })
}
