use std::collections::HashMap;

use aws_sdk_dynamodb::{
    Client,
    types::{AttributeValue, TransactWriteItem},
};
use time::{Duration, OffsetDateTime, format_description::well_known::Rfc3339};

use crate::{
    aws::{
        Unavailable,
        transaction::{self, Condition, Item, TransactionError},
    },
    citizen::{Pseudonym, RecordKeys},
    config::DynamoDb,
};

/// The sort key of the message. While the record is being deleted, the mark of that is here, so that no save and nothing else that
/// [`Table::not_erasing`] guards can happen.
pub(super) const MESSAGE: &str = "message";
/// The attribute of that mark.
pub(super) const ERASING: &str = "erasing";

/// The table of the records, and the name of that of the sessions. Clones share the client.
#[derive(Clone, Debug)]
pub struct Table {
    pub(super) client: Client,
    pub(super) name: String,
    pub(super) sessions: String,
    /// How long an entry of the activity is kept.
    pub(super) retention: Duration,
}

impl Table {
    /// The tables of `config`. An entry of a citizen's activity is kept for `retention`.
    pub fn new(client: Client, config: &DynamoDb, retention: Duration) -> Self {
        Self { client, name: config.records_table.clone(), sessions: config.sessions_table.clone(), retention }
    }

    /// The item of `citizen` with this sort key, by a consistent read.
    pub(super) async fn item(&self, citizen: &Pseudonym, sort: &str) -> Result<Option<Item>, Unavailable> {
        self.attributes(citizen, sort, None).await
    }

    /// The attributes `only` of the item of `citizen` with this sort key, or all of them, by a consistent read.
    pub(super) async fn attributes(
        &self,
        citizen: &Pseudonym,
        sort: &str,
        only: Option<&str>,
    ) -> Result<Option<Item>, Unavailable> {
        let request = self
            .client
            .get_item()
            .table_name(&self.name)
            .set_key(Some(key(citizen, sort)))
            .set_projection_expression(only.map(str::to_owned))
            .consistent_read(true);
        let answer = request.send().await.map_err(|error| Unavailable::new("GetItem", &self.name, &error))?;
        Ok(answer.item)
    }

    /// As [`transaction::transact`].
    pub(super) async fn transact(&self, actions: Vec<TransactWriteItem>) -> Result<(), TransactionError> {
        transaction::transact(&self.client, &self.name, actions).await
    }

    /// For a transaction: the record of `citizen` is not being deleted.
    pub(super) fn not_erasing(&self, citizen: &RecordKeys) -> TransactWriteItem {
        not_erasing(&self.name, key(citizen.for_new(), MESSAGE))
    }

    /// Up to `limit` items of `citizen` whose sort keys start with `prefix`, by consistent reads: from the one after `after`, in
    /// the order of their keys, or against it.
    pub(super) async fn query(&self, citizen: &Pseudonym, query: Query<'_>) -> Result<Vec<Item>, Unavailable> {
        let Query { prefix, after, limit, newest_first, only, unexpired } = query;
        let mut start = after.map(|after| key(citizen, after));
        let mut items = Vec::new();
        loop {
            let left = limit.saturating_sub(items.len());
            let mut request = self
                .client
                .query()
                .table_name(&self.name)
                .key_condition_expression(if prefix.is_empty() {
                    "pk = :pk"
                } else {
                    "pk = :pk AND begins_with(sk, :prefix)"
                })
                .expression_attribute_values(":pk", AttributeValue::S(citizen.as_str().to_owned()))
                .consistent_read(true)
                .scan_index_forward(!newest_first)
                .limit(i32::try_from(left).unwrap_or(i32::MAX))
                .set_projection_expression(only.map(str::to_owned))
                .set_exclusive_start_key(start);
            if !prefix.is_empty() {
                request = request.expression_attribute_values(":prefix", AttributeValue::S(prefix.to_owned()));
            }
            if unexpired {
                let now = number(OffsetDateTime::now_utc().unix_timestamp());
                request = request.filter_expression("expires_at > :now").expression_attribute_values(":now", now);
            }
            let answer = request.send().await.map_err(|error| Unavailable::new("Query", &self.name, &error))?;
            items.extend(answer.items.unwrap_or_default());
            start = answer.last_evaluated_key;
            if start.is_none() || items.len() >= limit {
                return Ok(items);
            }
        }
    }

    /// An item that this version cannot read.
    pub(super) fn unreadable(&self, operation: &'static str, reason: &str) -> Unavailable {
        Unavailable { operation, table: self.name.clone(), reason: reason.to_owned() }
    }

    /// `error` of a transaction, none of whose conditions was expected to fail.
    pub(super) fn unexpected(&self, error: TransactionError) -> Unavailable {
        match error {
            TransactionError::Unavailable(error) => error,
            TransactionError::Refused(_) => self.unreadable("TransactWriteItems", BEING_DELETED),
        }
    }
}

/// For a transaction: the record with this message is not being deleted.
pub(super) fn not_erasing(table: &str, message: Item) -> TransactWriteItem {
    transaction::check(table, message, Condition::new("attribute_not_exists(erasing)"))
}

/// Why nothing can be read or written in a record.
pub(super) const BEING_DELETED: &str = "the record is being deleted";

/// What to query in the record of one citizen.
#[derive(Clone, Copy, Debug)]
pub(super) struct Query<'a> {
    pub(super) prefix: &'a str,
    pub(super) after: Option<&'a str>,
    pub(super) limit: usize,
    pub(super) newest_first: bool,
    /// The attributes to read, if not all of them.
    pub(super) only: Option<&'static str>,
    /// Without items that have expired. DynamoDB may delete them days later.
    pub(super) unexpired: bool,
}

impl<'a> Query<'a> {
    /// All items with `prefix`.
    pub(super) const fn all(prefix: &'a str) -> Self {
        Self { prefix, after: None, limit: usize::MAX, newest_first: false, only: None, unexpired: false }
    }
}

/// The key of an item of `citizen`.
pub(super) fn key(citizen: &Pseudonym, sort: &str) -> Item {
    HashMap::from([("pk".to_owned(), text(citizen.as_str())), ("sk".to_owned(), text(sort))])
}

/// An attribute with a text.
pub(super) fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

/// An attribute with a number.
pub(super) fn number(value: impl ToString) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

/// The attribute `name` of `item`, if it is a text.
pub(super) fn text_in<'a>(item: &'a Item, name: &str) -> Option<&'a str> {
    item.get(name)?.as_s().ok().map(String::as_str)
}

/// The attribute `name` of `item`, if it is a number.
pub(super) fn number_in<T: std::str::FromStr>(item: &Item, name: &str) -> Option<T> {
    item.get(name)?.as_n().ok()?.parse().ok()
}

/// The attribute `name` of `item`, if it is a moment.
pub(super) fn moment_in(item: &Item, name: &str) -> Option<OffsetDateTime> {
    OffsetDateTime::parse(text_in(item, name)?, &Rfc3339).ok()
}

/// The current time, cut to milliseconds to keep the table readable.
pub(super) fn now() -> OffsetDateTime {
    let now = OffsetDateTime::now_utc();
    now.replace_millisecond(now.millisecond()).unwrap_or(now)
}

/// `moment` as it is stored.
pub(super) fn stored(moment: OffsetDateTime) -> AttributeValue {
    text(moment.format(&Rfc3339).unwrap_or_default())
}
