//! How many requests are handled at the same time. Further ones are refused immediately, so that those being handled stay fast.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use prometheus::IntCounter;
use tokio::sync::Semaphore;

use crate::{failure::Failure, metrics::Requests};

/// Marks a request that is refused because of overload. The handler refuses it, not the layer, so that the citizen's text is
/// not lost. It must do so without calling anything.
#[derive(Clone, Copy, Debug)]
pub struct Overloaded;

/// One slot for each request that is handled.
#[derive(Clone, Debug)]
pub(super) struct InFlight {
    slots: Arc<Semaphore>,
    limit: usize,
    shed: IntCounter,
    /// Counts the requests of each route.
    pub(super) requests: Requests,
}

impl InFlight {
    /// Requests without a slot are counted by `shed`.
    pub(super) fn new(slots: usize, shed: IntCounter, requests: Requests) -> Self {
        let limit = slots.min(Semaphore::MAX_PERMITS);
        Self { slots: Arc::new(Semaphore::new(limit)), limit, shed, requests }
    }

    /// How many slots are taken.
    pub(super) fn taken(&self) -> usize {
        self.limit - self.slots.available_permits()
    }

    fn overloaded(&self) -> Failure {
        self.shed.inc();
        Failure::overloaded()
    }

    pub(super) fn has_slot(&self) -> bool {
        self.slots.available_permits() > 0
    }
}

/// Lets the handler refuse a request that is marked with `mark`. A handler that ignores the mark must not turn off the limit:
/// then `refusal` is the response.
pub(super) async fn refused_by_handler(
    mut request: Request,
    next: Next,
    mark: impl Clone + Send + Sync + 'static,
    refusal: Failure,
) -> Response {
    request.extensions_mut().insert(mark);
    let response = next.run(request).await;
    let is_refused = !response.status().is_success() && !response.status().is_redirection();
    if is_refused { response } else { refusal.into_response() }
}

/// Handles a request if there is a slot, else refuses it.
pub(super) async fn or_refuse(State(in_flight): State<InFlight>, request: Request, next: Next) -> Response {
    match in_flight.slots.try_acquire() {
        Ok(_slot) => next.run(request).await,
        Err(_) => in_flight.overloaded().into_response(),
    }
}

/// As [`or_refuse`], and leaves the refusal to the handler ([`Overloaded`]).
pub(super) async fn or_mark(State(in_flight): State<InFlight>, request: Request, next: Next) -> Response {
    match in_flight.slots.try_acquire() {
        Ok(_slot) => next.run(request).await,
        Err(_) => refused_by_handler(request, next, Overloaded, in_flight.overloaded()).await,
    }
}
