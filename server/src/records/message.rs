//! The message: one item with a version that grows by one with each save (optimistic locking).

use std::{collections::HashMap, fmt};

use app::MESSAGE_LIMIT;
use aws_sdk_dynamodb::{
    Client,
    operation::put_item::PutItemError,
    types::{AttributeValue, ReturnValuesOnConditionCheckFailure},
};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use uuid::Uuid;

use crate::{citizen::Pseudonym, dynamodb::Unavailable};

/// A text that may be kept: at most [`MESSAGE_LIMIT`] Unicode scalar values, line ends as LF. It may be empty.
#[derive(Clone, PartialEq, Eq)]
pub struct MessageText(String);

/// Why a text may not be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextFault {
    /// It has `0` characters, more than fit.
    TooLong(usize),
}

impl MessageText {
    /// Takes what a form sent. Browsers send line ends as CRLF.
    ///
    /// # Errors
    /// The text is too long.
    pub fn parse(typed: &str) -> Result<Self, TextFault> {
        let text = typed.replace("\r\n", "\n").replace('\r', "\n");
        let count = text.chars().count();
        if count > MESSAGE_LIMIT { Err(TextFault::TooLong(count)) } else { Ok(Self(text)) }
    }

    /// The text itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text itself.
    pub fn into_string(self) -> String {
        self.0
    }
}

// What citizens write never prints.
impl fmt::Debug for MessageText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MessageText(…)")
    }
}

/// The message as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its text.
    pub text: MessageText,
    /// 1 for the first save, and one more for each after it.
    pub version: u64,
    /// When it was saved.
    pub updated_at: OffsetDateTime,
}

/// What a save came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Saved {
    /// It is kept.
    Yes(Message),
    /// Somebody saved another text since the version that was edited; this is what is kept now, if anything is.
    Conflict(Option<Message>),
}

/// The messages of all citizens.
#[derive(Clone, Debug)]
pub struct Messages {
    client: Client,
    table: String,
}

impl Messages {
    /// In the table `table` of `client`.
    pub const fn new(client: Client, table: String) -> Self {
        Self { client, table }
    }

    /// The message of `citizen`, read consistently.
    ///
    /// # Errors
    /// The table is out of reach, or holds an item that is no message.
    pub async fn find(&self, citizen: &Pseudonym) -> Result<Option<Message>, Unavailable> {
        self.item(citizen).await?.map(|item| self.read(&item)).transpose()
    }

    /// Keeps `text` in the place of version `version` (0: of nothing).
    ///
    /// A save that is repeated counts once: an attempt that timed out may have been carried out, and a text that is already
    /// kept needs no choice between two texts.
    ///
    /// # Errors
    /// The table is out of reach; whether the text is kept is then unknown, and saving again is safe.
    pub async fn save(&self, citizen: &Pseudonym, text: MessageText, version: u64) -> Result<Saved, Unavailable> {
        let Some(next) = version.checked_add(1) else { return self.find(citizen).await.map(Saved::Conflict) };
        let message = Message { text, version: next, updated_at: now() };
        let write_id = Uuid::now_v7().to_string();
        let mut request = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item(citizen, &message, &write_id)))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        request = match version {
            0 => request.condition_expression("attribute_not_exists(pk)"),
            _ => request
                .condition_expression("version = :version")
                .expression_attribute_values(":version", AttributeValue::N(version.to_string())),
        };
        let Err(error) = request.send().await else { return Ok(Saved::Yes(message)) };
        let Some(PutItemError::ConditionalCheckFailedException(failure)) = error.as_service_error() else {
            return Err(Unavailable::new("PutItem", &self.table, &error));
        };
        // An engine that does not send the item along is asked for it.
        let kept = match failure.item() {
            Some(item) => Some(item.clone()),
            None => self.item(citizen).await?,
        };
        let Some(kept) = kept else { return Ok(Saved::Conflict(None)) };
        let own = kept.get("write_id").and_then(|id| id.as_s().ok()) == Some(&write_id);
        let kept = self.read(&kept)?;
        Ok(if own || kept.text == message.text { Saved::Yes(kept) } else { Saved::Conflict(Some(kept)) })
    }

    /// Reads an item that does not exist: proves that the table answers.
    ///
    /// # Errors
    /// The table is out of reach.
    pub async fn ping(&self) -> Result<(), Unavailable> {
        let key = HashMap::from(["pk", "sk"].map(|name| (name.to_owned(), AttributeValue::S("readyz".to_owned()))));
        let request = self.client.get_item().table_name(&self.table).set_key(Some(key));
        request.send().await.map(drop).map_err(|error| Unavailable::new("GetItem", &self.table, &error))
    }

    async fn item(&self, citizen: &Pseudonym) -> Result<Option<HashMap<String, AttributeValue>>, Unavailable> {
        let request = self.client.get_item().table_name(&self.table).set_key(Some(key(citizen))).consistent_read(true);
        let answer = request.send().await.map_err(|error| Unavailable::new("GetItem", &self.table, &error))?;
        Ok(answer.item)
    }

    fn read(&self, item: &HashMap<String, AttributeValue>) -> Result<Message, Unavailable> {
        let read = || {
            Some(Message {
                text: MessageText(item.get("text")?.as_s().ok()?.clone()),
                version: item.get("version")?.as_n().ok()?.parse().ok()?,
                updated_at: OffsetDateTime::parse(item.get("updated_at")?.as_s().ok()?, &Rfc3339).ok()?,
            })
        };
        read().ok_or_else(|| Unavailable {
            operation: "GetItem",
            table: self.table.clone(),
            reason: "an item that is no message".to_owned(),
        })
    }
}

fn key(citizen: &Pseudonym) -> HashMap<String, AttributeValue> {
    HashMap::from([
        ("pk".to_owned(), AttributeValue::S(citizen.as_str().to_owned())),
        ("sk".to_owned(), AttributeValue::S("message".to_owned())),
    ])
}

fn item(citizen: &Pseudonym, message: &Message, write_id: &str) -> HashMap<String, AttributeValue> {
    let mut item = key(citizen);
    item.insert("text".to_owned(), AttributeValue::S(message.text.as_str().to_owned()));
    item.insert("version".to_owned(), AttributeValue::N(message.version.to_string()));
    item.insert("updated_at".to_owned(), AttributeValue::S(message.updated_at.format(&Rfc3339).unwrap_or_default()));
    item.insert("write_id".to_owned(), AttributeValue::S(write_id.to_owned()));
    item
}

/// The present, to the millisecond: finer is noise in a table that people read.
fn now() -> OffsetDateTime {
    let now = OffsetDateTime::now_utc();
    now.replace_millisecond(now.millisecond()).unwrap_or(now)
}

#[cfg(test)]
mod properties;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_are_one_character_each() {
        assert_eq!(MessageText::parse("a\r\nb\rc\nd").unwrap().as_str(), "a\nb\nc\nd");
        assert!(MessageText::parse(&"\r\n".repeat(MESSAGE_LIMIT)).is_ok());
    }

    #[test]
    fn the_limit_counts_characters_and_not_bytes() {
        assert!(MessageText::parse("").is_ok());
        assert!(MessageText::parse(&"🙂".repeat(MESSAGE_LIMIT)).is_ok());
        assert_eq!(MessageText::parse(&"a".repeat(MESSAGE_LIMIT + 1)), Err(TextFault::TooLong(MESSAGE_LIMIT + 1)));
    }
}
