use std::fmt;

use super::{
    KeySource, Source,
    cognito::{non_empty, word},
};
use crate::secret::{Secret, constant_time_eq};

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

impl ClientSecret {
    /// The setting that it is under, where a secret in the configuration is under `key`.
    pub fn setting(&self, key: &str) -> String {
        match self {
            Self::Text(_) => key.to_owned(),
            Self::SecretArn(_) => format!("{key}_arn"),
        }
    }

    /// Whether it is `other`. `None` if it is not in the configuration itself.
    pub fn is(&self, other: &Secret) -> Option<bool> {
        match self {
            Self::Text(secret) => Some(constant_time_eq(secret.expose(), other.expose())),
            Self::SecretArn(_) => None,
        }
    }

    /// Reads the secret under `key`, or the ARN of one under `{key}_arn`. `Some(None)` means that neither is set; `None` means that
    /// there is a fault. `parse` checks a secret in the configuration, where `expected` is valid.
    pub(super) fn read(
        source: &mut Source,
        key: &str,
        expected: &str,
        parse: impl FnOnce(&str) -> Option<String>,
    ) -> Option<Option<Self>> {
        let key_of_arn = format!("{key}_arn");
        let text = source.optional(key, expected, parse).map(|text| Self::Text(Secret::new(text)));
        let arn = source.optional(&key_of_arn, KeySource::EXPECTED_ARN, secret_arn).map(Self::SecretArn);
        if source.has_fault(key) || source.has_fault(&key_of_arn) {
            return None;
        }
        if text.is_some() && arn.is_some() {
            let name = key.rsplit('.').next().unwrap_or(key);
            source.fault(key, format!("set {name} or {name}_arn, not both"));
            return None;
        }
        Some(text.or(arn))
    }

    /// As [`read`](Self::read). It is a fault if neither is set.
    pub(super) fn required(
        source: &mut Source,
        key: &str,
        expected: &str,
        parse: impl FnOnce(&str) -> Option<String>,
    ) -> Option<Self> {
        let secret = Self::read(source, key, expected, parse)?;
        if secret.is_none() {
            source.fault(key, format!("is missing; expected {expected}"));
        }
        secret
    }
}

/// The ARN of a secret.
pub(super) fn secret_arn(text: &str) -> Option<String> {
    non_empty(text).filter(|arn| arn.starts_with("arn:"))
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
        let secret = ClientSecret::required(source, &key("client_secret"), "the secret of the app client", non_empty);
        Some(Some(Self { client_id: client_id?, secret: secret? }))
    }
}
