use std::time::Duration;

use aws_config::{SdkConfig, timeout::TimeoutConfig};
use aws_sdk_secretsmanager::{Client, config::Builder};

use super::error::reason;
use crate::{
    config::KeySource,
    secret::{Secret, ServerKey},
};

/// Longer than for tables: secrets are read once, at the start, when credentials may not be available yet.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Why a secret cannot be used. It holds no part of the secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// Secrets Manager refused or is unreachable.
    #[error("cannot read the secret from Secrets Manager ({0})")]
    Unavailable(String),
    /// The secret is binary.
    #[error("the secret is not text")]
    NotText,
    /// The secret is not a key.
    #[error("the secret must be at least 32 random bytes in base64 (openssl rand -base64 32)")]
    NotAKey,
}

/// Reads the secret `arn` from AWS Secrets Manager.
///
/// # Errors
/// The secret cannot be read or is not text.
pub async fn secret_text(arn: &str, settings: &SdkConfig) -> Result<Secret, SecretError> {
    secret_text_within(arn, settings, TIMEOUT).await
}

/// As [`secret_text`], within `limit`.
///
/// # Errors
/// As [`secret_text`].
pub async fn secret_text_within(arn: &str, settings: &SdkConfig, limit: Duration) -> Result<Secret, SecretError> {
    let timeouts = TimeoutConfig::builder().operation_timeout(limit).build();
    let client = Client::from_conf(Builder::from(settings).timeout_config(timeouts).build());
    let answer = client
        .get_secret_value()
        .secret_id(arn)
        .send()
        .await
        .map_err(|error| SecretError::Unavailable(reason(&error)))?;
    answer.secret_string().map(Secret::new).ok_or(SecretError::NotText)
}

/// The key in `source`.
///
/// # Errors
/// The secret cannot be read or is not a key.
pub async fn server_key(source: &KeySource, settings: &SdkConfig) -> Result<ServerKey, SecretError> {
    match source {
        KeySource::Bytes(key) => Ok(key.clone()),
        KeySource::SecretArn(arn) => {
            ServerKey::decode(secret_text(arn, settings).await?.expose()).ok_or(SecretError::NotAKey)
        }
    }
}
