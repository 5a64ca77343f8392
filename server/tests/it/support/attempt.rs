//! One sign-in at a user pool that lies: begun here, with its callback written by the test.

use reqwest::StatusCode;
use serde_json::Value;

use super::{
    browser::{Answer, Browser, parameter},
    claims,
    fake_pool::{Answers, FakePool},
    site::Site,
};

pub struct Attempt {
    pub browser: Browser,
    pub state: String,
    pub nonce: String,
}

impl Attempt {
    pub async fn begin(site: &Site) -> Self {
        Self::begin_at(site, "/login/itsme").await
    }

    pub async fn begin_at(site: &Site, login: &str) -> Self {
        let mut browser = site.browser();
        let begun = browser.get(login).await;
        assert_eq!(begun.status, StatusCode::SEE_OTHER, "{}", begun.body);
        let value = |name| parameter(&begun.target(), name).unwrap();
        Self { browser, state: value("state"), nonce: value("nonce") }
    }

    /// The claims of a good ID token for this sign-in.
    pub fn claims(&self, pool: &FakePool) -> Value {
        claims::good(&pool.issuer(), &self.nonce)
    }

    /// Comes back with a code.
    pub async fn finish(&mut self) -> Answer {
        self.finish_with("").await
    }

    /// Comes back with a code and more.
    pub async fn finish_with(&mut self, more: &str) -> Answer {
        self.browser.get(format!("/auth/callback?code=a-code&state={}{more}", self.state)).await
    }

    /// Comes back with a code, and the token endpoint gives the ID token `token`.
    pub async fn finish_as(&mut self, pool: &FakePool, token: &str) -> Answer {
        pool.set_token(Answers::id_token(token));
        self.finish().await
    }

    /// Comes back with a code, and everything is in order.
    pub async fn succeed(&mut self, pool: &FakePool) -> Answer {
        let token = pool.key.sign(&header("first"), &self.claims(pool));
        self.finish_as(pool, &token).await
    }
}

/// The header that Cognito sets.
pub fn header(kid: &str) -> Value {
    serde_json::json!({ "alg": "RS256", "kid": kid })
}

/// A page that says why not, with a reference and a way on; nobody is signed in.
#[track_caller]
pub fn assert_rejected(what: &str, answer: &Answer, status: u16) {
    assert_eq!(answer.status, status, "{what}: {}", answer.body);
    assert!(answer.reference().is_some(), "{what}: no reference in {}", answer.body);
    assert!(answer.body.contains("class=\"button\">"), "{what}: no way to try again in {}", answer.body);
    let session = answer.set_cookies().into_iter().find(|cookie| cookie.starts_with("mydata_session="));
    assert_eq!(session, None, "{what}");
    assert_eq!(answer.header("cache-control"), "no-store", "{what}");
    assert_eq!(!answer.header("retry-after").is_empty(), status == 503, "{what}");
}

/// A sign-in that went through.
#[track_caller]
pub fn assert_signed_in(what: &str, answer: &Answer) {
    assert_eq!(
        (answer.status, answer.header("location")),
        (StatusCode::SEE_OTHER, "/my-data"),
        "{what}: {}",
        answer.body
    );
    assert!(answer.set_cookies().iter().any(|cookie| cookie.starts_with("mydata_session=")), "{what}");
}
