//! A fresh ID token of someone who is signed in, without their browser (RFC 6749, 6).

use oauth2::RefreshToken;

use super::{
    RelyingParty,
    token_endpoint::{TokenEndpointError, token_endpoint_error},
};
use crate::{
    citizen::Citizen,
    id_token::{IdToken, IdTokenError, UserPool},
    oidc::{Asker, KeyLookupError},
    secret::Secret,
};

/// Why there is no fresh ID token. No variant contains any part of a token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RefreshError {
    /// The user pool does not answer.
    #[error("cannot reach the user pool")]
    Unavailable,
    /// The sign-in at the user pool has ended: the refresh token is expired or revoked, or the user is disabled.
    #[error("the user pool no longer accepts the refresh token ({0})")]
    Ended(&'static str),
    /// The response cannot be used: the settings are wrong.
    #[error("the user pool's response cannot be used ({0})")]
    Unusable(String),
    /// The token is about someone else, or vouched for by someone else.
    #[error("the fresh ID token is refused ({0})")]
    OtherPerson(&'static str),
}

impl RelyingParty {
    /// A new ID token about `citizen`, which has passed every check of one at a sign-in except for the nonce, which it has not.
    ///
    /// # Errors
    /// There is none, or it failed a check.
    pub async fn fresh_id_token(&self, citizen: &Citizen) -> Result<Secret, RefreshError> {
        let Some(provider) = self.provider(&citizen.provider) else {
            return Err(RefreshError::Ended("the provider is no longer in the configuration"));
        };
        let Some(refresh_token) = &citizen.refresh_token else {
            return Err(RefreshError::Ended("the sign-in brought none"));
        };
        let app_client = self.clients.of(&provider.id);
        let client = self.token_client(app_client)?;
        let refresh_token = RefreshToken::new(refresh_token.expose().to_owned());
        let request = client.exchange_refresh_token(&refresh_token).request_async(&self.http);
        let response = request.await.map_err(token_endpoint_error)?;
        let text = response.id_token.ok_or_else(|| RefreshError::Unusable("it has no ID token".to_owned()))?;
        let pool = UserPool { issuer: self.cognito.issuer.as_str(), client_id: &app_client.id, keys: &self.keys };
        let token = IdToken::verify(&text, pool, Asker::SignIn).await?;
        let identity = token.identity(provider)?;
        if identity.eid != citizen.eid {
            return Err(RefreshError::OtherPerson("custom:eid has changed since the sign-in"));
        }
        Ok(text)
    }
}

impl From<TokenEndpointError> for RefreshError {
    fn from(error: TokenEndpointError) -> Self {
        match error {
            TokenEndpointError::Unavailable => Self::Unavailable,
            TokenEndpointError::Code(code) => Self::Ended(code),
            TokenEndpointError::Client(_) | TokenEndpointError::Unusable(_) => Self::Unusable(error.to_string()),
        }
    }
}

impl From<IdTokenError> for RefreshError {
    fn from(error: IdTokenError) -> Self {
        match error {
            IdTokenError::Key(KeyLookupError::Unavailable) => Self::Unavailable,
            IdTokenError::Provider | IdTokenError::NoIdentities | IdTokenError::NotSaml => {
                Self::OtherPerson("identities does not name this provider alone")
            }
            IdTokenError::Eid(_) => Self::OtherPerson("custom:eid is missing or invalid"),
            error => Self::Unusable(format!("the ID token is rejected: {error}")),
        }
    }
}
