use std::fmt;

use super::{
    Source,
    cognito::{non_empty, word},
};
use crate::secret::Secret;

/// `[providers.client]`: an app client of the user pool for the people of one provider, in place of that in `[cognito]`.
///
/// Environment: `MYDATA_PROVIDERS__0__CLIENT__CLIENT_ID`, `__CLIENT_SECRET`, `__CLIENT_SECRET_ARN`, by index.
#[derive(Clone, Debug)]
pub struct OwnClient {
    /// `client_id`
    pub client_id: String,
    /// `client_secret`, or `client_secret_arn`.
    pub secret: ClientSecret,
}

/// Where the secret of an app client is stored.
#[derive(Clone)]
pub enum ClientSecret {
    /// In the configuration.
    Text(Secret),
    /// The secret in AWS Secrets Manager that holds it: as plain text, or as Cognito itself stores it there.
    SecretArn(String),
}

impl fmt::Debug for ClientSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(_) => f.write_str("Text(…)"),
            Self::SecretArn(arn) => f.debug_tuple("SecretArn").field(arn).finish(),
        }
    }
}

impl OwnClient {
    /// Reads the client under `prefix` (`providers.0.client`). `Some(None)` means that the provider has none; `None` means that it has
    /// a fault.
    pub(super) fn read(source: &mut Source, prefix: &str) -> Option<Option<Self>> {
        if !source.has_below(prefix) {
            return Some(None);
        }
        let key = |name: &str| format!("{prefix}.{name}");
        let client_id = source.required(&key("client_id"), "the id of the app client of this provider's people", word);
        let secret = source.optional(&key("client_secret"), "the secret of the app client", non_empty);
        let arn = |text: &str| non_empty(text).filter(|arn| arn.starts_with("arn:"));
        let arn = source.optional(&key("client_secret_arn"), "arn:aws:secretsmanager:…", arn);
        let secret = match (secret, arn) {
            (Some(secret), None) => Some(ClientSecret::Text(Secret::new(secret))),
            (None, Some(arn)) => Some(ClientSecret::SecretArn(arn)),
            (Some(_), Some(_)) => {
                source.fault(&key("client_secret"), "set client_secret or client_secret_arn, not both");
                None
            }
            (None, None) => {
                if !source.has_fault(&key("client_secret")) && !source.has_fault(&key("client_secret_arn")) {
                    source.fault(&key("client_secret"), "is missing; expected the secret of the app client");
                }
                None
            }
        };
        Some(Some(Self { client_id: client_id?, secret: secret? }))
    }
}
