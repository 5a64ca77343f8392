//! `GET /healthz` and `GET /readyz`, for load balancers.

use std::sync::Arc;

use app::pages::failure::FailureKind;
use aws_sdk_dynamodb::Client;
use axum::{
    Router,
    extract::State,
    routing::{any, get},
};
use tokio_util::sync::CancellationToken;
use tracing::Level;

use crate::{
    aws,
    config::DynamoDb,
    failure::Failure,
    layers::{Budget, Routes},
    oidc::Keys,
};

/// The services that the server needs to serve citizens.
#[derive(Clone, Debug)]
pub struct Needs {
    /// The DynamoDB client.
    pub client: Client,
    /// The names of the tables.
    pub tables: DynamoDb,
    /// The user pool's signing keys.
    pub keys: Arc<Keys>,
    /// The server has been told to stop.
    pub stopping: CancellationToken,
}

/// The routes for load balancers.
pub fn routes(needs: Needs) -> Router {
    let budget = || Budget::unlimited("load balancers decide how often they check");
    Routes::for_load_balancers()
        .route("/healthz", budget(), get(|| async { "ok" }))
        .route("/readyz", budget(), get(ready))
        .finish(needs)
}

/// The same routes, for connections over a ceiling. Every address without a route answers that the service is busy.
pub fn routes_of_reserve(needs: Needs) -> Router {
    let busy = any(|| async { Failure::overloaded() });
    let others = Routes::for_load_balancers().fallback(Budget::unlimited("it is the refusal itself"), busy);
    routes(needs).merge(others.finish(()))
}

/// 200 if both tables answer and the signing keys are loaded and not too old, else 503. Also 503 as soon as the server is told to stop: a
/// load balancer must choose another one.
async fn ready(State(needs): State<Needs>) -> Result<&'static str, Failure> {
    if needs.stopping.is_cancelled() {
        let failure = Failure::new(FailureKind::Unavailable, "the server is stopping");
        return Err(failure.at_level(Level::DEBUG));
    }
    needs.are_met().await.map(|()| "ready").map_err(|failure| failure.at_level(Level::WARN))
}

impl Needs {
    async fn are_met(&self) -> Result<(), Failure> {
        aws::ping(&self.client, &self.tables).await.map_err(Failure::unavailable)?;
        check_keys(&self.keys)
    }
}

/// A provider behind a bridge does not count: if it cannot be reached, citizens can still use the others.
fn check_keys(keys: &Keys) -> Result<(), Failure> {
    keys.check_current()
        .map_err(|reason| Failure::new(FailureKind::Unavailable, format!("the user pool's signing keys {reason}")))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::advance;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn keys_that_are_missing_or_too_old_make_the_server_unready() {
        let told = |keys: &Keys| {
            let failure = check_keys(keys).unwrap_err();
            (failure.status.as_u16(), failure.reason.into_owned())
        };
        assert_eq!(told(&Keys::missing()), (503, "the user pool's signing keys are not loaded yet".to_owned()));
        let old = Keys::just_loaded();
        assert!(check_keys(&old).is_ok());
        advance(Duration::from_secs(24 * 60 * 60 + 1)).await;
        let reason = "the user pool's signing keys were last fetched more than 24 hours ago";
        assert_eq!(told(&old), (503, reason.to_owned()));
        assert!(check_keys(&Keys::just_loaded()).is_ok());
    }
}
