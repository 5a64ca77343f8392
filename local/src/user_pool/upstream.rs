//! The pool as a relying party of a provider. As Cognito does, it uses `client_secret_post`, no PKCE, no nonce, and no
//! parameters but the app's `login_hint` and `prompt` ("Using OIDC identity providers with a user pool").

use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::{Client, RequestBuilder};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use tokio::sync::OnceCell;
use url::form_urlencoded;

use super::oidc_provider::OidcProvider;
use super::upstream_token::{self, TokenFault};
use crate::error::StartError;
use crate::outgoing;
use crate::providers::UserInfoMethod;
use crate::web::with_query;

/// The timeout for the provider's other endpoints. Only the token endpoint is ever slow on purpose. The timeout is
/// long, so that a busy machine does not reach it.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Why the provider's response is missing or not usable. The app gets these texts.
#[derive(Debug, thiserror::Error)]
pub(super) enum UpstreamFault {
    #[error("Timeout occurred in calling IdP {0} endpoint")]
    Timeout(&'static str),
    #[error("Error in calling IdP {0} endpoint: Connection refused or reset")]
    Unreachable(&'static str),
    #[error("{0} Error - {1} error getting {2}")]
    Status(String, u16, &'static str),
    #[error("The answer of the IdP {0} endpoint is not understood")]
    Answer(&'static str),
    #[error("Bad id_token: {0}")]
    Token(#[from] TokenFault),
    #[error("Bad userInfo response: sub does not match")]
    OtherSubject,
}

/// The person who signed in at the provider.
pub(super) struct Identity {
    pub(super) subject: String,
    pub(super) claims: Map<String, Value>,
}

#[derive(Deserialize)]
struct Metadata {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    userinfo_endpoint: String,
    jwks_uri: String,
}

#[derive(Deserialize)]
struct Tokens {
    access_token: String,
    id_token: String,
}

/// A provider, seen from the pool.
pub(super) struct Upstream {
    client: Client,
    provider: OidcProvider,
    client_secret: RwLock<String>,
    callback: String,
    token_timeout: Duration,
    metadata: OnceCell<Metadata>,
}

impl Upstream {
    pub(super) fn new(provider: OidcProvider, callback: String, token_timeout: Duration) -> Result<Self, StartError> {
        let client = outgoing::client(TIMEOUT)?;
        let client_secret = RwLock::new(provider.client_secret.clone());
        Ok(Self { client, provider, client_secret, callback, token_timeout, metadata: OnceCell::new() })
    }

    /// Its name in the pool.
    pub(super) fn name(&self) -> &str {
        &self.provider.name
    }

    /// Replaces the secret that the pool authenticates with.
    pub(super) fn set_client_secret(&self, secret: &str) {
        secret.clone_into(&mut self.client_secret.write().unwrap_or_else(PoisonError::into_inner));
    }

    /// Whether `identifier` is its other name.
    pub(super) fn is_called(&self, identifier: &str) -> bool {
        self.provider.identifier.as_deref() == Some(identifier)
    }

    /// The user pool's attributes in the provider's claims, by the attribute mapping.
    pub(super) fn attributes(&self, claims: &Map<String, Value>) -> BTreeMap<&'static str, String> {
        let mapping = self.provider.registration.mapping();
        mapping.iter().filter_map(|(attribute, claim)| Some((*attribute, text(claims.get(*claim)?)?))).collect()
    }

    /// Where the browser goes to sign in. `handed_on` are parameters of the app's own request.
    pub(super) async fn authorization_url(
        &self,
        state: &str,
        handed_on: &[(&str, Option<&str>)],
    ) -> Result<String, UpstreamFault> {
        let metadata = self.metadata().await?;
        let registration = &self.provider.registration;
        let mut params = vec![
            ("client_id", registration.client_id.as_str()),
            ("redirect_uri", &self.callback),
            ("scope", registration.scopes()),
            ("response_type", "code"),
            ("state", state),
        ];
        params.extend(handed_on.iter().filter_map(|(name, value)| Some((*name, (*value)?))));
        Ok(with_query(&metadata.authorization_endpoint, &params))
    }

    /// Exchanges the provider's code for the claims about the person.
    pub(super) async fn redeem(&self, code: &str) -> Result<Identity, UpstreamFault> {
        let metadata = self.metadata().await?;
        let registration = &self.provider.registration;
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("grant_type", "authorization_code")
            .append_pair("code", code)
            .append_pair("redirect_uri", &self.callback)
            .append_pair("client_id", &registration.client_id)
            .append_pair("client_secret", &self.client_secret.read().unwrap_or_else(PoisonError::into_inner))
            .finish();
        let request = self
            .client
            .post(&metadata.token_endpoint)
            .timeout(self.token_timeout)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(form);
        let tokens: Tokens = self.call(request, "token").await?;
        // Requested each time: a provider has a new key after a restart.
        let keys = self.call(self.client.get(&metadata.jwks_uri), "jwks").await?;
        let client_id = &registration.client_id;
        let mut claims = upstream_token::verify(&tokens.id_token, &keys, &metadata.issuer, client_id)?;
        let subject = match claims.get("sub") {
            Some(Value::String(subject)) => subject.clone(),
            _ => return Err(UpstreamFault::Answer("token")),
        };
        let request = match registration.user_info_method {
            UserInfoMethod::Get => self.client.get(&metadata.userinfo_endpoint),
            UserInfoMethod::Post => self.client.post(&metadata.userinfo_endpoint),
        };
        let request = request.bearer_auth(&tokens.access_token);
        let info: Map<String, Value> = self.call(request, "userInfo").await?;
        // OpenID Connect Core 1.0, section 5.3.2: otherwise it may be about another person.
        if info.get("sub").and_then(Value::as_str) != Some(&subject) {
            return Err(UpstreamFault::OtherSubject);
        }
        claims.extend(info);
        Ok(Identity { subject, claims })
    }

    async fn metadata(&self) -> Result<&Metadata, UpstreamFault> {
        self.metadata
            .get_or_try_init(async || {
                let registration = &self.provider.registration;
                let request = self.client.get(&registration.discovery_url);
                let mut metadata: Metadata = self.call(request, "discovery").await?;
                if metadata.issuer != registration.issuer {
                    return Err(UpstreamFault::Answer("discovery"));
                }
                if let Some((authorize_url, token_url)) = &self.provider.endpoints {
                    metadata.authorization_endpoint.clone_from(authorize_url);
                    metadata.token_endpoint.clone_from(token_url);
                }
                Ok(metadata)
            })
            .await
    }

    async fn call<T: DeserializeOwned>(
        &self,
        request: RequestBuilder,
        endpoint: &'static str,
    ) -> Result<T, UpstreamFault> {
        let fault = |error: reqwest::Error| {
            if error.is_timeout() { UpstreamFault::Timeout(endpoint) } else { UpstreamFault::Unreachable(endpoint) }
        };
        let response = request.header(ACCEPT, "application/json").send().await.map_err(fault)?;
        let status = response.status();
        let body = response.bytes().await.map_err(fault)?;
        if !status.is_success() {
            return Err(UpstreamFault::Status(self.provider.name.clone(), status.as_u16(), endpoint));
        }
        serde_json::from_slice(&body).map_err(|_| UpstreamFault::Answer(endpoint))
    }
}

/// Attributes are strings: an object from the provider is kept as JSON text.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}
