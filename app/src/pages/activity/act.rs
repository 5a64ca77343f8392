//! What can be done with a citizen's data, and the words for it.

use crate::texts::{Sentence, say};

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// A session began.
    SignedIn,
    /// Tokens named the citizen, but no session began.
    SignInRefused(RefusedBecause),
    /// The citizen ended the session.
    SignedOut,
    /// The session ended in another way.
    SessionEnded(EndedBy),
    /// A message was saved.
    MessageSaved {
        /// The version that it got.
        version: u64,
        /// Who saved it.
        by: Actor,
    },
    /// The message was deleted.
    MessageDeleted {
        /// Who deleted it.
        by: Actor,
    },
    /// Everything that is held about the citizen was downloaded.
    DataExported {
        /// Who downloaded it.
        by: Actor,
    },
    /// An app used the API for the first time with one of the citizen's tokens.
    ApiUsed,
    /// A case worker opened a list of documents.
    DocumentsListed,
    /// A case worker downloaded a document.
    DocumentDownloaded,
    /// A case worker asked the assistant something.
    AssistantAsked,
}

/// Why a sign-in was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusedBecause {
    /// An older sign-in was used again.
    Stale,
    /// It came from another provider than the chosen one.
    OtherProvider,
    /// It belonged to a sign-in that was started elsewhere.
    OtherSignIn,
}

/// What ended a session, other than its own sign-out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndedBy {
    /// The citizen, on another device.
    OtherDevice,
    /// Another sign-in in the same browser.
    NewSignIn,
    /// Its time was up.
    Expiry,
    /// The organisation, at the citizen's request.
    Operator,
}

/// Who did something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// The citizen, on the pages.
    Citizen,
    /// An app, for the citizen.
    Api,
    /// The organisation, at the citizen's request.
    Operator,
}

impl Act {
    /// What was done, in a few words.
    pub(super) const fn heading(self) -> Sentence {
        match self {
            Self::SignedIn => say::ACTIVITY_SIGNED_IN,
            Self::SignInRefused(_) => say::ACTIVITY_REFUSED,
            Self::SignedOut => say::ACTIVITY_SIGNED_OUT,
            Self::SessionEnded(EndedBy::OtherDevice) => say::ACTIVITY_ENDED_OTHER_DEVICE,
            Self::SessionEnded(EndedBy::NewSignIn) => say::ACTIVITY_ENDED_NEW_SIGN_IN,
            Self::SessionEnded(EndedBy::Expiry) => say::ACTIVITY_ENDED_EXPIRY,
            Self::SessionEnded(EndedBy::Operator) => say::ACTIVITY_ENDED_OPERATOR,
            Self::MessageSaved { .. } => say::ACTIVITY_SAVED,
            Self::MessageDeleted { .. } => say::ACTIVITY_MESSAGE_DELETED,
            Self::DataExported { .. } => say::ACTIVITY_EXPORTED,
            Self::ApiUsed => say::ACTIVITY_API_USED,
            Self::DocumentsListed => say::ACTIVITY_DOCUMENTS_LISTED,
            Self::DocumentDownloaded => say::ACTIVITY_DOCUMENT_DOWNLOADED,
            Self::AssistantAsked => say::ACTIVITY_ASSISTANT_ASKED,
        }
    }

    /// Why it was done, or who did it if it was not the citizen.
    pub(super) const fn explanation(self) -> Option<Sentence> {
        match self {
            Self::SignInRefused(because) => Some(because.sentence()),
            Self::MessageSaved { by: Actor::Operator, .. } => Some(say::ACTIVITY_MOVED_BY_OPERATOR),
            Self::MessageSaved { by, .. } | Self::MessageDeleted { by } | Self::DataExported { by } => by.sentence(),
            Self::SignedIn
            | Self::SignedOut
            | Self::SessionEnded(_)
            | Self::ApiUsed
            | Self::DocumentsListed
            | Self::DocumentDownloaded
            | Self::AssistantAsked => None,
        }
    }

    /// The version of the message that it saved.
    pub const fn version(self) -> Option<u64> {
        match self {
            Self::MessageSaved { version, .. } => Some(version),
            _ => None,
        }
    }

    /// Whether it came from no device of the citizen.
    pub(super) const fn is_without_device(self) -> bool {
        match self {
            Self::MessageSaved { by, .. } | Self::MessageDeleted { by } | Self::DataExported { by } => {
                matches!(by, Actor::Operator)
            }
            Self::SessionEnded(by) => matches!(by, EndedBy::Operator | EndedBy::Expiry),
            Self::SignedIn
            | Self::SignInRefused(_)
            | Self::SignedOut
            | Self::ApiUsed
            | Self::DocumentsListed
            | Self::DocumentDownloaded
            | Self::AssistantAsked => false,
        }
    }

    /// Whether it let someone in, who may not have been the citizen.
    pub(super) const fn is_access(self) -> bool {
        matches!(self, Self::SignedIn | Self::ApiUsed)
    }
}

impl RefusedBecause {
    const fn sentence(self) -> Sentence {
        match self {
            Self::Stale => say::ACTIVITY_REFUSED_STALE,
            Self::OtherProvider => say::ACTIVITY_REFUSED_OTHER_PROVIDER,
            Self::OtherSignIn => say::ACTIVITY_REFUSED_OTHER_SIGN_IN,
        }
    }
}

impl Actor {
    const fn sentence(self) -> Option<Sentence> {
        match self {
            Self::Citizen => None,
            Self::Api => Some(say::ACTIVITY_BY_API),
            Self::Operator => Some(say::ACTIVITY_BY_OPERATOR),
        }
    }
}
