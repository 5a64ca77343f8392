//! `GET /healthz` and `GET /readyz`, for load balancers.

use std::sync::Arc;

use axum::{Router, extract::State, http::StatusCode, routing::get};
use tracing::warn;

use crate::Site;

pub(crate) fn router() -> Router<Arc<Site>> {
    Router::new().route("/healthz", get(|| async { "ok" })).route("/readyz", get(ready))
}

/// 200 only while both tables answer and signing keys are loaded.
async fn ready(State(site): State<Arc<Site>>) -> (StatusCode, &'static str) {
    let (sessions, records) = tokio::join!(site.session_store.ping(), site.messages.ping());
    if let Err(error) = sessions.and(records) {
        warn!(%error, "not ready");
        return (StatusCode::SERVICE_UNAVAILABLE, "DynamoDB does not answer");
    }
    if !site.relying_party.keys.are_loaded() {
        return (StatusCode::SERVICE_UNAVAILABLE, "no signing keys yet");
    }
    (StatusCode::OK, "ready")
}
