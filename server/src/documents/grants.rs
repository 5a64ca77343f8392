use std::{collections::BTreeMap, time::Duration};

use aws_sdk_s3control::types::Permission as Granted;
use tracing::warn;

use super::{Clients, DocumentsError, Place, Scope, Settings, causes::Call, credentials::ContextCredentials};

/// How long a list of grants is used. A grant that was taken away can be used that much longer.
pub(super) const KEPT: Duration = Duration::from_secs(60);
/// The most that AWS returns in one page.
const PAGE: i32 = 1000;
const MAX_PAGES: usize = 50;
/// How many grants of one person are used.
const MAX_GRANTS: usize = 10_000;

/// What a person may open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Where.
    pub scope: Scope,
    /// How.
    pub permission: Permission,
}

/// What a grant allows. Grants that allow only to write are not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Permission {
    /// To read.
    Read,
    /// To read and write.
    ReadWrite,
}

/// The grants of the person whom `credentials` stand for, also by their groups, for this application. Each scope is there once, in
/// the order of names.
///
/// # Errors
/// Access Grants refuses or cannot be reached.
pub(super) async fn list(
    clients: &Clients,
    settings: &Settings,
    credentials: &ContextCredentials,
) -> Result<Vec<Grant>, DocumentsError> {
    let client = clients.access_grants(credentials);
    let mut scopes = BTreeMap::new();
    let mut next = None;
    for _ in 0..MAX_PAGES {
        let request = client
            .list_caller_access_grants()
            .account_id(&settings.account_id)
            .allowed_by_application(true)
            .max_results(PAGE)
            .set_next_token(next.take());
        let answer = request.send().await.map_err(|error| DocumentsError::of(Call::ListGrants, &error))?;
        for entry in answer.caller_access_grants_list() {
            let permission = match entry.permission() {
                Some(Granted::Read) => Permission::Read,
                Some(Granted::Readwrite) => Permission::ReadWrite,
                _ => continue,
            };
            match entry.grant_scope().and_then(Scope::parse) {
                Some(scope) => {
                    let known = scopes.entry(scope).or_insert(permission);
                    *known = permission.max(*known);
                }
                None => warn!("a grant has a scope that is not supported: it is not used"),
            }
        }
        next = answer.next_token().filter(|next| !next.is_empty()).map(str::to_owned);
        if next.is_none() || scopes.len() > MAX_GRANTS {
            break;
        }
    }
    if next.is_some() || scopes.len() > MAX_GRANTS {
        warn!(used = MAX_GRANTS.min(scopes.len()), "a person has more grants than are used");
    }
    Ok(scopes.into_iter().take(MAX_GRANTS).map(|(scope, permission)| Grant { scope, permission }).collect())
}

/// The grant under which `document` can be opened: the narrowest.
pub(super) fn for_document<'a>(grants: &'a [Grant], document: &Place) -> Option<&'a Grant> {
    narrowest(grants, |scope| scope.covers_document(document))
}

/// The grant under which `folder` can be listed: the narrowest.
pub(super) fn for_folder<'a>(grants: &'a [Grant], folder: &Place) -> Option<&'a Grant> {
    narrowest(grants, |scope| scope.covers_folder(folder))
}

fn narrowest(grants: &[Grant], covers: impl Fn(&Scope) -> bool) -> Option<&Grant> {
    let grants = grants.iter().filter(|grant| covers(&grant.scope));
    grants.max_by_key(|grant| (grant.scope.is_document(), grant.scope.place().key().len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grant(scope: &str) -> Grant {
        Grant { scope: Scope::parse(scope).unwrap(), permission: Permission::Read }
    }

    #[test]
    fn the_narrowest_grant_is_used() {
        let grants =
            ["s3://bucket/*", "s3://bucket/a/letter", "s3://bucket/a/*", "s3://bucket/a*", "s3://other/*"].map(grant);
        let document = |key| for_document(&grants, &Place::document("bucket", key).unwrap());
        assert_eq!(document("a/letter"), Some(&grants[1]));
        assert_eq!(document("a/letters"), Some(&grants[2]));
        assert_eq!(document("b"), Some(&grants[0]));
        let folder = |bucket, key| for_folder(&grants, &Place::folder(bucket, key).unwrap());
        assert_eq!(folder("bucket", "a/letter"), Some(&grants[2]), "one object is not listed");
        assert_eq!(folder("bucket", ""), Some(&grants[0]));
        assert_eq!(folder("third", ""), None);
    }
}
