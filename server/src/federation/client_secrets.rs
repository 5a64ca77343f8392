//! The secrets that authenticate Cognito to a bridge, read once at the start.

use aws_config::SdkConfig;

use super::LoadError;
use crate::{
    aws,
    config::{BridgeSettings, ClientSecret, Provider},
    secret::{Secret, constant_time_eq},
};

/// The secrets of one bridge.
#[derive(Debug)]
pub struct ClientSecrets {
    current: Secret,
    /// Also accepted, while the user pool changes from it to the current one.
    previous: Option<Secret>,
}

/// Which secret Cognito sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Used {
    Current,
    Previous,
}

impl ClientSecrets {
    /// Loads the secrets of the `bridge` of `provider`.
    ///
    /// # Errors
    /// A secret cannot be read from Secrets Manager, is too short, or both are the same.
    pub async fn load(provider: &Provider, bridge: &BridgeSettings, settings: &SdkConfig) -> Result<Self, LoadError> {
        let key = |name: &str, source: &ClientSecret| source.setting(&provider.key(&format!("bridge.{name}")));
        let load = async |name: &str, source: &ClientSecret| {
            let loaded = match source {
                ClientSecret::Text(secret) => Ok(secret.clone()),
                ClientSecret::SecretArn(arn) => text(arn, settings).await,
            };
            loaded.map_err(|problem| LoadError { place: key(name, source), problem })
        };
        let current = load("client_secret", &bridge.client_secret).await?;
        let previous = match &bridge.previous_client_secret {
            Some(source) => {
                let previous = load("previous_client_secret", source).await?;
                if constant_time_eq(previous.expose(), current.expose()) {
                    let problem = BridgeSettings::SAME_SECRETS.to_owned();
                    return Err(LoadError { place: key("previous_client_secret", source), problem });
                }
                Some(previous)
            }
            None => None,
        };
        Ok(Self { current, previous })
    }

    /// Which of them `given` is. Hashes are compared in constant time, so that timing reveals neither a secret nor its length. Both
    /// secrets are always compared, so that timing does not reveal which one is right.
    pub(super) fn find(&self, given: &str) -> Option<Used> {
        let is = |secret: &Secret| constant_time_eq(given, secret.expose());
        let is_current = is(&self.current);
        let is_previous = self.previous.as_ref().is_some_and(is);
        match (is_current, is_previous) {
            (true, _) => Some(Used::Current),
            (false, true) => Some(Used::Previous),
            (false, false) => None,
        }
    }
}

/// The secret `arn`, as plain text.
async fn text(arn: &str, settings: &SdkConfig) -> Result<Secret, String> {
    let text = aws::secret_text(arn, settings).await.map_err(|error| error.to_string())?;
    BridgeSettings::client_secret(text.expose().trim())
        .map(Secret::new)
        .ok_or_else(|| "the secret must have 32 characters or more, the same as in the user pool".to_owned())
}
