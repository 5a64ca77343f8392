//! What an error code of AWS may mean. Most codes have several causes, and AWS does not say which.

use std::fmt;

use super::Problem;

/// A step of the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Call {
    FreshToken,
    CreateToken,
    AssumeRole,
    ListGrants,
    GetDataAccess,
    ListObjects,
    GetObject,
    /// Waiting for another request of the same person.
    Cache,
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::FreshToken => "refresh of the ID token",
            Self::CreateToken => "CreateTokenWithIAM",
            Self::AssumeRole => "AssumeRole",
            Self::ListGrants => "ListCallerAccessGrants",
            Self::GetDataAccess => "GetDataAccess",
            Self::ListObjects => "ListObjectsV2",
            Self::GetObject => "GetObject",
            Self::Cache => "shared request",
        })
    }
}

/// A possible cause of a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cause {
    /// What may be wrong.
    pub what: &'static str,
    /// The setting to look at.
    pub setting: &'static str,
}

const fn cause(what: &'static str, setting: &'static str) -> Cause {
    Cause { what, setting }
}

const CLOCK: Cause = cause("the clock of this server is wrong", "its time service");
const OWN_KEYS: Cause =
    cause("the server's own AWS credentials are missing, wrong or expired", "environment or role of the server");
const REGION: Cause = cause("the region is not that of the directory, the grants and the buckets", "documents.region");

impl Cause {
    pub(super) const CREDENTIALS: &'static [Self] =
        &[OWN_KEYS, cause("an address is not valid", "documents.oidc_endpoint_url and the other endpoints")];
    pub(super) const UNREACHABLE: &'static [Self] = &[cause(
        "AWS cannot be reached from this server",
        "network, documents.region, documents.oidc_endpoint_url and the other endpoints",
    )];
    pub(super) const USER_POOL: &'static [Self] =
        &[cause("the user pool cannot be reached", "network, cognito.domain")];
    pub(super) const USER_POOL_REFUSED: &'static [Self] = &[
        cause("the app client or its secret is wrong", "providers.client"),
        cause("the ID token is not of this person, or of more than one provider", "linked accounts in the user pool"),
    ];
    pub(super) const SIGN_IN_ENDED: &'static [Self] = &[
        cause("the refresh token has expired or was revoked", "refresh token validity of the app client"),
        cause("the user was disabled or deleted in the user pool", "the user pool's users"),
    ];
    pub(super) const NO_GRANT: &'static [Self] = &[
        cause(
            "the person has no such grant, or it was removed within the last minute",
            "grants of the Access Grants instance",
        ),
        cause("the grant is for another application", "application of the grant, documents.application_arn"),
    ];
    pub(super) const NO_CONTEXT: &'static [Self] = &[cause(
        "the application has no access scope",
        "put-application-access-scope with s3:access_grants:read_write",
    )];
    pub(super) const WRONG_GRANTEE: &'static [Self] = &[
        cause(
            "a grant names the IAM role of the identity context, so everyone shares it",
            "grants to documents.role_arn",
        ),
        cause(
            "the directory user of the session is not that of the identity context",
            "attribute mapping of custom:eid",
        ),
    ];
}

const UNKNOWN_PERSON: &[Cause] = &[
    cause("the directory has no user with the mail address of the ID token", "users of the directory"),
    cause("the ID token has no mail address", "attribute mapping of the provider in the user pool"),
    cause("the issuer differs, even by one slash", "IssuerUrl of the trusted token issuer"),
    cause("the audience is not accepted", "AuthorizedAudiences of the application's grant, providers.client.client_id"),
    cause("the ID token has expired or was exchanged before", "clocks"),
];
const NOT_ASSIGNED: &[Cause] = &[
    cause("the person is not assigned to the application", "assignments of documents.application_arn"),
    cause("the role of this server may not use the application", "actor policy of its authentication method"),
    cause("the directory does not know the person", "users of the directory"),
];
const APPLICATION: &[Cause] =
    &[cause("there is no such application in this account and region", "documents.application_arn"), REGION];
const GRANT_TYPE: &[Cause] = &[cause(
    "the application does not accept ID tokens of the user pool",
    "put-application-grant with urn:ietf:params:oauth:grant-type:jwt-bearer",
)];
const EXCHANGE_POLICY: &[Cause] = &[
    cause("the role of this server may not call it", "sts, sso-oauth:CreateTokenWithIAM on documents.application_arn"),
    OWN_KEYS,
];
const REQUEST: &[Cause] =
    &[cause("the application or its encryption key refuses the request", "documents.application_arn"), REGION];
const ROLE: &[Cause] = &[
    cause("the trust policy lacks sts:AssumeRole or sts:SetContext for the role of this server", "documents.role_arn"),
    cause("the role of this server lacks sts:AssumeRole or sts:SetContext on the person role", "its policy"),
    cause("there is no such role", "documents.role_arn"),
];
const ROLE_DURATION: &[Cause] = &[
    cause("the role allows less than an hour", "maximum session duration of documents.role_arn"),
    cause("the role's name is not valid", "documents.role_arn"),
];
const CONTEXT: &[Cause] = &[cause("the identity context is stale", "clocks"), CLOCK];
const LISTING_POLICY: &[Cause] = &[
    cause("the person role may not call it", "s3:ListCallerAccessGrants and s3:GetDataAccess in documents.role_arn"),
    cause("the Access Grants instance is in another account", "documents.account_id"),
    REGION,
];
const INSTANCE: &[Cause] = &[
    cause("there is no Access Grants instance", "documents.account_id"),
    cause("the instance is not associated with the directory", "properties of the Access Grants instance"),
    REGION,
];
const GRANTED: &[Cause] = &[
    cause("the grant was removed within the last minute", "grants of the Access Grants instance"),
    cause("the person role may not call it", "s3:GetDataAccess in documents.role_arn"),
    cause("the location's role does not trust Access Grants, also for sts:SetContext", "role of the location"),
];
const OTHER_REGION: &[Cause] = &[REGION];
const OBJECTS: &[Cause] = &[
    cause("the role of the location has no right to the bucket", "policy of the location's role"),
    cause("the bucket's policy refuses it", "bucket policy"),
    cause("the role of the location may not decrypt", "kms:Decrypt for the bucket's key, key policy"),
];
const OBJECT: &[Cause] = &[
    cause("the document was deleted, and its grant does not allow listing", "the bucket"),
    OBJECTS[0],
    OBJECTS[1],
    OBJECTS[2],
];
const BUCKET: &[Cause] =
    &[cause("the bucket of the grant does not exist", "grants of the Access Grants instance"), REGION];
const ARCHIVED: &[Cause] = &[cause("the object is archived and must be restored first", "storage class of the object")];
const SIGNATURE: &[Cause] = &[CLOCK, OWN_KEYS];
const LIMIT: &[Cause] = &[cause("AWS limits the rate of requests", "quotas of the account")];
const TROUBLE: &[Cause] = &[cause("AWS has a problem", "health of the region")];
const OTHER: &[Cause] = &[REGION, cause("the service refuses the request", "settings below [documents]")];

/// What the error `code` of `call`, with this status, means for the person, and its possible causes.
pub(super) fn diagnose(call: Call, code: Option<&str>, status: Option<u16>) -> (Problem, &'static [Cause]) {
    use Problem::{Busy, Misconfigured, NotAssigned, NotFound, NotGranted, Range, Unavailable};
    let code = match (call, code, status) {
        (_, Some(code), _) => code,
        // A response without a body that can be read.
        (Call::CreateToken, None, Some(403)) => "AccessDeniedException",
        (_, None, Some(403)) => "AccessDenied",
        (_, None, _) => "",
    };
    match (call, code) {
        (_, "SlowDown" | "SlowDownException" | "Throttling" | "ThrottlingException" | "ThrottledException")
        | (_, "TooManyRequestsException" | "RequestLimitExceeded" | "RequestThrottled" | "RequestThrottledException") => {
            (Busy, LIMIT)
        }
        (_, "RequestTimeTooSkewed" | "RequestExpired" | "SignatureDoesNotMatch" | "InvalidSignatureException") => {
            (Misconfigured, SIGNATURE)
        }
        (Call::CreateToken, "InvalidGrantException") => (NotAssigned, UNKNOWN_PERSON),
        // The policies of IAM answer 403, the application 400.
        (Call::CreateToken, "AccessDeniedException") if status != Some(403) => (NotAssigned, NOT_ASSIGNED),
        (Call::CreateToken, "AccessDeniedException" | "AccessDenied" | "UnrecognizedClientException") => {
            (Misconfigured, EXCHANGE_POLICY)
        }
        (Call::CreateToken, "InvalidClientException") => (Misconfigured, APPLICATION),
        (Call::CreateToken, "InvalidRequestRegionException") => (Misconfigured, OTHER_REGION),
        (Call::CreateToken, "InvalidScopeException") => (Misconfigured, Cause::NO_CONTEXT),
        (Call::CreateToken, "UnauthorizedClientException" | "UnsupportedGrantTypeException") => {
            (Misconfigured, GRANT_TYPE)
        }
        (Call::CreateToken, "ExpiredTokenException") => (Misconfigured, CONTEXT),
        (Call::CreateToken, "InvalidRequestException") => (Misconfigured, REQUEST),
        (Call::AssumeRole, "AccessDenied") => (Misconfigured, ROLE),
        (Call::AssumeRole, "InvalidContextAssertion" | "InvalidContextAssertionException") => (Misconfigured, CONTEXT),
        (Call::AssumeRole, "ValidationError") => (Misconfigured, ROLE_DURATION),
        (Call::AssumeRole, "InvalidClientTokenId" | "ExpiredToken" | "UnrecognizedClientException") => {
            (Misconfigured, EXCHANGE_POLICY)
        }
        (Call::ListGrants, "AccessDenied") => (Misconfigured, LISTING_POLICY),
        (
            Call::ListGrants | Call::GetDataAccess,
            "AccessGrantsInstanceNotExistsError" | "NoSuchAccessGrantsInstance",
        ) => (Misconfigured, INSTANCE),
        (Call::GetDataAccess, "AccessDenied") => (NotGranted, GRANTED),
        (Call::GetDataAccess, "InvalidAccessGrant") => (Misconfigured, OTHER_REGION),
        (Call::GetObject, "NoSuchKey" | "NoSuchVersion") => (NotFound, &[]),
        (Call::GetObject, "InvalidRange") => (Range, &[]),
        (Call::GetObject, "AccessDenied") => (NotFound, OBJECT),
        (Call::GetObject, "InvalidObjectState") => (Misconfigured, ARCHIVED),
        // The token of a page came from an address that someone kept, or changed.
        (Call::ListObjects, "InvalidArgument") => (NotFound, &[]),
        (Call::ListObjects, "AccessDenied") => (Misconfigured, OBJECTS),
        (Call::ListObjects | Call::GetObject, "NoSuchBucket") => (Misconfigured, BUCKET),
        (Call::ListObjects | Call::GetObject, "PermanentRedirect" | "AuthorizationHeaderMalformed") => {
            (Misconfigured, OTHER_REGION)
        }
        _ => match (call, status) {
            (_, Some(429)) => (Busy, LIMIT),
            (_, Some(500..)) | (_, None) => (Unavailable, TROUBLE),
            (Call::GetObject, Some(416)) => (Range, &[]),
            _ => (Misconfigured, OTHER),
        },
    }
}

#[cfg(test)]
mod tests;
