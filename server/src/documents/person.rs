use std::{fmt, sync::Arc};

use async_trait::async_trait;

use crate::{
    request_context::{Reference, RequestContext},
    secret::Secret,
    sessions::OpenSession,
};

/// A signed-in person, as whom AWS is asked.
#[derive(Clone)]
pub struct Person {
    /// The partition key of the session.
    pub session: String,
    /// The id of the directory user: `custom:eid`.
    pub user: String,
    /// The id of the provider that the person signed in with.
    pub provider: String,
    /// The refresh token of the session.
    pub refresh_token: Secret,
    /// The reference of the request, for CloudTrail.
    pub reference: Reference,
}

impl Person {
    /// Why [`of`](Self::of) finds nobody.
    pub(crate) const NO_REFRESH_TOKEN: &'static str =
        "the sign-in brought no refresh token: allow it for the case workers' app client";

    /// The case worker of `session`, whose request has `context`. `None` if the sign-in brought no refresh token.
    pub(crate) fn of(session: &OpenSession, context: &RequestContext) -> Option<Self> {
        let citizen = &session.citizen;
        Some(Self {
            session: session.key(),
            user: citizen.eid.expose().to_owned(),
            provider: citizen.provider.clone(),
            refresh_token: citizen.refresh_token.clone()?,
            reference: context.reference,
        })
    }
}

impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Person(…)")
    }
}

/// Gets new ID tokens of people who are signed in.
#[async_trait]
pub trait FreshTokens: Send + Sync {
    /// A new ID token of `person`, with an id (`jti`) of its own. It passed every check of a sign-in except that of the nonce, and
    /// names only the person's provider and directory user.
    ///
    /// # Errors
    /// There is no such token.
    async fn fresh(&self, person: &Person) -> Result<Secret, FreshTokenError>;
}

/// A shared source of ID tokens.
pub type SharedFreshTokens = Arc<dyn FreshTokens>;

/// Why there is no new ID token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FreshTokenError {
    /// The user pool cannot be reached.
    #[error("the user pool cannot be reached")]
    Unavailable,
    /// The user pool no longer accepts the refresh token: the sign-in is over.
    #[error("the sign-in is over")]
    Ended,
    /// The user pool refused for another reason, or its token failed a check.
    #[error("{0}")]
    Refused(&'static str),
}
