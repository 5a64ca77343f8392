//! Three kinds of credentials. Each has a type of its own, so that code cannot use one in place of another.

use std::{
    fmt,
    time::{Duration, SystemTime},
};

use aws_sdk_sts::config::{Credentials, ProvideCredentials, SharedCredentialsProvider};
use tokio::time::Instant;

/// The server's own. They exchange tokens and assume the person role, and nothing else.
#[derive(Clone)]
pub struct ServerCredentials(SharedCredentialsProvider);

impl ServerCredentials {
    /// Those of `provider`.
    pub fn new(provider: impl ProvideCredentials + 'static) -> Self {
        Self(SharedCredentialsProvider::new(provider))
    }

    pub(super) fn provider(&self) -> SharedCredentialsProvider {
        self.0.clone()
    }
}

/// Those of a session of the person role, which carries a person's identity. They ask S3 Access Grants, and the
/// assistant if there is one ([`PersonCredentials`](super::PersonCredentials)). They read no document.
#[derive(Clone)]
pub(super) struct ContextCredentials(Credentials);

/// Those that S3 Access Grants vends for one grant. They list and read objects, and nothing else.
#[derive(Clone)]
pub(super) struct DataCredentials(Credentials);

/// The parts of temporary credentials in a response.
pub(super) struct Parts<'a> {
    pub(super) key_id: Option<&'a str>,
    pub(super) secret: Option<&'a str>,
    pub(super) token: Option<&'a str>,
    pub(super) expires: Option<SystemTime>,
}

impl Parts<'_> {
    /// `None` if a part is missing. A secret without a session token is no temporary secret.
    fn credentials(&self, name: &'static str) -> Option<Credentials> {
        let given = |part: Option<&str>| part.filter(|part| !part.is_empty()).map(str::to_owned);
        Some(Credentials::new(given(self.key_id)?, given(self.secret)?, Some(given(self.token)?), self.expires, name))
    }

    /// How long they can be used: until `margin` before their end, which is at most `asked` from now.
    pub(super) fn usable_until(&self, asked: Duration, margin: Duration) -> Instant {
        let left = self.expires.and_then(|end| end.duration_since(SystemTime::now()).ok()).unwrap_or_default();
        Instant::now() + left.min(asked).saturating_sub(margin)
    }
}

impl ContextCredentials {
    pub(super) fn new(parts: &Parts<'_>) -> Option<Self> {
        parts.credentials("identity context").map(Self)
    }

    pub(super) fn provider(&self) -> SharedCredentialsProvider {
        SharedCredentialsProvider::new(self.0.clone())
    }
}

impl DataCredentials {
    pub(super) fn new(parts: &Parts<'_>) -> Option<Self> {
        parts.credentials("access grant").map(Self)
    }

    pub(super) fn provider(&self) -> SharedCredentialsProvider {
        SharedCredentialsProvider::new(self.0.clone())
    }
}

// The SDK's own `Debug` shows the key id.
macro_rules! hidden {
    ($($name:ident)*) => {
        $(impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        })*
    };
}
hidden!(ServerCredentials ContextCredentials DataCredentials);
