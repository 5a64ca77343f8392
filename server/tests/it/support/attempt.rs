//! One sign-in with the fake user pool. The test writes the callback.

use reqwest::StatusCode;
use serde_json::Value;
use testkit::{Answer, Browser, browser::parameter};

use super::{
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
    pub async fn start(site: &Site) -> Self {
        Self::start_at(site, "/login/itsme").await
    }

    pub async fn start_at(site: &Site, login: &str) -> Self {
        Self::start_in(site.browser(), login).await
    }

    /// Starts a sign-in in `browser`.
    pub async fn start_in(mut browser: Browser, login: &str) -> Self {
        let started = browser.get(login).await;
        assert_eq!(started.status, StatusCode::SEE_OTHER, "{}", started.body);
        let value = |name| parameter(&started.target(), name).unwrap();
        Self { browser, state: value("state"), nonce: value("nonce") }
    }

    /// The claims of a valid ID token for this sign-in.
    pub fn claims(&self, pool: &FakePool) -> Value {
        claims::valid(&pool.issuer(), &self.nonce)
    }

    /// Requests the callback with a code.
    pub async fn finish(&mut self) -> Answer {
        self.finish_with("").await
    }

    /// Requests the callback with `code`.
    pub async fn finish_with_code(&mut self, code: &str) -> Answer {
        self.browser.get(format!("/auth/callback?code={code}&state={}", self.state)).await
    }

    /// Requests the callback with a code and `more`.
    pub async fn finish_with(&mut self, more: &str) -> Answer {
        self.browser.get(format!("/auth/callback?code=a-code&state={}{more}", self.state)).await
    }

    /// Requests the callback, and the token endpoint returns the ID token `token`.
    pub async fn finish_as(&mut self, pool: &FakePool, token: &str) -> Answer {
        pool.set_token(Answers::id_token(token));
        self.finish().await
    }

    /// Requests the callback, and everything is valid.
    pub async fn succeed(&mut self, pool: &FakePool) -> Answer {
        let token = pool.key.sign(&header("first"), &self.claims(pool));
        self.finish_as(pool, &token).await
    }
}

/// The header of Cognito's tokens.
pub fn header(kid: &str) -> Value {
    serde_json::json!({ "alg": "RS256", "kid": kid })
}

/// `sealed` with another character in its middle. The last one would not do: in base64 some of its bits mean nothing, and it
/// may be the other character already.
pub fn changed(sealed: &str) -> String {
    let middle = sealed.len() / 2;
    let other = if sealed.as_bytes()[middle] == b'A' { "B" } else { "A" };
    let mut changed = sealed.to_owned();
    changed.replace_range(middle..=middle, other);
    changed
}

/// Asserts a failure page with a reference and a button, and no session.
#[track_caller]
pub fn assert_rejected(what: &str, answer: &Answer, status: u16) {
    assert_eq!(answer.status, status, "{what}: {}", answer.body);
    assert!(answer.reference().is_some(), "{what}: no reference in {}", answer.body);
    assert!(answer.body.contains("class=\"button\">"), "{what}: no button in {}", answer.body);
    let session = answer.set_cookies().into_iter().find(|cookie| cookie.starts_with("mydata_session="));
    assert_eq!(session, None, "{what}");
    assert_eq!(answer.header("cache-control"), "no-store", "{what}");
    assert_eq!(!answer.header("retry-after").is_empty(), status == 503, "{what}");
}

/// Asserts a successful sign-in.
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
