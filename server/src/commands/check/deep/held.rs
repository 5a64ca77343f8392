//! A client secret, as the configuration holds it.

use crate::{
    config::ClientSecret,
    secret::{Secret, constant_time_eq},
};

/// A secret in the configuration, or the ARN of one.
#[derive(Clone, Copy)]
pub(super) enum Held<'a> {
    Text(&'a Secret),
    Arn(&'a str),
}

impl<'a> From<&'a Secret> for Held<'a> {
    fn from(secret: &'a Secret) -> Self {
        Self::Text(secret)
    }
}

impl<'a> From<&'a ClientSecret> for Held<'a> {
    fn from(secret: &'a ClientSecret) -> Self {
        match secret {
            ClientSecret::Text(secret) => Self::Text(secret),
            ClientSecret::SecretArn(arn) => Self::Arn(arn),
        }
    }
}

impl Held<'_> {
    /// Whether it is `other`. `None` if it is not in the configuration itself.
    pub(super) fn is(&self, other: &Secret) -> Option<bool> {
        match self {
            Self::Text(secret) => Some(constant_time_eq(secret.expose(), other.expose())),
            Self::Arn(_) => None,
        }
    }
}
