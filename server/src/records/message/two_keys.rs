//! Messages while the pseudonym key is being changed: a message is stored under the current pseudonym, or still under the
//! previous one.
//!
//! A save is one transaction over both places, so two servers never leave a message in both. Only a server that does
//! not know the new key can: it stores a message under the previous pseudonym although there is one under the current.
//! Then both texts are kept until the citizen has seen both. [`Stored::Twice`] gives the newer one a version that no
//! form of another server has. A save of that version is a conflict with the older one. The next version replaces both.

use std::time::Duration;

use tokio::time::sleep;
use uuid::Uuid;

use super::{By, Change, MESSAGE, Message, Messages, Outcome, condition, key};
use crate::{
    aws::{
        Unavailable,
        transaction::{self, Item, TransactionError},
    },
    citizen::{Previous, Pseudonym, RecordKeys},
};

/// How often a save starts over if other writes get in its way.
const MAX_ATTEMPTS: u32 = 4;
const PAUSE: Duration = Duration::from_millis(20);

/// Where a message can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Current,
    Previous,
}

/// What is stored for one citizen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stored {
    Nowhere,
    Once(Place, Message),
    /// `current` and `previous` are the versions at the two places. Only they and the two texts matter.
    Twice {
        newer: Message,
        older: Message,
        current: u64,
        previous: u64,
    },
}

impl Stored {
    fn of(current: Option<Message>, previous: Option<Message>) -> Self {
        match (current, previous) {
            (None, None) => Self::Nowhere,
            (Some(message), None) => Self::Once(Place::Current, message),
            (None, Some(message)) => Self::Once(Place::Previous, message),
            (Some(one), Some(other)) => {
                let (current, previous) = (one.version, other.version);
                let (newer, older) = if other.updated_at > one.updated_at { (other, one) } else { (one, other) };
                let version = current.max(previous).saturating_add(1);
                Self::Twice {
                    newer: Message { version, ..newer },
                    older: Message { version: version.saturating_add(1), ..older },
                    current,
                    previous,
                }
            }
        }
    }

    /// The message to show.
    pub(super) fn shown(self) -> Option<Message> {
        match self {
            Self::Nowhere => None,
            Self::Once(_, message) | Self::Twice { newer: message, .. } => Some(message),
        }
    }

    /// What `change`, which was made to `version`, does.
    fn change(self, change: &Change, version: u64, moves: bool) -> Step {
        let write = |place, current, previous, last: u64| match last.checked_add(1) {
            Some(version) => Step::Write { place, current, previous, version },
            None => Step::Answer(Outcome::Conflict(None)),
        };
        match self {
            Self::Nowhere if version == 0 => write(if moves { Place::Current } else { Place::Previous }, None, None, 0),
            Self::Nowhere => Step::Answer(Outcome::Conflict(None)),
            Self::Once(place, message) if message.version == version => {
                let (current, previous) = match place {
                    Place::Current => (Some(version), None),
                    Place::Previous => (None, Some(version)),
                };
                write(if moves { Place::Current } else { place }, current, previous, version)
            }
            Self::Once(_, message) if change.is_done_in(&message) => Step::Answer(Outcome::Stored(message)),
            Self::Once(_, message) => Step::Answer(Outcome::Conflict(Some(message))),
            Self::Twice { newer, older, current, previous } => {
                let seen_both = version == older.version;
                let loses_nothing = older.text == newer.text || older.is_deleted || change.is_done_in(&older);
                if seen_both || version == newer.version && loses_nothing {
                    write(Place::Current, Some(current), Some(previous), older.version)
                } else if version == newer.version {
                    Step::Answer(Outcome::Conflict(Some(older)))
                } else {
                    Step::Answer(Outcome::Conflict(Some(newer)))
                }
            }
        }
    }
}

/// What a save does next.
#[derive(Debug, PartialEq, Eq)]
enum Step {
    Answer(Outcome),
    /// Stores `version` at `place` and nothing at the other, if the versions at both places are still these.
    Write {
        place: Place,
        current: Option<u64>,
        previous: Option<u64>,
        version: u64,
    },
}

impl Messages {
    /// What is stored under the two pseudonyms, with consistent reads.
    pub(super) async fn stored(&self, current: &Pseudonym, previous: &Previous) -> Result<Stored, Unavailable> {
        let [current, previous] = self.items(current, &previous.pseudonym).await?;
        let read = |item: Option<Item>| item.map(|item| self.read(&item)).transpose();
        Ok(Stored::of(read(current)?, read(previous)?))
    }

    /// The items at the two places. The reads are separate, so a save may move the message between them. A message that
    /// was found nowhere has then arrived, and one that was found twice has then left.
    async fn items(&self, current: &Pseudonym, previous: &Pseudonym) -> Result<[Option<Item>; 2], Unavailable> {
        let (one, other) = tokio::join!(self.item(current), self.item(previous));
        Ok(match (one?, other?) {
            (None, None) => [self.item(current).await?, None],
            (Some(item), Some(_)) => [Some(item), self.item(previous).await?],
            once => once.into(),
        })
    }

    /// [`Messages::change`] with two pseudonyms.
    pub(super) async fn change_once(
        &self,
        citizen: &RecordKeys,
        previous: &Previous,
        change: &Change,
        version: u64,
        by: &By,
    ) -> Result<Outcome, Unavailable> {
        let current = &citizen.current;
        let id = Uuid::now_v7();
        for attempt in 1..=MAX_ATTEMPTS {
            // If an earlier attempt succeeded after all, what is stored is the same.
            let (message, actions) = match self.stored(current, previous).await?.change(change, version, previous.moves)
            {
                Step::Answer(outcome) => return Ok(outcome),
                Step::Write { place, current: at_current, previous: at_previous, version } => {
                    let message = change.message(version);
                    let mut places = [(current, at_current), (&previous.pseudonym, at_previous)];
                    if place == Place::Previous {
                        places.reverse();
                    }
                    let [(target, expected), (emptied, expected_there)] = places;
                    let entry = self.activity.put(citizen, id, change.act(version, by), by);
                    let delete =
                        transaction::delete(&self.table.name, key(emptied, MESSAGE), Some(condition(expected_there)));
                    (message.clone(), vec![self.put(target, &message, id, expected), delete, entry])
                }
            };
            match self.table.transact(actions).await {
                Ok(()) => return Ok(Outcome::Stored(message)),
                Err(TransactionError::Unavailable(error)) => return Err(error),
                Err(TransactionError::Refused(_)) => sleep(PAUSE * attempt).await,
            }
        }
        Err(self.table.unreadable("TransactWriteItems", "other writes got in the way each time"))
    }
}

#[cfg(test)]
mod tests {
    use time::OffsetDateTime;

    use super::{super::MessageText, *};

    fn message(text: &str, version: u64, seconds: i64) -> Message {
        let updated_at = OffsetDateTime::from_unix_timestamp(seconds).unwrap();
        Message { text: MessageText::parse(text).unwrap(), is_deleted: false, version, updated_at }
    }

    fn save(stored: &Stored, text: &str, version: u64) -> [Step; 2] {
        let change = Change::Save(MessageText::parse(text).unwrap());
        [true, false].map(|moves| stored.clone().change(&change, version, moves))
    }

    const fn write(place: Place, current: Option<u64>, previous: Option<u64>, version: u64) -> Step {
        Step::Write { place, current, previous, version }
    }

    #[test]
    fn a_message_moves_only_if_it_may() {
        let here = |version| Stored::Once(Place::Current, message("a", version, 0));
        let there = |version| Stored::Once(Place::Previous, message("a", version, 0));
        for (stored, version, moving, staying) in [
            (Stored::Nowhere, 0, write(Place::Current, None, None, 1), write(Place::Previous, None, None, 1)),
            (there(4), 4, write(Place::Current, None, Some(4), 5), write(Place::Previous, None, Some(4), 5)),
            (here(4), 4, write(Place::Current, Some(4), None, 5), write(Place::Current, Some(4), None, 5)),
        ] {
            assert_eq!(save(&stored, "b", version), [moving, staying], "{stored:?}");
        }
    }

    #[test]
    fn another_version_is_a_conflict_unless_the_text_is_stored() {
        for place in [Place::Current, Place::Previous] {
            let stored = Stored::Once(place, message("a", 4, 0));
            for version in [0, 3, 5, u64::MAX] {
                let conflict = || Step::Answer(Outcome::Conflict(Some(message("a", 4, 0))));
                assert_eq!(save(&stored, "b", version), [conflict(), conflict()], "{version}");
                let same = || Step::Answer(Outcome::Stored(message("a", 4, 0)));
                assert_eq!(save(&stored, "a", version), [same(), same()], "{version}");
            }
            let last = Stored::Once(place, message("a", u64::MAX, 0));
            let full = || Step::Answer(Outcome::Conflict(None));
            assert_eq!(save(&last, "b", u64::MAX), [full(), full()]);
        }
        let nothing = || Step::Answer(Outcome::Conflict(None));
        assert_eq!(save(&Stored::Nowhere, "b", 3), [nothing(), nothing()]);
    }

    #[test]
    fn neither_of_two_messages_is_replaced_before_the_citizen_has_seen_it() {
        // With equal and with different versions, and whichever is newer.
        for (current, previous, shown, hidden) in [
            (message("a", 3, 20), message("b", 3, 10), "a", "b"),
            (message("a", 3, 10), message("b", 1, 20), "b", "a"),
            (message("a", 1, 20), message("b", 7, 10), "a", "b"),
            (message("a", 2, 10), message("b", 2, 10), "a", "b"),
        ] {
            let (at_current, at_previous) = (current.version, previous.version);
            let stored = Stored::of(Some(current), Some(previous));
            let first = stored.clone().shown().unwrap();
            assert_eq!(first.text.as_str(), shown);
            assert!(first.version > at_current.max(at_previous), "a form of another server could have this version");
            // Forms from before show the newer text first.
            for version in [0, at_current, at_previous] {
                let [step, _] = save(&stored, "typed", version);
                assert_eq!(step, Step::Answer(Outcome::Conflict(Some(first.clone()))), "{version}");
            }
            let [step, _] = save(&stored, "typed", first.version);
            let Step::Answer(Outcome::Conflict(Some(second))) = step else { panic!("{step:?}") };
            assert_eq!(second.text.as_str(), hidden);
            let replaced = || write(Place::Current, Some(at_current), Some(at_previous), second.version + 1);
            assert_eq!(save(&stored, "typed", second.version), [replaced(), replaced()]);
            // What is typed keeps the hidden text.
            assert_eq!(save(&stored, hidden, first.version), [replaced(), replaced()]);
        }
        let stored = Stored::of(Some(message("a", 3, 20)), Some(message("a", 3, 10)));
        let replaced = || write(Place::Current, Some(3), Some(3), 6);
        assert_eq!(save(&stored, "typed", 4), [replaced(), replaced()], "the texts are the same");
    }
}
