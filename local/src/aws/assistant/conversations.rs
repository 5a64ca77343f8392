//! Conversations: whose they are, and where they are.

use serde_json::Value;

use super::refusal::Refusal;
use super::request::ChatRequest;
use crate::random;
use crate::store::Store;

/// A conversation ends a day after its last question. On AWS it is kept longer.
const CONVERSATION_SECONDS: u64 = 24 * 60 * 60;
/// How long the answer to a client token is kept.
const ANSWER_SECONDS: u64 = 60 * 60;

#[derive(Clone)]
struct Conversation {
    user_id: String,
    last_system_message: String,
}

/// The identifiers of one question and its answer. Each has 36 characters.
pub(super) struct Turn {
    pub(super) conversation: String,
    pub(super) user_message: String,
    pub(super) system_message: String,
}

/// All conversations, and the answers to client tokens.
pub(in crate::aws) struct Conversations {
    conversations: Store<Conversation>,
    answers: Store<Value>,
}

impl Conversations {
    pub(in crate::aws) fn new() -> Self {
        Self { conversations: Store::new(CONVERSATION_SECONDS), answers: Store::new(ANSWER_SECONDS) }
    }

    /// The next turn of a person's conversation, or the first one of a new conversation.
    pub(super) fn turn(&self, user_id: &str, request: &ChatRequest, now: u64) -> Result<Turn, Refusal> {
        let conversation = match &request.conversation_id {
            None => random::uuid(),
            Some(id) => {
                let known = self.conversations.get(id, now).filter(|known| known.user_id == user_id);
                let known = known.ok_or(Refusal::NotFound("conversation"))?;
                if request.parent_message_id.as_ref() != Some(&known.last_system_message) {
                    return Err(Refusal::Validation("parentMessageId is not the last message of the conversation."));
                }
                id.clone()
            }
        };
        let turn = Turn { conversation, user_message: random::uuid(), system_message: random::uuid() };
        let next = Conversation { user_id: user_id.to_owned(), last_system_message: turn.system_message.clone() };
        self.conversations.insert(turn.conversation.clone(), next, now);
        Ok(turn)
    }

    /// The answer that this token has had.
    pub(super) fn answer(&self, token: &str, now: u64) -> Option<Value> {
        self.answers.get(token, now)
    }

    pub(super) fn keep_answer(&self, token: String, answer: Value, now: u64) {
        self.answers.insert(token, answer, now);
    }
}
