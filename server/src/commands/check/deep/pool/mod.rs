//! The user pool as an operator sees it: its own settings, its domain, its firewall, its providers and its app clients.

mod client;
mod domain;
mod firewall;
mod guide;
mod provider;
mod settings;

use std::collections::BTreeSet;

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

use self::settings::Pool;
use super::{Findings, Line, NOT_AWS, Operator, held::Held, indexed, line};
use crate::commands::check::caller::{CallError, Service};

/// The attribute that identifies a citizen's record.
const EID: &str = "custom:eid";
/// What DescribeIdentityProvider lists among the mapped attributes, although no app client can write it.
const USER_NAME: &str = "username";

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PoolOutput {
    user_pool: Pool,
}

/// The lines about the user pool. If it cannot be described, there is only one.
pub(super) async fn check(operator: &Operator<'_>) -> Vec<Line> {
    let id = operator.config.cognito.user_pool_id.as_str();
    let found = operator.pool::<PoolOutput>("DescribeUserPool", json!({})).await;
    let pool = match found {
        Ok(PoolOutput { user_pool }) => user_pool,
        Err(error) if error.is_not_found() => {
            let problem = format!(
                "there is no user pool {id} in {}: compare cognito.user_pool_id and cognito.region, and use credentials of \
                 its account",
                operator.config.cognito.region
            );
            return vec![line("user pool", Err(problem))];
        }
        Err(error) => return vec![line("user pool", Err(error.explain("cognito-idp:DescribeUserPool")))],
    };
    let mut lines = vec![line("user pool", Ok(pool.summary(id)))];
    lines.extend(operator.settings(&pool).await);
    let (domain, is_managed) = operator.domain(&pool).await;
    lines.push(line("user pool domain", domain));
    lines.push(line("user pool firewall", operator.firewall(&pool).await));
    let (of_providers, mapped) = operator.providers(&pool).await;
    lines.extend(of_providers);
    lines.extend(operator.clients(&mapped, is_managed).await);
    lines
}

/// The attributes that the user pool writes at a sign-in, by the name of the provider.
struct Mapped(Vec<(String, BTreeSet<String>)>);

impl Mapped {
    /// Those of these providers together. `custom:eid` is always one.
    fn of(&self, providers: &[&str]) -> BTreeSet<&str> {
        let known = self.0.iter().filter(|(name, _)| providers.contains(&name.as_str()));
        known.flat_map(|(_, attributes)| attributes).map(String::as_str).chain([EID]).collect()
    }
}

impl Operator<'_> {
    /// An operation on the user pool, whose id is added to `input`.
    async fn pool<T: DeserializeOwned>(&self, operation: &str, mut input: Value) -> Result<T, CallError> {
        input["UserPoolId"] = json!(self.config.cognito.user_pool_id);
        self.of_pool().json(Service::Cognito, operation, &input).await
    }
}
