//! `GET /healthz` and `GET /readyz`, for load balancers.

use std::sync::Arc;

use app::pages::failure::FailureKind;
use aws_sdk_dynamodb::Client;
use axum::{
    Router,
    extract::State,
    routing::{any, get},
};
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
}

/// The routes for load balancers.
pub fn routes(needs: Needs) -> Router {
    let budget = || Budget::unlimited("load balancers decide how often they check");
    Routes::for_load_balancers()
        .route("/healthz", budget(), get(|| async { "ok" }))
        .route("/readyz", budget(), get(ready))
        .finish(needs)
}

/// The same routes, for connections over a ceiling. Every other address has too much to do.
pub fn routes_of_reserve(needs: Needs) -> Router {
    let busy = any(|| async { Failure::overloaded() });
    let others = Routes::for_load_balancers().fallback(Budget::unlimited("it is the refusal itself"), busy);
    routes(needs).merge(others.finish(()))
}

/// 200 if both tables answer and the signing keys are loaded, else 503.
async fn ready(State(needs): State<Needs>) -> Result<&'static str, Failure> {
    needs.are_met().await.map(|()| "ready").map_err(|failure| failure.at_level(Level::WARN))
}

impl Needs {
    async fn are_met(&self) -> Result<(), Failure> {
        aws::ping(&self.client, &self.tables).await.map_err(Failure::unavailable)?;
        if self.keys.are_loaded() {
            Ok(())
        } else {
            Err(Failure::new(FailureKind::Unavailable, "the user pool's signing keys are not loaded yet"))
        }
    }
}
