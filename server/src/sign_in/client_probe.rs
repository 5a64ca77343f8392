//! Whether the token endpoint accepts an app client, for `server check`. Nobody is signed in.

use oauth2::RefreshToken;

use super::{
    AppClients,
    relying_party::redirect_uri,
    token_endpoint::{TokenEndpointError, token_client, token_endpoint_error},
};
use crate::{config::Config, oidc::HttpClient};

/// Uses a refresh token that does not exist, as the app client of `provider`: an endpoint that accepts the client refuses only the
/// token (RFC 6749, 5.2).
///
/// # Errors
/// Why that is not known, or that the client is refused.
pub async fn probe_client(
    config: &Config,
    clients: &AppClients,
    provider: &str,
    http: &HttpClient,
) -> Result<(), String> {
    let client = token_client(&config.cognito, &redirect_uri(config), clients.of(provider));
    let client = client.map_err(|error| error.to_string())?;
    let token = RefreshToken::new("check".to_owned());
    match client.exchange_refresh_token(&token).request_async(http).await.map_err(token_endpoint_error) {
        Err(TokenEndpointError::Code(_)) => Ok(()),
        Err(error) => Err(error.to_string()),
        Ok(_) => Err("the token endpoint answers a refresh token that does not exist".to_owned()),
    }
}
