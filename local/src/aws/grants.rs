//! The grants of the Access Grants instance.

use std::sync::{PoisonError, RwLock};

use super::names::APPLICATION_ARN;
use super::people::Person;
use super::scope::{Permission, Scope};
use crate::random;

/// Who a grant is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Grantee {
    /// A person in the directory, by user id.
    User(String),
    /// A group in the directory, by id.
    Group(String),
}

impl Grantee {
    /// Its `GranteeType`.
    pub(super) const fn kind(&self) -> &'static str {
        match self {
            Self::User(_) => "DIRECTORY_USER",
            Self::Group(_) => "DIRECTORY_GROUP",
        }
    }

    /// Its `GranteeIdentifier`.
    pub(super) fn id(&self) -> &str {
        match self {
            Self::User(id) | Self::Group(id) => id,
        }
    }

    fn includes(&self, person: &Person) -> bool {
        match self {
            Self::User(id) => *id == person.user_id,
            Self::Group(id) => person.groups.contains(id),
        }
    }
}

/// Through which applications a grant can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Application {
    /// Through all of them.
    All,
    /// Only through the one with this ARN.
    Only(String),
}

impl Application {
    /// As in a listing.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::All => "ALL",
            Self::Only(arn) => arn,
        }
    }

    /// Whether the application of this account is meant.
    pub(super) fn is_ours(&self) -> bool {
        match self {
            Self::All => true,
            Self::Only(arn) => arn == APPLICATION_ARN,
        }
    }
}

/// A grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Who it is for.
    pub grantee: Grantee,
    /// `s3://bucket*`, `s3://bucket/*`, `s3://bucket/prefix*` or `s3://bucket/key`. Another text is listed as it is, and covers
    /// nothing.
    pub scope: String,
    /// What it permits.
    pub permission: Permission,
    /// Through which applications.
    pub application: Application,
}

impl Grant {
    /// A grant that can be used through the application of this account.
    pub fn new(grantee: Grantee, scope: &str, permission: Permission) -> Self {
        let application = Application::Only(APPLICATION_ARN.to_owned());
        Self { grantee, scope: scope.to_owned(), permission, application }
    }
}

/// Identifies a grant, to revoke it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantId(String);

impl GrantId {
    pub(super) fn text(&self) -> &str {
        &self.0
    }
}

/// All grants, in the order in which they were made.
pub(super) struct Grants(RwLock<Vec<(GrantId, Grant)>>);

impl Grants {
    pub(super) fn new(grants: Vec<Grant>) -> Self {
        Self(RwLock::new(grants.into_iter().map(|grant| (GrantId(random::uuid()), grant)).collect()))
    }

    pub(super) fn add(&self, grant: Grant) -> GrantId {
        let id = GrantId(random::uuid());
        self.0.write().unwrap_or_else(PoisonError::into_inner).push((id.clone(), grant));
        id
    }

    /// Removes a grant. Returns whether it existed.
    pub(super) fn remove(&self, id: &GrantId) -> bool {
        let mut grants = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let before = grants.len();
        grants.retain(|(known, _)| known != id);
        grants.len() < before
    }

    /// All grants with their ids.
    pub(super) fn all(&self) -> Vec<(GrantId, Grant)> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The grants of a person and of the person's groups.
    pub(super) fn of(&self, person: &Person) -> Vec<Grant> {
        let grants = self.all().into_iter().map(|(_, grant)| grant);
        grants.filter(|grant| grant.grantee.includes(person)).collect()
    }

    /// The most specific of the person's grants that covers a target, through the application of this account.
    pub(super) fn best(&self, person: &Person, target: &Scope, permission: Permission) -> Option<(Grant, Scope)> {
        self.of(person)
            .into_iter()
            .filter(|grant| grant.application.is_ours() && grant.permission.includes(permission))
            .filter_map(|grant| Scope::of_grant(&grant.scope).map(|scope| (grant, scope)))
            .filter(|(_, scope)| scope.covers(target))
            .max_by_key(|(_, scope)| scope.len())
    }
}
