//! The token endpoint (RFC 6749, sections 4.1.3 and 6; RFC 7636, section 4.6).

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::client::AppClient;
use super::faults::{self, Fault};
use super::refusals::OAuthError;
use super::state::{Authentication, Grant, Pool};
use super::tokens::{self, Occasion};
use crate::random;
use crate::store::now;
use crate::web::{self, Params};

/// Cognito's refresh tokens are encrypted, and about 1,800 characters long. The server keeps them, so they make most of the size of
/// its sessions.
const REFRESH_TOKEN_PARTS: usize = 19;

/// `POST /oauth2/token`
pub(super) async fn token(State(pool): State<Arc<Pool>>, headers: HeaderMap, body: String) -> Response {
    let fault = pool.switch.get();
    if fault.is_some_and(Fault::rotates)
        && let Err(error) = pool.rotate_keys().await
    {
        tracing::error!(%error, "the user pool stand-in cannot generate new keys");
        return OAuthError::Server.into_response();
    }
    let mut body = match grant(&pool, &headers, &body) {
        Ok(body) => body,
        Err(error) => return error.into_response(),
    };
    if let Some(fault) = fault
        && let Some(answer) = faults::token_endpoint::answer(fault, &mut body).await
    {
        return answer;
    }
    web::json(StatusCode::OK, &body)
}

fn grant(pool: &Pool, headers: &HeaderMap, body: &str) -> Result<Value, OAuthError> {
    let params =
        Params::from_form(headers, body).ok_or(OAuthError::InvalidRequest("the content type must be a form's"))?;
    let grant_type = params.get("grant_type")?.ok_or(OAuthError::InvalidRequest("grant_type is missing"))?;
    let client = pool.clients.authenticate(headers, &params)?;
    match grant_type {
        "authorization_code" => authorization_code(pool, client, &params),
        "refresh_token" => refresh_token(pool, client, &params),
        "client_credentials" => Err(OAuthError::UnauthorizedClient),
        _ => Err(OAuthError::UnsupportedGrantType),
    }
}

fn authorization_code(pool: &Pool, client: &AppClient, params: &Params) -> Result<Value, OAuthError> {
    let code = params.get("code")?.ok_or(OAuthError::InvalidRequest("code is missing"))?;
    let redirect_uri = params.get("redirect_uri")?.ok_or(OAuthError::InvalidRequest("redirect_uri is missing"))?;
    let verifier = params.get("code_verifier")?;
    // Taken before it is checked: a failed attempt also uses up the code.
    let Grant { request, session } = pool.codes.take(code, now()).ok_or(OAuthError::InvalidGrant)?;
    let is_own = client.id == request.client_id && redirect_uri == request.redirect_uri;
    if !is_own || !proves(verifier, request.code_challenge.as_deref()) {
        return Err(OAuthError::InvalidGrant);
    }
    let authentication = Authentication {
        client_id: request.client_id,
        session,
        scopes: request.scopes,
        event_id: random::uuid(),
        origin_jti: random::uuid(),
    };
    let mut body = tokens::issue(pool, &authentication, Occasion::SignIn { nonce: request.nonce.as_deref() })?;
    let refresh_token: String = (0..REFRESH_TOKEN_PARTS).map(|_| random::opaque()).collect();
    body["refresh_token"] = json!(refresh_token);
    pool.refresh_tokens.insert(refresh_token, authentication, now());
    Ok(body)
}

/// The response has no new refresh token: they rotate only for clients that are set up so, and this one is not.
fn refresh_token(pool: &Pool, client: &AppClient, params: &Params) -> Result<Value, OAuthError> {
    let token = params.get("refresh_token")?.ok_or(OAuthError::InvalidRequest("refresh_token is missing"))?;
    let authentication = pool.refresh_tokens.get(token, now()).ok_or(OAuthError::InvalidGrant)?;
    let is_revoked = pool.switch.get() == Some(Fault::RefreshTokenRevoked);
    // RFC 6749, section 6: a refresh token is bound to the client that it was issued to.
    if authentication.client_id != client.id || is_revoked {
        return Err(OAuthError::InvalidGrant);
    }
    tokens::issue(pool, &authentication, Occasion::Refresh)
}

/// Whether the verifier belongs to the challenge. A verifier without a challenge is refused too: an attacker may have removed
/// the challenge.
fn proves(verifier: Option<&str>, challenge: Option<&str>) -> bool {
    match (verifier, challenge) {
        (None, None) => true,
        (Some(verifier), Some(challenge)) => {
            let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
            (43..=128).contains(&verifier.len())
                && verifier.bytes().all(unreserved)
                && random::base64url(&random::sha256(verifier.as_bytes())) == challenge
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::proves;

    /// The example of RFC 7636, appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[test]
    fn a_verifier_proves_its_challenge_only() {
        assert!(proves(Some(VERIFIER), Some(CHALLENGE)));
        assert!(proves(None, None));
        assert!(!proves(None, Some(CHALLENGE)));
        assert!(!proves(Some(VERIFIER), None));
        // The challenge itself, as with the method `plain`.
        assert!(!proves(Some(CHALLENGE), Some(CHALLENGE)));
    }
}
