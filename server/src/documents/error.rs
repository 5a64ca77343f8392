use std::{borrow::Cow, error::Error, fmt, io};

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
    credentials: Credentials,
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

/// What a failure says about the credentials of the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Credentials {
    /// Nothing.
    Unknown,
    /// They have ended.
    Ended,
    /// They may have been revoked: AWS refuses them as it refuses a right that is missing.
    MaybeRevoked,
}

impl DocumentsError {
    /// A failure that we found ourselves.
    pub(super) const fn new(problem: Problem, call: Call, reason: &'static str, causes: &'static [Cause]) -> Self {
        Self { problem, call, reason: Cow::Borrowed(reason), causes, credentials: Credentials::Unknown }
    }

    /// What `error` of `call` means.
    pub(super) fn of<E: ProvideErrorMetadata>(call: Call, error: &SdkError<E, HttpResponse>) -> Self {
        let status = error.raw_response().map(|response| response.status().as_u16());
        let (problem, causes) = match error {
            SdkError::ServiceError(service) => diagnose(call, service.err().code(), status),
            _ if is_lost(error) => (Problem::Unavailable, Cause::UNREACHABLE),
            _ => (Problem::Misconfigured, Cause::CREDENTIALS),
        };
        let credentials = match error.code() {
            Some(
                "ExpiredToken"
                | "ExpiredTokenException"
                | "InvalidToken"
                | "InvalidAccessKeyId"
                | "InvalidClientTokenId",
            ) => Credentials::Ended,
            Some("AccessDenied") if problem != Problem::NotGranted => Credentials::MaybeRevoked,
            _ => Credentials::Unknown,
        };
        Self { problem, call, reason: reason(error), causes, credentials }
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

    /// Whether the call must be made with other credentials.
    pub(super) fn has_stale_credentials(&self) -> bool {
        self.credentials == Credentials::Ended
    }

    /// Whether the next call should be made with other credentials.
    pub(super) fn doubts_credentials(&self) -> bool {
        self.credentials != Credentials::Unknown
    }

    /// The possible causes, with the setting of each.
    pub const fn causes(&self) -> &'static [Cause] {
        self.causes
    }
}

/// Whether a request may have arrived although there is no response that can be read.
pub(super) fn is_lost<E, R>(error: &SdkError<E, R>) -> bool {
    match error {
        SdkError::TimeoutError(_) | SdkError::ResponseError(_) => true,
        SdkError::DispatchFailure(failure) => failure.is_timeout() || failure.is_io() || is_dropped(error),
        _ => false,
    }
}

/// Whether the connection ended. The SDK does not tell this from missing credentials.
fn is_dropped<E, R>(error: &SdkError<E, R>) -> bool {
    let SdkError::DispatchFailure(failure) = error else { return false };
    let mut cause: Option<&(dyn Error + 'static)> = failure.as_connector_error().map(|error| error as _);
    while let Some(error) = cause {
        if error.is::<hyper::Error>() || error.is::<io::Error>() {
            return true;
        }
        cause = error.source();
    }
    false
}

/// In words for operators, or the service's own code.
pub(super) fn reason<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> Cow<'static, str> {
    match error {
        SdkError::DispatchFailure(failure) if is_dropped(error) && !failure.is_io() && !failure.is_timeout() => {
            Cow::Borrowed("the connection ended without a response")
        }
        other => Cow::Owned(aws::reason(other)),
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

impl Error for DocumentsError {}
