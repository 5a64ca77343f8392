use std::time::Duration;

use aws_sdk_s3 as s3;
use aws_sdk_s3control::{
    self as s3control,
    config::endpoint::{Endpoint, EndpointFuture, Params, ResolveEndpoint},
};
use aws_sdk_ssooidc as oidc;
use aws_sdk_sts::{
    self as sts,
    config::{
        BehaviorVersion, IdentityCache, Region, SharedHttpClient, StalledStreamProtectionConfig, retry::RetryConfig,
        timeout::TimeoutConfig,
    },
};
use aws_smithy_http_client::{Builder, tls};

use super::{
    Settings,
    credentials::{ContextCredentials, DataCredentials, ServerCredentials},
};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// Of the exchange, which has one attempt.
const EXCHANGE_TIMEOUT: Duration = Duration::from_secs(6);
/// Of every other operation, and of one of its attempts. The body of a download comes after them.
const TIMEOUTS: (Duration, Duration) = (Duration::from_secs(10), Duration::from_secs(4));
const MAX_ATTEMPTS: u32 = 3;
/// How long S3 may send nothing while a download waits for it.
const STALLED: Duration = Duration::from_secs(20);

/// The SDK's clients. All share one pool of connections, and each has the only kind of credentials that it may use: no client
/// finds any by itself.
#[derive(Debug)]
pub(super) struct Clients {
    oidc: oidc::Client,
    sts: sts::Client,
    /// Without credentials.
    access_grants: s3control::config::Builder,
    /// Without credentials.
    objects: s3::config::Builder,
}

impl Clients {
    pub(super) fn new(settings: &Settings, server: &ServerCredentials) -> Self {
        let tls = tls::Provider::Rustls(tls::rustls_provider::CryptoMode::AwsLc);
        let http = Builder::new().tls_provider(tls).build_https();
        Self {
            oidc: oidc(settings, server, &http),
            sts: sts(settings, server, &http),
            access_grants: access_grants(settings, &http),
            objects: objects(settings, &http),
        }
    }

    /// For `CreateTokenWithIAM`.
    pub(super) const fn oidc(&self) -> &oidc::Client {
        &self.oidc
    }

    /// For `AssumeRole`.
    pub(super) const fn sts(&self) -> &sts::Client {
        &self.sts
    }

    /// For S3 Access Grants, as one person.
    pub(super) fn access_grants(&self, credentials: &ContextCredentials) -> s3control::Client {
        let config = self.access_grants.clone().credentials_provider(credentials.provider());
        s3control::Client::from_conf(config.build())
    }

    /// For the objects of one grant.
    pub(super) fn objects(&self, credentials: &DataCredentials) -> s3::Client {
        s3::Client::from_conf(self.objects.clone().credentials_provider(credentials.provider()).build())
    }
}

/// With the same connect time-out everywhere: the pool of connections is found by it.
fn timeouts(operation: Duration, attempt: Duration) -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .operation_timeout(operation)
        .operation_attempt_timeout(attempt)
        .build()
}

fn retries() -> RetryConfig {
    RetryConfig::standard().with_max_attempts(MAX_ATTEMPTS).with_initial_backoff(Duration::from_millis(100))
}

fn region(settings: &Settings) -> Region {
    Region::new(settings.region.clone())
}

fn oidc(settings: &Settings, server: &ServerCredentials, http: &SharedHttpClient) -> oidc::Client {
    let mut config = oidc::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(region(settings))
        .credentials_provider(server.provider())
        .http_client(http.clone())
        .timeout_config(timeouts(EXCHANGE_TIMEOUT, EXCHANGE_TIMEOUT))
        // An ID token is exchanged once: a second attempt would be refused, and hide why the first one failed.
        .retry_config(RetryConfig::disabled());
    config.set_endpoint_url(settings.oidc_endpoint_url.clone());
    oidc::Client::from_conf(config.build())
}

fn sts(settings: &Settings, server: &ServerCredentials, http: &SharedHttpClient) -> sts::Client {
    let mut config = sts::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(region(settings))
        .credentials_provider(server.provider())
        .http_client(http.clone())
        .timeout_config(timeouts(TIMEOUTS.0, TIMEOUTS.1))
        .retry_config(retries());
    config.set_endpoint_url(settings.sts_endpoint_url.clone());
    sts::Client::from_conf(config.build())
}

fn access_grants(settings: &Settings, http: &SharedHttpClient) -> s3control::config::Builder {
    let config = s3control::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(region(settings))
        .identity_cache(IdentityCache::no_cache())
        .http_client(http.clone())
        .timeout_config(timeouts(TIMEOUTS.0, TIMEOUTS.1))
        .retry_config(retries());
    match &settings.s3control_endpoint_url {
        Some(url) => config.endpoint_resolver(Exactly(url.clone())),
        None => config,
    }
}

fn objects(settings: &Settings, http: &SharedHttpClient) -> s3::config::Builder {
    let mut config = s3::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(region(settings))
        .identity_cache(IdentityCache::no_cache())
        .http_client(http.clone())
        .timeout_config(timeouts(TIMEOUTS.0, TIMEOUTS.1))
        .retry_config(retries())
        .stalled_stream_protection(StalledStreamProtectionConfig::enabled().grace_period(STALLED).build())
        // `bucket.127.0.0.1` is no address.
        .force_path_style(settings.s3_endpoint_url.is_some());
    config.set_endpoint_url(settings.s3_endpoint_url.clone());
    config
}

/// The endpoint with this URL. With `endpoint_url`, the SDK would put the account before the host, as in `123456789012.127.0.0.1`.
#[derive(Debug)]
struct Exactly(String);

impl ResolveEndpoint for Exactly {
    fn resolve_endpoint<'a>(&'a self, _: &'a Params) -> EndpointFuture<'a> {
        EndpointFuture::ready(Ok(Endpoint::builder().url(self.0.clone()).build()))
    }
}
