//! What each bridge needs: its own keys, and the provider behind it as it was configured.

use serde::Deserialize;

use super::{Line, line};
use crate::{
    config::{Bridge, Config},
    sign_in::{HttpClient, count_keys},
};

/// Each bridge with the id of its provider, and where its keys are in the configuration.
fn bridges(config: &Config) -> impl Iterator<Item = (&str, &Bridge, String)> {
    let with_index = config.providers.iter().enumerate();
    with_index.filter_map(|(index, provider)| {
        Some((provider.id.as_str(), provider.bridge.as_ref()?, format!("providers.{index}.bridge")))
    })
}

/// The keys that assertions are signed with.
pub(super) async fn own_keys(config: &Config, settings: &aws_config::SdkConfig) -> Vec<Line> {
    let mut lines = Vec::new();
    for (id, bridge, _) in bridges(config) {
        let found = crate::signing_keys_of(bridge, settings)
            .await
            .map(|keys| format!("{} there, the first one signs with {:?}", keys.public().keys.len(), keys.algorithm()));
        lines.push(line(&format!("bridge {id} keys"), found.map_err(|fault| fault.to_string())));
    }
    lines
}

/// The provider's discovery document against the configuration, and its keys.
pub(super) async fn providers(config: &Config, http: &HttpClient) -> Vec<Line> {
    let mut lines = Vec::new();
    for (id, bridge, key) in bridges(config) {
        lines.push(line(&format!("bridge {id} provider"), discovery(bridge, &key, http).await));
        lines.push(line(&format!("bridge {id} provider keys"), keys(bridge, &key, http).await));
    }
    lines
}

/// The members that the bridge has its own copies of (OpenID Connect Discovery 1.0, 3).
#[derive(Deserialize)]
struct Discovery {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
}

async fn discovery(bridge: &Bridge, key: &str, http: &HttpClient) -> Result<String, String> {
    // Discovery 1.0, 4: a slash at the end of the issuer goes.
    let url = format!("{}/.well-known/openid-configuration", bridge.issuer.as_str().trim_end_matches('/'));
    let response = http
        .get(&url)
        .await
        .map_err(|fault| format!("{url} is {fault}: check {key}.issuer and the way out of this network"))?;
    let document: Discovery = serde_json::from_slice(response.body())
        .map_err(|_| format!("{url} holds no discovery document: check {key}.issuer"))?;
    let rows = [
        ("issuer", &document.issuer, bridge.issuer.as_str()),
        ("authorization_endpoint", &document.authorization_endpoint, bridge.authorization_endpoint.as_str()),
        ("token_endpoint", &document.token_endpoint, bridge.token_endpoint.as_str()),
        ("jwks_uri", &document.jwks_uri, bridge.jwks_uri.as_str()),
    ];
    let others: Vec<_> = rows
        .into_iter()
        .filter(|(_, told, configured)| told != configured)
        .map(|(name, told, _)| format!("set {key}.{name} to {told:?}"))
        .collect();
    if others.is_empty() {
        Ok(format!("{} has the addresses of the configuration", bridge.issuer.as_str()))
    } else {
        Err(format!("the provider says otherwise: {}", others.join("; ")))
    }
}

async fn keys(bridge: &Bridge, key: &str, http: &HttpClient) -> Result<String, String> {
    let url = bridge.jwks_uri.as_str();
    match http.get(url).await.map(|response| count_keys(response.body())) {
        Ok(0) => Err(format!("{url} holds no RS256 key: check {key}.jwks_uri")),
        Ok(keys) => Ok(format!("{keys} for RS256")),
        Err(fault) => Err(format!("{url} is {fault}: check {key}.jwks_uri; without keys nobody can sign in")),
    }
}
