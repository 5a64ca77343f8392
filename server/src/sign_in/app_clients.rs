//! The app clients of the user pool: one for citizens, and those of providers whose people have a client of their own.

use aws_config::SdkConfig;

use super::{app_secret::AppSecret, token_endpoint::TokenEndpointError};
use crate::{
    config::{ClientSecret, Config, Fault, Provider},
    secret::Secret,
};

/// An app client of the user pool.
#[derive(Debug)]
pub(super) struct AppClient {
    pub(super) id: String,
    /// `None` for a public client.
    secret: Option<AppSecret>,
}

impl AppClient {
    /// The app client of `[cognito]`.
    ///
    /// # Errors
    /// Its secret cannot be read from Secrets Manager.
    pub(super) async fn of_citizens(config: &Config, settings: &SdkConfig) -> Result<Self, Fault> {
        let cognito = &config.cognito;
        Self::load(&cognito.client_id, "cognito.client_secret", cognito.client_secret.as_ref(), settings).await
    }

    /// The app client of the people of `provider`, if they have one of their own.
    ///
    /// # Errors
    /// Its secret cannot be read from Secrets Manager.
    pub(super) async fn of_people(provider: &Provider, settings: &SdkConfig) -> Option<Result<Self, Fault>> {
        let client = provider.client.as_ref()?;
        let setting = provider.key("client.client_secret");
        Some(Self::load(&client.client_id, &setting, Some(&client.secret), settings).await)
    }

    async fn load(id: &str, setting: &str, source: Option<&ClientSecret>, settings: &SdkConfig) -> Result<Self, Fault> {
        let secret = match source {
            None => None,
            Some(source) => Some(
                AppSecret::load(setting, source, settings)
                    .await
                    .map_err(|(key, error)| Fault { key, problem: error.to_string() })?,
            ),
        };
        Ok(Self { id: id.to_owned(), secret })
    }

    /// The secret to authenticate with. `None` for a public client.
    pub(super) fn secret(&self) -> Option<Secret> {
        self.secret.as_ref().map(AppSecret::current)
    }

    /// The secret to repeat a request with that failed with `error` when it had the secret `used`: there is one if the user pool refused
    /// that, and Secrets Manager now has another one.
    ///
    /// # Errors
    /// The request cannot be repeated, for this reason.
    pub(super) async fn secret_after(
        &self,
        error: TokenEndpointError,
        used: Option<&Secret>,
    ) -> Result<Secret, TokenEndpointError> {
        let (TokenEndpointError::InvalidClient, Some(secret), Some(used)) = (&error, &self.secret, used) else {
            return Err(error);
        };
        match secret.other_than(used).await {
            Ok(other) => other.ok_or(error),
            Err(reason) => Err(TokenEndpointError::Secret { setting: secret.setting().to_owned(), reason }),
        }
    }
}

/// Every app client, ready for use.
#[derive(Debug)]
pub struct AppClients {
    citizens: AppClient,
    /// By the id of the provider.
    own: Vec<(String, AppClient)>,
}

impl AppClients {
    /// Loads the secrets of `config`.
    ///
    /// # Errors
    /// A secret cannot be read from Secrets Manager. All faults are reported together.
    pub async fn load(config: &Config, settings: &SdkConfig) -> Result<Self, Vec<Fault>> {
        let (mut own, mut faults) = (Vec::new(), Vec::new());
        let citizens = AppClient::of_citizens(config, settings).await.map_err(|fault| faults.push(fault));
        for provider in &config.providers {
            match AppClient::of_people(provider, settings).await {
                None => (),
                Some(Ok(client)) => own.push((provider.id.clone(), client)),
                Some(Err(fault)) => faults.push(fault),
            }
        }
        match citizens {
            Ok(citizens) if faults.is_empty() => Ok(Self { citizens, own }),
            _ => Err(faults),
        }
    }

    /// The client for the people of the provider `id`.
    pub(super) fn of(&self, provider: &str) -> &AppClient {
        self.own.iter().find(|(id, _)| id == provider).map_or(&self.citizens, |(_, client)| client)
    }
}
