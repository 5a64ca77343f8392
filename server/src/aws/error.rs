use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};

/// An operation on a table failed, for a reason that the citizen did not cause.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{operation} on {table}: {reason}")]
pub struct Unavailable {
    /// The DynamoDB API operation.
    pub operation: &'static str,
    /// The table's name.
    pub table: String,
    /// The kind of failure or DynamoDB's error code; nothing of the item.
    pub reason: String,
}

impl Unavailable {
    /// Describes `error` of `operation` on `table`.
    pub fn new<E: ProvideErrorMetadata, R>(operation: &'static str, table: &str, error: &SdkError<E, R>) -> Self {
        Self { operation, table: table.to_owned(), reason: reason(error) }
    }
}

/// The kind of failure in words for operators, or the service's own error code. Every error of the AWS SDK is described
/// here.
pub fn reason<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> String {
    match error {
        SdkError::TimeoutError(_) => "timed out".to_owned(),
        SdkError::DispatchFailure(failure) if failure.is_timeout() => "timed out".to_owned(),
        SdkError::DispatchFailure(failure) if failure.is_io() => "unreachable".to_owned(),
        SdkError::DispatchFailure(_) => "cannot be sent (check credentials and address)".to_owned(),
        SdkError::ConstructionFailure(_) => "the request cannot be built".to_owned(),
        SdkError::ResponseError(_) => "the response cannot be read".to_owned(),
        other => {
            let code = other.code().unwrap_or("unknown error");
            if is_denied_by_key(other) { format!("{code} by the KMS key") } else { code.to_owned() }
        }
    }
}

/// Whether the service itself allows the call, but the KMS key that the data is under does not. Only the message says so.
pub fn is_denied_by_key<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> bool {
    let names_key = |text: &str| text.to_ascii_lowercase().contains("kms");
    is_denied(error) && error.message().is_some_and(names_key)
}

/// Whether the caller may not do this.
pub fn is_denied<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> bool {
    matches!(error.code(), Some("AccessDeniedException" | "AccessDenied" | "UnauthorizedOperation"))
}
