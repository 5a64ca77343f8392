//! The app clients of the user pool: one for citizens, and those of providers whose people have a client of their own.

use aws_config::SdkConfig;
use serde::Deserialize;

use crate::{
    aws,
    config::{ClientSecret, Config, Fault},
    secret::Secret,
};

/// An app client of the user pool.
#[derive(Clone, Debug)]
pub(super) struct AppClient {
    pub(super) id: String,
    /// `None` for a public client.
    pub(super) secret: Option<Secret>,
}

/// Every app client, ready for use.
#[derive(Clone, Debug)]
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
        let citizens = AppClient { id: config.cognito.client_id.clone(), secret: config.cognito.client_secret.clone() };
        let (mut own, mut faults) = (Vec::new(), Vec::new());
        for (index, provider) in config.providers.iter().enumerate() {
            let Some(client) = &provider.client else { continue };
            let secret = match &client.secret {
                ClientSecret::Text(secret) => Ok(secret.clone()),
                ClientSecret::SecretArn(arn) => aws::secret_text(arn, settings).await.map(|text| secret_in(&text)),
            };
            match secret {
                Ok(secret) => {
                    own.push((provider.id.clone(), AppClient { id: client.client_id.clone(), secret: Some(secret) }));
                }
                Err(error) => faults.push(Fault {
                    key: format!("providers.{index}.client.client_secret_arn"),
                    problem: error.to_string(),
                }),
            }
        }
        if faults.is_empty() { Ok(Self { citizens, own }) } else { Err(faults) }
    }

    /// The client for the people of the provider `id`.
    pub(super) fn of(&self, provider: &str) -> &AppClient {
        self.own.iter().find(|(id, _)| id == provider).map_or(&self.citizens, |(_, client)| client)
    }
}

/// The secret in the text of a secret in Secrets Manager: all of it, or a part if Cognito stored it there (user pool app client, “Publish
/// secrets in Secrets Manager”).
fn secret_in(text: &Secret) -> Secret {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct OfCognito {
        client_secret_value: Secret,
    }
    let text = text.expose().trim();
    serde_json::from_str(text)
        .map_or_else(|_| Secret::new(text), |OfCognito { client_secret_value }| client_secret_value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stored_secret_is_plain_text_or_a_part_of_what_cognito_stores() {
        for (text, expected) in [
            ("s3cret", "s3cret"),
            (" s3cret\n", "s3cret"),
            (r#"{"userPoolId": "p", "userPoolClientId": "c", "clientSecretValue": "s3cret"}"#, "s3cret"),
            (r#"{"other": "s3cret"}"#, r#"{"other": "s3cret"}"#),
        ] {
            assert_eq!(secret_in(&Secret::new(text)).expose(), expected, "{text}");
        }
    }
}
