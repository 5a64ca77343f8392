//! A route's budget: how often one client address may use it. And how often requests may be about one person.

use std::{fmt, net::IpAddr, sync::Arc};

use app::pages::failure::FailureKind;
use axum::{
    body::HttpBody as _,
    extract::{Request, State},
    http::Method,
    middleware::Next,
    response::{IntoResponse, Response},
};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use prometheus::IntCounter;

use super::in_flight::{InFlight, refused_by_handler};
use crate::{failure::Failure, request_context::RequestContext};

/// Marks a request over its budget. The handler refuses it, not the layer, so that the citizen's text is not lost.
#[derive(Clone, Copy, Debug)]
pub struct OverLimit;

/// Counts the recent requests of each address.
#[derive(Clone, Debug)]
pub struct Counter {
    limiter: Arc<DefaultKeyedRateLimiter<IpAddr>>,
    /// How often the limit was reached.
    over: IntCounter,
    in_flight: InFlight,
}

impl Counter {
    /// Its routes take the slots of `in_flight`. `over` counts what is over the quota.
    pub(super) fn new(quota: Quota, in_flight: InFlight, over: IntCounter) -> Self {
        Self { limiter: Arc::new(RateLimiter::keyed(quota)), over, in_flight }
    }

    /// Counts every request.
    pub fn every_request(&self) -> Budget {
        Budget(Rule::EveryRequest(self.clone()))
    }

    /// Counts only requests that may change something or have a body. Reading is free.
    pub fn writes_only(&self) -> Budget {
        Budget(Rule::Writes(self.clone()))
    }

    /// Counts the same requests, and leaves refusals to the handler ([`OverLimit`], [`Overloaded`](super::Overloaded)).
    pub fn left_to_handler(&self) -> Budget {
        Budget(Rule::LeftToHandler(self.clone()))
    }

    /// Counts only refused requests of unauthenticated senders ([`Failure::unauthenticated`]).
    pub fn refusals_only(&self) -> Budget {
        Budget(Rule::Refusals(self.clone()))
    }

    /// Counts every request, and with `refusals` those refused ones whose senders are unauthenticated.
    pub fn every_request_and_refusals(&self, refusals: &Self) -> Budget {
        Budget(Rule::EveryRequestAndRefusals(self.clone(), refusals.clone()))
    }

    /// Counts one, and says whether `client` is within the limit.
    pub fn allows(&self, client: Option<IpAddr>) -> bool {
        !self.is_over(client)
    }

    /// Whether one of its routes could handle another request now.
    pub fn has_slot(&self) -> bool {
        self.in_flight.has_slot()
    }

    pub(super) fn forget_idle(&self) {
        self.limiter.retain_recent();
        self.limiter.shrink_to_fit();
    }

    fn is_over(&self, client: Option<IpAddr>) -> bool {
        let is_over = client.is_some_and(|client| self.limiter.check_key(&client).is_err());
        if is_over {
            self.over.inc();
        }
        is_over
    }
}

/// Counts the recent requests of each person whom requests are about, whichever address they come from.
#[derive(Clone)]
pub struct Subjects {
    limiter: Arc<DefaultKeyedRateLimiter<String>>,
    /// How often the limit was reached.
    over: IntCounter,
}

impl Subjects {
    pub(super) fn new(quota: Quota, over: IntCounter) -> Self {
        Self { limiter: Arc::new(RateLimiter::keyed(quota)), over }
    }

    /// Counts one, and says whether `subject` is within the limit.
    pub fn allows(&self, subject: &str) -> bool {
        let is_allowed = self.limiter.check_key(&subject.to_owned()).is_ok();
        if !is_allowed {
            self.over.inc();
        }
        is_allowed
    }

    pub(super) fn forget_idle(&self) {
        self.limiter.retain_recent();
        self.limiter.shrink_to_fit();
    }
}

// The limiter would print its keys.
impl fmt::Debug for Subjects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Subjects(…)")
    }
}

/// How often one address may use a route.
#[derive(Clone, Debug)]
pub struct Budget(Rule);

#[derive(Clone, Debug)]
enum Rule {
    Unlimited,
    EveryRequest(Counter),
    Writes(Counter),
    LeftToHandler(Counter),
    Refusals(Counter),
    /// All requests, then the refused ones.
    EveryRequestAndRefusals(Counter, Counter),
}

impl Budget {
    /// No limit: the request is handled however many there are, and its body is not read. The reason documents the
    /// declaration.
    pub const fn unlimited(_reason: &'static str) -> Self {
        Self(Rule::Unlimited)
    }

    /// The slots that its routes take, unless they have no limit.
    pub(super) const fn in_flight(&self) -> Option<&InFlight> {
        match &self.0 {
            Rule::Unlimited => None,
            Rule::EveryRequest(counter)
            | Rule::Writes(counter)
            | Rule::LeftToHandler(counter)
            | Rule::Refusals(counter)
            | Rule::EveryRequestAndRefusals(counter, _) => Some(&counter.in_flight),
        }
    }

    /// The route with this pattern has this budget.
    pub(super) fn is_of(&self, route: &str) {
        if let Some(in_flight) = self.in_flight() {
            in_flight.requests.expect(route);
        }
    }

    /// Whether the handler refuses requests, and not a layer.
    pub(super) const fn is_left_to_handler(&self) -> bool {
        matches!(self.0, Rule::LeftToHandler(_))
    }
}

/// Refuses requests over the budget.
pub(super) async fn enforce(State(Budget(rule)): State<Budget>, request: Request, next: Next) -> Response {
    let client = RequestContext::of(&request).client;
    let is_over = match &rule {
        Rule::Unlimited => false,
        Rule::EveryRequest(counter) | Rule::EveryRequestAndRefusals(counter, _) => counter.is_over(client),
        Rule::Writes(counter) | Rule::LeftToHandler(counter) => is_costly(&request) && counter.is_over(client),
        Rule::Refusals(counter) => return count_refusal(counter, client, next.run(request).await),
    };
    match rule {
        Rule::EveryRequestAndRefusals(_, refusals) if !is_over => {
            count_refusal(&refusals, client, next.run(request).await)
        }
        _ if !is_over => next.run(request).await,
        Rule::LeftToHandler(_) => refused_by_handler(request, next, OverLimit, Failure::too_many()).await,
        _ => Failure::too_many().into_response(),
    }
}

fn count_refusal(counter: &Counter, client: Option<IpAddr>, response: Response) -> Response {
    let is_refusal = match response.extensions().get::<Failure>() {
        Some(failure) => failure.is_unauthenticated,
        // From the router: a method that the route does not have.
        None => response.status().is_client_error(),
    };
    if is_refusal && counter.is_over(client) {
        return Failure::new(FailureKind::TooMany, "too many refused requests from one address").into_response();
    }
    response
}

/// Whether a request may change something, or holds its connection until its body has arrived.
fn is_costly(request: &Request) -> bool {
    !is_read(request.method()) || !request.body().is_end_stream()
}

/// Whether a request with this method changes nothing (RFC 9110, 9.2.1).
pub(super) fn is_read(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}
