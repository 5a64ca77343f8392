//! How a room declares its routes: a budget for each route, and one format for the failures of all its routes.

use std::sync::Arc;

use axum::{Router, http::HeaderValue, middleware, response::IntoResponse as _, routing::MethodRouter};
use tower_http::catch_panic::CatchPanicLayer;

use super::{
    body::{self, BodyLimits},
    budget::{self, Budget},
    compression, cors, in_flight,
    language::{self, Addresses},
    observe, origin,
    shared::Share,
};
use crate::{
    failure::{
        self, Failure,
        page::{FailurePages, Show},
        problem::ProblemTypes,
    },
    language::Choice,
};

/// The settings that all routes for browsers share.
#[derive(Clone, Debug)]
pub struct Frame {
    /// `public_url` as browsers send it in `Origin`.
    pub origin: Arc<str>,
    /// Show their failures.
    pub failures: FailurePages,
    /// Chooses the language of the response.
    pub choice: Choice,
    /// The limits on the body of a request.
    pub body: BodyLimits,
}

/// The settings that all routes of the API share.
#[derive(Clone, Debug)]
pub struct ApiFrame {
    /// Where its problems are explained.
    pub problems: ProblemTypes,
    /// The origins whose pages may use it.
    pub allowed_origins: Arc<[HeaderValue]>,
    /// The limits on the body of a request.
    pub body: BodyLimits,
}

/// The users of a room's routes. They determine the middleware and the format of failures.
#[derive(Clone, Debug)]
enum Users {
    Browsers(Frame, Addresses),
    Programs(ApiFrame),
    OAuthClients { body: BodyLimits },
    LoadBalancers,
}

/// The routes of one room. A route cannot be added without a [`Budget`]. [`finish`](Self::finish) makes them a router.
#[derive(Debug)]
pub struct Routes<S> {
    router: Router<S>,
    users: Users,
}

impl<S: Clone + Send + Sync + 'static> Routes<S> {
    /// Routes for browsers: failures are pages, and requests that change something must come from this site.
    pub fn for_browsers(frame: Frame) -> Self {
        Self::for_browsers_at(Addresses::Pages, frame)
    }

    /// As [`for_browsers`](Self::for_browsers), at addresses that lead to something other than pages.
    pub fn for_browsers_at(addresses: Addresses, frame: Frame) -> Self {
        Self { router: Router::new(), users: Users::Browsers(frame, addresses) }
    }

    /// Routes for programs that use the API: failures are problems, and pages of the allowed origins may read the responses. The origin
    /// of a request does not matter, because cookies have no effect.
    pub fn for_api(frame: ApiFrame) -> Self {
        Self { router: Router::new(), users: Users::Programs(frame) }
    }

    /// Routes for programs that speak OAuth: failures are OAuth errors.
    pub fn for_oauth_clients(body: BodyLimits) -> Self {
        Self { router: Router::new(), users: Users::OAuthClients { body } }
    }

    /// Routes for load balancers: failures are plain text.
    pub fn for_load_balancers() -> Self {
        Self { router: Router::new(), users: Users::LoadBalancers }
    }

    /// Adds the route `path`.
    #[must_use]
    pub fn route(self, path: &str, budget: Budget, methods: MethodRouter<S>) -> Self {
        budget.is_of(path);
        // Around its own methods only.
        let guarded = self.guard(methods, budget).route_layer(middleware::from_fn(observe::tell_that_route_has_method));
        Self { router: self.router.route(path, guarded), ..self }
    }

    /// Adds the route `path`, which has no method of its own: `methods` answers all of them in the same way.
    #[must_use]
    pub fn route_of_any_method(self, path: &str, budget: Budget, methods: MethodRouter<S>) -> Self {
        budget.is_of(path);
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
        let router = self
            .router
            .with_state(state)
            .layer(Share)
            .layer(CatchPanicLayer::custom(|_| Failure::panicked().into_response()));
        let router = match self.users {
            Users::Browsers(Frame { failures, choice, .. }, addresses) => router
                .layer(middleware::from_fn_with_state(
                    Show { pages: failures, has_links: addresses != Addresses::Others },
                    failure::page::show,
                ))
                .layer(middleware::from_fn_with_state((choice, addresses), language::choose))
                .layer(compression::layer())
                .layer(middleware::from_fn(compression::omit_length_of_head)),
            Users::Programs(ApiFrame { problems, allowed_origins, .. }) => {
                let router = router.layer(middleware::from_fn_with_state(problems, failure::problem::show));
                // Outside of it, so that pages can read problems too.
                match cors::layer(&allowed_origins) {
                    Some(cors) => router.layer(cors),
                    None => router,
                }
            }
            Users::OAuthClients { .. } => router.layer(middleware::from_fn(failure::oauth::show)),
            Users::LoadBalancers => router.layer(middleware::from_fn(failure::plain::show)),
        };
        router.layer(Share)
    }

    /// Adds, from the outside in: the budget, the limits on the body, for browsers the origin check, and the limit on requests
    /// in flight. A request takes a slot only once its body is here, so a slow client holds none.
    fn guard<T: Clone + Send + Sync + 'static>(&self, methods: MethodRouter<T>, budget: Budget) -> MethodRouter<T> {
        let methods = match budget.in_flight().cloned() {
            Some(slots) if budget.is_left_to_handler() => {
                methods.layer(middleware::from_fn_with_state(slots, in_flight::or_mark))
            }
            Some(slots) => methods.layer(middleware::from_fn_with_state(slots, in_flight::or_refuse)),
            None => methods,
        };
        let (methods, limits) = match &self.users {
            Users::Browsers(Frame { origin, body, .. }, _) => {
                (methods.layer(middleware::from_fn_with_state(Arc::clone(origin), origin::check)), *body)
            }
            Users::Programs(ApiFrame { body, .. }) | Users::OAuthClients { body } => (methods, *body),
            Users::LoadBalancers => (methods, BodyLimits::PAGES),
        };
        let methods = match budget.in_flight() {
            Some(_) => methods.layer(middleware::from_fn_with_state(limits, body::read_whole)),
            None => methods.layer(middleware::from_fn_with_state(limits, body::ignore)),
        };
        methods.layer(middleware::from_fn_with_state(budget, budget::enforce))
    }
}

#[cfg(test)]
mod tests;
