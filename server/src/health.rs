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

/// The same routes, for connections over a ceiling. Every other address has too much to do.
pub fn routes_of_reserve(needs: Needs) -> Router {
    let busy = any(|| async { Failure::overloaded() });
    let others = Routes::for_load_balancers().fallback(Budget::unlimited("it is the refusal itself"), busy);
    routes(needs).merge(others.finish(()))
}

/// 200 if both tables answer and the signing keys are loaded and not too old, else 503.
async fn ready(State(needs): State<Needs>) -> Result<&'static str, Failure> {
    needs.are_met().await.map(|()| "ready").map_err(|failure| failure.at_level(Level::WARN))
}

impl Needs {
    async fn are_met(&self) -> Result<(), Failure> {
        aws::ping(&self.client, &self.tables).await.map_err(Failure::unavailable)?;
        check_keys(&self.keys, &self.provider_keys)
    }
}

/// The user pool's keys must be loaded, and no keys may be too old.
fn check_keys(keys: &Keys, provider_keys: &[(String, Arc<Keys>)]) -> Result<(), Failure> {
    let not_current =
        |whose, reason| Failure::new(FailureKind::Unavailable, format!("the {whose}'s signing keys {reason}"));
    keys.check_current().map_err(|reason| not_current("user pool", reason))?;
    for (id, keys) in provider_keys {
        if let Err(reason @ NotCurrent::TooOld) = keys.check_current() {
            return Err(not_current("provider", reason).at_provider(id));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::advance;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn keys_that_are_missing_or_too_old_make_the_server_unready() {
        let provider = |keys| [("bridged".to_owned(), Arc::new(keys))];
        let told = |failure: Failure| (failure.status.as_u16(), failure.reason.into_owned(), failure.provider);
        let missing = told(check_keys(&Keys::missing(), &[]).unwrap_err());
        assert_eq!(missing, (503, "the user pool's signing keys are not loaded yet".to_owned(), None));
        let (old, provider_old) = (Keys::just_loaded(), provider(Keys::just_loaded()));
        assert!(check_keys(&old, &provider_old).is_ok());
        // A provider that cannot be reached at the start must not keep the others from working.
        assert!(check_keys(&old, &provider(Keys::missing())).is_ok());
        advance(Duration::from_secs(24 * 60 * 60 + 1)).await;
        let too_old = told(check_keys(&old, &[]).unwrap_err());
        let reason = "signing keys were last fetched more than 24 hours ago";
        assert_eq!(too_old, (503, format!("the user pool's {reason}"), None));
        let too_old = told(check_keys(&Keys::just_loaded(), &provider_old).unwrap_err());
        assert_eq!(too_old, (503, format!("the provider's {reason}"), Some("bridged".to_owned())));
    }
}
