//! The message: one item, with a version that each save increments (optimistic locking).

mod two_keys;

use std::{collections::HashMap, fmt};

use app::MESSAGE_LIMIT;
use aws_sdk_dynamodb::{
    Client,
    operation::put_item::PutItemError,
    types::{AttributeValue, ReturnValuesOnConditionCheckFailure},
};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use uuid::Uuid;

use self::two_keys::Stored;
use crate::{
    aws::Unavailable,
    citizen::{Pseudonym, RecordKeys},
};

/// A text to store: at most [`MESSAGE_LIMIT`] Unicode scalar values, with LF line endings. It may be empty.
#[derive(Clone, PartialEq, Eq)]
pub struct MessageText(String);

/// Why a text is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextError {
    /// The text has this many characters, which is over the limit.
    TooLong(usize),
    /// The text has the character NUL. HTML cannot show it (HTML Standard, 13.2.3.5), so the next save would change it. Every other
    /// Unicode scalar value is stored and shown as it is.
    Nul,
}

impl MessageText {
    /// Parses the text of a form. Browsers send line endings as CRLF.
    ///
    /// # Errors
    /// The text is too long or has NUL.
    pub fn parse(typed: &str) -> Result<Self, TextError> {
        let text = typed.replace("\r\n", "\n").replace('\r', "\n");
        if text.contains('\0') {
            return Err(TextError::Nul);
        }
        let count = text.chars().count();
        if count > MESSAGE_LIMIT { Err(TextError::TooLong(count)) } else { Ok(Self(text)) }
    }

    /// Whether `typed` is this text, whatever its line endings.
    pub fn is_as_typed(&self, typed: &str) -> bool {
        Self::parse(typed).is_ok_and(|typed| typed == *self)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text.
    pub fn into_string(self) -> String {
        self.0
    }
}

// Citizens' texts are never printed.
impl fmt::Debug for MessageText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MessageText(…)")
    }
}

/// A stored message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The text.
    pub text: MessageText,
    /// 1 for the first save, incremented by each later one.
    pub version: u64,
    /// When it was saved.
    pub updated_at: OffsetDateTime,
}

/// The outcome of a save.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The message is stored.
    Stored(Message),
    /// Another text was saved since the edited version. Holds the stored message, if any.
    Conflict(Option<Message>),
}

/// The messages of all citizens.
#[derive(Clone, Debug)]
pub struct Messages {
    client: Client,
    table: String,
}

impl Messages {
    /// Messages in the table `table`.
    pub const fn new(client: Client, table: String) -> Self {
        Self { client, table }
    }

    /// The message of the citizen with these keys, with consistent reads.
    ///
    /// # Errors
    /// The table does not answer, or the item is not a message.
    pub async fn find(&self, citizen: &RecordKeys) -> Result<Option<Message>, Unavailable> {
        match &citizen.previous {
            Some(previous) => self.stored(&citizen.current, previous).await.map(Stored::shown),
            None => self.item(&citizen.current).await?.map(|item| self.read(&item)).transpose(),
        }
    }

    /// Stores `text` if the stored version is still `version` (0 means that no message is stored).
    ///
    /// A repeated save counts once: an attempt that timed out may have succeeded. Saving the stored text again is not a
    /// conflict either. A message under the previous pseudonym moves to the current one, if it may.
    ///
    /// # Errors
    /// The table does not answer. The text may or may not be stored; saving again is safe.
    pub async fn save(&self, citizen: &RecordKeys, text: MessageText, version: u64) -> Result<Outcome, Unavailable> {
        if let Some(previous) = &citizen.previous {
            return self.save_once(&citizen.current, previous, text, version).await;
        }
        let Some(next) = version.checked_add(1) else { return self.find(citizen).await.map(Outcome::Conflict) };
        let message = Message { text, version: next, updated_at: now() };
        let write_id = Uuid::now_v7().to_string();
        let mut request = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item(&citizen.current, &message, &write_id)))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        request = match version {
            0 => request.condition_expression("attribute_not_exists(pk)"),
            _ => request
                .condition_expression("version = :version")
                .expression_attribute_values(":version", AttributeValue::N(version.to_string())),
        };
        let Err(error) = request.send().await else { return Ok(Outcome::Stored(message)) };
        let Some(PutItemError::ConditionalCheckFailedException(failure)) = error.as_service_error() else {
            return Err(Unavailable::new("PutItem", &self.table, &error));
        };
        // Some engines do not return the item with the error.
        let kept = match failure.item() {
            Some(item) => Some(item.clone()),
            None => self.item(&citizen.current).await?,
        };
        let Some(kept) = kept else { return Ok(Outcome::Conflict(None)) };
        let own = kept.get("write_id").and_then(|id| id.as_s().ok()) == Some(&write_id);
        let kept = self.read(&kept)?;
        Ok(if own || kept.text == message.text { Outcome::Stored(kept) } else { Outcome::Conflict(Some(kept)) })
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
            reason: "the item is not a message".to_owned(),
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

/// The current time, cut to milliseconds to keep the table readable.
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
    fn a_line_ending_counts_as_one_character() {
        assert_eq!(MessageText::parse("a\r\nb\rc\nd").unwrap().as_str(), "a\nb\nc\nd");
        assert!(MessageText::parse(&"\r\n".repeat(MESSAGE_LIMIT)).is_ok());
    }

    #[test]
    fn only_nul_cannot_be_stored() {
        assert_eq!(MessageText::parse("a\0b"), Err(TextError::Nul));
        assert_eq!(MessageText::parse(&"\0".repeat(MESSAGE_LIMIT + 1)), Err(TextError::Nul));
        for text in [
            "\u{1}\u{8}\u{b}\u{c}\u{1f}",
            "\u{7f}\u{85}\u{9f}",
            "\u{feff}a\u{feff}",
            "\u{fffd}\u{fffe}\u{ffff}",
            "\u{10ffff}",
        ] {
            assert_eq!(MessageText::parse(text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn the_limit_counts_characters_and_not_bytes() {
        assert!(MessageText::parse("").is_ok());
        assert!(MessageText::parse(&"🙂".repeat(MESSAGE_LIMIT)).is_ok());
        assert_eq!(MessageText::parse(&"a".repeat(MESSAGE_LIMIT + 1)), Err(TextError::TooLong(MESSAGE_LIMIT + 1)));
    }
}
