//! The services, and what differs between them at the door.

use crate::user_pool::REGION;

/// A service with a listener of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Service {
    /// IAM Identity Center's OpenID Connect service.
    Oidc,
    /// The Security Token Service.
    Sts,
    /// S3's control plane, which has Access Grants.
    S3Control,
    /// S3 itself.
    S3,
    /// Amazon Q Business.
    Assistant,
    /// The administration of IAM Identity Center.
    Directory,
    /// The administration of user pools.
    UserPool,
    /// IAM.
    Iam,
    /// The administration of tables.
    DynamoDb,
    /// Keys.
    Kms,
    /// Secrets.
    SecretsManager,
    /// Web ACLs.
    Waf,
}

impl Service {
    /// Its name in a signature.
    pub(super) const fn signing_name(self) -> &'static str {
        match self {
            Self::Oidc => "sso-oauth",
            Self::Sts => "sts",
            Self::S3Control | Self::S3 => "s3",
            Self::Assistant => "qbusiness",
            Self::Directory => "sso",
            Self::UserPool => "cognito-idp",
            Self::Iam => "iam",
            Self::DynamoDb => "dynamodb",
            Self::Kms => "kms",
            Self::SecretsManager => "secretsmanager",
            Self::Waf => "wafv2",
        }
    }

    /// The region that a signature is for. IAM has one for all of them.
    pub(super) const fn region(self) -> &'static str {
        match self {
            Self::Iam => "us-east-1",
            _ => REGION,
        }
    }

    /// Whether its errors are JSON. Otherwise they are XML.
    pub(super) const fn speaks_json(self) -> bool {
        !matches!(self, Self::Sts | Self::Iam | Self::S3Control | Self::S3)
    }

    /// Whether a request must say the hash of its body (`x-amz-content-sha256`).
    pub(super) const fn needs_payload_hash(self) -> bool {
        matches!(self, Self::S3Control | Self::S3)
    }
}
