//! `GET /healthz` and `GET /readyz`, for load balancers.

use std::sync::Arc;

use app::pages::failure::FailureKind;
use aws_sdk_dynamodb::Client;
use axum::{Router, extract::State, routing::get};
use tracing::Level;

use crate::{
    aws,
    config::DynamoDb,
    failure::Failure,
    layers::{Budget, Routes},
    oidc::{Keys, NotCurrent},
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
    /// The id and the signing keys of each provider behind a bridge. They need not be loaded, but must not be old.
    pub provider_keys: Vec<(String, Arc<Keys>)>,
}

/// The routes for load balancers.
pub fn routes(needs: Needs) -> Router {
    let budget = || Budget::unlimited("load balancers decide how often they check");
    Routes::for_load_balancers()
        .route("/healthz", budget(), get(|| async { "ok" }))
        .route("/readyz", budget(), get(ready))
        .finish(needs)
}

/// 200 if both tables answer and the signing keys are loaded and not too old, else 503.
async fn ready(State(needs): State<Needs>) -> Result<&'static str, Failure> {
    needs.are_met().await.map(|()| "ready").map_err(|failure| failure.at_level(Level::WARN))
}

impl Needs {
    async fn are_met(&self) -> Result<(), Failure> {
        aws::ping(&self.client, &self.tables).await.map_err(Failure::unavailable)?;
        let not_current =
            |whose, reason| Failure::new(FailureKind::Unavailable, format!("the {whose}'s signing keys {reason}"));
        self.keys.check_current().map_err(|reason| not_current("user pool", reason))?;
        for (id, keys) in &self.provider_keys {
            if let Err(reason @ NotCurrent::TooOld) = keys.check_current() {
                return Err(not_current("provider", reason).at_provider(id));
            }
        }
        Ok(())
    }
}
