//! A route whose clones share their layers.

use std::{convert::Infallible, sync::Arc, task};

use axum::{
    extract::Request,
    response::Response,
    routing::{Route, future::RouteFuture},
};
use tower_layer::Layer;
use tower_service::Service;

/// Wraps a route in [`Shared`].
#[derive(Clone, Copy, Debug)]
pub struct Share;

impl Layer<Route> for Share {
    type Service = Shared;

    fn layer(&self, route: Route) -> Shared {
        Shared(Arc::new(route))
    }
}

/// A route that is cheap to clone. axum's layers clone what is inside them for each request, with all its layers: twice as many layers
/// cost four times as much. Between two groups of layers, this one limits that to each group.
#[derive(Clone, Debug)]
pub struct Shared(Arc<Route>);

impl Service<Request> for Shared {
    type Response = Response;
    type Error = Infallible;
    type Future = RouteFuture<Infallible>;

    fn poll_ready(&mut self, _: &mut task::Context<'_>) -> task::Poll<Result<(), Infallible>> {
        // A `Route` is always ready.
        task::Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        Route::clone(&self.0).call(request)
    }
}
