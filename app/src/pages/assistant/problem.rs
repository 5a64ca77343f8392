use std::borrow::Cow;

use super::QUESTION_LIMIT;
use crate::texts::{Language, Sentence, say};

/// Why a question has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AssistantProblem {
    /// There is no question.
    Empty,
    /// It has more characters than [`QUESTION_LIMIT`].
    TooLong {
        /// Its number of characters.
        count: usize,
    },
    /// It has characters that cannot be sent. The text area shows U+FFFD in their place.
    NotText,
    /// The organisation has not given the case worker the assistant.
    NotSubscribed,
    /// The organisation's licence is not active.
    NoLicence,
    /// Too many questions, or everything is busy.
    Busy,
    /// There was no answer in time.
    TimedOut,
    /// The assistant or what it needs cannot be reached.
    Unavailable,
    /// Something that only the operator can fix.
    SetUp,
    /// The assistant does not accept the question.
    Refused,
    /// The conversation cannot be continued: it is over, it went on elsewhere, or it is someone else's.
    Lost,
    /// The sign-in at the organisation has ended.
    SignInAgain,
}

impl AssistantProblem {
    #[cfg(test)]
    pub(crate) const ALL: &[Self] = &[
        Self::Empty,
        Self::TooLong { count: 7_001 },
        Self::NotText,
        Self::NotSubscribed,
        Self::NoLicence,
        Self::Busy,
        Self::TimedOut,
        Self::Unavailable,
        Self::SetUp,
        Self::Refused,
        Self::Lost,
        Self::SignInAgain,
    ];

    /// Whether it is shown at the field.
    pub(crate) const fn is_of_field(self) -> bool {
        matches!(self, Self::Empty | Self::TooLong { .. } | Self::NotText)
    }

    /// What is wrong with the question itself.
    pub(super) fn of_field(self, language: Language) -> Option<Cow<'static, str>> {
        match self {
            Self::Empty => Some(language.text(say::ASSISTANT_EMPTY)),
            Self::TooLong { count } => Some(say::assistant_too_long(language, count, QUESTION_LIMIT).into()),
            Self::NotText => Some(language.text(say::ASSISTANT_NOT_TEXT)),
            _ => None,
        }
    }

    /// The heading and the explanation.
    pub(super) const fn texts(self) -> (Sentence, Sentence) {
        match self {
            Self::Empty | Self::TooLong { .. } | Self::NotText => (say::ASSISTANT_PROBLEM, say::ASSISTANT_PROBLEM_NEXT),
            Self::NotSubscribed => (say::ASSISTANT_NOT_SUBSCRIBED_HEADING, say::ASSISTANT_NOT_SUBSCRIBED),
            Self::NoLicence => (say::ASSISTANT_NO_LICENCE_HEADING, say::ASSISTANT_NO_LICENCE),
            Self::Busy => (say::ASSISTANT_BUSY_HEADING, say::ASSISTANT_BUSY),
            Self::TimedOut => (say::ASSISTANT_TIMED_OUT_HEADING, say::ASSISTANT_TIMED_OUT),
            Self::Unavailable => (say::ASSISTANT_UNAVAILABLE_HEADING, say::ASSISTANT_UNAVAILABLE),
            Self::SetUp => (say::ASSISTANT_SET_UP_HEADING, say::ASSISTANT_SET_UP),
            Self::Refused => (say::ASSISTANT_REFUSED_HEADING, say::ASSISTANT_REFUSED),
            Self::Lost => (say::ASSISTANT_LOST_HEADING, say::ASSISTANT_LOST),
            Self::SignInAgain => (say::ASSISTANT_SIGN_IN_AGAIN_HEADING, say::ASSISTANT_SIGN_IN_AGAIN),
        }
    }
}
