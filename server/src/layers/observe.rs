//! The request log: one line per request, for every route.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use app::pages::failure::FailureKind;
use axum::{
    extract::{MatchedPath, Request, State},
    http::StatusCode,
    middleware::Next,
    response::Response,
};
use tracing::{Level, debug, error, field, warn};

use crate::{
    failure::{Refusal, Refusals, Report},
    metrics::{ActiveRequest, OTHER_METHOD, Requests, known_method},
    request_context::RequestContext,
    security_log::{Repeated, SecurityLog},
    traces::{Span, Traces},
};

/// Stands for the pattern of a path without a route.
const NO_ROUTE: &str = "none";

/// Where requests are recorded.
#[derive(Clone, Debug)]
pub struct Logs {
    /// Counts refusals, for the log.
    pub refusals: Refusals,
    /// Records what concerns security.
    pub security: SecurityLog,
    /// Measures every request.
    pub requests: Requests,
    /// Begins the span of every request.
    pub traces: Traces,
    /// `https` or `http`: that of `public_url`.
    pub scheme: &'static str,
}

/// Whether the route of a request has its method.
#[derive(Clone, Debug, Default)]
struct HasMethod(Arc<AtomicBool>);

/// Lets [`observe`] know that the route has the method of this request.
pub(super) async fn tell_that_route_has_method(request: Request, next: Next) -> Response {
    if let Some(HasMethod(has_method)) = request.extensions().get() {
        has_method.store(true, Ordering::Relaxed);
    }
    next.run(request).await
}

/// A request that is being answered. If this is dropped before [`answered`](Self::answered), its connection has ended: the client did
/// not wait, or the request took longer than it may.
struct InProgress {
    requests: Requests,
    span: Span,
    method: &'static str,
    route: String,
    has_method: HasMethod,
    began: Instant,
    is_answered: bool,
    _active: ActiveRequest,
}

impl InProgress {
    /// It has an answer. Returns how long it took.
    fn answered(&mut self, status: StatusCode) -> Duration {
        self.is_answered = true;
        self.measured(Some(status))
    }

    fn measured(&self, status: Option<StatusCode>) -> Duration {
        let elapsed = self.began.elapsed();
        // Whatever is sent, a route has only the series of its own methods.
        let is_own = self.route == NO_ROUTE || self.has_method.0.load(Ordering::Relaxed);
        self.requests.ended(if is_own { self.method } else { OTHER_METHOD }, &self.route, status, elapsed);
        elapsed
    }
}

impl Drop for InProgress {
    fn drop(&mut self) {
        if self.is_answered {
            return;
        }
        let elapsed_ms = milliseconds(self.measured(None));
        self.span.failed("cancelled");
        debug!(method = self.method, route = self.route, elapsed_ms, "request not answered: its connection has ended");
    }
}

/// Logs each request once, when it is answered: at debug if it succeeded, at warn for a client error, at error for a
/// server error, unless its failure has another level. Failures are logged with their reason. Of the refusals of one
/// address, most are only counted: see [`Refusals`].
pub async fn observe(State(logs): State<Logs>, mut request: Request, next: Next) -> Response {
    let Logs { refusals, security, requests, traces, scheme } = logs;
    let context = RequestContext::of(&request);
    request.extensions_mut().insert(refusals.clone());
    let method = known_method(request.method());
    // The pattern, not the path: a path can contain anything that a client sends.
    let route = request.extensions().get::<MatchedPath>().map_or(NO_ROUTE, MatchedPath::as_str).to_owned();
    let has_method = HasMethod::default();
    request.extensions_mut().insert(has_method.clone());
    let mut in_progress = InProgress {
        span: traces.request(request.headers(), method, Some(&*route).filter(|route| *route != NO_ROUTE), scheme),
        _active: requests.began(method),
        requests,
        method,
        route,
        has_method,
        began: Instant::now(),
        is_answered: false,
    };
    let mut response = in_progress.span.around(next.run(request)).await;
    let status = response.status();
    let elapsed_ms = milliseconds(in_progress.answered(status));
    let route = &*in_progress.route;
    let report = response.extensions_mut().remove::<Report>();
    in_progress.span.answered(
        status,
        &context.reference,
        report.as_ref().and_then(|report| report.provider.as_deref()),
    );
    let is_new = report.as_ref().is_none_or(|report| !report.is_shown_again);
    let kind = report.as_ref().and_then(|report| report.kind);
    if let Some(event) = repeated_event(status, kind).filter(|_| is_new) {
        security.record_repeated(&context, event);
    }
    let code = status.as_u16();
    let Some(report) = report else {
        if Refusal::of(status, None).is_some_and(|refusal| !refusals.has_line(context.client, refusal)) {
            return response;
        }
        match level(status) {
            Level::ERROR => error!(method, route, status = code, elapsed_ms, "request failed"),
            Level::WARN => warn!(method, route, status = code, elapsed_ms, "request refused"),
            _ => debug!(method, route, status = code, elapsed_ms, "request answered"),
        }
        return response;
    };
    if report.is_counted(status, &context, &refusals) {
        return response;
    }
    let Report { reference, code: error, reason, provider, level: own_level, .. } = report;
    let (reference, reason, provider) = (reference.map(field::display), &*reason, provider.as_deref());
    macro_rules! log {
        ($level:ident, $message:literal) => {
            $level!(method, route, status = code, elapsed_ms, reference, code = error, provider, reason, $message)
        };
    }
    match (own_level.unwrap_or(level(status)), status.is_server_error()) {
        (Level::ERROR, _) => log!(error, "request failed"),
        (Level::WARN, true) => log!(warn, "request failed"),
        (Level::WARN, false) => log!(warn, "request refused"),
        _ => log!(debug, "request refused"),
    }
    response
}

/// The event for the security log, if a status stands for one. A limit answers 429. The origin check answers 403, and so do the pages
/// of case workers, which record their refusals themselves: their failures are of another kind.
fn repeated_event(status: StatusCode, kind: Option<FailureKind>) -> Option<Repeated> {
    match status {
        StatusCode::FORBIDDEN if kind.is_none_or(|kind| kind == FailureKind::Forbidden) => Some(Repeated::CrossOrigin),
        StatusCode::TOO_MANY_REQUESTS => Some(Repeated::RateLimit),
        _ => None,
    }
}

/// The level of a request's line.
fn level(status: StatusCode) -> Level {
    if status.is_server_error() {
        Level::ERROR
    } else if status.is_client_error() {
        Level::WARN
    } else {
        Level::DEBUG
    }
}

fn milliseconds(elapsed: Duration) -> u64 {
    u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX)
}
