/// What `AssumeRole` calls the provider of identity contexts.
/// <https://docs.aws.amazon.com/STS/latest/APIReference/API_ProvidedContext.html>
pub const CONTEXT_PROVIDER: &str = "arn:aws:iam::aws:contextProvider/IdentityCenter";
