//! `POST /federation/{id}/token`: Cognito's token request (RFC 6749, 4.1.3), made again with an assertion.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    Form,
    extract::{ConnectInfo, FromRequest as _, Path, Request, State, rejection::PathRejection},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use tokio::time::timeout;
use tracing::info;

use super::{
    Bridge, assertion,
    oauth_error::{self, OAuthError},
    upstream,
};
use crate::{Site, secret::Secret};

/// How long the provider may take altogether: Cognito waits for 5 seconds.
const PATIENCE: Duration = Duration::from_millis(4_500);
/// How long the request's body may take to arrive: it has some 1 KB.
const ARRIVAL: Duration = Duration::from_secs(2);

/// The parameters that Cognito sends. One that comes twice is no form (RFC 6749, 3.2).
#[derive(Deserialize)]
pub(super) struct TokenRequest {
    grant_type: Option<String>,
    code: Option<Secret>,
    redirect_uri: Option<String>,
    client_id: Option<String>,
    client_secret: Option<Secret>,
}

pub(super) async fn token(
    State(site): State<Arc<Site>>,
    id: Result<Path<String>, PathRejection>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    let client = site.rate_limit.client(peer.ip(), request.headers());
    let bridge = id.ok().and_then(|Path(id)| site.bridges.find(&id));
    let refused = match authenticated(bridge, request).await {
        Ok((bridge, request)) => return tokens(bridge, bridge.exchange(request).await),
        Err(error) => error,
    };
    // Whoever is not the user pool is counted, and it is not: its requests come from a few addresses.
    if site.rate_limit.is_refused_too_often(client) {
        return oauth_error::too_many();
    }
    refused.answer(bridge.map_or("none", |bridge| &bridge.id))
}

/// The user pool's request to a bridge that is there.
async fn authenticated(bridge: Option<&Bridge>, request: Request) -> Result<(&Bridge, TokenRequest), OAuthError> {
    let none = OAuthError::new(StatusCode::NOT_FOUND, "invalid_request", "no provider with a bridge has this id");
    let bridge = bridge.ok_or(none)?;
    let too_late =
        OAuthError::new(StatusCode::REQUEST_TIMEOUT, "invalid_request", "a body that did not arrive in time");
    let request = match timeout(ARRIVAL, Form::from_request(request, &())).await.map_err(|_| too_late)? {
        Ok(Form(request)) => request,
        Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            return Err(OAuthError::new(StatusCode::PAYLOAD_TOO_LARGE, "invalid_request", "a body over the limit"));
        }
        Err(_) => return Err(OAuthError::invalid_request("a body that is no form, or a parameter that came twice")),
    };
    bridge.authenticate(&request)?;
    Ok((bridge, request))
}

fn tokens(bridge: &Bridge, exchanged: Result<Vec<u8>, OAuthError>) -> Response {
    match exchanged {
        Ok(body) => {
            info!(provider = bridge.id, "the bridge passed tokens on");
            let kind = HeaderValue::from_static("application/json;charset=UTF-8");
            let no_store = HeaderValue::from_static("no-store");
            ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, no_store)], body).into_response()
        }
        Err(error) => error.answer(&bridge.id),
    }
}

impl Bridge {
    /// The provider's token response, unchanged, once its ID token has passed the checks.
    async fn exchange(&self, request: TokenRequest) -> Result<Vec<u8>, OAuthError> {
        if request.grant_type.as_deref() != Some("authorization_code") {
            return Err(OAuthError::new(
                StatusCode::BAD_REQUEST,
                "unsupported_grant_type",
                "not an authorization code",
            ));
        }
        let code = request.code.filter(|code| !code.expose().is_empty());
        let code = code.ok_or(OAuthError::invalid_request("code is missing"))?;
        if request.redirect_uri.as_deref() != Some(&self.redirect_uri) {
            return Err(OAuthError::new(
                StatusCode::BAD_REQUEST,
                "invalid_grant",
                "redirect_uri is not the user pool's",
            ));
        }
        let audience = self.settings.token_endpoint.as_str();
        let assertion = assertion::make(&self.own_keys, &self.settings.client_id, audience)
            .map_err(|_| OAuthError::new(StatusCode::INTERNAL_SERVER_ERROR, "server_error", "the key cannot sign"))?;
        let passed = async {
            let body = upstream::redeem(self, &code, &assertion).await?;
            upstream::check(self, &body).await?;
            Ok(body)
        };
        timeout(PATIENCE, passed).await.unwrap_or(Err(upstream::TOO_LATE))
    }

    /// `client_secret_post` (RFC 6749, 2.3.1), the one method that Cognito has. The secret is compared in constant time, by
    /// its hash so that its length does not show either.
    fn authenticate(&self, request: &TokenRequest) -> Result<(), OAuthError> {
        let known = request.client_id.as_deref() == Some(&self.settings.client_id);
        let given = request.client_secret.as_ref().map_or("", Secret::expose);
        let secret = crate::secret::are_equal(given, self.settings.client_secret.expose());
        if known && secret {
            return Ok(());
        }
        Err(OAuthError::invalid_client("not the client, or not its secret: check the provider in the user pool"))
    }
}
