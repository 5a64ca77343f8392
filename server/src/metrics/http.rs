use std::{sync::Arc, time::Duration};

use axum::http::StatusCode;
use prometheus::{HistogramVec, IntGauge, IntGaugeVec};

use super::registration::Registration;

/// OpenTelemetry semantic conventions, `http.server.request.duration`.
const BUCKETS: [f64; 14] = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];
/// The methods that some route has.
const METHODS: [&str; 6] = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"];
/// Any other method (OpenTelemetry semantic conventions, `http.request.method`).
const OTHER_METHOD: &str = "_OTHER";

/// Measures requests. The default measures nothing.
#[derive(Clone, Debug, Default)]
pub struct Requests(Option<Arc<Inner>>);

#[derive(Debug)]
struct Inner {
    duration: HistogramVec,
    active: IntGaugeVec,
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
            "Time from the head of a request to the head of its answer. A method that a route does not have is _OTHER.",
            &BUCKETS,
            &["http_request_method", "http_route", "http_response_status_code"],
        );
        let active = to.whole_gauges("http_server_active_requests", "Requests being answered.", "http_request_method");
        for method in METHODS.into_iter().chain([OTHER_METHOD]) {
            active.with_label_values(&[method]);
        }
        Self(Some(Arc::new(Inner { duration, active })))
    }

    /// A request with this method begins.
    pub fn began(&self, method: &str) -> ActiveRequest {
        ActiveRequest(self.0.as_ref().map(|meters| {
            let active = meters.active.with_label_values(&[known(method)]);
            active.inc();
            active
        }))
    }

    /// A request is answered. `route` is the pattern of its route.
    ///
    /// A method that the route does not have counts as [`OTHER_METHOD`], so that each route has only the series of its own methods,
    /// whatever is sent to it.
    pub fn answered(&self, method: &str, route: &str, status: StatusCode, elapsed: Duration) {
        let Some(meters) = &self.0 else { return };
        let method = if status == StatusCode::METHOD_NOT_ALLOWED { OTHER_METHOD } else { known(method) };
        meters.duration.with_label_values(&[method, route, status.as_str()]).observe(elapsed.as_secs_f64());
    }
}

fn known(method: &str) -> &str {
    if METHODS.contains(&method) { method } else { OTHER_METHOD }
}
