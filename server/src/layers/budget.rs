//! A route's budget: how often one client address may use it.

use std::{net::IpAddr, sync::Arc};

use app::pages::failure::FailureKind;
use axum::{
    extract::{Request, State},
    http::Method,
    middleware::Next,
    response::{IntoResponse, Response},
};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use tracing::Level;

use crate::{failure::Failure, request_context::RequestContext};

/// Marks a request over its budget. The handler refuses it, not the layer, so that the citizen's text is not lost.
#[derive(Clone, Copy, Debug)]
pub struct OverLimit;

/// Counts the recent requests of each address.
#[derive(Clone, Debug)]
pub struct Counter(Arc<DefaultKeyedRateLimiter<IpAddr>>);

impl Counter {
    pub(super) fn new(quota: Quota) -> Self {
        Self(Arc::new(RateLimiter::keyed(quota)))
    }

    /// Counts every request.
    pub fn every_request(&self) -> Budget {
        Budget(Rule::EveryRequest(self.clone()))
    }

    /// Counts only requests that may change something. Reading is free.
    pub fn writes_only(&self) -> Budget {
        Budget(Rule::Writes(self.clone()))
    }

    /// Counts requests that may change something, and leaves the refusal to the handler ([`OverLimit`]).
    pub fn left_to_handler(&self) -> Budget {
        Budget(Rule::LeftToHandler(self.clone()))
    }

    /// Counts only refused requests of unauthenticated senders ([`Failure::unauthenticated`]).
    pub fn refusals_only(&self) -> Budget {
        Budget(Rule::Refusals(self.clone()))
    }

    /// Counts one, and says whether `client` is within the limit.
    pub fn allows(&self, client: Option<IpAddr>) -> bool {
        !self.is_over(client)
    }

    pub(super) fn forget_idle(&self) {
        self.0.retain_recent();
        self.0.shrink_to_fit();
    }

    fn is_over(&self, client: Option<IpAddr>) -> bool {
        client.is_some_and(|client| self.0.check_key(&client).is_err())
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
}

impl Budget {
    /// No limit. The reason documents the declaration.
    pub const fn unlimited(_reason: &'static str) -> Self {
        Self(Rule::Unlimited)
    }
}

/// Refuses requests over the budget.
pub(super) async fn enforce(State(Budget(rule)): State<Budget>, mut request: Request, next: Next) -> Response {
    let client = RequestContext::of(&request).client;
    let is_over = match &rule {
        Rule::Unlimited => false,
        Rule::EveryRequest(counter) => counter.is_over(client),
        Rule::Writes(counter) | Rule::LeftToHandler(counter) => !is_read(request.method()) && counter.is_over(client),
        Rule::Refusals(counter) => return count_refusal(counter, client, next.run(request).await),
    };
    if !is_over {
        return next.run(request).await;
    }
    let too_many = || Failure::new(FailureKind::TooMany, "too many requests from one address").into_response();
    if !matches!(rule, Rule::LeftToHandler(_)) {
        return too_many();
    }
    request.extensions_mut().insert(OverLimit);
    let response = next.run(request).await;
    // A handler that did not look must not turn the limit off.
    if response.status().is_success() || response.status().is_redirection() { too_many() } else { response }
}

fn count_refusal(counter: &Counter, client: Option<IpAddr>, response: Response) -> Response {
    let is_refusal = match response.extensions().get::<Failure>() {
        Some(failure) => failure.is_unauthenticated,
        // From the router: a method that the route does not have.
        None => response.status().is_client_error(),
    };
    if is_refusal && counter.is_over(client) {
        return Failure::new(FailureKind::TooMany, "too many refused requests from one address")
            .at_level(Level::DEBUG)
            .into_response();
    }
    response
}

/// Whether a request with this method changes nothing (RFC 9110, 9.2.1).
pub(super) fn is_read(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}
