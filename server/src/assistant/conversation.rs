//! A conversation, which the form of the page carries along. It is sealed, so that only a server can read or make it.

use std::fmt;

use app::pages::assistant::Turn;
use serde::{Deserialize, Serialize};

use super::Ids;
use crate::secret::{SealingKeys, Secret, random, sha256_hex};

const PURPOSE: &str = "assistant conversation v1";
/// The most bytes of questions and answers that go along, as JSON. Sealed, they are a third more, and [`MAX_FORM`] has room for them
/// and the next question.
const MAX_CARRIED: usize = 96 * 1024;
/// The most bytes of a form with a conversation and a question.
pub(super) const MAX_FORM: usize = 256 * 1024;

/// A conversation.
#[derive(Serialize, Deserialize)]
pub(super) struct Conversation {
    /// The directory user whose it is.
    #[serde(rename = "u")]
    user: Secret,
    /// Random, and another one after each answer.
    #[serde(rename = "n")]
    nonce: String,
    /// Where it is at the assistant. `None` before the first answer.
    #[serde(rename = "i")]
    pub(super) ids: Option<Ids>,
    /// What was said.
    #[serde(rename = "t")]
    pub(super) turns: Vec<Turn>,
    /// Whether its beginning is missing.
    #[serde(rename = "x")]
    pub(super) is_cut: bool,
}

impl Conversation {
    /// A new conversation of `user`.
    pub(super) fn new(user: &str) -> Self {
        Self { user: Secret::new(user), nonce: nonce(), ids: None, turns: Vec::new(), is_cut: false }
    }

    /// The conversation of `user` in the field of a form. `None` if no server of this site made it, or if it is someone else's.
    pub(super) fn open(keys: &SealingKeys, field: &str, user: &str) -> Option<Self> {
        keys.open_text(PURPOSE, field).filter(|conversation: &Self| conversation.user.expose() == user)
    }

    /// The value of the field. What does not fit is left out, from the beginning.
    pub(super) fn seal(&self, keys: &SealingKeys) -> String {
        let size = |turn: &Turn| serde_json::to_vec(turn).map_or(usize::MAX, |json| json.len());
        let mut room = MAX_CARRIED;
        let fits = |turn: &&Turn| {
            let left = room.checked_sub(size(turn));
            room = left.unwrap_or_default();
            left.is_some()
        };
        let carried = self.turns.iter().rev().take_while(fits).count();
        let turns = self.turns[self.turns.len() - carried..].to_vec();
        let is_cut = self.is_cut || carried < self.turns.len();
        let (user, nonce, ids) = (self.user.clone(), self.nonce.clone(), self.ids.clone());
        keys.seal_text(PURPOSE, &Self { user, nonce, ids, turns, is_cut })
    }

    /// The client token of `question`: the same for each time that this page sends it, and another one for any other question.
    pub(super) fn token(&self, question: &str) -> String {
        sha256_hex(format!("{} {question}", self.nonce).as_bytes())
    }

    /// The same conversation on the page, and a new one at the assistant.
    pub(super) fn restarted(self) -> Self {
        Self { nonce: nonce(), ids: None, ..self }
    }

    /// The conversation after `turn`, which left it at `ids`.
    pub(super) fn after(mut self, turn: Turn, ids: Option<Ids>) -> Self {
        self.turns.push(turn);
        Self { nonce: nonce(), ids, ..self }
    }
}

fn nonce() -> String {
    hex::encode(random::<16>())
}

impl fmt::Debug for Conversation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Conversation(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::ServerKey;

    fn keys(byte: u8) -> SealingKeys {
        SealingKeys::new(&ServerKey::new([byte; 32]).unwrap(), [])
    }

    fn turn(question: &str, answer: &str) -> Turn {
        Turn { question: question.to_owned(), answer: answer.to_owned(), sources: Vec::new() }
    }

    fn ids() -> Option<Ids> {
        Some(Ids { conversation: "c".to_owned(), parent: "p".to_owned() })
    }

    #[test]
    fn a_conversation_is_only_opened_unchanged_and_for_its_own_person() {
        let field = Conversation::new("lena").after(turn("q", "a"), ids()).seal(&keys(1));
        let opened = Conversation::open(&keys(1), &field, "lena").unwrap();
        assert!(opened.turns == [turn("q", "a")] && opened.ids == ids() && !opened.is_cut);
        assert!(Conversation::open(&keys(1), &field, "tom").is_none());
        assert!(Conversation::open(&keys(2), &field, "lena").is_none());
        for index in 0..field.len() {
            let mut changed = field.clone().into_bytes();
            changed[index] = if changed[index] == b'A' { b'B' } else { b'A' };
            assert!(Conversation::open(&keys(1), &String::from_utf8(changed).unwrap(), "lena").is_none(), "{index}");
        }
        assert_eq!(format!("{opened:?}"), "Conversation(…)");
    }

    #[test]
    fn a_token_is_of_one_question_of_one_page() {
        let first = Conversation::new("lena");
        let again = Conversation::open(&keys(1), &first.seal(&keys(1)), "lena").unwrap();
        assert_eq!(first.token("q"), again.token("q"));
        assert_ne!(first.token("q"), first.token("r"));
        assert_ne!(first.token("q"), Conversation::new("lena").token("q"));
        let token = first.token("q");
        // `clientToken` has at most 100 characters.
        assert!(token.len() <= 100);
        assert_ne!(again.after(turn("q", "a"), ids()).token("q"), token);
    }

    #[test]
    fn a_long_conversation_loses_its_beginning_and_fits_into_the_form() {
        let mut conversation = Conversation::new("lena");
        for number in 0..5 {
            conversation = conversation.after(turn(&number.to_string(), &"\"".repeat(20_000)), ids());
        }
        let field = conversation.seal(&keys(1));
        let opened = Conversation::open(&keys(1), &field, "lena").unwrap();
        let questions: Vec<_> = opened.turns.iter().map(|turn| &*turn.question).collect();
        assert_eq!((questions, opened.is_cut), (vec!["3", "4"], true));
        // A question has at most nine bytes a unit in a form.
        assert!(field.len() + 9 * app::pages::assistant::QUESTION_LIMIT < MAX_FORM);
        let largest = Conversation::new("lena").after(turn("q", &"x".repeat(MAX_CARRIED)), ids());
        let opened = Conversation::open(&keys(1), &largest.seal(&keys(1)), "lena").unwrap();
        assert!(opened.turns.is_empty() && opened.is_cut && opened.ids == ids());
    }
}
