use std::fmt;

use serde::{Deserialize, Serialize};

/// Where a conversation is at the assistant.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ids {
    /// `conversationId`
    #[serde(rename = "c")]
    pub conversation: String,
    /// The `systemMessageId` of its last answer: the `parentMessageId` of the next question.
    #[serde(rename = "p")]
    pub parent: String,
}

/// A question.
#[derive(Clone, Copy)]
pub struct Question<'a> {
    /// What is asked.
    pub text: &'a str,
    /// The conversation that it continues. A new one without.
    pub ids: Option<&'a Ids>,
    /// The same for the same question of the same page, so that AWS can tell when it gets it twice.
    pub token: &'a str,
}

impl fmt::Debug for Ids {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ids(…)")
    }
}

impl fmt::Debug for Question<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Question(…)")
    }
}
