//! `server check --deep`: compares the settings at AWS that only administrative calls show. Each line has one cause of the failures
//! that AWS does not explain, and says which setting to change.

mod access_grants;
mod app_client;
mod application;
mod exchange;
mod policy;
mod roles;
mod trust;

use aws_config::SdkConfig;

use super::{Line, caller::Caller, line, role::RoleName};
use crate::{
    aws,
    config::{Config, Documents, OwnClient, Provider},
    oidc::HttpClient,
};

/// What the checks have in common.
struct Deep<'a> {
    documents: &'a Documents,
    /// The issuer that the directory must trust.
    issuer: &'a str,
    /// The app client of case workers.
    client: &'a OwnClient,
    provider: &'a Provider,
    /// The key of the provider in the configuration, such as `providers.1`.
    provider_key: String,
    /// The role that the server runs as, if it is known.
    server: Option<&'a RoleName>,
    /// In the region of the documents.
    caller: Caller<'a>,
    /// In the region of the user pool.
    pool: Caller<'a>,
}

/// The lines of `--deep`.
pub(super) async fn check(
    config: &Config,
    settings: &SdkConfig,
    http: &HttpClient,
    server: Option<&RoleName>,
) -> Vec<Line> {
    let Some(documents) = &config.documents else {
        return vec![line("deep", Ok("nothing to compare: there is no [documents]".to_owned()))];
    };
    let workforce = config.providers.iter().find(|provider| config.is_for_case_workers(provider));
    let Some((provider, client)) = workforce.and_then(|provider| Some((provider, provider.client.as_ref()?))) else {
        return Vec::new();
    };
    let endpoint = documents.admin_endpoint_url.as_ref();
    let caller = |region| Caller { http, credentials: aws::operator_credentials(settings, endpoint), endpoint, region };
    let deep = Deep {
        documents,
        issuer: config.cognito.issuer.as_str(),
        client,
        provider,
        provider_key: format!("providers.{}", provider.index),
        server,
        caller: caller(&documents.region),
        pool: caller(&config.cognito.region),
    };
    let (mut lines, is_known) = deep.application(&config.cognito.client_id).await;
    lines.extend(deep.roles(is_known).await);
    lines.extend(deep.access_grants(is_known).await);
    lines.extend(deep.sign_in(config).await);
    lines
}

/// In place of a result that needs the application.
const NO_APPLICATION: &str = "not compared: fix application first";

/// `text`, followed by each note.
fn with_notes(text: &str, notes: &[String]) -> String {
    notes.iter().fold(text.to_owned(), |text, note| format!("{text}; note: {note}"))
}
