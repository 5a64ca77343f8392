//! How a room declares its routes: a budget for each route, and one format for the failures of all its routes.

use std::sync::Arc;

use axum::{Router, extract::DefaultBodyLimit, middleware, response::IntoResponse as _, routing::MethodRouter};
use tower_http::catch_panic::CatchPanicLayer;

use super::{
    body,
    budget::{self, Budget},
    compression, origin,
};
use crate::{
    failure::{self, Failure},
    rendering::Renderer,
};

/// The settings that all routes for browsers share.
#[derive(Clone, Debug)]
pub struct Frame {
    /// `public_url` as browsers send it in `Origin`.
    pub origin: Arc<str>,
    /// Renders their failure pages.
    pub renderer: Arc<Renderer>,
}

/// The users of a room's routes. They determine the middleware and the format of failures.
#[derive(Clone, Debug)]
enum Users {
    Browsers(Frame),
    OAuthClients { max_body_bytes: usize },
    LoadBalancers,
}

/// The routes of one room. A route cannot be added without a [`Budget`]. [`finish`](Self::finish) makes them a router.
#[derive(Debug)]
pub struct Routes<S> {
    router: Router<S>,
    users: Users,
}

impl<S: Clone + Send + Sync + 'static> Routes<S> {
    /// Routes for browsers: failures are pages, requests that change something must come from this site, and a body has
    /// at most 64 KiB.
    pub fn for_browsers(frame: Frame) -> Self {
        Self { router: Router::new(), users: Users::Browsers(frame) }
    }

    /// Routes for programs that speak OAuth: failures are OAuth errors, and a body has at most `max_body_bytes`.
    pub fn for_oauth_clients(max_body_bytes: usize) -> Self {
        Self { router: Router::new(), users: Users::OAuthClients { max_body_bytes } }
    }

    /// Routes for load balancers: failures are plain text.
    pub fn for_load_balancers() -> Self {
        Self { router: Router::new(), users: Users::LoadBalancers }
    }

    /// Adds the route `path`.
    #[must_use]
    pub fn route(self, path: &str, budget: Budget, methods: MethodRouter<S>) -> Self {
        let guarded = self.guard(methods, budget);
        Self { router: self.router.route(path, guarded), ..self }
    }

    /// Adds the service for paths without a route.
    #[must_use]
    pub fn fallback(self, budget: Budget, methods: MethodRouter) -> Self {
        let guarded = self.guard(methods, budget);
        Self { router: self.router.fallback_service(guarded), ..self }
    }

    /// The router, ready to be merged with those of other rooms.
    pub fn finish(self, state: S) -> Router {
        let router =
            self.router.with_state(state).layer(CatchPanicLayer::custom(|_| Failure::panicked().into_response()));
        match self.users {
            Users::Browsers(Frame { renderer, .. }) => {
                router.layer(middleware::from_fn_with_state(renderer, failure::page::show)).layer(compression::layer())
            }
            Users::OAuthClients { max_body_bytes } => {
                router.layer(DefaultBodyLimit::max(max_body_bytes)).layer(middleware::from_fn(failure::oauth::show))
            }
            Users::LoadBalancers => router.layer(middleware::from_fn(failure::plain::show)),
        }
    }

    /// Adds, from the outside in: the budget, then for browsers the limits on the body and the origin check.
    fn guard<T: Clone + Send + Sync + 'static>(&self, methods: MethodRouter<T>, budget: Budget) -> MethodRouter<T> {
        let methods = match &self.users {
            Users::Browsers(Frame { origin, .. }) => methods
                .layer(middleware::from_fn_with_state(Arc::clone(origin), origin::check))
                .layer(middleware::from_fn(body::limit)),
            Users::OAuthClients { .. } | Users::LoadBalancers => methods,
        };
        methods.layer(middleware::from_fn_with_state(budget, budget::enforce))
    }
}

#[cfg(test)]
mod tests;
