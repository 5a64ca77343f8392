//! The JSON API: a citizen's data for programs that bring an ID token of the citizen. `docs/API.md` is its guide.
//!
//! A request is authenticated by its bearer token alone (RFC 6750). Cookies have no effect.

mod activity;
mod bearer;
mod conditions;
mod export;
mod message;
mod openapi;

use std::sync::Arc;

use app::{pages::failure::FailureKind, texts::Language};
use axum::{
    Router,
    routing::{any, get},
};

pub use self::bearer::Authority;
use self::bearer::bearers;
use crate::{
    aws::Unavailable,
    export::Exports,
    failure::{Failure, problem::Problem},
    layers::{ApiFrame, Limits, Routes},
    records::{Activity, Messages},
    security_log::SecurityLog,
    tasks::Tasks,
};

/// The state of the routes of the API, which all requests share.
#[derive(Debug)]
pub struct Api {
    /// Says who the citizen of a token is.
    pub authority: Arc<Authority>,
    /// The citizens' messages.
    pub messages: Messages,
    /// What was done with the citizens' data.
    pub activity: Activity,
    /// Everything that is held about a citizen.
    pub exports: Exports,
    /// The language of the operator's own texts in an export.
    pub language: Language,
    /// Records reads and changes.
    pub security: SecurityLog,
    /// Finish a save even if the program disconnects.
    pub tasks: Tasks,
}

/// The routes of the API.
pub fn routes(api: Api, frame: ApiFrame, limits: &Limits) -> Router {
    let budget = || limits.api.every_request_and_refusals(&limits.api_refusals);
    let exports = limits.exports.every_request_and_refusals(&limits.api_refusals);
    let authority = &Arc::clone(&api.authority);
    let message = get(message::read).put(message::save).delete(message::delete);
    let description = openapi::routes(frame.clone(), budget());
    let mut routes = Routes::for_api(frame)
        .route("/v1/message", budget(), bearers(authority, message))
        .route("/v1/activity", budget(), bearers(authority, get(activity::list)))
        .route("/v1/export", exports, bearers(authority, get(export::export)));
    for others in ["/v1", "/v1/", "/v1/{*path}"] {
        routes = routes.route_of_any_method(others, budget(), any(unknown_address));
    }
    routes.finish(Arc::new(api)).merge(description)
}

/// Every other address below `/v1`.
async fn unknown_address() -> Problem {
    Failure::new(FailureKind::NotFound, "no such address").unauthenticated().into()
}

fn unavailable(error: Unavailable) -> Problem {
    Failure::unavailable(error).into()
}
