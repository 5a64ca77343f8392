/// Where the documents are, and whom the server acts through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The application that exchanges a person's ID token for an identity context.
    pub application_arn: String,
    /// The role that carries the identity context. It may only ask for grants.
    pub role_arn: String,
    /// The account of the S3 Access Grants instance.
    pub account_id: String,
    /// The region of the directory, the Access Grants instance and the buckets.
    pub region: String,
    /// Replaces AWS's address of `CreateTokenWithIAM`.
    pub oidc_endpoint_url: Option<String>,
    /// Replaces AWS's address of `AssumeRole`.
    pub sts_endpoint_url: Option<String>,
    /// Replaces AWS's address of S3 Access Grants.
    pub s3control_endpoint_url: Option<String>,
    /// Replaces AWS's address of S3.
    pub s3_endpoint_url: Option<String>,
}
