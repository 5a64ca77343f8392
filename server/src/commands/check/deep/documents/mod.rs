//! What `[documents]` needs. Each line has one cause of the failures that AWS does not explain.

mod access_grants;
mod application;
mod exchange;
mod policy;
mod roles;
mod trust;

use super::{Line, Operator, indexed, line, with_notes};
use crate::{
    commands::check::{caller::Caller, role::RoleName},
    config::{Documents, OwnClient},
};

/// What the checks have in common.
struct Deep<'a> {
    documents: &'a Documents,
    /// The issuer that the directory must trust.
    issuer: &'a str,
    /// The app client of case workers.
    client: &'a OwnClient,
    /// The key of the provider in the configuration, such as `providers.1`.
    provider_key: String,
    /// The role that the server runs as, if it is known.
    server: Option<&'a RoleName>,
    /// In the region of the documents.
    caller: Caller<'a>,
}

/// The lines about documents, if there are any.
pub(super) async fn check(operator: &Operator<'_>, server: Option<&RoleName>) -> Vec<Line> {
    let config = operator.config;
    let Some(documents) = &config.documents else { return Vec::new() };
    let workforce = indexed(config).find(|(_, provider)| config.is_for_case_workers(provider));
    let Some((index, client)) = workforce.and_then(|(index, provider)| Some((index, provider.client.as_ref()?))) else {
        return Vec::new();
    };
    let deep = Deep {
        documents,
        issuer: config.cognito.issuer.as_str(),
        client,
        provider_key: format!("providers.{index}"),
        server,
        caller: operator.in_region(&documents.region),
    };
    let (mut lines, is_known) = deep.application(&config.cognito.client_id).await;
    lines.extend(deep.roles(is_known).await);
    lines.extend(deep.access_grants(is_known).await);
    lines
}

/// In place of a result that needs the application.
const NO_APPLICATION: &str = "not compared: fix application first";
