//! What operators read: the listener of the metrics, and the metrics that change without an event.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{
    net::TcpListener,
    sync::mpsc,
    task::{JoinHandle, JoinSet},
};
use tracing::info;

use crate::{
    background::supervise,
    config::Config,
    health::Needs,
    layers::Limits,
    metrics::{self, LogName, Metrics, Names, Part},
    oidc::Keys,
    serving::{Connections, Drain, Serving, Timeouts},
    telemetry::{self, Queue},
    traces::{self, Exporting, Traces},
};

/// Prometheus opens one connection, or two for high availability.
const CONNECTIONS: Connections = Connections { total: 8, per_address: 8 };
/// How often the tables are asked whether they answer. Only `mydata_ready` needs it.
const READINESS_INTERVAL: Duration = Duration::from_secs(10);

/// Where the server listens.
#[derive(Debug)]
pub struct Listeners {
    /// For citizens and load balancers.
    pub citizens: TcpListener,
    /// For Prometheus.
    pub metrics: Option<TcpListener>,
}

impl From<TcpListener> for Listeners {
    fn from(citizens: TcpListener) -> Self {
        Self { citizens, metrics: None }
    }
}

/// What counts, measures and traces.
#[derive(Debug)]
pub(super) struct Monitoring {
    pub(super) metrics: Metrics,
    /// Whether the metrics have a listener.
    pub(super) is_read: bool,
    pub(super) traces: Traces,
}

impl Monitoring {
    /// For a server with this configuration. `is_read`: whether the metrics have a listener.
    pub(super) fn begin(config: &Config, is_read: bool) -> Result<(Self, Option<Exporting>), reqwest::Error> {
        let metrics = Metrics::new(&names(config), is_read);
        metrics::set_count(&metrics.requests_in_flight_limit, config.limits.requests_in_flight);
        let settings = config.traces.as_ref().map(|own| traces::Settings {
            endpoint: own.endpoint.as_str().to_owned(),
            sampling_ratio: own.sampling_ratio,
        });
        let started = settings.map(|settings| Traces::start(&settings, metrics.spans_lost.clone())).transpose()?;
        let (traces, exporting) = started.unzip();
        Ok((Self { metrics, is_read, traces: traces.unwrap_or_default() }, exporting))
    }
}

/// The values of labels that `config` decides.
fn names(config: &Config) -> Names {
    let providers = || config.providers.iter();
    Names {
        providers: providers().map(|provider| provider.id.clone()).collect(),
        bridges: providers().filter(|provider| provider.bridge.is_some()).map(|provider| provider.id.clone()).collect(),
        tables: vec![config.dynamodb.records_table.clone(), config.dynamodb.sessions_table.clone()],
    }
}

/// Serves the metrics until it is told to stop.
#[derive(Debug)]
pub(super) struct MetricsServer {
    stop: mpsc::Sender<()>,
    task: JoinHandle<()>,
}

impl MetricsServer {
    /// Starts to serve on `listener`.
    pub(super) fn start(listener: TcpListener, metrics: &Metrics) -> std::io::Result<Self> {
        info!(address = %listener.local_addr()?, "metrics listening");
        let router = metrics::router(metrics.exposition.clone());
        let (request, grace) = (Duration::from_secs(10), Duration::from_secs(1));
        let serving = Serving {
            // At a limit, too: there are few connections, and the page costs little.
            reserve: router.clone(),
            router,
            connections: CONNECTIONS,
            settings: ["metrics.listen"; 2],
            timeouts: Timeouts { request, grace, ..Timeouts::default() },
            drain: Drain::default(),
            is_trusted_proxy: Arc::new(|_| false),
            meter: metrics::Connections::default(),
        };
        let (stop, signals) = mpsc::channel(1);
        let task = tokio::spawn(serving.run(listener, signals));
        Ok(Self { stop, task })
    }

    /// Lets a request that is under way finish, and stops.
    pub(super) async fn stop(self) {
        // Both fail only if it has stopped.
        let _ = self.stop.send(()).await;
        let _ = self.task.await;
    }
}

/// Keeps those metrics current that change without an event.
pub(super) fn watch(
    metrics: &Metrics,
    background: &mut JoinSet<()>,
    needs: Needs,
    limits: Limits,
    key_sets: Vec<(String, Arc<Keys>)>,
    security_log: Option<Queue>,
) {
    let (lost, delays) = (metrics.log_lines_dropped.clone(), metrics.log_delay.clone());
    let (started, in_flight) = (Instant::now(), metrics.requests_in_flight.clone());
    let (ages, ready, keys) = (metrics.keys_age.clone(), metrics.ready.clone(), Arc::clone(&needs.keys));
    metrics.exposition.before_each_reading(move || {
        for (log, queue) in [(LogName::Main, telemetry::queue()), (LogName::Security, security_log.as_ref())] {
            if let (Some(queue), Some(lost), Some(delay)) = (queue, lost.get(log), delays.get(log)) {
                metrics::advance(lost, queue.dropped());
                delay.set(queue.delay().as_secs_f64());
            }
        }
        for (owner, keys) in &key_sets {
            if let Some(gauge) = ages.get(owner) {
                gauge.set(keys.age().unwrap_or_else(|| started.elapsed()).as_secs_f64());
            }
        }
        ready.set(Part::SigningKeys, keys.check_current().is_ok());
        metrics::set_count(&in_flight, limits.requests_in_flight());
    });
    let ready = metrics.ready.clone();
    background.spawn(supervise("readiness", (needs, ready), |(needs, ready)| async move {
        loop {
            ready.set(Part::Tables, needs.tables_answer().await.is_ok());
            tokio::time::sleep(READINESS_INTERVAL).await;
        }
    }));
}
