//! The faults by name, and the switch.

use std::str::FromStr;
use std::sync::{PoisonError, RwLock};

macro_rules! faults {
    ($($(#[doc = $doc:literal])+ $fault:ident = $name:literal,)+) => {
        /// A fault of the account or of its settings.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum AwsFault {
            $($(#[doc = $doc])+ $fault,)+
        }

        impl AwsFault {
            /// Every fault.
            pub const ALL: &[Self] = &[$(Self::$fault),+];

            /// Its name, such as `not-assigned`.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$fault => $name,)+
                }
            }
        }
    };
}

faults! {
    // CreateTokenWithIAM.
    /// The trusted token issuer has another address: `InvalidGrantException`.
    IssuerDiffers = "issuer-differs",
    /// The token's audience is not authorised: `InvalidGrantException`.
    AudienceNotAuthorised = "audience-not-authorised",
    /// No person in the directory has the token's mail: `InvalidGrantException`.
    UnknownUser = "unknown-user",
    /// As before, in the other answer that has been reported: `AccessDeniedException`.
    UnknownUserDenied = "unknown-user-denied",
    /// The token was exchanged before: `InvalidGrantException`.
    AlreadyExchanged = "already-exchanged",
    /// The person is not assigned to the application: `AccessDeniedException` without a text.
    NotAssigned = "not-assigned",
    /// The server's role is not in the actor policy: `AccessDeniedException` without a text.
    NotInActorPolicy = "not-in-actor-policy",
    /// No such application: `InvalidClientException`.
    UnknownApplication = "unknown-application",
    /// The application is in another region: `InvalidRequestRegionException`.
    OtherRegion = "other-region",
    /// The application does not have the scopes: `InvalidScopeException`.
    InvalidScope = "invalid-scope",
    /// IAM does not allow the server's role `sso-oauth:CreateTokenWithIAM`: 403 `AccessDeniedException`.
    ExchangeNotAllowed = "exchange-not-allowed",
    /// The token is taken, but the answer is 500 `InternalServerException`: it must not be sent again.
    ExchangeFails = "exchange-fails",
    /// `SlowDownException`. The token is not taken.
    ExchangeSlowDown = "exchange-slow-down",
    /// 400 `ThrottlingException`. The token is not taken.
    ExchangeThrottled = "exchange-throttled",
    /// The application has no scope for identity contexts: the answer has none.
    NoIdentityContext = "no-identity-context",

    // All calls of the server's own.
    /// AWS does not know the server's access key.
    CredentialsRefused = "credentials-refused",

    // All calls that an operator's check makes.
    /// The operator may not read settings: `AccessDenied`, or `AccessDeniedException`.
    OperatorNotAllowed = "operator-not-allowed",

    // AssumeRole.
    /// The person role's trust policy lacks `sts:SetContext`: `AccessDenied`.
    TrustWithoutSetContext = "trust-without-set-context",
    /// The identity context is refused: `InvalidContextAssertion`.
    InvalidContext = "invalid-context",
    /// 400 `Throttling`.
    AssumeRoleThrottled = "assume-role-throttled",
    /// 500 `InternalFailure`.
    AssumeRoleFails = "assume-role-fails",

    // Access Grants.
    /// The location role's trust policy lacks `sts:SetContext`: the list of grants is silently empty.
    NoGrants = "no-grants",
    /// The person role may not list its grants: 403 `AccessDenied`.
    GrantsNotAllowed = "grants-not-allowed",
    /// `GetDataAccess` is refused, though the grant is listed: 403 `AccessDenied`.
    DataAccessDenied = "data-access-denied",
    /// A grant to the IAM role matches: everybody would share it.
    IamGrantee = "iam-grantee",
    /// A grant to another person matches.
    AnotherGrantee = "another-grantee",
    /// The identity-enhanced session has expired: 400 `ExpiredToken`.
    SessionExpired = "session-expired",
    /// 503 `SlowDown`.
    AccessGrantsThrottled = "access-grants-throttled",
    /// 500 `InternalError`.
    AccessGrantsFail = "access-grants-fail",

    // S3.
    /// The bucket's policy, or its key's, denies what Access Grants allows: 403 `AccessDenied`.
    BucketPolicyDenies = "bucket-policy-denies",
    /// A missing document is "denied", as it is without the right to list: 403 `AccessDenied`.
    MissingIsDenied = "missing-is-denied",
    /// The vended credentials have expired: 400 `ExpiredToken`.
    DataExpired = "data-expired",
    /// 503 `SlowDown`.
    S3Throttled = "s3-throttled",
    /// 500 `InternalError`.
    S3Fails = "s3-fails",
    /// The connection is cut in the middle of a body.
    BodyCut = "body-cut",
    /// A body arrives in small pieces.
    BodySlow = "body-slow",
    /// A body stops in the middle, and the connection stays open.
    BodyStalls = "body-stalls",

    // ChatSync.
    /// The person has no subscription: 403 `AccessDeniedException`.
    AssistantNotSubscribed = "assistant-not-subscribed",
    /// The subscription is not active: 400 `LicenseNotFoundException`.
    AssistantNoLicence = "assistant-no-licence",
    /// 429 `ThrottlingException`.
    AssistantThrottled = "assistant-throttled",
    /// 500 `InternalServerException`.
    AssistantFails = "assistant-fails",
    /// No answer, ever.
    AssistantHangs = "assistant-hangs",
    /// An answer with scripts, a link that runs code, and offsets outside the text.
    AssistantHostile = "assistant-hostile",
}

/// No fault has this name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no fault of AWS has this name")]
pub struct UnknownAwsFault;

impl FromStr for AwsFault {
    type Err = UnknownAwsFault;

    fn from_str(name: &str) -> Result<Self, UnknownAwsFault> {
        Self::ALL.iter().copied().find(|fault| fault.name() == name).ok_or(UnknownAwsFault)
    }
}

/// The fault that is on, if any is.
#[derive(Default)]
pub(in crate::aws) struct Switch(RwLock<Option<AwsFault>>);

impl Switch {
    pub(in crate::aws) fn set(&self, fault: Option<AwsFault>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = fault;
    }

    pub(in crate::aws) fn get(&self) -> Option<AwsFault> {
        *self.0.read().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{AwsFault, UnknownAwsFault};

    #[test]
    fn each_fault_has_its_own_name() {
        let names: HashSet<_> = AwsFault::ALL.iter().map(|fault| fault.name()).collect();
        assert_eq!(names.len(), AwsFault::ALL.len());
        assert!(AwsFault::ALL.iter().all(|fault| fault.name().parse() == Ok(*fault)));
        assert_eq!("unknown".parse::<AwsFault>(), Err(UnknownAwsFault));
    }
}
