//! Checks of the ID token of a sign-in: those of every ID token, and what ties it to the browser that started the sign-in
//! (OpenID Connect Core 1.0, 3.1.3.7).

use aws_lc_rs::digest;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{
    config::Provider,
    id_token::{IdToken, IdTokenError, Identity, UserPool},
    oidc::{Asker, is_issued},
    secret::{Secret, constant_time_eq},
};

/// The values that the token must have.
pub(super) struct Expected<'a> {
    pub(super) pool: UserPool<'a>,
    pub(super) nonce: &'a Secret,
    /// The chosen provider.
    pub(super) provider: &'a Provider,
    /// The access token of the same response, for `at_hash`.
    pub(super) access_token: &'a Secret,
    /// The earliest `auth_time`, if the citizen had to sign in again.
    pub(super) earliest_auth_time: Option<i64>,
}

/// The check that a token failed. No variant contains any part of the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum SignInTokenError {
    #[error(transparent)]
    Token(#[from] IdTokenError),
    #[error("nonce is missing or belongs to another sign-in")]
    Nonce,
    #[error("at_hash does not match the access token")]
    AccessTokenHash,
    #[error("auth_time is not a time, or in the future")]
    AuthTime,
    #[error(
        "auth_time is older than this sign-in: the user pool ignored prompt=login and answered from its own session, or \
         its clock is behind; turn managed login on, or set cognito.prompt_login to false"
    )]
    Stale,
}

/// A token that failed a check.
pub(super) struct Rejected {
    pub(super) error: SignInTokenError,
    /// The token, if the user pool has issued it to this client. It then tells whose sign-in was refused.
    pub(super) token: Option<Box<IdToken>>,
}

/// Verifies `token` and returns the citizen it is about.
///
/// # Errors
/// The first check that it failed.
pub(super) async fn verify(token: &Secret, expected: &Expected<'_>) -> Result<Identity, Rejected> {
    let token = IdToken::verify(token, expected.pool, Asker::SignIn)
        .await
        .map_err(|error| Rejected { error: error.into(), token: None })?;
    check(&token, expected).map_err(|error| Rejected { error, token: Some(Box::new(token)) })
}

fn check(token: &IdToken, expected: &Expected<'_>) -> Result<Identity, SignInTokenError> {
    if !constant_time_eq(token.nonce().unwrap_or_default(), expected.nonce.expose()) {
        return Err(SignInTokenError::Nonce);
    }
    if token.at_hash().is_some_and(|hash| hash != at_hash(expected.access_token)) {
        return Err(SignInTokenError::AccessTokenHash);
    }
    // Before the identities: a session of another provider is then ended too.
    if let Some(earliest) = expected.earliest_auth_time {
        check_auth_time(token.auth_time(), earliest)?;
    }
    Ok(token.identity(expected.provider)?)
}

/// Checks that the citizen signed in at `earliest` or later. Cognito always sends `auth_time`; a user pool that leaves it out is
/// not refused.
fn check_auth_time(auth_time: Option<f64>, earliest: i64) -> Result<(), SignInTokenError> {
    let Some(seconds) = auth_time else { return Ok(()) };
    if !is_issued(Some(seconds)) {
        return Err(SignInTokenError::AuthTime);
    }
    if seconds >= earliest as f64 { Ok(()) } else { Err(SignInTokenError::Stale) }
}

/// The left half of SHA-256 of the access token (OpenID Connect Core 1.0, 3.1.3.6).
fn at_hash(access_token: &Secret) -> String {
    let hash = digest::digest(&digest::SHA256, access_token.expose().as_bytes());
    URL_SAFE_NO_PAD.encode(&hash.as_ref()[..16])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_hash_matches_the_example_of_the_specification() {
        // OpenID Connect Core 1.0, A.3: the access token of the example and its at_hash.
        assert_eq!(at_hash(&Secret::new("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y")), "77QmUPtjPfzWtF2AnpK9RQ");
    }

    #[test]
    fn auth_time_is_after_the_start_of_the_sign_in_and_not_in_the_future() {
        let start = time::OffsetDateTime::now_utc().unix_timestamp() - 100;
        let at = |offset: i64| (start + offset) as f64;
        for (auth_time, expected) in [
            (at(0), Ok(())),
            (at(100) + 0.5, Ok(())),
            (at(-1), Err(SignInTokenError::Stale)),
            (-1.0, Err(SignInTokenError::Stale)),
            (f64::NEG_INFINITY, Err(SignInTokenError::Stale)),
            (at(3_600), Err(SignInTokenError::AuthTime)),
            (at(0) * 1_000.0, Err(SignInTokenError::AuthTime)),
            (f64::INFINITY, Err(SignInTokenError::AuthTime)),
            (f64::NAN, Err(SignInTokenError::AuthTime)),
        ] {
            assert_eq!(check_auth_time(Some(auth_time), start), expected, "{auth_time}");
        }
        assert_eq!(check_auth_time(None, start), Ok(()), "absent");
    }
}
