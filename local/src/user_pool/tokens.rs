//! ID and access tokens, with every claim that Cognito sets ("Understanding the identity (ID) token" and "Understanding the
//! access token" in its developer guide).

use serde_json::{Map, Value, json};

use super::faults::{self, Fault};
use super::refusals::OAuthError;
use super::state::{Authentication, Pool, TOKEN_SECONDS};
use super::users::User;
use crate::keys::TokenError;
use crate::random;
use crate::store::now;

/// Why tokens are issued.
#[derive(Clone, Copy)]
pub(super) enum Occasion<'a> {
    /// A code was redeemed.
    SignIn { nonce: Option<&'a str> },
    /// A refresh token was used. The ID token has no nonce.
    Refresh,
}

/// The token response, without a refresh token.
pub(super) fn issue(pool: &Pool, authentication: &Authentication, occasion: Occasion<'_>) -> Result<Value, OAuthError> {
    let fault = pool.switch.get();
    let mut user = pool.users.get(&authentication.session.username).ok_or(OAuthError::InvalidGrant)?;
    if fault == Some(Fault::RefreshOtherUser) && matches!(occasion, Occasion::Refresh) {
        user = pool.users.other_than(&user).unwrap_or(user);
    }
    let issued_at = now();
    let mut access = common(pool, authentication, &user, issued_at);
    extend(
        &mut access,
        json!({
            "token_use": "access",
            "client_id": authentication.client_id,
            "username": user.username,
            "scope": authentication.scopes.join(" "),
            "version": 2,
        }),
    );
    let keys = pool.keys();
    let access_token = signed(keys.access.sign(&access))?;

    let mut id = common(pool, authentication, &user, issued_at);
    id.extend(user.attributes(&authentication.scopes));
    extend(
        &mut id,
        json!({
            "token_use": "id",
            "aud": authentication.client_id,
            "cognito:username": user.username,
            "identities": user.identities(),
            "at_hash": at_hash(&access_token),
        }),
    );
    if let Occasion::SignIn { nonce: Some(nonce) } = occasion {
        id.insert("nonce".to_owned(), json!(nonce));
    }
    faults::id_token::spoil(fault, &mut id, issued_at);
    Ok(json!({
        "id_token": signed(faults::id_token::sign(fault, &keys, &id, &access_token))?,
        "access_token": access_token,
        "token_type": "Bearer",
        "expires_in": TOKEN_SECONDS,
    }))
}

/// The claims of both tokens. `jti` differs; `origin_jti` links them to the refresh token.
fn common(pool: &Pool, authentication: &Authentication, user: &User, issued_at: u64) -> Map<String, Value> {
    let mut claims = Map::new();
    extend(
        &mut claims,
        json!({
            "iss": pool.issuer,
            "sub": user.sub,
            "cognito:groups": user.groups(),
            "iat": issued_at,
            "exp": issued_at + TOKEN_SECONDS,
            "auth_time": authentication.session.auth_time,
            "jti": random::uuid(),
            "origin_jti": authentication.origin_jti,
            "event_id": authentication.event_id,
        }),
    );
    claims
}

fn extend(claims: &mut Map<String, Value>, more: Value) {
    if let Value::Object(more) = more {
        claims.extend(more);
    }
}

/// OpenID Connect Core 1.0, section 3.1.3.6: the left half of the access token's SHA-256.
fn at_hash(access_token: &str) -> String {
    random::base64url(&random::sha256(access_token.as_bytes())[..16])
}

fn signed(token: Result<String, TokenError>) -> Result<String, OAuthError> {
    token.map_err(|error| {
        tracing::error!(%error, "the user pool stand-in cannot sign a token");
        OAuthError::Server
    })
}
