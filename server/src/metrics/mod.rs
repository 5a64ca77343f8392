//! Prometheus metrics: what the server counts and measures, and the page that shows it.
//!
//! Each room is given the few meters that it needs, by the room `start`, and never the rest. The values of every label are the
//! variants of an enum, patterns of routes, or names from the configuration: no request can add one. `docs/METRICS.md` lists every
//! metric; a test compares it with the page.

mod connections;
mod dynamodb;
mod exposition;
mod http;
mod label;
mod names;
mod process;
mod registration;
mod sessions;
mod sign_ins;

use prometheus::{Gauge, IntCounter, IntGauge, IntGaugeVec, Registry};

use self::registration::Registration;
pub use self::{
    connections::{Connections, OpenConnection},
    dynamodb::{DynamoDb, DynamoDbError, DynamoDbOperation, ThrottlingReason},
    exposition::{Exposition, router},
    http::{ActiveRequest, OTHER_METHOD, Requests, known_method},
    label::{Counters, Label, PerLabel, PerName},
    names::{
        BridgeOutcome, Budget, ConnectionLimit, LogName, Part, Pool, RequestOutcome, SaveOutcome, SessionEnd,
        SignInOutcome, SpanLoss, TokenRefusal, Unreadable,
    },
    sessions::Sessions,
    sign_ins::{SignIns, Visit},
};

/// The names from the configuration that are values of labels.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// The ids of the providers.
    pub providers: Vec<String>,
    /// The ids of the providers behind a bridge.
    pub bridges: Vec<String>,
    /// The names of the tables.
    pub tables: Vec<String>,
}

/// Every meter of a server. The room `start` hands them out.
#[derive(Debug)]
pub struct Metrics {
    /// Requests, by route and status.
    pub requests: Requests,
    /// Requests refused because of `limits.requests_in_flight`.
    pub shed: IntCounter,
    /// The requests that count towards `limits.requests_in_flight`.
    pub requests_in_flight: IntGauge,
    /// `limits.requests_in_flight`.
    pub requests_in_flight_limit: IntGauge,
    /// Requests over a budget.
    pub rate_limited: Counters<Budget>,
    /// Connections.
    pub connections: Connections,
    /// Sign-ins.
    pub sign_ins: SignIns,
    /// Sessions.
    pub sessions: Sessions,
    /// Operations on the tables.
    pub dynamodb: DynamoDb,
    /// Saves of messages.
    pub saves: Counters<SaveOutcome>,
    /// Tokens that the API refused.
    pub tokens_refused: Counters<TokenRefusal>,
    /// Token requests to the bridges, by the id of the provider.
    pub bridge_exchanges: PerName<Counters<BridgeOutcome>>,
    /// The age of the signing keys: of the user pool, and of each provider behind a bridge.
    pub keys_age: PerName<Gauge>,
    /// Whether each part that the server needs is there.
    pub ready: Ready,
    /// Lines that were lost because a log was not read.
    pub log_lines_dropped: Counters<LogName>,
    /// How long the oldest line of a log has waited to be written.
    pub log_delay: PerLabel<LogName, Gauge>,
    /// Spans that the collector of traces does not get.
    pub spans_lost: Counters<SpanLoss>,
    /// The page.
    pub exposition: Exposition,
}

/// Whether each part that the server needs is there. A part that was not asked yet has no value, so a slow start is no outage.
#[derive(Clone, Debug)]
pub struct Ready(IntGaugeVec);

impl Ready {
    /// The part was asked.
    pub fn set(&self, part: Part, is_there: bool) {
        self.0.with_label_values(&[part.as_str()]).set(i64::from(is_there));
    }
}

/// The name of the user pool among those whose signing keys are used.
pub const USER_POOL: &str = "user_pool";

impl Metrics {
    /// Every meter, at zero. `is_on`: whether they have a listener. If not, what is measured for each request costs nothing.
    pub fn new(names: &Names, is_on: bool) -> Self {
        let registry = Registry::new();
        let to = Registration(&registry);
        to.info("mydata_build_info", "The version of the server.", "version", env!("CARGO_PKG_VERSION"));
        let process = process::register(&to);
        let key_owners = || std::iter::once(USER_POOL).chain(names.bridges.iter().map(String::as_str));
        let keys_age = to.gauges(
            "mydata_signing_keys_age_seconds",
            "Time since the signing keys were last fetched, or since the start if they never were.",
            "issuer",
        );
        let ready =
            to.whole_gauges("mydata_ready", "Whether this part that the server needs is there: 1, or 0.", "part");
        let log_delay = to.gauges(
            "mydata_log_delay_seconds",
            "How long the oldest line of a log has waited that is not written yet.",
            "log",
        );
        let exchanges = to.counter_vec(
            "mydata_bridge_exchanges_total",
            "Token requests to the bridge of a provider.",
            &["provider", "outcome"],
        );
        let exposition = Exposition::of(registry.clone());
        if let Some(process) = process {
            exposition.before_each_reading(move || process.update());
        }
        Self {
            requests: if is_on { Requests::on(&to) } else { Requests::default() },
            shed: to.counter(
                "mydata_requests_shed_total",
                "Requests refused with 503 because limits.requests_in_flight is reached.",
            ),
            requests_in_flight: to.gauge(
                "mydata_requests_in_flight",
                "Requests that count towards limits.requests_in_flight: those that are here with their body.",
            ),
            requests_in_flight_limit: to.gauge("mydata_requests_in_flight_limit", "limits.requests_in_flight."),
            rate_limited: to.counters(
                "mydata_rate_limited_requests_total",
                "Requests of one address or about one citizen that are over this budget.",
                "budget",
            ),
            connections: Connections::new(&to),
            sign_ins: SignIns::new(&to, &names.providers),
            sessions: Sessions::new(&to),
            dynamodb: if is_on { DynamoDb::on(&to, &names.tables) } else { DynamoDb::default() },
            saves: to.counters(
                "mydata_saves_total",
                "Saves of a message that reached the table, by how they ended.",
                "outcome",
            ),
            tokens_refused: to.counters(
                "mydata_api_tokens_refused_total",
                "Bearer tokens that the API refused.",
                "reason",
            ),
            bridge_exchanges: PerName::new(names.bridges.iter().map(String::as_str), |provider| {
                Counters::of(|outcome| exchanges.with_label_values(&[provider, outcome]))
            }),
            keys_age: PerName::new(key_owners(), |issuer| keys_age.with_label_values(&[issuer])),
            ready: Ready(ready),
            log_lines_dropped: to.counters(
                "mydata_log_lines_dropped_total",
                "Lines of a log that were lost because nothing read them.",
                "log",
            ),
            log_delay: PerLabel::of(|log| log_delay.with_label_values(&[log])),
            spans_lost: to.counters(
                "mydata_spans_dropped_total",
                "Spans that were not sent to the collector of traces.",
                "reason",
            ),
            exposition,
        }
    }
}

/// Raises `counter` to `total`, which another part of the server counts.
pub fn advance(counter: &IntCounter, total: u64) {
    counter.inc_by(total.saturating_sub(counter.get()));
}

/// Sets `gauge` to a number of things.
pub fn set_count(gauge: &IntGauge, count: usize) {
    gauge.set(i64::try_from(count).unwrap_or(i64::MAX));
}

#[cfg(test)]
mod tests;
