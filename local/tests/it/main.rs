//! The stand-ins over HTTP, as browsers and relying parties see them.

#![expect(
    clippy::unwrap_used,
    missing_docs,
    reason = "a test fails by panicking, and its helpers are not an interface"
)]

mod aws;
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
mod workforce;

use std::time::Duration;

use local::providers::IdentityProvider;
use local::user_pool::{OidcProvider, UserPool, UserPoolOptions};
use testkit::Browser;

/// The origin of the relying party. It is only a name: no server listens there.
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
        // Longer than a busy machine takes: only the test of the timeout should see a timeout.
        Self::with_timeout(secret, Duration::from_secs(30)).await
    }

    pub async fn with_timeout(secret: Option<&'static str>, upstream_timeout: Duration) -> Self {
        let itsme = start("itsme").await;
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

pub async fn start(kind: &str) -> IdentityProvider {
    IdentityProvider::start(kind, "127.0.0.1:0".parse().unwrap()).await.unwrap()
}

/// The options of a pool with itsme only.
pub fn options(itsme: &IdentityProvider) -> UserPoolOptions {
    let provider = OidcProvider::new("itsme", itsme.registration()).with_identifier("itsme.be");
    UserPoolOptions::new(APP.to_owned(), vec![provider])
}

/// A browser that checks each cookie that it gets.
pub fn new_browser() -> Browser {
    Browser::new(APP).with_check(|answer| {
        for cookie in answer.set_cookies() {
            assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
        }
    })
}
