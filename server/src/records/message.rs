//! The message: one item, with a version that each save increments (optimistic locking).

mod two_keys;

use std::fmt;

use app::{MESSAGE_LIMIT, pages::activity::Act};
use time::OffsetDateTime;
use uuid::Uuid;

use self::two_keys::Stored;
use super::{
    activity::{Activity, By},
    table::{BEING_DELETED, ERASING, MESSAGE, Table, key, moment_in, now, number, number_in, stored, text, text_in},
};
use crate::{
    aws::{
        Unavailable,
        transaction::{self, Condition, Item, TransactionError},
    },
    citizen::{Pseudonym, RecordKeys},
    metrics::{Counters, SaveOutcome},
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
    /// The text; empty if it was deleted.
    pub text: MessageText,
    /// Whether it was deleted. Its version stays, so that a form from before the deletion replaces nothing that is saved later.
    pub is_deleted: bool,
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

/// What a write stores.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Change {
    Save(MessageText),
    Delete,
}

impl Change {
    /// Whether `stored` is what this change would store. It then needs no other write.
    fn is_done_in(&self, stored: &Message) -> bool {
        match self {
            Self::Save(text) => !stored.is_deleted && stored.text == *text,
            Self::Delete => stored.is_deleted,
        }
    }

    fn message(&self, version: u64) -> Message {
        let (text, is_deleted) = match self {
            Self::Save(text) => (text.clone(), false),
            Self::Delete => (MessageText(String::new()), true),
        };
        Message { text, is_deleted, version, updated_at: now() }
    }

    /// What is told of it in the activity.
    const fn act(&self, version: u64, by: &By) -> Act {
        match self {
            Self::Save(_) => Act::MessageSaved { version, by: by.actor },
            Self::Delete => Act::MessageDeleted { by: by.actor },
        }
    }
}

/// The messages of all citizens.
#[derive(Clone, Debug)]
pub struct Messages {
    table: Table,
    activity: Activity,
    saves: Counters<SaveOutcome>,
}

impl Messages {
    /// Messages in `table`.
    pub fn new(table: Table) -> Self {
        Self { activity: Activity::new(table.clone()), table, saves: Counters::default() }
    }

    /// The same, with saves counted by `saves`.
    pub fn counted_by(self, saves: Counters<SaveOutcome>) -> Self {
        Self { saves, ..self }
    }

    /// The message of the citizen with these keys, with consistent reads.
    ///
    /// # Errors
    /// The table does not answer, the item is not a message, or the record is being deleted.
    pub async fn find(&self, citizen: &RecordKeys) -> Result<Option<Message>, Unavailable> {
        match &citizen.previous {
            Some(previous) => self.stored(&citizen.current, previous).await.map(Stored::shown),
            None => self.item(&citizen.current).await?.map(|item| self.read(&item)).transpose(),
        }
    }

    /// The version of the message, without its text: `None` if there is no message, or if it was deleted.
    ///
    /// # Errors
    /// As [`find`](Self::find).
    pub async fn version(&self, citizen: &RecordKeys) -> Result<Option<u64>, Unavailable> {
        if citizen.previous.is_some() {
            let message = self.find(citizen).await?;
            return Ok(message.filter(|message| !message.is_deleted).map(|message| message.version));
        }
        let only = Some("version, deleted, erasing");
        let item = self.table.attributes(&citizen.current, MESSAGE, only).await?;
        let Some(item) = item else { return Ok(None) };
        if item.contains_key(ERASING) {
            return Err(self.table.unreadable("GetItem", BEING_DELETED));
        }
        Ok(number_in(&item, "version").filter(|_| !item.contains_key("deleted")))
    }

    /// Stores `text` if the stored version is still `version` (0 means that no message is stored), together with an entry of the
    /// activity.
    ///
    /// A repeated save counts once: an attempt that timed out may have succeeded. Saving the stored text again is not a
    /// conflict either. A message under the previous pseudonym moves to the current one, if it may.
    ///
    /// # Errors
    /// The table does not answer. The text may or may not be stored; saving again is safe.
    pub async fn save(
        &self,
        citizen: &RecordKeys,
        text: MessageText,
        version: u64,
        by: &By,
    ) -> Result<Outcome, Unavailable> {
        self.counted(self.change(citizen, Change::Save(text), version, by).await)
    }

    /// Stores `text` if no message is stored. A deleted message is none, but its version counts. Unlike [`save`](Self::save), it is a
    /// conflict if this text was there before.
    ///
    /// # Errors
    /// As [`save`](Self::save).
    pub async fn save_first(&self, citizen: &RecordKeys, text: MessageText, by: &By) -> Result<Outcome, Unavailable> {
        self.counted(self.save_where_none_is(citizen, text, by).await)
    }

    async fn save_where_none_is(
        &self,
        citizen: &RecordKeys,
        text: MessageText,
        by: &By,
    ) -> Result<Outcome, Unavailable> {
        let save = async |version| self.change(citizen, Change::Save(text.clone()), version, by).await;
        let (version, outcome) = match save(0).await? {
            Outcome::Conflict(Some(deleted)) if deleted.is_deleted => (deleted.version, save(deleted.version).await?),
            outcome => (0, outcome),
        };
        Ok(match outcome {
            Outcome::Stored(message) if Some(message.version) != version.checked_add(1) => {
                Outcome::Conflict(Some(message))
            }
            outcome => outcome,
        })
    }

    fn counted(&self, outcome: Result<Outcome, Unavailable>) -> Result<Outcome, Unavailable> {
        self.saves.count(match &outcome {
            Ok(Outcome::Stored(_)) => SaveOutcome::Stored,
            Ok(Outcome::Conflict(_)) => SaveOutcome::Conflict,
            Err(_) => SaveOutcome::Failed,
        });
        outcome
    }

    /// Deletes the text if the stored version is still `version`, as a save that stores a deleted message.
    ///
    /// # Errors
    /// As [`save`](Self::save).
    pub async fn delete(&self, citizen: &RecordKeys, version: u64, by: &By) -> Result<Outcome, Unavailable> {
        self.change(citizen, Change::Delete, version, by).await
    }

    async fn change(
        &self,
        citizen: &RecordKeys,
        change: Change,
        version: u64,
        by: &By,
    ) -> Result<Outcome, Unavailable> {
        if let Some(previous) = &citizen.previous {
            return self.change_once(citizen, previous, &change, version, by).await;
        }
        let Some(next) = version.checked_add(1) else { return self.find(citizen).await.map(Outcome::Conflict) };
        let message = change.message(next);
        let id = Uuid::now_v7();
        // The record's being deleted fails the condition of the message.
        let actions = vec![
            self.put(&citizen.current, &message, id, (version > 0).then_some(version)),
            self.activity.put(citizen, id, change.act(next, by), by),
        ];
        let kept = match self.table.transact(actions).await {
            Ok(()) => return Ok(Outcome::Stored(message)),
            Err(TransactionError::Unavailable(error)) => return Err(error),
            // Some engines do not return the item with the error.
            Err(TransactionError::Refused(actions)) => match actions.into_iter().next() {
                Some((_, Some(item))) => Some(item),
                _ => self.item(&citizen.current).await?,
            },
        };
        let Some(kept) = kept else { return Ok(Outcome::Conflict(None)) };
        let is_own = text_in(&kept, "write_id") == Some(&id.to_string());
        let kept = self.read(&kept)?;
        Ok(if is_own || change.is_done_in(&kept) { Outcome::Stored(kept) } else { Outcome::Conflict(Some(kept)) })
    }

    async fn item(&self, citizen: &Pseudonym) -> Result<Option<Item>, Unavailable> {
        self.table.item(citizen, MESSAGE).await
    }

    fn read(&self, item: &Item) -> Result<Message, Unavailable> {
        if item.contains_key(ERASING) {
            return Err(self.table.unreadable("GetItem", BEING_DELETED));
        }
        let is_deleted = item.contains_key("deleted");
        let read = || {
            let text = if is_deleted { "" } else { text_in(item, "text")? };
            Some(Message {
                text: MessageText(text.to_owned()),
                is_deleted,
                version: number_in(item, "version")?,
                updated_at: moment_in(item, "updated_at")?,
            })
        };
        read().ok_or_else(|| self.table.unreadable("GetItem", "the item is not a message"))
    }

    /// Stores `message` in `place` if this version is there, or nothing.
    fn put(
        &self,
        place: &Pseudonym,
        message: &Message,
        write_id: Uuid,
        expected: Option<u64>,
    ) -> aws_sdk_dynamodb::types::TransactWriteItem {
        transaction::put(&self.table.name, item(place, message, write_id), Some(condition(expected)))
    }
}

/// The condition that this version is stored, or nothing.
fn condition(expected: Option<u64>) -> Condition {
    match expected {
        None => Condition::ABSENT,
        Some(version) => Condition::with("version = :version", ":version", number(version)),
    }
}

fn item(citizen: &Pseudonym, message: &Message, write_id: Uuid) -> Item {
    let mut item = key(citizen, MESSAGE);
    let content = if message.is_deleted {
        ("deleted", aws_sdk_dynamodb::types::AttributeValue::Bool(true))
    } else {
        ("text", text(message.text.as_str()))
    };
    let others = [
        ("version", number(message.version)),
        ("updated_at", stored(message.updated_at)),
        ("write_id", text(write_id.to_string())),
    ];
    item.extend(others.into_iter().chain([content]).map(|(name, value)| (name.to_owned(), value)));
    item
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
