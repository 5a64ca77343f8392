//! The secret of an app client. One in Secrets Manager may be changed while the server runs: then it is read again.

use std::{
    fmt,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use aws_config::SdkConfig;
use serde::Deserialize;
use tokio::time::Instant;
use tracing::{error, info, warn};

use crate::{
    aws::{self, SecretError},
    config::ClientSecret,
    secret::Secret,
};

/// How long a citizen's sign-in may wait for Secrets Manager.
const READ_TIMEOUT: Duration = Duration::from_secs(2);
/// How often a secret that the user pool keeps refusing is read, at most.
const READ_INTERVAL: Duration = Duration::from_secs(5);

/// The secret of an app client, which all requests share.
pub(super) struct AppSecret {
    /// The setting that it comes from.
    setting: String,
    current: Mutex<Secret>,
    /// `None` for one in the configuration, which only a restart changes.
    stored: Option<Stored>,
}

/// Where it can be read again.
struct Stored {
    arn: String,
    settings: SdkConfig,
    /// Held while it is read, so that requests that are refused at the same time cause one read.
    last_read: tokio::sync::Mutex<Option<LastRead>>,
}

struct LastRead {
    at: Instant,
    result: Result<(), SecretError>,
}

impl AppSecret {
    /// Loads `source`, the value of the setting `setting` or of `{setting}_arn`.
    ///
    /// # Errors
    /// The name of the setting, and why the secret cannot be read from Secrets Manager.
    pub(super) async fn load(
        setting: &str,
        source: &ClientSecret,
        settings: &SdkConfig,
    ) -> Result<Self, (String, SecretError)> {
        match source {
            ClientSecret::Text(secret) => {
                Ok(Self { setting: setting.to_owned(), current: Mutex::new(secret.clone()), stored: None })
            }
            ClientSecret::SecretArn(arn) => {
                let setting = format!("{setting}_arn");
                match aws::secret_text(arn, settings).await {
                    Ok(text) => {
                        let stored =
                            Stored { arn: arn.clone(), settings: settings.clone(), last_read: Default::default() };
                        Ok(Self { setting, current: Mutex::new(secret_in(&text)), stored: Some(stored) })
                    }
                    Err(error) => Err((setting, error)),
                }
            }
        }
    }

    /// The secret that was read last.
    pub(super) fn current(&self) -> Secret {
        self.current.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The name of the setting that it comes from.
    pub(super) fn setting(&self) -> &str {
        &self.setting
    }

    /// Another secret than `refused`, which the user pool does not accept. It is read again for that, unless another request has just
    /// done so. `None` if there is no other one.
    ///
    /// # Errors
    /// It cannot be read.
    pub(super) async fn other_than(&self, refused: &Secret) -> Result<Option<Secret>, SecretError> {
        let Some(stored) = &self.stored else { return Ok(None) };
        let mut last_read = stored.last_read.lock().await;
        let current = self.current();
        if current != *refused {
            return Ok(Some(current));
        }
        if let Some(LastRead { at, result }) = &*last_read
            && at.elapsed() < READ_INTERVAL
        {
            return result.clone().map(|()| None);
        }
        let read = aws::secret_text_within(&stored.arn, &stored.settings, READ_TIMEOUT).await;
        let other = read.map(|text| Some(secret_in(&text)).filter(|read| read != refused));
        let setting = &self.setting;
        match &other {
            Ok(Some(secret)) => {
                *self.current.lock().unwrap_or_else(PoisonError::into_inner) = secret.clone();
                info!(setting, "the secret of an app client was changed: using the new one");
            }
            Ok(None) => {
                warn!(
                    setting,
                    "the user pool rejects the secret of an app client, and Secrets Manager has no other one"
                );
            }
            Err(reason) => error!(setting, %reason, "the user pool rejects the secret of an app client"),
        }
        *last_read = Some(LastRead { at: Instant::now(), result: other.as_ref().map(|_| ()).map_err(Clone::clone) });
        other
    }
}

impl fmt::Debug for AppSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AppSecret").field("setting", &self.setting).finish_non_exhaustive()
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
