/// What `AssumeRole` calls the provider of identity contexts, in the partition of `arn`.
/// <https://docs.aws.amazon.com/STS/latest/APIReference/API_ProvidedContext.html>
pub fn context_provider(arn: &str) -> String {
    let partition = arn.split(':').nth(1).unwrap_or("aws");
    format!("arn:{partition}:iam::aws:contextProvider/IdentityCenter")
}

/// The directory's name, for operators.
pub const DIRECTORY: &str = "IAM Identity Center";

/// The template that creates what documents need, apart from the settings that [`SET_UP_SCRIPT`] makes.
pub const SET_UP_TEMPLATE: &str = "infra/identity-center.yaml";

/// The script that makes the settings which no template can make. It can be run again.
pub const SET_UP_SCRIPT: &str = "infra/identity-center.sh";

/// What `GetAccessGrantsInstance` calls the directory that it is associated with, or a part of it.
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_GetAccessGrantsInstance.html>
pub const ASSOCIATED_DIRECTORY: [&str; 2] = ["IdentityCenterInstanceArn", "IdentityCenterArn"];

/// The command that associates an Access Grants instance with the directory.
pub const ASSOCIATE: &str = "`aws s3control associate-access-grants-identity-center`";

/// The attribute with the user's id in the directory, as the guide names it.
pub const USER_ID_ATTRIBUTE: &str = "idcenterid";
