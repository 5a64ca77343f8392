use std::{borrow::Cow, fmt};

use aws_sdk_sts::{
    config::http::HttpResponse,
    error::{ProvideErrorMetadata, SdkError},
};

use super::{
    FreshTokenError,
    causes::{Call, Cause, diagnose},
};
use crate::aws;

/// Why a person cannot see or open something.
///
/// `Display` is for the log: the call, its error code, and each possible cause with its setting. It holds nothing of the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentsError {
    /// What the person can do.
    pub problem: Problem,
    call: Call,
    reason: Cow<'static, str>,
    causes: &'static [Cause],
    /// The call was refused because its credentials have ended or were revoked.
    has_stale_credentials: bool,
}

/// What the person can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Sign in again: the user pool no longer accepts the session's tokens.
    SignInAgain,
    /// Ask to be assigned: the application does not accept the person.
    NotAssigned,
    /// Ask for access: no grant covers the place.
    NotGranted,
    /// Go back: the document no longer exists.
    NotFound,
    /// Ask for the whole document: the range is outside it.
    Range,
    /// Tell the operator: a setting is wrong.
    Misconfigured,
    /// Tell the operator: AWS answered for someone else. This belongs in the security log.
    WrongGrantee,
    /// Wait a little: AWS limits the rate.
    Busy,
    /// Try again: AWS or the user pool cannot be reached.
    Unavailable,
}

impl DocumentsError {
    /// A failure that we found ourselves.
    pub(super) const fn new(problem: Problem, call: Call, reason: &'static str, causes: &'static [Cause]) -> Self {
        Self { problem, call, reason: Cow::Borrowed(reason), causes, has_stale_credentials: false }
    }

    /// What `error` of `call` means.
    pub(super) fn of<E: ProvideErrorMetadata>(call: Call, error: &SdkError<E, HttpResponse>) -> Self {
        let status = error.raw_response().map(|response| response.status().as_u16());
        let (problem, causes) = match error {
            SdkError::ServiceError(service) => diagnose(call, service.err().code(), status),
            SdkError::ConstructionFailure(_) => (Problem::Misconfigured, Cause::CREDENTIALS),
            SdkError::DispatchFailure(failure) if !failure.is_timeout() && !failure.is_io() => {
                (Problem::Misconfigured, Cause::CREDENTIALS)
            }
            _ => (Problem::Unavailable, Cause::UNREACHABLE),
        };
        let stale =
            ["ExpiredToken", "ExpiredTokenException", "InvalidToken", "InvalidAccessKeyId", "InvalidClientTokenId"];
        Self {
            problem,
            call,
            reason: Cow::Owned(aws::reason(error)),
            causes,
            has_stale_credentials: error.code().is_some_and(|code| stale.contains(&code)),
        }
    }

    /// A response of `call` that lacks what it must have.
    pub(super) const fn unreadable(call: Call) -> Self {
        Self::new(Problem::Unavailable, call, "the response is incomplete", &[])
    }

    /// The person has no grant for the place.
    pub(super) const fn not_granted() -> Self {
        Self::new(Problem::NotGranted, Call::ListGrants, "no grant covers the place", Cause::NO_GRANT)
    }

    /// The task that got a value for several requests panicked.
    pub(super) const fn lost() -> Self {
        Self::new(Problem::Unavailable, Call::Cache, "the task did not finish", &[])
    }

    /// Whether new credentials may help.
    pub(super) const fn has_stale_credentials(&self) -> bool {
        self.has_stale_credentials
    }

    /// The possible causes, with the setting of each.
    pub const fn causes(&self) -> &'static [Cause] {
        self.causes
    }
}

impl From<FreshTokenError> for DocumentsError {
    fn from(error: FreshTokenError) -> Self {
        let (problem, causes) = match error {
            FreshTokenError::Unavailable => (Problem::Unavailable, Cause::USER_POOL),
            FreshTokenError::Ended => (Problem::SignInAgain, Cause::SIGN_IN_ENDED),
            FreshTokenError::Refused(_) => (Problem::Misconfigured, Cause::USER_POOL_REFUSED),
        };
        let reason = match error {
            FreshTokenError::Refused(reason) => reason,
            FreshTokenError::Unavailable => "unreachable",
            FreshTokenError::Ended => "invalid_grant",
        };
        Self::new(problem, Call::FreshToken, reason, causes)
    }
}

impl fmt::Display for DocumentsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.call, self.reason)?;
        for (place, cause) in self.causes.iter().enumerate() {
            let between = if place == 0 { ". Possible causes: " } else { "; " };
            write!(f, "{between}{} ({})", cause.what, cause.setting)?;
        }
        Ok(())
    }
}

impl std::error::Error for DocumentsError {}
