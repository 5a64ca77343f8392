//! `POST /federation/{id}/token`: Cognito's token request (RFC 6749, 4.1.3), sent on with an assertion.

use std::{sync::Arc, time::Duration};

use axum::{
    body::Bytes,
    extract::{Path, State, rejection::PathRejection},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use tokio::time::timeout;
use tracing::{Level, info};

use super::{
    assertion,
    bridge::{Bridge, Bridges},
    client_secrets::Used,
    upstream,
};
use crate::{failure::Failure, media_type, metrics::BridgeOutcome, oidc::parameter, secret::Secret};

/// The limit for all calls to the provider together: Cognito waits for 5 seconds.
const TIMEOUT: Duration = Duration::from_millis(4_500);

/// The parameters that Cognito sends.
pub(super) struct TokenRequest {
    grant_type: Option<String>,
    code: Option<Secret>,
    redirect_uri: Option<String>,
    client_id: Option<String>,
    client_secret: Option<Secret>,
}

impl TokenRequest {
    /// Reads the form in `body`. `None` if it is none. A repeated parameter makes it invalid (RFC 6749, 3.2).
    fn parse(headers: &HeaderMap, body: &[u8]) -> Option<Self> {
        let form =
            media_type::is(headers, "application/x-www-form-urlencoded").then(|| String::from_utf8_lossy(body))?;
        let text = |name| parameter(&form, name).ok();
        let secret = |name| text(name).map(|value| value.map(Secret::new));
        Some(Self {
            grant_type: text("grant_type")?,
            code: secret("code")?,
            redirect_uri: text("redirect_uri")?,
            client_id: text("client_id")?,
            client_secret: secret("client_secret")?,
        })
    }
}

pub(super) async fn token(
    State(bridges): State<Arc<Bridges>>,
    id: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let bridge = bridges.requested(id)?;
    let request = TokenRequest::parse(&headers, &body)
        .ok_or_else(|| invalid_request("the body is not a form, or a parameter was sent twice"))
        .and_then(|request| bridge.authenticate(&request).map(|()| request))
        .map_err(|failure| failure.at_provider(&bridge.id).unauthenticated())
        .inspect_err(|_| bridge.exchanges.count(BridgeOutcome::Refused))?;
    // A fault at the provider, or in its settings, is not an error of this server.
    let body = bridge.exchange(request).await.map_err(|NotExchanged { outcome, failure }| {
        bridge.exchanges.count(outcome);
        failure.at_provider(&bridge.id).at_level(Level::WARN)
    })?;
    bridge.exchanges.count(BridgeOutcome::Forwarded);
    info!(provider = bridge.id, "token response forwarded");
    let content_type = HeaderValue::from_static("application/json;charset=UTF-8");
    let no_store = HeaderValue::from_static("no-store");
    Ok(([(header::CONTENT_TYPE, content_type), (header::CACHE_CONTROL, no_store)], body).into_response())
}

/// Why a code was not exchanged, and what that counts as.
struct NotExchanged {
    outcome: BridgeOutcome,
    failure: Box<Failure>,
}

impl NotExchanged {
    /// What failed counts as `outcome`.
    const fn at(outcome: BridgeOutcome) -> impl Fn(Failure) -> Self {
        move |failure| Self { outcome, failure: Box::new(failure) }
    }

    /// The same, unless the provider did not answer, or refused the code.
    fn by_provider(otherwise: BridgeOutcome) -> impl Fn(Failure) -> Self {
        move |failure| {
            let outcome = match failure.status {
                StatusCode::GATEWAY_TIMEOUT => BridgeOutcome::ProviderUnavailable,
                // Not every provider has an error code of its own for a wrong code.
                StatusCode::BAD_REQUEST => BridgeOutcome::CodeRejected,
                _ => otherwise,
            };
            Self { outcome, failure: Box::new(failure) }
        }
    }
}

impl Bridge {
    /// The provider's token response, unchanged, after its ID token has passed the checks.
    async fn exchange(&self, request: TokenRequest) -> Result<Vec<u8>, NotExchanged> {
        let code = self.code_in(request).map_err(NotExchanged::at(BridgeOutcome::Refused))?;
        let audience = self.settings.assertion_audience();
        let assertion = assertion::make(&self.own_keys, &self.settings.client_id, audience).map_err(|_| {
            Failure::oauth(
                StatusCode::INTERNAL_SERVER_ERROR,
                "server_error",
                "the signing key cannot be used: check signing_key_files or signing_key_secret_arns",
            )
        });
        let assertion = assertion.map_err(NotExchanged::at(BridgeOutcome::Internal))?;
        let exchanged = async {
            let redeemed = upstream::redeem(self, &code, &assertion).await;
            let body = redeemed.map_err(NotExchanged::by_provider(BridgeOutcome::ProviderError))?;
            let checked = upstream::check(self, &body).await;
            checked.map_err(NotExchanged::by_provider(BridgeOutcome::TokenRejected))?;
            Ok(body)
        };
        let timed_out = |_| Err(NotExchanged::at(BridgeOutcome::ProviderUnavailable)(upstream::timed_out()));
        timeout(TIMEOUT, exchanged).await.unwrap_or_else(timed_out)
    }

    /// The code in a request of the user pool.
    fn code_in(&self, request: TokenRequest) -> Result<Secret, Failure> {
        if request.grant_type.as_deref() != Some("authorization_code") {
            return Err(Failure::oauth(
                StatusCode::BAD_REQUEST,
                "unsupported_grant_type",
                "grant_type is not authorization_code",
            ));
        }
        let code = request.code.filter(|code| !code.expose().is_empty());
        let code = code.ok_or_else(|| invalid_request("code is missing"))?;
        if request.redirect_uri.as_deref() != Some(&self.redirect_uri) {
            return Err(Failure::oauth(
                StatusCode::BAD_REQUEST,
                "invalid_grant",
                "redirect_uri does not belong to the user pool: check cognito.domain",
            ));
        }
        Ok(code)
    }

    /// `client_secret_post` (RFC 6749, 2.3.1), the only method that Cognito supports.
    fn authenticate(&self, request: &TokenRequest) -> Result<(), Failure> {
        let is_known_client = request.client_id.as_deref() == Some(&self.settings.client_id);
        let used = self.client_secrets.find(request.client_secret.as_ref().map_or("", Secret::expose));
        if let Some(used) = used
            && is_known_client
        {
            if used == Used::Previous && self.previous_secret_uses.is_due() {
                info!(provider = self.id, "previous client secret still in use");
            }
            return Ok(());
        }
        let reason = "wrong client_id or client_secret: check the provider in the user pool";
        Err(Failure::oauth(StatusCode::UNAUTHORIZED, "invalid_client", reason))
    }
}

fn invalid_request(reason: &'static str) -> Failure {
    Failure::oauth(StatusCode::BAD_REQUEST, "invalid_request", reason)
}
