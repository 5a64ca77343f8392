//! The names of the stand-in account: the same in every run, so that a configuration can hold them.

use crate::user_pool::REGION;

/// The AWS account that owns everything here.
pub const ACCOUNT_ID: &str = "123456789012";
/// The customer-managed application in IAM Identity Center: the `clientId` of an exchange.
pub const APPLICATION_ARN: &str = "arn:aws:sso::123456789012:application/ssoins-1111111111111111/apl-2222222222222222";
/// The role that the server assumes for a person.
pub const PERSON_ROLE_ARN: &str = "arn:aws:iam::123456789012:role/my-data-person";
/// The server's own role.
pub const SERVER_ROLE_ARN: &str = "arn:aws:iam::123456789012:role/my-data-server";
/// The access key of the server. On AWS a role has keys that end; here this one stands for the role and never ends.
pub const SERVER_ACCESS_KEY_ID: &str = "AKIALOCALSTANDIN0001";

/// The application of the assistant (Amazon Q Business).
pub const ASSISTANT_ID: &str = "5d2c1f3a-7b64-4c8e-9a10-2f6b1c0d3001";
/// The instance of IAM Identity Center that has the application.
pub(super) const INSTANCE_ARN: &str = "arn:aws:sso:::instance/ssoins-1111111111111111";
/// The trusted token issuer: the user pool.
pub(super) const TRUSTED_ISSUER_ARN: &str =
    "arn:aws:sso::123456789012:trustedTokenIssuer/ssoins-1111111111111111/tti-93a4b8c2-1001-4000-8000-6f2b1c0d2001";
/// The role that S3 Access Grants uses.
pub(super) const LOCATION_ROLE_ARN: &str = "arn:aws:iam::123456789012:role/my-data-location";

/// The ARN of the Access Grants instance.
pub(super) fn grants_instance_arn() -> String {
    format!("arn:aws:s3:{REGION}:{ACCOUNT_ID}:access-grants/default")
}

/// The only provider of contexts that STS knows.
pub(super) const CONTEXT_PROVIDER_ARN: &str = "arn:aws:iam::aws:contextProvider/IdentityCenter";

/// The name in a role's ARN.
pub(super) fn role_name(role_arn: &str) -> &str {
    role_arn.rsplit_once('/').map_or(role_arn, |(_, name)| name)
}

/// The ARN of a session of a role.
pub(super) fn session_arn(role_arn: &str, session: &str) -> String {
    format!("arn:aws:sts::{ACCOUNT_ID}:assumed-role/{}/{session}", role_name(role_arn))
}
