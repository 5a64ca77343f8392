//! The pool as a relying party of its provider, as Cognito is one: `client_secret_post`, no PKCE, no
//! nonce, no parameters of its own ("Using OIDC identity providers with a user pool").

use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use tokio::sync::OnceCell;
use url::form_urlencoded;

use super::PROVIDER_NAME;
use super::upstream_token::{self, TokenFault};
use crate::StartError;
use crate::itsme::Registration;
use crate::web::with_query;

/// How long the other endpoints of the provider are waited for: only the token endpoint is ever late on
/// purpose, and a busy machine must not look like that.
const PATIENCE: Duration = Duration::from_secs(20);

/// Why the provider's answer could not be had or used. The texts are what the app is told.
#[derive(Debug, thiserror::Error)]
pub(super) enum UpstreamFault {
    #[error("Timeout occurred in calling IdP {0} endpoint")]
    Timeout(&'static str),
    #[error("Error in calling IdP {0} endpoint: Connection refused or reset")]
    Unreachable(&'static str),
    #[error("{PROVIDER_NAME} Error - {0} error getting {1}")]
    Status(u16, &'static str),
    #[error("The answer of the IdP {0} endpoint is not understood")]
    Answer(&'static str),
    #[error("Bad id_token: {0}")]
    Token(#[from] TokenFault),
    #[error("Bad userInfo response: sub does not match")]
    OtherSubject,
}

/// Who signed in at the provider.
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

/// The provider, seen from the pool.
pub(super) struct Upstream {
    client: Client,
    registration: Registration,
    callback: String,
    token_timeout: Duration,
    metadata: OnceCell<Metadata>,
}

impl Upstream {
    pub(super) fn new(
        registration: Registration,
        callback: String,
        token_timeout: Duration,
    ) -> Result<Self, StartError> {
        let client = Client::builder()
            .no_proxy()
            .redirect(Policy::none())
            .timeout(PATIENCE)
            // A connection kept from before the provider was restarted would only fail.
            .pool_max_idle_per_host(0)
            .build()?;
        Ok(Self { client, registration, callback, token_timeout, metadata: OnceCell::new() })
    }

    /// Where the browser goes to sign in.
    pub(super) async fn authorization_url(
        &self,
        state: &str,
        login_hint: Option<&str>,
    ) -> Result<String, UpstreamFault> {
        let metadata = self.metadata().await?;
        let scope = format!("openid service:{} profile email address phone eid", self.registration.service_code);
        let mut params = vec![
            ("client_id", self.registration.client_id.as_str()),
            ("redirect_uri", &self.callback),
            ("scope", &scope),
            ("response_type", "code"),
            ("state", state),
        ];
        params.extend(login_hint.map(|hint| ("login_hint", hint)));
        Ok(with_query(&metadata.authorization_endpoint, &params))
    }

    /// Exchanges the provider's code for what it says about the person.
    pub(super) async fn redeem(&self, code: &str) -> Result<Identity, UpstreamFault> {
        let metadata = self.metadata().await?;
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("grant_type", "authorization_code")
            .append_pair("code", code)
            .append_pair("redirect_uri", &self.callback)
            .append_pair("client_id", &self.registration.client_id)
            .append_pair("client_secret", &self.registration.client_secret)
            .finish();
        let request = self
            .client
            .post(&metadata.token_endpoint)
            .timeout(self.token_timeout)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(form);
        let tokens: Tokens = call(request, "token").await?;
        // Asked for each time: a provider that was restarted has another key.
        let keys = call(self.client.get(&metadata.jwks_uri), "jwks").await?;
        let client_id = &self.registration.client_id;
        let mut claims = upstream_token::verify(&tokens.id_token, &keys, &metadata.issuer, client_id)?;
        let subject = match claims.get("sub") {
            Some(Value::String(subject)) => subject.clone(),
            _ => return Err(UpstreamFault::Answer("token")),
        };
        let request = self.client.get(&metadata.userinfo_endpoint).bearer_auth(&tokens.access_token);
        let info: Map<String, Value> = call(request, "userInfo").await?;
        // OpenID Connect Core 1.0, section 5.3.2: else it may be about somebody else.
        if info.get("sub").and_then(Value::as_str) != Some(&subject) {
            return Err(UpstreamFault::OtherSubject);
        }
        claims.extend(info);
        Ok(Identity { subject, claims })
    }

    async fn metadata(&self) -> Result<&Metadata, UpstreamFault> {
        self.metadata
            .get_or_try_init(async || {
                let issuer = &self.registration.issuer;
                let url = format!("{issuer}/.well-known/openid-configuration");
                let metadata: Metadata = call(self.client.get(url), "discovery").await?;
                if metadata.issuer == *issuer { Ok(metadata) } else { Err(UpstreamFault::Answer("discovery")) }
            })
            .await
    }
}

async fn call<T: DeserializeOwned>(request: RequestBuilder, endpoint: &'static str) -> Result<T, UpstreamFault> {
    let fault = |error: reqwest::Error| {
        if error.is_timeout() { UpstreamFault::Timeout(endpoint) } else { UpstreamFault::Unreachable(endpoint) }
    };
    let response = request.header(ACCEPT, "application/json").send().await.map_err(fault)?;
    let status = response.status();
    let body = response.bytes().await.map_err(fault)?;
    if !status.is_success() {
        return Err(UpstreamFault::Status(status.as_u16(), endpoint));
    }
    serde_json::from_slice(&body).map_err(|_| UpstreamFault::Answer(endpoint))
}
