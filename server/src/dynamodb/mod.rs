//! The DynamoDB client, with limits on how long anything may take, and the two tables.

mod probe;
mod tables;

use std::time::Duration;

use aws_config::{
    BehaviorVersion, Region,
    environment::{EnvironmentVariableCredentialsProvider, EnvironmentVariableRegionProvider},
    meta::credentials::CredentialsProviderChain,
    meta::region::RegionProviderChain,
    retry::RetryConfig,
    timeout::TimeoutConfig,
};
use aws_sdk_dynamodb::{
    Client,
    config::Credentials,
    error::{ProvideErrorMetadata, SdkError},
};

pub use self::{
    probe::probe_tables,
    tables::{TableFault, check_tables, create_tables},
};
use crate::config::Config;

/// The table did not do what it was asked, for a reason that is not the citizen's.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{operation} on {table}: {reason}")]
pub struct Unavailable {
    /// The operation of DynamoDB's API.
    pub operation: &'static str,
    /// The table.
    pub table: String,
    /// The kind of failure and DynamoDB's code for it; nothing of the item.
    pub reason: String,
}

impl Unavailable {
    pub(crate) fn new<E: ProvideErrorMetadata, R>(
        operation: &'static str,
        table: &str,
        error: &SdkError<E, R>,
    ) -> Self {
        let reason = match error {
            SdkError::TimeoutError(_) => "timed out".to_owned(),
            SdkError::DispatchFailure(failure) if failure.is_timeout() => "timed out".to_owned(),
            SdkError::DispatchFailure(failure) if failure.is_io() => "out of reach".to_owned(),
            SdkError::DispatchFailure(_) => "could not be sent (credentials or address)".to_owned(),
            SdkError::ConstructionFailure(_) => "could not be built".to_owned(),
            SdkError::ResponseError(_) => "an answer that cannot be read".to_owned(),
            other => other.code().unwrap_or("an unknown error").to_owned(),
        };
        Self { operation, table: table.to_owned(), reason }
    }
}

/// AWS's settings for this process: the region of the environment, else that of the user pool.
///
/// An engine on loopback takes any credentials, so that none need to be set for it.
pub async fn aws_settings(config: &Config) -> aws_config::SdkConfig {
    let region = RegionProviderChain::first_try(EnvironmentVariableRegionProvider::new())
        .or_else(Region::new(config.cognito.region.clone()));
    // Three attempts of 0.7 s fit into one operation of 1.5 s when the first fails fast. A page is two operations, the session
    // and the record, and a citizen waits 4 s at most.
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(Duration::from_millis(500))
        .operation_attempt_timeout(Duration::from_millis(700))
        .operation_timeout(Duration::from_millis(1_500))
        .build();
    let retries = RetryConfig::standard().with_max_attempts(3).with_initial_backoff(Duration::from_millis(50));
    let loader =
        aws_config::defaults(BehaviorVersion::latest()).region(region).timeout_config(timeouts).retry_config(retries);
    match &config.dynamodb.endpoint_url {
        Some(endpoint) if endpoint.is_loopback() => {
            let any = Credentials::new("local", "local", None, None, "loopback");
            let credentials =
                CredentialsProviderChain::first_try("environment", EnvironmentVariableCredentialsProvider::new())
                    .or_else("loopback", any);
            loader.credentials_provider(credentials).load().await
        }
        _ => loader.load().await,
    }
}

/// The client for both tables.
pub fn client(config: &Config, settings: &aws_config::SdkConfig) -> Client {
    let mut builder = aws_sdk_dynamodb::config::Builder::from(settings);
    if let Some(endpoint) = &config.dynamodb.endpoint_url {
        builder = builder.endpoint_url(endpoint.as_str());
    }
    Client::from_conf(builder.build())
}
