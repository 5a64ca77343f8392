//! The relying party: authorization code flow with PKCE against the user pool (RFC 6749, RFC 7636, RFC 9700, OpenID
//! Connect Core 1.0). Tokens stay on the server. The browser only gets a session cookie.

mod app_clients;
mod app_secret;
mod authorization_request;
mod authorization_response;
mod authorize;
mod callback;
mod client_probe;
#[cfg(fuzzing)]
pub(crate) mod fuzzing;
mod hint;
mod id_token;
mod in_progress;
mod refresh;
mod relying_party;
mod repetition;
mod sign_out;
mod token_endpoint;
mod transaction;

use std::sync::Arc;

use axum::{
    Router,
    routing::{get, post},
};

pub use self::{
    app_clients::AppClients, authorization_request::probe_url, authorize::path, client_probe::probe_client,
    refresh::RefreshError, relying_party::RelyingParty,
};
use crate::{
    kept_text::KeptTexts,
    layers::{Addresses, Budget, Counter, Frame, Limits, Routes, no_head},
    records::{Activity, Erasures},
    security_log::SecurityLog,
    sessions::{DynamoDbStore, Sessions},
    tasks::Tasks,
};

/// The state of the sign-in and sign-out routes, which all requests share.
#[derive(Debug)]
pub struct SignIn {
    /// This site as a client of the user pool.
    pub relying_party: Arc<RelyingParty>,
    /// The citizens' sessions.
    pub sessions: Arc<Sessions>,
    /// What was done with citizens' data.
    pub activity: Activity,
    /// The deletions of citizens' data.
    pub erasures: Erasures,
    /// The texts that were sent after a session had ended.
    pub kept_texts: KeptTexts,
    /// Records sign-ins and sign-outs.
    pub security: SecurityLog,
    /// The states that were used.
    pub used_states: DynamoDbStore,
    /// Counts sign-outs of sessions that the server does not know.
    pub unknown_sign_outs: Counter,
    /// Work that outlives a request.
    pub tasks: Tasks,
}

/// The routes of sign-in and sign-out.
pub fn routes(sign_in: Arc<SignIn>, frame: Frame, limits: &Limits) -> Router {
    // The query of a callback is the user pool's, and a callback works once: HEAD must not use up a state.
    let callback = Routes::for_browsers_at(Addresses::Others, frame.clone())
        .route("/auth/callback", limits.callbacks.every_request(), get(callback::finish).head(no_head))
        .finish(Arc::clone(&sign_in));
    Routes::for_browsers(frame.clone())
        .route("/login/{id}", limits.sign_ins.every_request(), get(authorize::begin))
        .finish(Arc::clone(&sign_in))
        .merge(callback)
        .merge(sign_out_route(sign_in, frame))
}

/// Sign-out, which connections in the reserve have too: it is never refused, and its body is not read.
pub fn sign_out_route(sign_in: Arc<SignIn>, frame: Frame) -> Router {
    Routes::for_browsers(frame)
        .route("/logout", Budget::unlimited("a citizen can always sign out"), post(sign_out::sign_out))
        .finish(sign_in)
}
