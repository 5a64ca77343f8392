use std::{borrow::Cow, error::Error, fmt};

use app::pages::assistant::AssistantProblem;
use aws_sdk_qbusiness::{
    config::http::HttpResponse,
    error::{ProvideErrorMetadata as _, SdkError},
    operation::chat_sync::ChatSyncError,
};

use super::causes::{self, diagnose};
use crate::{
    aws,
    documents::{Cause, DocumentsError, Problem},
};

/// Why a question has no answer.
///
/// `Display` is for the log: the call, its error code, and each possible cause with its setting. It holds nothing of the question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssistantError {
    /// What the person can do.
    pub problem: AssistantProblem,
    reason: Cow<'static, str>,
    causes: &'static [Cause],
    has_stale_credentials: bool,
}

impl AssistantError {
    /// What `error` means. `continues`: the question continued a conversation.
    pub(super) fn of(error: &SdkError<ChatSyncError, HttpResponse>, continues: bool) -> Self {
        let status = error.raw_response().map(|response| response.status().as_u16());
        let (problem, causes) = match error {
            SdkError::ServiceError(service) => {
                let (code, resource) = (service.err().code(), resource(service.err()));
                diagnose(code, status, service.err().message(), resource, continues)
            }
            SdkError::TimeoutError(_) => (AssistantProblem::TimedOut, causes::TIMED_OUT),
            SdkError::DispatchFailure(failure) if failure.is_timeout() => {
                (AssistantProblem::Unavailable, causes::UNREACHABLE)
            }
            SdkError::ConstructionFailure(_) => (AssistantProblem::SetUp, causes::UNREACHABLE),
            _ => (AssistantProblem::Unavailable, causes::UNREACHABLE),
        };
        let has_stale_credentials = error.code().is_some_and(causes::is_of_credentials);
        Self { problem, reason: format!("ChatSync: {}", aws::reason(error)).into(), causes, has_stale_credentials }
    }

    /// The assistant sent no text.
    pub(super) const fn without_text() -> Self {
        Self::new(AssistantProblem::Unavailable, "ChatSync: the response has no answer", causes::NO_TEXT)
    }

    /// Too many questions are being asked at this server.
    pub(super) const fn too_many() -> Self {
        Self::new(AssistantProblem::Busy, "too many questions are being asked", &[])
    }

    /// The sign-in brought nothing to ask with.
    pub(super) const fn set_up(reason: &'static str) -> Self {
        Self::new(AssistantProblem::SetUp, reason, &[])
    }

    const fn new(problem: AssistantProblem, reason: &'static str, causes: &'static [Cause]) -> Self {
        Self { problem, reason: Cow::Borrowed(reason), causes, has_stale_credentials: false }
    }

    /// Whether AWS refused the credentials before it looked at the question.
    pub(super) const fn has_stale_credentials(&self) -> bool {
        self.has_stale_credentials
    }
}

/// The type of the resource that does not exist.
fn resource(error: &ChatSyncError) -> Option<&str> {
    match error {
        ChatSyncError::ResourceNotFoundException(missing) => Some(missing.resource_type()),
        _ => None,
    }
}

impl From<DocumentsError> for AssistantError {
    fn from(error: DocumentsError) -> Self {
        let problem = match error.problem {
            Problem::SignInAgain => AssistantProblem::SignInAgain,
            Problem::NotAssigned | Problem::NotGranted => AssistantProblem::NotSubscribed,
            Problem::Busy => AssistantProblem::Busy,
            Problem::Misconfigured | Problem::WrongGrantee => AssistantProblem::SetUp,
            Problem::NotFound | Problem::Range | Problem::Unavailable => AssistantProblem::Unavailable,
        };
        // It names the call and the causes itself.
        Self { problem, reason: error.to_string().into(), causes: &[], has_stale_credentials: false }
    }
}

impl fmt::Display for AssistantError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)?;
        for (place, cause) in self.causes.iter().enumerate() {
            let between = if place == 0 { ". Possible causes: " } else { "; " };
            write!(f, "{between}{} ({})", cause.what, cause.setting)?;
        }
        Ok(())
    }
}

impl Error for AssistantError {}
