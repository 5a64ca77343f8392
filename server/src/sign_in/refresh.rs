//! A fresh ID token of someone who is signed in, without their browser (RFC 6749, 6).

use oauth2::RefreshToken;
use tracing::warn;

use super::{
    RelyingParty,
    app_clients::AppClient,
    token_endpoint::{TokenBody, TokenEndpointError, token_endpoint_error},
};
use crate::{
    id_token::{IdToken, IdTokenError, UserPool},
    oidc::{Asker, KeyLookupError},
    secret::Secret,
};

/// Why there is no fresh ID token. No variant contains any part of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RefreshError {
    /// The user pool does not answer.
    #[error("cannot reach the user pool")]
    Unavailable,
    /// The sign-in at the user pool has ended: the refresh token is expired or revoked, or the user is disabled.
    #[error("the user pool no longer accepts the refresh token")]
    Ended,
    /// The response cannot be used, or its token is about someone else.
    #[error("the user pool's response is refused ({0})")]
    Refused(&'static str),
}

impl RelyingParty {
    /// A new ID token of the person who signed in with `provider` and has this `custom:eid`. It has passed every check of one at a sign-in,
    /// except for the nonce, which it does not have.
    ///
    /// # Errors
    /// There is none, or it failed a check.
    pub async fn fresh_id_token(
        &self,
        provider: &str,
        refresh_token: &Secret,
        eid: &str,
    ) -> Result<Secret, RefreshError> {
        let provider = self.provider(provider).ok_or(RefreshError::Ended)?;
        let app_client = self.clients.of(&provider.id);
        let secret = app_client.secret();
        let response = match self.refresh_once(app_client, secret.as_ref(), refresh_token).await {
            Ok(response) => response,
            Err(error) => {
                let other = app_client.secret_after(error, secret.as_ref()).await?;
                self.refresh_once(app_client, Some(&other), refresh_token).await?
            }
        };
        let text = response.id_token.ok_or(RefreshError::Refused("it has no ID token"))?;
        let pool = UserPool { issuer: self.cognito.issuer.as_str(), client_id: &app_client.id, keys: &self.keys };
        let token = IdToken::verify(&text, pool, Asker::SignIn).await?;
        let identity = token.identity(provider)?;
        if identity.eid.expose() != eid {
            return Err(RefreshError::Refused("custom:eid has changed since the sign-in"));
        }
        Ok(text)
    }

    async fn refresh_once(
        &self,
        app_client: &AppClient,
        secret: Option<&Secret>,
        refresh_token: &Secret,
    ) -> Result<TokenBody, TokenEndpointError> {
        let client = self.token_client(app_client, secret)?;
        let refresh_token = RefreshToken::new(refresh_token.expose().to_owned());
        let request = client.exchange_refresh_token(&refresh_token).request_async(&self.http);
        request.await.map_err(token_endpoint_error)
    }
}

impl From<TokenEndpointError> for RefreshError {
    fn from(error: TokenEndpointError) -> Self {
        match error {
            TokenEndpointError::Unavailable => Self::Unavailable,
            TokenEndpointError::Code(_) => Self::Ended,
            TokenEndpointError::Client(_) | TokenEndpointError::InvalidClient => {
                Self::Refused("the app client is rejected: check [providers.client]")
            }
            TokenEndpointError::Secret { .. } => {
                Self::Refused("the app client is rejected, and its secret cannot be read again from Secrets Manager")
            }
            TokenEndpointError::Unusable(reason) => Self::Refused(reason),
        }
    }
}

impl From<IdTokenError> for RefreshError {
    fn from(error: IdTokenError) -> Self {
        match error {
            IdTokenError::Key(KeyLookupError::Unavailable) => Self::Unavailable,
            IdTokenError::Provider | IdTokenError::NoIdentities | IdTokenError::NotSaml => {
                Self::Refused("identities does not name this provider alone")
            }
            IdTokenError::Eid(_) => Self::Refused("custom:eid is missing or invalid"),
            error => {
                warn!(%error, "a refreshed ID token is rejected");
                Self::Refused("the ID token failed a check")
            }
        }
    }
}
