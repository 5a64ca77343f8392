use std::sync::Arc;

use app::pages::failure::FailureKind;
use aws_config::SdkConfig;
use axum::extract::{Path, rejection::PathRejection};

use super::{
    client_secrets::ClientSecrets,
    nonce::Nonces,
    signing_keys::{LoadError, SigningKeys},
};
use crate::{
    config::{BridgeSettings, Config},
    failure::Failure,
    oidc::{HttpClient, Keys},
    once_per_minute::OncePerMinute,
    providers::PageLanguage,
    secret::SealingKeys,
};

/// The bridges of all providers that have one.
#[derive(Debug)]
pub struct Bridges(Vec<Bridge>);

/// What a bridge keeps secret.
#[derive(Debug)]
pub struct BridgeSecrets {
    keys: SigningKeys,
    client: ClientSecrets,
}

impl BridgeSecrets {
    /// Loads the secrets of each bridge of `config`, in the order of the providers.
    ///
    /// # Errors
    /// A key or a secret cannot be read or used.
    pub async fn load_all(config: &Config, settings: &SdkConfig) -> Result<Vec<Self>, LoadError> {
        let mut all = Vec::new();
        for provider in &config.providers {
            let Some(bridge) = &provider.bridge else { continue };
            let keys = SigningKeys::load(bridge, settings).await?;
            all.push(Self { keys, client: ClientSecrets::load(provider, bridge, settings).await? });
        }
        Ok(all)
    }
}

/// The bridge to one provider.
#[derive(Debug)]
pub(super) struct Bridge {
    /// The provider's id in the configuration.
    pub(super) id: String,
    pub(super) settings: BridgeSettings,
    /// The only `prompt` that the provider accepts.
    pub(super) prompt: Option<&'static str>,
    /// How it is asked for pages in a language.
    pub(super) pages: &'static PageLanguage,
    /// Limits the log lines about the previous client secret.
    pub(super) previous_secret_uses: OncePerMinute,
    /// The callback URL that Cognito gives the provider.
    pub(super) redirect_uri: String,
    pub(super) own_keys: SigningKeys,
    pub(super) client_secrets: ClientSecrets,
    pub(super) provider_keys: Arc<Keys>,
    pub(super) nonces: Nonces,
    pub(super) http: HttpClient,
}

impl Bridges {
    /// A bridge for each provider of `config` that has one. `secrets` has theirs in the same order. Nonces are made with `sealing`.
    pub fn new(config: &Config, http: &HttpClient, sealing: &SealingKeys, secrets: Vec<BridgeSecrets>) -> Self {
        let with_bridge = config.providers.iter().filter_map(|provider| Some((provider, provider.bridge.as_ref()?)));
        let bridges = with_bridge.zip(secrets).map(|((provider, settings), secrets)| Bridge {
            id: provider.id.clone(),
            settings: settings.clone(),
            prompt: provider.kind.bridge.as_ref().and_then(|defaults| defaults.prompt),
            pages: &provider.kind.pages,
            previous_secret_uses: OncePerMinute::default(),
            redirect_uri: config.cognito.domain.at("/oauth2/idpresponse"),
            own_keys: secrets.keys,
            client_secrets: secrets.client,
            provider_keys: Arc::new(Keys::new(settings.jwks_uri.as_str().to_owned(), http.clone())),
            nonces: Nonces::new(sealing, &provider.id),
            http: http.clone(),
        });
        Self(bridges.collect())
    }

    /// The id and the signing keys of each provider behind a bridge.
    pub fn provider_keys(&self) -> impl Iterator<Item = (String, Arc<Keys>)> {
        self.0.iter().map(|bridge| (bridge.id.clone(), Arc::clone(&bridge.provider_keys)))
    }

    /// The bridge that a request's path names.
    ///
    /// # Errors
    /// 404: no provider with a bridge has this id, or it is not UTF-8.
    pub(super) fn requested(&self, id: Result<Path<String>, PathRejection>) -> Result<&Bridge, Failure> {
        let bridge = id.ok().and_then(|Path(id)| self.0.iter().find(|bridge| bridge.id == id));
        bridge.ok_or_else(|| {
            Failure::new(FailureKind::NotFound, "no provider with a bridge has this id").unauthenticated()
        })
    }
}
