//! Checks of the issuers of providers without a bridge. The server itself never calls them: it only builds addresses from them.

use serde::Deserialize;

use super::{Line, line};
use crate::{config::Config, oidc::HttpClient};

#[derive(Deserialize)]
struct Discovery {
    issuer: String,
}

/// A line for each provider that has `issuer`.
pub(super) async fn check(config: &Config, http: &HttpClient) -> Vec<Line> {
    let mut lines = Vec::new();
    for provider in &config.providers {
        if let Some(issuer) = &provider.issuer {
            let result = compare(issuer.as_str(), &provider.key("issuer"), http).await;
            lines.push(line(&format!("provider {} issuer", provider.id), result));
        }
    }
    lines
}

async fn compare(issuer: &str, key: &str, http: &HttpClient) -> Result<String, String> {
    // Discovery 1.0, 4: remove a slash at the end of the issuer.
    let url = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
    // The server may have no way there, and needs none.
    let Ok(response) = http.get(&url).await else { return Ok(format!("not compared: cannot use {url}")) };
    match serde_json::from_slice::<Discovery>(response.body()) {
        Ok(document) if document.issuer == issuer => Ok(issuer.to_owned()),
        Ok(document) => Err(format!(
            "the provider calls itself {}: set {key} to it, and oidc_issuer in the user pool",
            document.issuer
        )),
        Err(_) => Err(format!("{url} is not a discovery document: check {key}")),
    }
}
