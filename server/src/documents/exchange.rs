use aws_sdk_ssooidc::error::SdkError;
use tracing::warn;

use super::{
    Clients, DocumentsError, FreshTokens, Person, Problem, Settings,
    causes::{Call, Cause},
    error::{is_lost, reason},
};
use crate::secret::Secret;

/// RFC 7523, 2.1.
const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/// Exchanges a new ID token of `person` for an identity context. If it is not clear whether AWS has seen the token, another new
/// one is exchanged, once: each token works once.
///
/// # Errors
/// There is no ID token, or AWS does not exchange it.
pub(super) async fn identity_context(
    clients: &Clients,
    settings: &Settings,
    tokens: &dyn FreshTokens,
    person: &Person,
) -> Result<Secret, DocumentsError> {
    let mut is_first = true;
    loop {
        let token = tokens.fresh(person).await?;
        let request = clients
            .oidc()
            .create_token_with_iam()
            .client_id(&settings.application_arn)
            .grant_type(JWT_BEARER)
            .assertion(token.expose());
        let error = match request.send().await {
            Ok(answer) => {
                let context = answer.aws_additional_details().and_then(|details| details.identity_context());
                let missing = DocumentsError::new(
                    Problem::Misconfigured,
                    Call::CreateToken,
                    "the response has no identity context",
                    Cause::NO_CONTEXT,
                );
                return context.filter(|context| !context.is_empty()).map(Secret::new).ok_or(missing);
            }
            Err(error) => error,
        };
        let is_unclear = match &error {
            SdkError::ServiceError(service) => service.raw().status().is_server_error(),
            error => is_lost(error),
        };
        if !(is_first && is_unclear) {
            return Err(DocumentsError::of(Call::CreateToken, &error));
        }
        warn!(reason = &*reason(&error), "token exchange unclear; trying again with a new ID token");
        is_first = false;
    }
}
