//! The calls to the user pool's domain: code exchange (RFC 6749, 4.1.3) and revocation (RFC 7009).

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::header;
use oauth2::{
    AccessToken, AuthType, AuthorizationCode, Client, ClientId, ClientSecret, EmptyExtraTokenFields, EndpointNotSet,
    EndpointSet, PkceCodeVerifier, RedirectUrl, RefreshToken, RequestTokenError, Scope, StandardRevocableToken,
    StandardTokenIntrospectionResponse, TokenUrl,
    basic::{BasicErrorResponse, BasicErrorResponseType, BasicRevocationErrorResponse, BasicTokenType},
};
use serde::{Deserialize, Deserializer, Serialize, de::IntoDeserializer as _};
use url::form_urlencoded::byte_serialize;

use super::{RelyingParty, app_clients::AppClient};
use crate::{aws::SecretError, config::Cognito, oidc::HttpError, secret::Secret};

/// The tokens from the token endpoint.
pub(super) struct Tokens {
    pub(super) id_token: Secret,
    pub(super) access_token: Secret,
    pub(super) refresh_token: Option<Secret>,
}

/// Why a request to the token endpoint, or to that of revocation, failed. No variant contains any part of the response.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum TokenEndpointError {
    #[error("cannot reach the token endpoint")]
    Unavailable,
    #[error("the token endpoint rejects the code: {0}")]
    Code(&'static str),
    #[error(
        "the token endpoint rejects this client: check the id and the secret of the app client, in [cognito] or in [providers.client] ({0})"
    )]
    Client(&'static str),
    #[error(
        "the token endpoint rejects this client: check the id and the secret of the app client, in [cognito] or in [providers.client] (invalid_client)"
    )]
    InvalidClient,
    #[error(
        "the token endpoint rejects the secret of this client (invalid_client), and {setting} was not read again: {reason}"
    )]
    Secret { setting: String, reason: SecretError },
    #[error("the token endpoint cannot be used: {0}")]
    Unusable(&'static str),
}

/// The parts of a token response that are used (RFC 6749, 5.1; OpenID Connect Core 1.0, 3.1.3.3). Everything else is ignored:
/// some servers send `expires_in` as a string or with a fraction. `Debug` hides the tokens.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct TokenBody {
    access_token: AccessToken,
    #[serde(deserialize_with = "in_lower_case")]
    token_type: BasicTokenType,
    refresh_token: Option<RefreshToken>,
    pub(super) id_token: Option<Secret>,
}

/// Token types are case-insensitive (RFC 6749, 5.1). The library knows its types in lower case.
fn in_lower_case<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BasicTokenType, D::Error> {
    let name = String::deserialize(deserializer)?.to_ascii_lowercase();
    BasicTokenType::deserialize(name.into_deserializer())
}

impl oauth2::TokenResponse for TokenBody {
    type TokenType = BasicTokenType;

    fn access_token(&self) -> &AccessToken {
        &self.access_token
    }

    fn token_type(&self) -> &BasicTokenType {
        &self.token_type
    }

    fn expires_in(&self) -> Option<Duration> {
        None
    }

    fn refresh_token(&self) -> Option<&RefreshToken> {
        self.refresh_token.as_ref()
    }

    fn scopes(&self) -> Option<&Vec<Scope>> {
        None
    }
}

pub(super) type TokenClient = Client<
    BasicErrorResponse,
    TokenBody,
    StandardTokenIntrospectionResponse<EmptyExtraTokenFields, BasicTokenType>,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

impl RelyingParty {
    /// Exchanges `code`, which was issued to `client`, for tokens.
    ///
    /// # Errors
    /// The token endpoint returned no usable tokens.
    pub(super) async fn exchange(
        &self,
        app_client: &AppClient,
        code: &Secret,
        verifier: &Secret,
    ) -> Result<Tokens, TokenEndpointError> {
        let secret = app_client.secret();
        match self.exchange_once(app_client, secret.as_ref(), code, verifier).await {
            Ok(tokens) => Ok(tokens),
            // The user pool authenticates the client before it uses up the code (RFC 6749, 4.1.3).
            Err(error) => {
                let other = app_client.secret_after(error, secret.as_ref()).await?;
                self.exchange_once(app_client, Some(&other), code, verifier).await
            }
        }
    }

    async fn exchange_once(
        &self,
        app_client: &AppClient,
        secret: Option<&Secret>,
        code: &Secret,
        verifier: &Secret,
    ) -> Result<Tokens, TokenEndpointError> {
        let client = self.token_client(app_client, secret)?;
        let request = client
            .exchange_code(AuthorizationCode::new(code.expose().to_owned()))
            .set_pkce_verifier(PkceCodeVerifier::new(verifier.expose().to_owned()));
        let response = request.request_async(&self.http).await.map_err(token_endpoint_error)?;
        if !matches!(response.token_type, BasicTokenType::Bearer) {
            return Err(TokenEndpointError::Unusable("token_type in its response is not Bearer"));
        }
        Ok(Tokens {
            id_token: response.id_token.ok_or(TokenEndpointError::Unusable("its response has no ID token"))?,
            access_token: Secret::new(response.access_token.secret()),
            refresh_token: response.refresh_token.map(|token| Secret::new(token.secret())),
        })
    }

    /// Revokes a refresh token of `client`, and with it the access tokens issued from it.
    ///
    /// # Errors
    /// The user pool did not confirm the revocation.
    pub(super) async fn revoke(
        &self,
        app_client: &AppClient,
        refresh_token: &Secret,
    ) -> Result<(), TokenEndpointError> {
        let secret = app_client.secret();
        match self.revoke_once(app_client, secret.as_ref(), refresh_token).await {
            Ok(()) => Ok(()),
            Err(error) => {
                let other = app_client.secret_after(error, secret.as_ref()).await?;
                self.revoke_once(app_client, Some(&other), refresh_token).await
            }
        }
    }

    async fn revoke_once(
        &self,
        app_client: &AppClient,
        secret: Option<&Secret>,
        refresh_token: &Secret,
    ) -> Result<(), TokenEndpointError> {
        #[derive(Deserialize)]
        struct Refusal {
            error: BasicErrorResponseType,
        }
        let request = self.revocation_request(&app_client.id, secret, refresh_token);
        let request = request.map_err(|_| http_error(HttpError::Request))?;
        let response = self.http.send(request).await.map_err(http_error)?;
        if response.status().is_success() {
            return Ok(());
        }
        let refusal = serde_json::from_slice::<Refusal>(response.body());
        Err(refusal.map_or(TokenEndpointError::Unavailable, |refusal| oauth_error(&refusal.error)))
    }

    fn revocation_request(
        &self,
        client_id: &str,
        secret: Option<&Secret>,
        refresh_token: &Secret,
    ) -> http::Result<http::Request<Vec<u8>>> {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.append_pair("token", refresh_token.expose())
            .append_pair("token_type_hint", "refresh_token")
            .append_pair("client_id", client_id);
        let mut request = http::Request::post(self.cognito.domain.at("/oauth2/revoke"))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        if let Some(secret) = secret {
            // RFC 6749, 2.3.1: form-encode each part before joining them.
            let encoded = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
            let credentials = format!("{}:{}", encoded(client_id), encoded(secret.expose()));
            request = request.header(header::AUTHORIZATION, format!("Basic {}", STANDARD.encode(credentials)));
        }
        request.body(form.finish().into_bytes())
    }

    pub(super) fn token_client(
        &self,
        app_client: &AppClient,
        secret: Option<&Secret>,
    ) -> Result<TokenClient, TokenEndpointError> {
        token_client(&self.cognito, &self.redirect_uri, &app_client.id, secret)
    }
}

/// This site as the app client `client_id` with this secret, for the token endpoint.
pub(super) fn token_client(
    cognito: &Cognito,
    redirect_uri: &str,
    client_id: &str,
    secret: Option<&Secret>,
) -> Result<TokenClient, TokenEndpointError> {
    let invalid_url = |_| TokenEndpointError::Unusable("its address or the redirect URI is not a URL");
    let token_url = TokenUrl::new(cognito.domain.at("/oauth2/token")).map_err(invalid_url)?;
    let redirect_uri = RedirectUrl::new(redirect_uri.to_owned()).map_err(invalid_url)?;
    let client =
        Client::new(ClientId::new(client_id.to_owned())).set_token_uri(token_url).set_redirect_uri(redirect_uri);
    Ok(match secret {
        Some(secret) => {
            client.set_client_secret(ClientSecret::new(secret.expose().to_owned())).set_auth_type(AuthType::BasicAuth)
        }
        None => client.set_auth_type(AuthType::RequestBody),
    })
}

pub(super) fn token_endpoint_error(error: RequestTokenError<HttpError, BasicErrorResponse>) -> TokenEndpointError {
    match error {
        RequestTokenError::Request(error) => http_error(error),
        RequestTokenError::ServerResponse(response) => oauth_error(response.error()),
        RequestTokenError::Parse(..) => TokenEndpointError::Unusable("its response is not a token response"),
        RequestTokenError::Other(_) => TokenEndpointError::Unusable("its response is empty or not JSON"),
    }
}

const fn http_error(error: HttpError) -> TokenEndpointError {
    match error {
        HttpError::Unavailable => TokenEndpointError::Unavailable,
        HttpError::TooLarge => TokenEndpointError::Unusable("its response is too large"),
        HttpError::Request => TokenEndpointError::Unusable("the request cannot be built"),
        HttpError::NotJson => TokenEndpointError::Unusable("its response is not a token response"),
    }
}

const fn oauth_error(error: &BasicErrorResponseType) -> TokenEndpointError {
    match error {
        BasicErrorResponseType::InvalidGrant => TokenEndpointError::Code("invalid_grant"),
        BasicErrorResponseType::InvalidRequest => TokenEndpointError::Code("invalid_request"),
        BasicErrorResponseType::InvalidClient => TokenEndpointError::InvalidClient,
        BasicErrorResponseType::UnauthorizedClient => TokenEndpointError::Client("unauthorized_client"),
        _ => TokenEndpointError::Unusable("unexpected OAuth error"),
    }
}
