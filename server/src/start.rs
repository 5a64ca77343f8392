//! From a configuration to a running server: the state of each room, the merged router, the background tasks.
//!
//! Only this file knows all rooms.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{Router, middleware};
use axum_server::Handle;
use hyper_util::rt::TokioTimer;
use tokio::{net::TcpListener, task::JoinSet};
use tracing::{info, warn};

use crate::{
    assets::{self, AssetError, CurrentAssets, Fallback},
    aws::{self, SecretError},
    config::Config,
    cookies::CookieJar,
    federation::{self, Bridges, LoadError, SigningKeys},
    health,
    layers::{self, Frame, Limits, LoopbackSite},
    oidc::{HttpClient, Keys},
    pages::{self, Pages, ShownProvider},
    records::Messages,
    rendering::Renderer,
    request_context::{self, Clients},
    security_txt::{self, SecurityTxt},
    sessions::{DynamoDbStore, Sessions},
    sign_in::{self, RelyingParty, SignIn},
    static_files,
};

/// How long open requests may take after the signal to stop.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(10);
/// How often idle addresses are removed from the rate limits.
const CLEANUP_INTERVAL: Duration = Duration::from_secs(60);

/// The options of a server that are not in its configuration.
#[derive(Clone, Debug)]
pub struct Options {
    /// How long a connection may stay open without sending a request's headers.
    pub header_timeout: Duration,
    /// Served until the site is built. Without it, a missing site is an error.
    pub fallback: Option<Fallback>,
}

impl Default for Options {
    /// 75 seconds: AWS's load balancers keep idle connections for 60. If the server closed one first, the next request
    /// on it would get a 502.
    fn default() -> Self {
        Self { header_timeout: Duration::from_secs(75), fallback: None }
    }
}

/// Why the server cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The files for the browser are missing.
    #[error(transparent)]
    Assets(#[from] AssetError),
    /// TLS cannot be set up.
    #[error("TLS cannot be set up on this machine ({0})")]
    Tls(#[from] reqwest::Error),
    /// The pseudonym key cannot be loaded.
    #[error("pseudonym.key_secret_arn: {0}")]
    PseudonymKey(#[from] SecretError),
    /// A key of a bridge cannot be loaded.
    #[error(transparent)]
    SigningKey(#[from] LoadError),
    /// The listener failed.
    #[error("the server stopped ({0})")]
    Serve(#[from] std::io::Error),
}

/// Serves My Data on `listener` until `shutdown` completes, then waits up to 10 seconds for open requests.
///
/// # Errors
/// The server cannot start.
pub async fn run(
    config: Config,
    listener: TcpListener,
    options: Options,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), StartError> {
    let mut shutdown = Box::pin(shutdown);
    let address = listener.local_addr()?;
    // Secrets Manager can delay the start. A signal to stop must take effect during that time too.
    let (router, mut background) = tokio::select! {
        biased;
        () = &mut shutdown => return Ok(()),
        assembled = assemble(&config, address.port(), options.fallback) => assembled?,
    };
    info!(%address, public_url = %config.public_url, "listening");
    let handle = Handle::new();
    background.spawn({
        let handle = handle.clone();
        async move {
            shutdown.await;
            handle.graceful_shutdown(Some(SHUTDOWN_TIMEOUT));
        }
    });
    // Load balancers rarely use HTTP/2 without TLS, and it would need its own limits.
    let mut server = axum_server::from_tcp(listener.into_std()?)?.handle(handle).http1_only();
    server.http_builder().http1().timer(TokioTimer::new()).header_read_timeout(options.header_timeout);
    // Dropping the `JoinSet` at the end of this function aborts the background tasks.
    Ok(server.serve(router.into_make_service_with_connect_info::<SocketAddr>()).await?)
}

/// Builds the state of each room and merges their routes.
async fn assemble(
    config: &Config,
    listening_port: u16,
    fallback: Option<Fallback>,
) -> Result<(Router, JoinSet<()>), StartError> {
    for provider in config.ambiguous_providers() {
        warn!(provider = provider.id, "two providers share a name but not a namespace: see `server check`");
    }
    let site_root = assets::site_root(config);
    let assets = CurrentAssets::load(&site_root, fallback.as_ref())?;
    let settings = aws::settings(config).await;
    let client = aws::dynamodb_client(config, &settings);
    let pseudonym_key = aws::pseudonym_key(&config.pseudonym, &settings).await?;
    let http = HttpClient::new()?;
    let keys = Arc::new(Keys::new(config.cognito.keys_url(), http.clone()));
    let jar = CookieJar::new(config.public_url.is_https());
    let store = DynamoDbStore::new(client.clone(), config.dynamodb.sessions_table.clone());
    let sessions = Sessions::new(Arc::new(store.clone()), config.session, jar);
    let bridges = Arc::new(Bridges::new(config, &http, &pseudonym_key, signing_keys(config, &settings).await?));
    let renderer = Arc::new(Renderer::new(config, assets.clone()));
    let limits = Limits::default();

    let mut background = JoinSet::new();
    for keys in bridges.provider_keys().chain([&keys]) {
        let keys = Arc::clone(keys);
        background.spawn(async move { keys.keep_fresh().await });
    }
    background.spawn({
        let limits = limits.clone();
        async move {
            loop {
                tokio::time::sleep(CLEANUP_INTERVAL).await;
                limits.forget_idle();
            }
        }
    });
    if let Some(fallback) = fallback.clone() {
        let site_root = site_root.clone();
        background.spawn(async move { assets.keep_current(&site_root, &fallback).await });
    }

    let frame = Frame { origin: config.public_url.origin().into(), renderer: Arc::clone(&renderer) };
    let pages = Pages {
        renderer,
        providers: ShownProvider::all(config).into(),
        messages: Messages::new(client.clone(), config.dynamodb.records_table.clone()),
        jar,
    };
    let sign_in = SignIn {
        relying_party: Arc::new(RelyingParty::new(config, http, Arc::clone(&keys), &pseudonym_key)),
        sessions: sessions.clone(),
        used_states: store,
    };
    let for_browsers = pages::routes(pages, frame.clone(), &limits, &sessions)
        .merge(sign_in::routes(sign_in, frame.clone(), &limits))
        .merge(federation::browser_routes(Arc::clone(&bridges), frame.clone(), &limits))
        .merge(security_txt::routes(SecurityTxt::of(config), frame.clone()))
        .merge(static_files::routes(frame, &limits, &site_root, fallback.as_ref()));
    let loopback = LoopbackSite::of(&config.public_url, listening_port);
    let for_browsers = match loopback.clone() {
        Some(site) => for_browsers.layer(middleware::from_fn_with_state(site, layers::redirect_localhost)),
        None => for_browsers,
    };
    let router = for_browsers.merge(federation::client_routes(bridges, &limits)).merge(health::routes(health::Needs {
        client,
        tables: config.dynamodb.clone(),
        keys,
    }));
    let router = match loopback {
        Some(site) => router.layer(middleware::from_fn_with_state(site, layers::require_own_name)),
        None => router,
    };
    // Around every route: the context outermost, then the log, then the headers of every response.
    let router = router
        .layer(middleware::from_fn(layers::require_host))
        .layer(middleware::from_fn_with_state(config.public_url.is_https(), layers::add_headers))
        .layer(middleware::from_fn(layers::observe))
        .layer(middleware::from_fn_with_state(
            Clients::behind(config.trusted_proxies.clone()),
            request_context::establish,
        ));
    // Layers of a router run after it has found the route. Around a router without routes, this one runs before.
    let router = Router::new().fallback_service(router).layer(middleware::from_fn(layers::normalize));
    Ok((router, background))
}

/// The keys of each bridge, in the order of the providers.
async fn signing_keys(config: &Config, settings: &aws_config::SdkConfig) -> Result<Vec<SigningKeys>, LoadError> {
    let mut all = Vec::new();
    for bridge in config.providers.iter().filter_map(|provider| provider.bridge.as_ref()) {
        all.push(SigningKeys::load(bridge, settings).await?);
    }
    Ok(all)
}
