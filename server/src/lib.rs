//! What the operator runs: from a configuration to a router that serves My Data.

pub mod assets;
pub mod check;
pub mod citizen;
pub mod config;
pub mod dynamodb;
mod failure;
pub mod federation;
#[cfg(fuzzing)]
pub mod fuzzing;
mod health;
mod language;
mod layers;
#[cfg(feature = "local")]
pub mod local_profile;
mod pages;
#[cfg(test)]
mod properties;
pub mod provider_guide;
mod query;
pub mod records;
mod redirect;
pub mod secret;
pub mod sessions;
pub mod sign_in;
mod static_files;
pub mod telemetry;
mod to_the_end;
mod visitor;

use std::{future::Future, net::SocketAddr, sync::Arc, time::Duration};

use app::Assets;
use aws_config::timeout::TimeoutConfig;
use axum::{Router, middleware};
use axum_server::Handle;
use hyper_util::rt::TokioTimer;
use tokio::{net::TcpListener, task::JoinSet};
use tracing::{info, warn};

use crate::{
    assets::AssetFault,
    config::{Config, PseudonymKey, SigningKeySource},
    federation::{Bridges, KeyFileFault, SigningKeys},
    layers::RateLimit,
    records::Messages,
    secret::Secret,
    sessions::{CookieJar, DynamoDbStore, Sessions},
    sign_in::{HttpClient, RelyingParty},
};

/// Requests that are still under way when the server is told to stop may take this long.
const GRACE: Duration = Duration::from_secs(10);
/// How long a connection may be without the head of a request: longer than the 60 seconds that AWS's balancers keep an idle
/// one, since a connection that the server ends first costs whoever was about to use it a 502.
pub const HEAD_PATIENCE: Duration = Duration::from_secs(75);
/// How often addresses that are quiet again are forgotten.
const TIDY: Duration = Duration::from_secs(60);

/// Everything that requests share.
#[derive(Debug)]
pub(crate) struct Site {
    config: Config,
    /// `public_url` as browsers send it in `Origin`.
    origin: String,
    user_pool_origin: String,
    assets: Arc<Assets>,
    sessions: Sessions,
    session_store: DynamoDbStore,
    messages: Messages,
    relying_party: RelyingParty,
    bridges: Bridges,
    rate_limit: RateLimit,
}

/// Why the server cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartFault {
    /// The files for the browser are not there.
    #[error(transparent)]
    Assets(#[from] AssetFault),
    /// TLS cannot be set up.
    #[error("the machine's TLS cannot be set up ({0})")]
    Tls(#[from] reqwest::Error),
    /// The pseudonym key cannot be had.
    #[error("pseudonym.key_secret_arn: {0}")]
    PseudonymKey(&'static str),
    /// A key of a bridge cannot be had.
    #[error("{0}: {1}")]
    SigningKey(String, String),
    /// The listener failed.
    #[error("the server stopped ({0})")]
    Serve(#[from] std::io::Error),
}

/// Serves My Data on `listener` until `shutdown` completes, then lets requests finish that are under way. A connection that is
/// without the head of a request for `head_patience` ends ([`HEAD_PATIENCE`] but in a test).
///
/// # Errors
/// The server cannot start.
pub async fn run(
    config: Config,
    listener: TcpListener,
    head_patience: Duration,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), StartFault> {
    let site = Arc::new(Site::new(config).await?);
    let mut fresh_keys = JoinSet::new();
    for keys in site.bridges.iter().map(|bridge| &bridge.provider_keys).chain([&site.relying_party.keys]) {
        let keys = Arc::clone(keys);
        fresh_keys.spawn(async move { keys.keep_fresh().await });
    }
    let limited = Arc::clone(&site);
    let tidy = tokio::spawn(async move {
        loop {
            tokio::time::sleep(TIDY).await;
            limited.rate_limit.forget_quiet();
        }
    });
    info!(address = %listener.local_addr()?, public_url = %site.config.public_url, "listening");
    let handle = Handle::new();
    let stop = tokio::spawn({
        let handle = handle.clone();
        async move {
            shutdown.await;
            handle.graceful_shutdown(Some(GRACE));
        }
    });
    // HTTP/2 without TLS is what balancers seldom speak, and would need limits of its own.
    let mut server = axum_server::from_tcp(listener.into_std()?)?.handle(handle).http1_only();
    server.http_builder().http1().timer(TokioTimer::new()).header_read_timeout(head_patience);
    let served = server.serve(router(&site).into_make_service_with_connect_info::<SocketAddr>()).await;
    stop.abort();
    fresh_keys.abort_all();
    tidy.abort();
    Ok(served?)
}

fn router(site: &Arc<Site>) -> Router {
    let pages = Router::new()
        .merge(pages::router(site))
        .merge(sign_in::router())
        .merge(federation::browser_router())
        .merge(static_files::router(site));
    let headers = middleware::from_fn_with_state(Arc::clone(site), layers::add_headers);
    let routes = layers::wrap(pages, site)
        .merge(federation::router().with_state(Arc::clone(site)))
        .merge(health::router().with_state(Arc::clone(site)));
    #[cfg(feature = "local")]
    let routes = routes.layer(middleware::from_fn_with_state(Arc::clone(site), layers::one_name));
    routes.layer(headers)
}

impl Site {
    async fn new(config: Config) -> Result<Self, StartFault> {
        let site_root = assets::site_root(&config);
        let assets = Arc::new(assets::find(&site_root)?);
        let settings = dynamodb::aws_settings(&config).await;
        let client = dynamodb::client(&config, &settings);
        let pseudonym_key = pseudonym_key(&config.pseudonym, &settings).await?;
        let session_store = DynamoDbStore::new(client.clone(), config.dynamodb.sessions_table.clone());
        let jar = CookieJar::new(config.public_url.is_https());
        let http = HttpClient::new()?;
        let own_keys = signing_keys(&config, &settings).await?;
        for provider in config.ambiguous_providers() {
            warn!(
                provider = provider.id,
                "has the name of another provider, with another namespace: see `server check`"
            );
        }
        let bridges = Bridges::new(&config, &http, &pseudonym_key, own_keys);
        Ok(Self {
            origin: config.public_url.origin(),
            user_pool_origin: config.cognito.domain.origin(),
            assets,
            sessions: Sessions::new(Arc::new(session_store.clone()), config.session, jar),
            messages: Messages::new(client, config.dynamodb.records_table.clone()),
            relying_party: RelyingParty::new(&config, http, session_store.clone(), &pseudonym_key),
            bridges,
            session_store,
            rate_limit: RateLimit::default(),
            config,
        })
    }
}

/// The key itself, from the configuration or from AWS Secrets Manager.
pub(crate) async fn pseudonym_key(key: &PseudonymKey, settings: &aws_config::SdkConfig) -> Result<Vec<u8>, StartFault> {
    let arn = match key {
        PseudonymKey::Bytes(bytes) => return Ok(bytes.clone()),
        PseudonymKey::SecretArn(arn) => arn,
    };
    let secret = secret_of(arn, settings).await.map_err(StartFault::PseudonymKey)?;
    let expected = StartFault::PseudonymKey("the secret must hold the base64 of at least 32 random bytes");
    PseudonymKey::decode(secret.expose()).ok_or(expected)
}

/// The keys of each bridge, in the order of the providers.
async fn signing_keys(config: &Config, settings: &aws_config::SdkConfig) -> Result<Vec<SigningKeys>, StartFault> {
    let mut all = Vec::new();
    for bridge in config.providers.iter().filter_map(|provider| provider.bridge.as_ref()) {
        all.push(signing_keys_of(bridge, settings).await?);
    }
    Ok(all)
}

/// The keys of one bridge, from files or from AWS Secrets Manager.
pub(crate) async fn signing_keys_of(
    bridge: &config::Bridge,
    settings: &aws_config::SdkConfig,
) -> Result<SigningKeys, StartFault> {
    let mut texts = Vec::new();
    for source in &bridge.signing_keys {
        let fault = |problem: String| StartFault::SigningKey(source.to_string(), problem);
        texts.push(match source {
            SigningKeySource::File(path) => {
                Secret::new(std::fs::read_to_string(path).map_err(|error| fault(error.to_string()))?)
            }
            SigningKeySource::SecretArn(arn) => {
                secret_of(arn, settings).await.map_err(|problem| fault(problem.to_owned()))?
            }
        });
    }
    SigningKeys::read(&texts).map_err(|(place, fault): (usize, KeyFileFault)| {
        StartFault::SigningKey(bridge.signing_keys[place].to_string(), fault.to_string())
    })
}

/// The text of a secret of AWS Secrets Manager.
async fn secret_of(arn: &str, settings: &aws_config::SdkConfig) -> Result<Secret, &'static str> {
    // Read once, at start, when credentials may not be there yet: not a matter of the seconds that a citizen waits.
    let timeouts = TimeoutConfig::builder().operation_timeout(Duration::from_secs(20)).build();
    let settings = aws_sdk_secretsmanager::config::Builder::from(settings).timeout_config(timeouts).build();
    let client = aws_sdk_secretsmanager::Client::from_conf(settings);
    let answer = client
        .get_secret_value()
        .secret_id(arn)
        .send()
        .await
        .map_err(|_| "Secrets Manager does not give the secret")?;
    answer.secret_string().map(Secret::new).ok_or("the secret holds no text")
}
