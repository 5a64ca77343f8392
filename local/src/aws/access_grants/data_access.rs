//! GetDataAccess: temporary credentials for the data of one grant.

use super::{Account, AwsFault, Fail, Person, Query};
use crate::aws::credentials::Principal;
use crate::aws::names::PERSON_ROLE_ARN;
use crate::aws::scope::{Access, Permission, Scope};
use crate::aws::{sts, xml};
use crate::store;

const DEFAULT_SECONDS: usize = 3_600;
const MAX_SECONDS: usize = 43_200;
const MIN_SECONDS: usize = 900;
const MAX_TARGET: usize = 2_000;
const MAX_AUDIT_CONTEXT: usize = 2_048;
/// A person who is not in the directory, for a fault.
const NOBODY: &str = "93a4b8c2-1001-70aa-8d10-6f2b1c0dffff";

/// What is asked for.
struct Wanted<'a> {
    target: &'a str,
    scope: Scope,
    permission: Permission,
    is_minimal: bool,
    seconds: usize,
    audit_context: Option<&'a str>,
}

impl<'a> Wanted<'a> {
    fn parse(query: &'a Query) -> Result<Self, Fail> {
        let invalid = |message: &str| Fail::bad("InvalidRequest", message);
        let is_object = match query.get("targetType") {
            None => false,
            Some("Object") => true,
            Some(_) => return Err(invalid("targetType is not Object")),
        };
        let is_minimal = match query.get("privilege") {
            None | Some("Default") => false,
            Some("Minimal") => true,
            Some(_) => return Err(invalid("privilege is neither Default nor Minimal")),
        };
        let target = query.get("target").filter(|target| target.len() <= MAX_TARGET);
        let target = target.ok_or_else(|| invalid("target is missing or too long"))?;
        let scope = Scope::of_target(target, is_object).ok_or_else(|| invalid("target is not an S3 path"))?;
        let permission = query.get("permission").and_then(Permission::from_name);
        let permission = permission.ok_or_else(|| invalid("permission is not READ, WRITE or READWRITE"))?;
        let seconds = query.number("durationSeconds", MAX_SECONDS)?.unwrap_or(DEFAULT_SECONDS);
        if seconds < MIN_SECONDS {
            return Err(invalid("durationSeconds is less than 900"));
        }
        let audit_context = query.get("auditContext");
        if audit_context.is_some_and(|text| text.is_empty() || text.chars().count() > MAX_AUDIT_CONTEXT) {
            return Err(invalid("auditContext is empty or too long"));
        }
        Ok(Self { target, scope, permission, is_minimal, seconds, audit_context })
    }
}

/// New credentials, as XML.
pub(super) fn vend(account: &Account, person: Option<Person>, query: &Query) -> Result<String, Fail> {
    let wanted = Wanted::parse(query)?;
    let fault = account.switch.get();
    let (permission, target) = (wanted.permission.name(), wanted.target);
    let denied =
        || Fail::denied(format!("You do not have {permission} permissions to the requested S3 Prefix: {target}"));
    let person = person.ok_or_else(denied)?;
    let found = account.grants.best(&person, &wanted.scope, wanted.permission);
    let (grant, scope) = found.filter(|_| fault != Some(AwsFault::DataAccessDenied)).ok_or_else(denied)?;

    let (matched, scope) = match wanted.is_minimal {
        true => (wanted.target, wanted.scope),
        false => (grant.scope.as_str(), scope),
    };
    let data =
        Principal::Data { user: person.user_id.clone(), access: Access { scope, permission: wanted.permission } };
    let issued = account.credentials.issue(data, store::now(), wanted.seconds as u64);
    let (kind, id) = match fault {
        Some(AwsFault::IamGrantee) => ("IAM", PERSON_ROLE_ARN),
        Some(AwsFault::AnotherGrantee) => ("DIRECTORY_USER", NOBODY),
        _ => (grant.grantee.kind(), grant.grantee.id()),
    };
    account.calls.record("GetDataAccess", &person.user_id, wanted.audit_context);
    let grantee = xml::text("GranteeType", kind) + &xml::text("GranteeIdentifier", id);
    let inner =
        sts::credentials(&issued) + &xml::text("MatchedGrantTarget", matched) + &xml::parent("Grantee", &grantee);
    Ok(xml::document("GetDataAccessResult", None, &inner))
}
