//! The stand-ins over HTTP, as a browser and a relying party meet them.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    missing_docs,
    reason = "a test fails by panicking, and its helpers are nobody's interface"
)]

mod browser;
mod engine;
mod faults;
mod federation;
mod pages;
mod providers;
mod relying_party;
mod requests;
mod sign_in;
mod stack;
mod token_endpoint;

use std::time::Duration;

use local::providers::{IdentityProvider, Kind};
use local::user_pool::{OidcProvider, UserPool, UserPoolOptions};

/// The origin of a relying party that is only a name here: nobody listens there.
pub const APP: &str = "http://127.0.0.1:3999";
pub const SECRET: &str = "1s3cretofthelocalappclient";

/// A user pool with its provider.
pub struct Pool {
    pub itsme: IdentityProvider,
    pub pool: UserPool,
    pub secret: Option<&'static str>,
}

impl Pool {
    pub async fn start(secret: Option<&'static str>) -> Self {
        // Longer than a busy machine takes: only the test of the timeout is to see one.
        Self::with_timeout(secret, Duration::from_secs(30)).await
    }

    pub async fn with_timeout(secret: Option<&'static str>, upstream_timeout: Duration) -> Self {
        let itsme = start(Kind::Itsme).await;
        let mut options = options(&itsme);
        options.client_secret = secret.map(str::to_owned);
        options.upstream_timeout = upstream_timeout;
        let pool = UserPool::start(options).await.unwrap();
        Self { itsme, pool, secret }
    }

    pub async fn public() -> Self {
        Self::start(None).await
    }
}

pub async fn start(kind: Kind) -> IdentityProvider {
    IdentityProvider::start(kind, "127.0.0.1:0".parse().unwrap()).await.unwrap()
}

/// Those of a pool with itsme alone.
pub fn options(itsme: &IdentityProvider) -> UserPoolOptions {
    let provider = OidcProvider::new("itsme", itsme.registration()).with_identifier("itsme.be");
    UserPoolOptions::new(APP.to_owned(), vec![provider])
}

/// A directory of its own for a test, removed at the end.
pub struct Scratch(pub std::path::PathBuf);

impl Scratch {
    pub fn make() -> Self {
        let path = std::env::temp_dir().join(format!("local-it-{}", uuid::Uuid::new_v4()));
        std::fs::create_dir(&path).unwrap();
        Self(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
