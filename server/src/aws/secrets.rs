use std::time::Duration;

use aws_config::{SdkConfig, timeout::TimeoutConfig};
use aws_sdk_secretsmanager::{Client, config::Builder};

use super::error::reason;
use crate::{config::PseudonymKey, secret::Secret};

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
    #[error("the secret must be at least 32 random bytes in base64")]
    NotAKey,
}

/// Reads the secret `arn` from AWS Secrets Manager.
///
/// # Errors
/// The secret cannot be read or is not text.
pub async fn secret_text(arn: &str, settings: &SdkConfig) -> Result<Secret, SecretError> {
    let timeouts = TimeoutConfig::builder().operation_timeout(TIMEOUT).build();
    let client = Client::from_conf(Builder::from(settings).timeout_config(timeouts).build());
    let answer = client
        .get_secret_value()
        .secret_id(arn)
        .send()
        .await
        .map_err(|error| SecretError::Unavailable(reason(&error)))?;
    answer.secret_string().map(Secret::new).ok_or(SecretError::NotText)
}

/// The bytes of the pseudonym key, from the configuration or from Secrets Manager.
///
/// # Errors
/// The secret cannot be read or is not a key.
pub async fn pseudonym_key(key: &PseudonymKey, settings: &SdkConfig) -> Result<Vec<u8>, SecretError> {
    match key {
        PseudonymKey::Bytes(bytes) => Ok(bytes.clone()),
        PseudonymKey::SecretArn(arn) => {
            PseudonymKey::decode(secret_text(arn, settings).await?.expose()).ok_or(SecretError::NotAKey)
        }
    }
}
