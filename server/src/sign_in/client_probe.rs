//! Whether the token endpoint accepts an app client, for `server check`. Nobody is signed in.

use aws_config::SdkConfig;
use oauth2::RefreshToken;

use super::{
    app_clients::AppClient,
    relying_party::redirect_uri,
    token_endpoint::{TokenEndpointError, token_client, token_endpoint_error},
};
use crate::{
    config::{Config, Provider},
    oidc::HttpClient,
};

/// Loads the secret of an app client, and tries it: that of the people of `provider` if they have one of their own, else that of
/// `[cognito]`.
///
/// A refresh token that does not exist is used. An endpoint that accepts the client refuses only the token (RFC 6749, 5.2).
///
/// # Errors
/// Why that is not known, or that the client is refused.
pub async fn probe_client(
    config: &Config,
    settings: &SdkConfig,
    provider: Option<&Provider>,
    http: &HttpClient,
) -> Result<(), String> {
    let own = match provider {
        Some(provider) => AppClient::of_people(provider, settings).await,
        None => None,
    };
    let app_client = match own {
        Some(own) => own,
        None => AppClient::of_citizens(config, settings).await,
    };
    let app_client = app_client.map_err(|fault| format!("{}: {}", fault.key, fault.problem))?;
    let secret = app_client.secret();
    let client = token_client(&config.cognito, &redirect_uri(config), &app_client.id, secret.as_ref());
    let client = client.map_err(|error| error.to_string())?;
    let token = RefreshToken::new("check".to_owned());
    match client.exchange_refresh_token(&token).request_async(http).await.map_err(token_endpoint_error) {
        Err(TokenEndpointError::Code(_)) => Ok(()),
        Err(error) => Err(error.to_string()),
        Ok(_) => Err("the token endpoint answers a refresh token that does not exist".to_owned()),
    }
}
