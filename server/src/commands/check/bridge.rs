//! Checks of each bridge: its own keys, and whether its provider matches the configuration.

use serde::Deserialize;

use super::{Line, line};
use crate::{
    config::{BridgeSettings, Config},
    federation::SigningKeys,
    oidc::{HttpClient, count_keys},
};

/// Each bridge with the id of its provider, and its path in the configuration.
fn bridges(config: &Config) -> impl Iterator<Item = (&str, &BridgeSettings, String)> {
    config
        .providers
        .iter()
        .filter_map(|provider| Some((provider.id.as_str(), provider.bridge.as_ref()?, provider.key("bridge"))))
}

/// Checks the keys that sign assertions.
pub(super) async fn own_keys(config: &Config, settings: &aws_config::SdkConfig) -> Vec<Line> {
    let mut lines = Vec::new();
    for (id, bridge, _) in bridges(config) {
        let found = SigningKeys::load(bridge, settings).await.map(|keys| {
            format!(
                "{} loaded, the first one signs with {:?} for the audience {}",
                keys.public().keys.len(),
                keys.algorithm(),
                bridge.assertion_audience()
            )
        });
        lines.push(line(&format!("bridge {id} keys"), found.map_err(|fault| fault.to_string())));
    }
    lines
}

/// Checks the provider's discovery document against the configuration, and its keys.
pub(super) async fn providers(config: &Config, http: &HttpClient) -> Vec<Line> {
    let mut lines = Vec::new();
    for (id, bridge, key) in bridges(config) {
        lines.push(line(&format!("bridge {id} provider"), discovery(bridge, &key, http).await));
        lines.push(line(&format!("bridge {id} provider keys"), keys(bridge, &key, http).await));
    }
    lines
}

/// The members that are also in the configuration of the bridge (OpenID Connect Discovery 1.0, 3).
#[derive(Deserialize)]
struct Discovery {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
}

async fn discovery(bridge: &BridgeSettings, key: &str, http: &HttpClient) -> Result<String, String> {
    // Discovery 1.0, 4: remove a slash at the end of the issuer.
    let url = format!("{}/.well-known/openid-configuration", bridge.issuer.as_str().trim_end_matches('/'));
    let response = http.get(&url).await.map_err(|error| {
        format!("cannot use {url} ({error}): check {key}.issuer and this server's outgoing connections")
    })?;
    let document: Discovery = serde_json::from_slice(response.body())
        .map_err(|_| format!("{url} is not a discovery document: check {key}.issuer"))?;
    let rows = [
        ("issuer", &document.issuer, bridge.issuer.as_str()),
        ("authorization_endpoint", &document.authorization_endpoint, bridge.authorization_endpoint.as_str()),
        ("token_endpoint", &document.token_endpoint, bridge.token_endpoint.as_str()),
        ("jwks_uri", &document.jwks_uri, bridge.jwks_uri.as_str()),
    ];
    let differences: Vec<_> = rows
        .into_iter()
        .filter(|(_, published, configured)| published != configured)
        .map(|(name, published, _)| format!("set {key}.{name} to {published:?}"))
        .collect();
    if differences.is_empty() {
        Ok(format!("the addresses of {} match the configuration", bridge.issuer.as_str()))
    } else {
        Err(format!("the provider's discovery document has other values: {}", differences.join("; ")))
    }
}

async fn keys(bridge: &BridgeSettings, key: &str, http: &HttpClient) -> Result<String, String> {
    let url = bridge.jwks_uri.as_str();
    match http.get(url).await.map(|response| count_keys(response.body())) {
        Ok(0) => Err(format!("{url} has no RS256 key: check {key}.jwks_uri")),
        Ok(keys) => Ok(format!("{keys} for RS256")),
        Err(error) => {
            Err(format!("cannot use {url} ({error}): check {key}.jwks_uri; without keys, no one can sign in"))
        }
    }
}
