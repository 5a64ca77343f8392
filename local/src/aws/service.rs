//! The services, and what differs between them at the door.

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
}

impl Service {
    /// Its name in a signature.
    pub(super) const fn signing_name(self) -> &'static str {
        match self {
            Self::Oidc => "sso-oauth",
            Self::Sts => "sts",
            Self::S3Control | Self::S3 => "s3",
            Self::Assistant => "qbusiness",
        }
    }

    /// Whether a request must say the hash of its body (`x-amz-content-sha256`).
    pub(super) const fn needs_payload_hash(self) -> bool {
        matches!(self, Self::S3Control | Self::S3)
    }
}
