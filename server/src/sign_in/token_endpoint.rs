//! The calls to the user pool's domain: the code for tokens (RFC 6749, 4.1.3), and revocation (RFC 7009).

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::header;
use oauth2::{
    AuthType, AuthorizationCode, Client, ClientId, ClientSecret, EmptyExtraTokenFields, EndpointNotSet, EndpointSet,
    ExtraTokenFields, PkceCodeVerifier, RedirectUrl, RequestTokenError, StandardRevocableToken,
    StandardTokenIntrospectionResponse, StandardTokenResponse, TokenResponse as _, TokenUrl,
    basic::{BasicErrorResponse, BasicErrorResponseType, BasicRevocationErrorResponse, BasicTokenType},
};
use serde::{Deserialize, Serialize};
use url::form_urlencoded::byte_serialize;

use super::{HttpFault, RelyingParty};
use crate::secret::Secret;

/// What the token endpoint handed over.
pub(super) struct Tokens {
    pub(super) id_token: Secret,
    pub(super) access_token: Secret,
    pub(super) refresh_token: Option<Secret>,
}

/// Why there are no tokens. No variant holds anything of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum TokenEndpointFault {
    #[error("the token endpoint is out of reach")]
    OutOfReach,
    #[error("the token endpoint does not accept the code: {0}")]
    Code(&'static str),
    #[error("the token endpoint does not accept this client: check user_pool_web_client_id and client_secret ({0})")]
    Client(&'static str),
    #[error("the token endpoint's answer cannot be used: {0}")]
    Answer(&'static str),
}

/// The ID token of a token response. Unlike the library's own fields it does not print.
#[derive(Debug, Serialize, Deserialize)]
struct IdTokenField {
    id_token: Option<Secret>,
}

impl ExtraTokenFields for IdTokenField {}

type TokenClient = Client<
    BasicErrorResponse,
    StandardTokenResponse<IdTokenField, BasicTokenType>,
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
    /// Exchanges `code` for tokens.
    ///
    /// # Errors
    /// There are none.
    pub(super) async fn exchange(&self, code: &Secret, verifier: &Secret) -> Result<Tokens, TokenEndpointFault> {
        let client = self.token_client()?;
        let request = client
            .exchange_code(AuthorizationCode::new(code.expose().to_owned()))
            .set_pkce_verifier(PkceCodeVerifier::new(verifier.expose().to_owned()));
        let response = request.request_async(&self.http).await.map_err(fault)?;
        if !matches!(response.token_type(), BasicTokenType::Bearer) {
            return Err(TokenEndpointFault::Answer("its token_type is not Bearer"));
        }
        Ok(Tokens {
            id_token: response
                .extra_fields()
                .id_token
                .clone()
                .ok_or(TokenEndpointFault::Answer("it holds no ID token"))?,
            access_token: Secret::new(response.access_token().secret()),
            refresh_token: response.refresh_token().map(|token| Secret::new(token.secret())),
        })
    }

    /// Revokes a refresh token, and with it the access tokens that came of it.
    ///
    /// # Errors
    /// The user pool did not take it.
    pub(super) async fn revoke(&self, refresh_token: &Secret) -> Result<(), HttpFault> {
        let request = self.revocation_request(refresh_token).map_err(|_| HttpFault::Request)?;
        let response = self.http.send(request).await?;
        if response.status().is_success() { Ok(()) } else { Err(HttpFault::OutOfReach) }
    }

    fn revocation_request(&self, refresh_token: &Secret) -> http::Result<http::Request<Vec<u8>>> {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.append_pair("token", refresh_token.expose())
            .append_pair("token_type_hint", "refresh_token")
            .append_pair("client_id", &self.cognito.client_id);
        let mut request = http::Request::post(self.cognito.domain.at("/oauth2/revoke"))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        if let Some(secret) = &self.cognito.client_secret {
            // Form-encoded before they are joined (RFC 6749, 2.3.1).
            let encoded = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
            let credentials = format!("{}:{}", encoded(&self.cognito.client_id), encoded(secret.expose()));
            request = request.header(header::AUTHORIZATION, format!("Basic {}", STANDARD.encode(credentials)));
        }
        request.body(form.finish().into_bytes())
    }

    fn token_client(&self) -> Result<TokenClient, TokenEndpointFault> {
        let broken = |_| TokenEndpointFault::Answer("an address that cannot be used");
        let token_url = TokenUrl::new(self.cognito.domain.at("/oauth2/token")).map_err(broken)?;
        let redirect_uri = RedirectUrl::new(self.redirect_uri.clone()).map_err(broken)?;
        let client = Client::new(ClientId::new(self.cognito.client_id.clone()))
            .set_token_uri(token_url)
            .set_redirect_uri(redirect_uri);
        Ok(match &self.cognito.client_secret {
            Some(secret) => client
                .set_client_secret(ClientSecret::new(secret.expose().to_owned()))
                .set_auth_type(AuthType::BasicAuth),
            None => client.set_auth_type(AuthType::RequestBody),
        })
    }
}

fn fault(error: RequestTokenError<HttpFault, BasicErrorResponse>) -> TokenEndpointFault {
    match error {
        RequestTokenError::Request(HttpFault::OutOfReach) => TokenEndpointFault::OutOfReach,
        RequestTokenError::Request(HttpFault::TooLarge) => TokenEndpointFault::Answer("it is too large"),
        RequestTokenError::Request(HttpFault::Request) => TokenEndpointFault::Answer("the request could not be built"),
        RequestTokenError::ServerResponse(response) => match response.error() {
            BasicErrorResponseType::InvalidGrant => TokenEndpointFault::Code("invalid_grant"),
            BasicErrorResponseType::InvalidRequest => TokenEndpointFault::Code("invalid_request"),
            BasicErrorResponseType::InvalidClient => TokenEndpointFault::Client("invalid_client"),
            BasicErrorResponseType::UnauthorizedClient => TokenEndpointFault::Client("unauthorized_client"),
            _ => TokenEndpointFault::Answer("another OAuth error"),
        },
        RequestTokenError::Parse(..) => TokenEndpointFault::Answer("it is no token response"),
        RequestTokenError::Other(_) => TokenEndpointFault::Answer("it is empty or not JSON"),
    }
}
