use std::borrow::Cow;

use crate::citizen::Pseudonym;

/// Whether what was attempted succeeded (ECS `event.outcome`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It succeeded.
    Success,
    /// It failed or was refused.
    Failure,
}

impl Outcome {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Failure => "failure",
        }
    }
}

/// What a case worker does with documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DocumentAction {
    /// To see which there are.
    List,
    /// To download one.
    Download,
}

/// One event. The constructors name every event that exists.
#[derive(Clone, Debug)]
pub struct Event<'a> {
    /// ECS `event.action`.
    pub(super) action: &'static str,
    /// ECS `event.category`.
    pub(super) category: &'static str,
    /// ECS `event.type`.
    pub(super) kind: &'static str,
    pub(super) outcome: Outcome,
    /// Why, in our own words: nothing that came with a request.
    pub(super) reason: Option<Cow<'a, str>>,
    /// The id of the provider.
    pub(super) provider: Option<&'a str>,
    pub(super) citizen: Option<&'a Pseudonym>,
}

impl<'a> Event<'a> {
    const fn new(action: &'static str, category: &'static str, kind: &'static str, outcome: Outcome) -> Self {
        Self { action, category, kind, outcome, reason: None, provider: None, citizen: None }
    }

    /// A citizen signed in.
    pub fn signed_in(provider: &'a str, citizen: &'a Pseudonym) -> Self {
        let event = Self::new("sign-in", "authentication", "start", Outcome::Success);
        Self { provider: Some(provider), citizen: Some(citizen), ..event }
    }

    /// A sign-in failed or was refused.
    pub fn sign_in_refused(provider: Option<&'a str>, reason: impl Into<Cow<'a, str>>) -> Self {
        let event = Self::new("sign-in", "authentication", "start", Outcome::Failure);
        Self { provider, reason: Some(reason.into()), ..event }
    }

    /// A citizen signed out.
    pub fn signed_out(provider: &'a str, citizen: &'a Pseudonym) -> Self {
        let event = Self::new("sign-out", "authentication", "end", Outcome::Success);
        Self { provider: Some(provider), citizen: Some(citizen), ..event }
    }

    /// A session ended. A sign-out is followed by this event too; its `outcome` says whether the session is deleted.
    pub fn session_ended(
        provider: Option<&'a str>,
        citizen: Option<&'a Pseudonym>,
        outcome: Outcome,
        reason: &'static str,
    ) -> Self {
        let event = Self::new("session-end", "session", "end", outcome);
        Self { provider, citizen, reason: Some(reason.into()), ..event }
    }

    /// A citizen's message was saved. With a reason: it was not saved.
    pub fn save(provider: &'a str, citizen: &'a Pseudonym, failure: Option<Cow<'a, str>>) -> Self {
        let outcome = if failure.is_some() { Outcome::Failure } else { Outcome::Success };
        Self { provider: Some(provider), citizen: Some(citizen), reason: failure, ..Self::of_save(outcome) }
    }

    /// A citizen's message of an earlier service was stored by the operator.
    pub fn import(citizen: &'a Pseudonym) -> Self {
        Self { citizen: Some(citizen), ..Self::of_save(Outcome::Success) }
    }

    const fn of_save(outcome: Outcome) -> Self {
        Self::new("save", "database", "change", outcome)
    }

    /// Everything that is held about a citizen was exported. Without a provider: by the operator.
    pub fn export(provider: Option<&'a str>, citizen: &'a Pseudonym) -> Self {
        let event = Self::new("export", "database", "access", Outcome::Success);
        Self { provider, citizen: Some(citizen), ..event }
    }

    /// Everything that is held about a citizen is deleted. The record says when, and has a reference, and nothing else.
    pub fn deletion() -> Self {
        Self::new("deletion", "database", "deletion", Outcome::Success)
    }

    /// A citizen's message was deleted. With a reason: it was not deleted.
    pub fn delete(provider: &'a str, citizen: &'a Pseudonym, failure: Option<Cow<'a, str>>) -> Self {
        let outcome = if failure.is_some() { Outcome::Failure } else { Outcome::Success };
        let event = Self::new("delete", "database", "deletion", outcome);
        Self { provider: Some(provider), citizen: Some(citizen), reason: failure, ..event }
    }

    /// A program read a citizen's data through the API.
    pub fn api_read(provider: &'a str, citizen: &'a Pseudonym, data: &'static str) -> Self {
        let event = Self::new("api-read", "database", "access", Outcome::Success);
        Self { provider: Some(provider), citizen: Some(citizen), reason: Some(data.into()), ..event }
    }

    /// A case worker was shown documents, or is sent one. With a reason: it was refused or failed.
    pub fn documents(
        action: DocumentAction,
        provider: &'a str,
        case_worker: &'a Pseudonym,
        failure: Option<Cow<'a, str>>,
    ) -> Self {
        let action = match action {
            DocumentAction::List => "document-list",
            DocumentAction::Download => "document-download",
        };
        let outcome = if failure.is_some() { Outcome::Failure } else { Outcome::Success };
        let event = Self::new(action, "file", "access", outcome);
        Self { provider: Some(provider), citizen: Some(case_worker), reason: failure, ..event }
    }

    /// A case worker asked the assistant something. With a reason: there was no answer.
    pub fn assistant(provider: &'a str, case_worker: &'a Pseudonym, failure: Option<Cow<'a, str>>) -> Self {
        let outcome = if failure.is_some() { Outcome::Failure } else { Outcome::Success };
        let event = Self::new("assistant-question", "api", "access", outcome);
        Self { provider: Some(provider), citizen: Some(case_worker), reason: failure, ..event }
    }

    /// Keys were loaded or replaced. `reason` says which; it holds ids only.
    pub fn key_change(reason: impl Into<Cow<'a, str>>) -> Self {
        Self { reason: Some(reason.into()), ..Self::new("key-change", "configuration", "change", Outcome::Success) }
    }

    /// The server started with a configuration, or stopped.
    pub fn configuration(reason: impl Into<Cow<'a, str>>) -> Self {
        Self { reason: Some(reason.into()), ..Self::new("configuration", "configuration", "info", Outcome::Success) }
    }
}

/// An event that anyone can cause as often as they like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Repeated {
    /// A request came from another site's page.
    CrossOrigin,
    /// Too many requests came from one address, or to the API with tokens of one citizen.
    RateLimit,
    /// A callback without a sign-in that this browser has started, for this reason.
    UnknownSignIn(&'static str),
    /// A save was refused before it was known who sent it, or because of a limit. It has the reason.
    RefusedSave(&'static str),
    /// A token that the API does not accept, for this reason.
    RefusedToken(&'static str),
    /// A sign-out with a session id that may be invented will be carried out later.
    DelayedSessionEnd,
}

/// The reason of a `session-end` that failed for now.
pub const DELETED_LATER: &str = "to be deleted later";

impl Repeated {
    /// How many of them have a record each, for each minute and network. Many citizens can be behind one network.
    pub(super) const fn records_each(self) -> u64 {
        match self {
            Self::UnknownSignIn(_) => 60,
            Self::CrossOrigin => 20,
            Self::RateLimit | Self::RefusedSave(_) | Self::RefusedToken(_) | Self::DelayedSessionEnd => 1,
        }
    }
}

impl From<Repeated> for Event<'_> {
    fn from(event: Repeated) -> Self {
        let denied = |action| Self::new(action, "network", "denied", Outcome::Failure);
        let (event, reason) = match event {
            Repeated::UnknownSignIn(reason) => return Event::sign_in_refused(None, reason),
            Repeated::CrossOrigin => {
                (denied("cross-origin-request"), "the request came from an origin other than public_url")
            }
            Repeated::RateLimit => {
                (denied("rate-limit"), "too many requests from one address, or with tokens of one citizen")
            }
            Repeated::RefusedSave(reason) => (Self::of_save(Outcome::Failure), reason),
            Repeated::RefusedToken(reason) => {
                (Self::new("api-token", "authentication", "start", Outcome::Failure), reason)
            }
            Repeated::DelayedSessionEnd => {
                return Self::session_ended(None, None, Outcome::Failure, DELETED_LATER);
            }
        };
        Self { reason: Some(reason.into()), ..event }
    }
}
