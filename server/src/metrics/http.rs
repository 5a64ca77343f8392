use std::{sync::Arc, time::Duration};

use axum::http::{Method, StatusCode};
use prometheus::{HistogramVec, IntCounterVec, IntGauge, IntGaugeVec};

use super::{label::Label as _, names::RequestOutcome, registration::Registration};

/// OpenTelemetry semantic conventions, `http.server.request.duration`.
const BUCKETS: [f64; 14] = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];
/// Stands for the status of a request that nobody waits for any more, as in the log of nginx.
const UNANSWERED: &str = "499";
/// The methods that some route has.
const METHODS: [&str; 6] = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"];
/// Any other method (OpenTelemetry semantic conventions, `http.request.method`).
pub const OTHER_METHOD: &str = "_OTHER";

/// The method, if some route has it; else [`OTHER_METHOD`], because other methods can be any text.
pub fn known_method(method: &Method) -> &'static str {
    METHODS.into_iter().find(|known| method == known).unwrap_or(OTHER_METHOD)
}

/// Measures requests. The default measures nothing.
#[derive(Clone, Debug, Default)]
pub struct Requests(Option<Arc<Inner>>);

#[derive(Debug)]
struct Inner {
    duration: HistogramVec,
    active: IntGaugeVec,
    ended: IntCounterVec,
}

/// A request that is being answered, until this value is dropped.
#[derive(Debug)]
pub struct ActiveRequest(Option<IntGauge>);

impl Drop for ActiveRequest {
    fn drop(&mut self) {
        if let Some(active) = &self.0 {
            active.dec();
        }
    }
}

impl Requests {
    pub(super) fn on(to: &Registration<'_>) -> Self {
        let duration = to.seconds(
            "http_server_request_duration_seconds",
            "Time from the head of a request to the head of its answer, or until nobody waited for it any more (499).",
            &BUCKETS,
            &["http_request_method", "http_route", "http_response_status_code"],
        );
        let active = to.whole_gauges("http_server_active_requests", "Requests being answered.", "http_request_method");
        for method in METHODS.into_iter().chain([OTHER_METHOD]) {
            active.with_label_values(&[method]);
        }
        let ended = to.counter_vec("mydata_requests_total", "Requests, by how they ended.", &["http_route", "outcome"]);
        Self(Some(Arc::new(Inner { duration, active, ended })))
    }

    /// The server has this route, so its counters begin at 0: the first errors after a start must not be lost to `increase`.
    pub fn expect(&self, route: &str) {
        let Some(meters) = &self.0 else { return };
        for outcome in RequestOutcome::ALL {
            meters.ended.with_label_values(&[route, outcome.as_str()]);
        }
    }

    /// A request with this method begins. The method is [known](known_method).
    pub fn began(&self, method: &'static str) -> ActiveRequest {
        ActiveRequest(self.0.as_ref().map(|meters| {
            let active = meters.active.with_label_values(&[method]);
            active.inc();
            active
        }))
    }

    /// A request was answered with `status`; `None` if nobody waits for its answer any more. `route` is the pattern of its route.
    ///
    /// The method is one that the route has, or else [`OTHER_METHOD`], so that each route has only the series of its own methods,
    /// whatever is sent to it.
    pub fn ended(&self, method: &'static str, route: &str, status: Option<StatusCode>, elapsed: Duration) {
        let Some(meters) = &self.0 else { return };
        let (outcome, status) = match &status {
            None => (RequestOutcome::Unanswered, UNANSWERED),
            Some(status) if status.is_server_error() => (RequestOutcome::Failed, status.as_str()),
            Some(status) => (RequestOutcome::Answered, status.as_str()),
        };
        meters.duration.with_label_values(&[method, route, status]).observe(elapsed.as_secs_f64());
        meters.ended.with_label_values(&[route, outcome.as_str()]).inc();
    }
}
