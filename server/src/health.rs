//! `GET /healthz` and `GET /readyz`, for load balancers.

use std::sync::Arc;

use axum::{
    Router,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use tracing::warn;

use crate::{Site, failure::RETRY_AFTER};

pub(crate) fn router() -> Router<Arc<Site>> {
    Router::new().route("/healthz", get(|| async { "ok" })).route("/readyz", get(ready))
}

/// 200 only while both tables answer and signing keys are loaded.
async fn ready(State(site): State<Arc<Site>>) -> Response {
    let (sessions, records) = tokio::join!(site.session_store.ping(), site.messages.ping());
    if let Err(error) = sessions.and(records) {
        warn!(%error, "not ready");
        return not_ready("DynamoDB does not answer");
    }
    if !site.relying_party.keys.are_loaded() {
        return not_ready("no signing keys yet");
    }
    "ready".into_response()
}

fn not_ready(why: &'static str) -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, HeaderValue::from(RETRY_AFTER))], why).into_response()
}
