use std::time::{Duration, SystemTime};

use aws_sdk_s3control::types::{Grantee, GranteeType, Permission, Privilege, S3PrefixType};

use super::{
    Clients, DocumentsError, Person, Problem, Scope, Settings,
    cache::Fresh,
    causes::{Call, Cause},
    context::seconds,
    credentials::{ContextCredentials, DataCredentials, Parts},
};

/// The shortest time that AWS allows.
const DURATION: Duration = Duration::from_secs(900);
/// How long before their end credentials are replaced.
const MARGIN: Duration = Duration::from_secs(60);

/// Credentials to read what `scope`, a scope of a grant of `person`, covers.
///
/// # Errors
/// Access Grants refuses, cannot be reached, or answers for another grantee.
pub(super) async fn vend(
    clients: &Clients,
    settings: &Settings,
    credentials: &ContextCredentials,
    person: &Person,
    scope: &Scope,
) -> Result<Fresh<DataCredentials>, DocumentsError> {
    let request = clients
        .access_grants(credentials)
        .get_data_access()
        .account_id(&settings.account_id)
        .target(scope.target())
        .set_target_type(scope.is_document().then_some(S3PrefixType::Object))
        .permission(Permission::Read)
        .privilege(Privilege::Default)
        .duration_seconds(seconds(DURATION))
        .audit_context(person.reference.to_string());
    let answer = request.send().await.map_err(|error| DocumentsError::of(Call::GetDataAccess, &error))?;
    check(answer.grantee(), person)?;
    let credentials = answer.credentials().ok_or(DocumentsError::unreadable(Call::GetDataAccess))?;
    let parts = Parts {
        key_id: credentials.access_key_id(),
        secret: credentials.secret_access_key(),
        token: credentials.session_token(),
        expires: credentials.expiration().and_then(|end| SystemTime::try_from(*end).ok()),
    };
    let value = DataCredentials::new(&parts).ok_or(DocumentsError::unreadable(Call::GetDataAccess))?;
    Ok(Fresh { value, until: parts.usable_until(DURATION, MARGIN) })
}

/// A grant to the role that carries everyone's identity would be everyone's. A group cannot be compared: the session does not
/// know the person's groups.
fn check(grantee: Option<&Grantee>, person: &Person) -> Result<(), DocumentsError> {
    let wrong =
        |reason| Err(DocumentsError::new(Problem::WrongGrantee, Call::GetDataAccess, reason, Cause::WRONG_GRANTEE));
    let Some(grantee) = grantee else { return wrong("the response names no grantee") };
    match grantee.grantee_type() {
        Some(GranteeType::DirectoryGroup) => Ok(()),
        Some(GranteeType::DirectoryUser) if is_of(grantee, person) => Ok(()),
        Some(GranteeType::DirectoryUser) => wrong("the grant is of another directory user"),
        Some(GranteeType::Iam) => wrong("the grant is of an IAM identity"),
        _ => wrong("the grant is of an unknown kind of grantee"),
    }
}

/// Ids are UUIDs, whose letters may be of either case.
fn is_of(grantee: &Grantee, person: &Person) -> bool {
    grantee.grantee_identifier().is_some_and(|id| id.eq_ignore_ascii_case(&person.user))
}
