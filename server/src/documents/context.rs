use std::time::{Duration, SystemTime};

use aws_sdk_sts::types::ProvidedContext;

use super::{
    Clients, DocumentsError, Settings,
    cache::Fresh,
    causes::Call,
    credentials::{ContextCredentials, Parts},
};
use crate::{
    providers::context_provider,
    secret::{Secret, random},
};

/// The longest session that STS allows if one role assumes another.
const DURATION: Duration = Duration::from_secs(3600);
/// How long before its end a session is replaced.
const MARGIN: Duration = Duration::from_secs(300);

/// Opens a session of the person role that carries the identity `context`.
///
/// # Errors
/// STS refuses or cannot be reached.
pub(super) async fn assume(
    clients: &Clients,
    settings: &Settings,
    context: &Secret,
) -> Result<Fresh<ContextCredentials>, DocumentsError> {
    let provider = context_provider(&settings.role_arn);
    let context = ProvidedContext::builder().provider_arn(provider).context_assertion(context.expose()).build();
    let request = clients
        .sts()
        .assume_role()
        .role_arn(&settings.role_arn)
        // CloudTrail shows it. The person is in the context, so it says nothing about them.
        .role_session_name(hex::encode(random::<16>()))
        .duration_seconds(seconds(DURATION))
        .provided_contexts(context);
    let answer = request.send().await.map_err(|error| DocumentsError::of(Call::AssumeRole, &error))?;
    let credentials = answer.credentials().ok_or(DocumentsError::unreadable(Call::AssumeRole))?;
    let parts = Parts {
        key_id: Some(credentials.access_key_id()),
        secret: Some(credentials.secret_access_key()),
        token: Some(credentials.session_token()),
        expires: SystemTime::try_from(*credentials.expiration()).ok(),
    };
    let value = ContextCredentials::new(&parts).ok_or(DocumentsError::unreadable(Call::AssumeRole))?;
    Ok(Fresh { value, until: parts.usable_until(DURATION, MARGIN) })
}

/// `duration` as AWS's interfaces want it.
pub(super) fn seconds(duration: Duration) -> i32 {
    duration.as_secs().try_into().unwrap_or(i32::MAX)
}
