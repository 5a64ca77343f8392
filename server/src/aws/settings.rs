use std::time::Duration;

use aws_config::{
    BehaviorVersion, Region, SdkConfig,
    environment::{EnvironmentVariableCredentialsProvider, EnvironmentVariableRegionProvider},
    meta::credentials::CredentialsProviderChain,
    meta::region::RegionProviderChain,
    retry::RetryConfig,
    timeout::TimeoutConfig,
};
use aws_sdk_dynamodb::{
    Client,
    config::{Credentials, SharedCredentialsProvider},
};

use super::observed::Observer;
use crate::{
    config::{Config, Endpoint},
    metrics::DynamoDb,
};

/// The AWS SDK's settings. The region is that of the environment, else that of the user pool.
///
/// An engine on loopback accepts any credentials, so none need to be set for it.
pub async fn settings(config: &Config) -> SdkConfig {
    let region = RegionProviderChain::first_try(EnvironmentVariableRegionProvider::new())
        .or_else(Region::new(config.cognito.region.clone()));
    // Three attempts of 0.7 s fit into one operation of 1.5 s if the first fails fast. A page needs two operations, for
    // the session and for the record, and must not take more than 4 s.
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
            let credentials =
                CredentialsProviderChain::first_try("environment", EnvironmentVariableCredentialsProvider::new())
                    .or_else("loopback", loopback_credentials());
            loader.credentials_provider(credentials).load().await
        }
        _ => loader.load().await,
    }
}

/// The credentials for a service at `endpoint`: on loopback those of a stand-in, whatever the environment has.
pub fn credentials(settings: &SdkConfig, endpoint: Option<&Endpoint>) -> SharedCredentialsProvider {
    let of_stand_in = || SharedCredentialsProvider::new(loopback_credentials());
    match endpoint {
        Some(endpoint) if endpoint.is_loopback() => of_stand_in(),
        _ => settings.credentials_provider().unwrap_or_else(of_stand_in),
    }
}

/// The credentials of an operator, who may look at the settings of services that the server itself only uses. On AWS they are those
/// of the environment or the profile.
pub fn operator_credentials(settings: &SdkConfig, endpoint: Option<&Endpoint>) -> SharedCredentialsProvider {
    match endpoint {
        Some(endpoint) if endpoint.is_loopback() => {
            SharedCredentialsProvider::new(Credentials::new("operator", "operator", None, None, "loopback"))
        }
        endpoint => credentials(settings, endpoint),
    }
}

/// As [`operator_credentials`], but those of the environment come first: it says where the services are, too.
pub fn credentials_for_check(settings: &SdkConfig, endpoint: Option<&Endpoint>) -> SharedCredentialsProvider {
    match endpoint {
        Some(endpoint) if endpoint.is_loopback() => SharedCredentialsProvider::new(
            CredentialsProviderChain::first_try("environment", EnvironmentVariableCredentialsProvider::new())
                .or_else("operator", operator_credentials(settings, Some(endpoint))),
        ),
        endpoint => credentials(settings, endpoint),
    }
}

fn loopback_credentials() -> Credentials {
    Credentials::new("local", "local", None, None, "loopback")
}

/// The DynamoDB client for both tables.
pub fn dynamodb_client(config: &Config, settings: &SdkConfig) -> Client {
    observed_dynamodb_client(config, settings, &DynamoDb::default())
}

/// As [`dynamodb_client`], with every operation measured by `meter`, and in the trace of its request.
pub fn observed_dynamodb_client(config: &Config, settings: &SdkConfig, meter: &DynamoDb) -> Client {
    let mut builder = aws_sdk_dynamodb::config::Builder::from(settings);
    if let Some(endpoint) = &config.dynamodb.endpoint_url {
        builder = builder.endpoint_url(endpoint.as_str());
    }
    if meter.is_on() || config.traces.is_some() {
        builder = builder.interceptor(Observer(meter.clone()));
    }
    Client::from_conf(builder.build())
}
