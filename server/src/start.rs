//! From a configuration to a running server: the state of each room, the merged router, the background tasks.
//!
//! Only this file knows all rooms.

mod monitoring;

use std::{sync::Arc, time::Duration};

use axum::{Router, middleware};
use futures_util::future::OptionFuture;
use tokio::{sync::mpsc, task::JoinSet};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

pub use self::monitoring::Listeners;
use self::monitoring::{MetricsServer, Monitoring};
use crate::{
    api::{self, Api, Authority},
    assets::{self, AssetError, CurrentAssets, Fallback},
    assistant::{self, Assistant, AssistantPages},
    aws,
    background::supervise,
    brand,
    config::{Ceilings, Config},
    cookies::CookieJar,
    documents::{self, DocumentPages, Documents},
    export::Exports,
    failure::{Refusals, page::FailurePages, problem::ProblemTypes},
    federation::{self, BridgeSecrets, Bridges, LoadError},
    health,
    kept_text::KeptTexts,
    language::Choice,
    layers::{self, ApiFrame, BodyLimits, Frame, Limits, Logs, LoopbackSite},
    metrics,
    oidc::{HttpClient, Keys},
    pages::{self, Pages, ShownProvider},
    records::{Activity, Erasures, Messages, OpenSessions, Table},
    rendering::Renderer,
    request_context::{self, Clients},
    secret::sha256_hex,
    security_log::{self, Event, SecurityLog},
    security_txt::{self, SecurityTxt},
    serving::{self, Connections, Drain, Serving, Timeouts},
    sessions::{DynamoDbStore, RemoteEnd, Sessions},
    sign_in::{self, AppClients, RelyingParty, SignIn},
    site_keys::{self, KeyFaults, SiteKeys},
    static_files,
    tasks::Tasks,
    telemetry::Queue,
    traces::Exporting,
};

/// How long work that outlives its request may take after the last request.
const TASKS_TIMEOUT: Duration = Duration::from_secs(5);
/// How often idle addresses are removed from the rate limits, and what was only counted is reported.
const COUNTS_INTERVAL: Duration = Duration::from_secs(60);

/// An answer takes seconds, and a load balancer may wait no longer than this.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(60);

/// How often deletions that another server did not finish are looked for.
const DELETIONS_INTERVAL: Duration = Duration::from_secs(60);

/// The options of a server that are not in its configuration.
#[derive(Clone, Debug)]
pub struct Options {
    /// The time-outs of connections.
    pub timeouts: Timeouts,
    /// The limits on the body of a request to a page.
    pub body: BodyLimits,
    /// How many refusals of one kind have a line of their own in the log, for each address and minute.
    pub refusal_lines: u32,
    /// Whether a limit that an address or a citizen has reached is over again after some time (`docs/LIMITS.md`). Without this, a test can
    /// count, however fast it is.
    pub limits_refill: bool,
    /// Served until the site is built. Without it, a missing site is an error.
    pub fallback: Option<Fallback>,
    /// For the stand-ins: only requests for the site's names on loopback are accepted, so that no website can reach them
    /// (DNS rebinding).
    pub own_names_only: bool,
    /// How long the assistant may take for an answer.
    pub answer_timeout: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            timeouts: Timeouts::default(),
            body: BodyLimits::PAGES,
            refusal_lines: 3,
            limits_refill: true,
            fallback: None,
            own_names_only: false,
            answer_timeout: ANSWER_TIMEOUT,
        }
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
    /// A key of the site cannot be loaded or used.
    #[error(transparent)]
    Keys(#[from] KeyFaults),
    /// A key or a secret of a bridge cannot be loaded.
    #[error(transparent)]
    Bridge(#[from] LoadError),
    /// Case workers cannot open documents.
    #[error("documents: {0}")]
    Documents(&'static str),
    /// Case workers cannot ask the assistant.
    #[error("assistant: {0}")]
    Assistant(&'static str),
    /// The security log cannot be written.
    #[error("log.security: cannot be written ({0})")]
    SecurityLog(std::io::Error),
    /// The listener failed.
    #[error("the server stopped ({0})")]
    Serve(#[from] std::io::Error),
}

/// Serves My Data on `listeners` until a message in `signals`, and then for the time of `shutdown.drain_seconds`, which a second message
/// ends. Then waits up to 10 seconds for open requests, up to 5 for work that outlives them, and a second for traces and metrics. A closed
/// channel counts as a message.
///
/// # Errors
/// The server cannot start.
pub async fn run(
    config: Config,
    listeners: impl Into<Listeners>,
    options: Options,
    mut signals: mpsc::Receiver<()>,
) -> Result<(), StartError> {
    let tasks = Tasks::default();
    let Listeners { citizens: listener, metrics: for_metrics } = listeners.into();
    let address = listener.local_addr()?;
    let (monitoring, exporting) = Monitoring::begin(&config, for_metrics.is_some())?;
    let metrics = &monitoring.metrics;
    // Before everything that can take long, and until everything else has stopped.
    let metrics_server = for_metrics.map(|listener| MetricsServer::start(listener, metrics)).transpose()?;
    // Secrets Manager can delay the start. A signal to stop must take effect during that time too.
    let refusals = Refusals::new(options.refusal_lines);
    let (queue, _written) = security_log::queue_to(&config.log.security).map_err(StartError::SecurityLog)?.unzip();
    let assembled = tokio::select! {
        biased;
        _ = signals.recv() => return Ok(()),
        assembled = assemble(&config, address.port(), &options, &refusals, queue, &tasks, &monitoring) => assembled?,
    };
    if !config.session.allows_ten_extensions() {
        warn!(
            "session.absolute_minutes is less than eleven times session.idle_minutes: a citizen who needs more time cannot extend \
             the session ten times (WCAG 2.2, 2.2.1)"
        );
    }
    info!(%address, public_url = %config.public_url, "listening");
    let security = assembled.security;
    security.record_own(&Event::configuration(format!("the server starts with the settings {}", fingerprint(&config))));
    // Load balancers rarely use HTTP/2 without TLS, and it would need its own limits: HTTP/1.1 only.
    let trusted_proxies = config.trusted_proxies.clone();
    let serving = Serving {
        router: assembled.router,
        reserve: assembled.reserve,
        connections: connections(&config.limits),
        settings: ["limits.connections", "limits.connections_per_address"],
        timeouts: options.timeouts,
        drain: Drain { lasts: config.shutdown.drain, has_begun: assembled.drain_has_begun },
        is_trusted_proxy: Arc::new(move |address| trusted_proxies.contains(address)),
        meter: metrics.connections.clone(),
    };
    serving.run(listener, signals).await;
    tasks.finish(TASKS_TIMEOUT).await;
    refusals.tell();
    security.tell_repeats();
    security.record_own(&Event::configuration("the server stops"));
    // Dropping the background tasks ends them.
    drop(assembled.background);
    // Each takes a second at most.
    tokio::join!(
        OptionFuture::from(exporting.map(Exporting::finish)),
        OptionFuture::from(metrics_server.map(MetricsServer::stop))
    );
    Ok(())
}

/// How many connections may be open.
fn connections(limits: &Ceilings) -> Connections {
    let (total, is_lowered) = serving::connection_ceiling(limits.connections);
    if is_lowered {
        warn!(
            connections = total,
            "limits.connections is lowered: the limit on file descriptors (ulimit -n) allows no more"
        );
    }
    Connections { total, per_address: limits.connections_per_address }
}

/// A server that is ready to be served.
struct Assembled {
    router: Router,
    /// For connections over a ceiling.
    reserve: Router,
    background: JoinSet<()>,
    security: SecurityLog,
    /// To be set when the server begins to stop.
    drain_has_begun: CancellationToken,
}

/// Builds the state of each room and merges their routes.
async fn assemble(
    config: &Config,
    listening_port: u16,
    options: &Options,
    refusals: &Refusals,
    queue: Option<Queue>,
    tasks: &Tasks,
    monitoring: &Monitoring,
) -> Result<Assembled, StartError> {
    let Monitoring { metrics, is_read, traces } = monitoring;
    let fallback = options.fallback.as_ref();
    let site_root = assets::site_root(config);
    let rules = app::site_rules(&config.service.style(), config.providers.iter().map(|provider| provider.kind.look));
    let assets = CurrentAssets::load(&site_root, fallback, rules)?;
    let settings = aws::settings(config).await;
    let client = aws::observed_dynamodb_client(config, &settings, &metrics.dynamodb);
    let SiteKeys { pseudonyms, sealing, actors, ids, .. } = site_keys::load(config, &settings).await?;
    let security = SecurityLog::new(queue.clone(), actors);
    let ids: Vec<_> = ids.into_iter().map(|(name, id)| format!("{name} is {id}")).collect();
    security.record_own(&Event::key_change(format!("the site's keys: {}", ids.join(", "))));
    let (pseudonyms, sealing) = (Arc::new(pseudonyms), Arc::new(sealing));
    let http = HttpClient::new()?;
    let keys = Arc::new(Keys::new(config.cognito.keys_url(), http.clone()));
    let jar = CookieJar::new(config.public_url.is_https());
    let store = DynamoDbStore::new(client.clone(), config.dynamodb.sessions_table.clone(), Arc::clone(&sealing));
    let table = Table::new(client.clone(), &config.dynamodb, config.activity.retention());
    let erasures = Erasures::new(table.clone(), security.clone());
    let case_workers = config.providers.iter().filter(|provider| config.is_for_case_workers(provider));
    let sessions = Sessions::new(
        Arc::new(store.clone()),
        table.clone(),
        config.session,
        jar,
        Arc::clone(&pseudonyms),
        tasks.clone(),
        security.clone(),
    )
    .counted_by(metrics.sessions.clone());
    let case_workers = case_workers.map(|provider| provider.id.clone()).collect();
    let clients = AppClients::load(config, &settings).await.map_err(KeyFaults)?;
    let relying_party =
        Arc::new(RelyingParty::new(config, clients, http.clone(), Arc::clone(&keys), Arc::clone(&sealing)));
    let documents = Documents::start(config, &settings, Arc::clone(&relying_party)).map_err(StartError::Documents)?;
    let assistant =
        Assistant::start(config, documents.as_ref(), options.answer_timeout).map_err(StartError::Assistant)?;
    let forget = documents.clone().map(|documents| Box::new(move |session: &str| documents.forget(session)) as _);
    let sessions = Arc::new(sessions.with_case_workers_of(case_workers).with_end(forget));
    let bridges = Bridges::new(config, &http, &sealing, BridgeSecrets::load_all(config, &settings).await?);
    let bridges = Arc::new(bridges.counted_by(&metrics.bridge_exchanges));
    let kept_texts = KeptTexts::new(client.clone(), config.dynamodb.sessions_table.clone(), Arc::clone(&sealing), jar);
    let renderer = Arc::new(Renderer::new(config, assets.clone()));
    let limits = Limits::new(config.limits.requests_in_flight, options.limits_refill, metrics);

    let mut background = JoinSet::new();
    let key_sets: Vec<_> =
        std::iter::once((metrics::USER_POOL.to_owned(), Arc::clone(&keys))).chain(bridges.provider_keys()).collect();
    for (owner, keys) in key_sets.clone() {
        let whose =
            if owner == metrics::USER_POOL { "the user pool".to_owned() } else { format!("the provider {owner}") };
        // Subscribed before the first fetch.
        let changes = (keys.id_changes(), security.clone(), whose);
        background.spawn(supervise("signing keys", (keys, traces.clone()), |(keys, traces)| async move {
            traces.in_background(keys.keep_fresh()).await;
        }));
        background.spawn(supervise("changes of signing keys", changes, |(mut changes, security, whose)| async move {
            loop {
                let ids = changes.next().await.join(", ");
                security.record_own(&Event::key_change(format!("the signing keys of {whose}: {ids}")));
            }
        }));
    }
    background.spawn(supervise(
        "counts",
        (limits.clone(), refusals.clone(), security.clone()),
        |(limits, refusals, security)| async move {
            loop {
                tokio::time::sleep(COUNTS_INTERVAL).await;
                limits.forget_idle();
                refusals.tell();
                security.tell_repeats();
            }
        },
    ));
    background.spawn(supervise("unfinished deletions", erasures.clone(), |erasures| async move {
        loop {
            erasures.resume_all().await;
            tokio::time::sleep(DELETIONS_INTERVAL).await;
        }
    }));
    if let Some(fallback) = fallback.cloned() {
        background.spawn(supervise(
            "new builds of the site",
            (assets, site_root.clone(), fallback),
            |(assets, site_root, fallback)| async move { assets.keep_current(&site_root, &fallback).await },
        ));
    }

    let failures = FailurePages::new(Arc::clone(&renderer), Arc::clone(&sealing));
    let choice = Choice::of(config.service.languages.clone(), jar);
    let frame = Frame {
        origin: config.public_url.origin().into(),
        failures: failures.clone(),
        choice: choice.clone(),
        body: options.body,
    };
    let messages = Messages::new(table.clone()).counted_by(metrics.saves.clone());
    let activity = Activity::new(table.clone());
    let exports = Exports::new(&table, config);
    let subjects = limits.api_subjects.clone();
    let api = Api {
        authority: Arc::new(
            Authority::new(config, Arc::clone(&keys), pseudonyms, subjects, security.clone())
                .counted_by(metrics.tokens_refused.clone()),
        ),
        messages: messages.clone(),
        activity: activity.clone(),
        exports: exports.clone(),
        language: config.service.languages.default_one(),
        security: security.clone(),
        tasks: tasks.clone(),
    };
    let api_frame = ApiFrame {
        problems: ProblemTypes::at(&config.public_url.at("/problems")),
        allowed_origins: Arc::clone(&config.api.allowed_origins),
        body: options.body,
    };
    let assistant_pages = assistant.map(|assistant| AssistantPages {
        assistant,
        renderer: Arc::clone(&renderer),
        choice: choice.clone(),
        sessions: Arc::clone(&sessions),
        activity: activity.clone(),
        security: security.clone(),
        keys: Arc::clone(&sealing),
    });
    let document_pages = documents.map(|documents| DocumentPages {
        documents,
        renderer: Arc::clone(&renderer),
        sessions: Arc::clone(&sessions),
        activity: activity.clone(),
        security: security.clone(),
    });
    let pages = Pages {
        address: Arc::clone(&frame.origin),
        renderer,
        failures,
        choice,
        providers: ShownProvider::all(config).into(),
        messages,
        activity,
        open_sessions: OpenSessions::new(table.clone()),
        remote_end: RemoteEnd::new(&table, security.clone()).counted_by(metrics.sessions.clone()),
        erasures: erasures.clone(),
        exports,
        receipts: Arc::clone(&sealing),
        retention_days: config.activity.retention_days,
        backup_days: config.dynamodb.backup_days,
        idle: config.session.idle,
        kept_texts: kept_texts.clone(),
        sessions: Arc::clone(&sessions),
        security: security.clone(),
        tasks: tasks.clone(),
        jar,
        relying_party: Arc::clone(&relying_party),
    };
    let sign_in = Arc::new(SignIn {
        relying_party,
        sessions: Arc::clone(&sessions),
        used_states: store,
        activity: Activity::new(table.clone()),
        erasures: erasures.clone(),
        kept_texts,
        security: security.clone(),
        unknown_sign_outs: limits.unknown_sign_outs.clone(),
        meter: metrics.sign_ins.clone(),
        tasks: tasks.clone(),
    });
    let sign_out = sign_in::sign_out_route(Arc::clone(&sign_in), frame.clone());
    let for_browsers = pages::routes(pages, frame.clone(), &limits)
        .merge(sign_in::routes(sign_in, frame.clone(), &limits))
        .merge(federation::browser_routes(Arc::clone(&bridges), frame.clone(), &limits))
        .merge(documents::routes(document_pages, frame.clone(), &limits))
        .merge(assistant::routes(assistant_pages, frame.clone(), &limits))
        .merge(brand::routes(&config.logo_files, frame.clone()))
        .merge(security_txt::routes(SecurityTxt::of(config), frame.clone()))
        .merge(static_files::routes(frame, &limits, &site_root, fallback));
    let loopback = LoopbackSite::of(&config.public_url, listening_port);
    let own_names = loopback.clone().filter(|_| options.own_names_only);
    let for_browsers = match loopback {
        Some(site) => for_browsers.layer(middleware::from_fn_with_state(site, layers::redirect_localhost)),
        None => for_browsers,
    };
    let drain_has_begun = CancellationToken::new();
    let needs = health::Needs { client, tables: config.dynamodb.clone(), keys, stopping: drain_has_begun.clone() };
    if *is_read {
        monitoring::watch(metrics, &mut background, needs.clone(), limits.clone(), key_sets, queue);
    }
    let logs = Logs {
        refusals: refusals.clone(),
        security: security.clone(),
        requests: metrics.requests.clone(),
        traces: traces.clone(),
        scheme: if config.public_url.is_https() { "https" } else { "http" },
    };
    let continues_traces = config.traces.as_ref().is_some_and(|traces| traces.continue_from_proxies);
    let clients = Clients::behind(config.trusted_proxies.clone()).continuing_traces(continues_traces);
    // Around every route: the context outermost, then the log, the headers of every response, and the host's name.
    let around = |router: Router| {
        let router = match own_names.clone() {
            Some(site) => router.layer(middleware::from_fn_with_state(site, layers::require_own_name)),
            None => router,
        };
        let router = router
            .layer(middleware::from_fn(layers::require_host))
            .layer(middleware::from_fn_with_state(config.public_url.is_https(), layers::add_headers))
            .layer(middleware::from_fn_with_state(logs.clone(), layers::observe))
            .layer(middleware::from_fn_with_state(clients.clone(), request_context::establish));
        let router = match config.log.wait {
            true => router.layer(middleware::from_fn_with_state(security.clone(), layers::written)),
            false => router,
        };
        // Layers of a router run after it has found the route. Around a router without routes, this one runs before.
        Router::new().fallback_service(router).layer(middleware::from_fn(layers::normalize))
    };
    let router = for_browsers
        .merge(api::routes(api, api_frame, &limits))
        .merge(federation::client_routes(bridges, &limits))
        .merge(health::routes(needs.clone()));
    let router = around(router);
    let reserve = around(health::routes_of_reserve(needs).merge(sign_out));
    Ok(Assembled { router, reserve, background, security, drain_has_begun })
}

/// Changes with every setting that is not secret.
fn fingerprint(config: &Config) -> String {
    // `Debug` hides secrets.
    let mut fingerprint = sha256_hex(format!("{config:?}").as_bytes());
    fingerprint.truncate(16);
    fingerprint
}
