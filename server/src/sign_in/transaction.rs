//! A sign-in in progress: what the callback needs from the authorization request.
//!
//! It is kept in a sealed cookie for ten minutes. So a flood of `GET /login/…` writes nothing to the tables, a callback
//! in another browser fails, and each tab has its own cookie.

use axum::http::HeaderMap;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::{
    cookies::{CookieJar, SIGN_IN_LIFETIME, SetCookie},
    oidc::MAX_CLOCK_SKEW,
    return_to::ReturnTo,
    secret::{SealingKeys, Secret, random, sha256_hex},
};

/// The sign-ins that one browser can have in progress. A new one removes the oldest, because request headers are
/// limited in size.
const MAX_IN_PROGRESS: usize = 6;

/// The purpose of the derived keys. The context is the tag.
const PURPOSE: &str = "sign-in transaction v2";

/// The secrets of one authorization request.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Transaction {
    #[serde(rename = "s")]
    pub(super) state: Secret,
    #[serde(rename = "n")]
    pub(super) nonce: Secret,
    #[serde(rename = "v")]
    pub(super) pkce_verifier: Secret,
    /// The id of the chosen provider.
    #[serde(rename = "p")]
    pub(super) provider: String,
    #[serde(rename = "r")]
    pub(super) return_to: Option<ReturnTo>,
    #[serde(rename = "t")]
    started_at: i64,
    /// Whether it is the second attempt, after the user pool's sign-out.
    #[serde(rename = "a", default)]
    pub(super) is_second_attempt: bool,
    /// Whether the citizen has to sign in anew, whatever `cognito.prompt_login` says.
    #[serde(rename = "f", default)]
    pub(super) is_fresh: bool,
}

impl Transaction {
    /// A new transaction with fresh secrets.
    pub(super) fn begin(provider: &str, return_to: Option<ReturnTo>, pkce_verifier: Secret) -> Self {
        Self {
            state: Secret::new(URL_SAFE_NO_PAD.encode(random::<32>())),
            nonce: Secret::new(URL_SAFE_NO_PAD.encode(random::<32>())),
            pkce_verifier,
            provider: provider.to_owned(),
            return_to,
            started_at: OffsetDateTime::now_utc().unix_timestamp(),
            is_second_attempt: false,
            is_fresh: false,
        }
    }

    /// The earliest `auth_time` of a citizen who signed in for this transaction, in seconds since 1970.
    pub(super) const fn earliest_auth_time(&self) -> i64 {
        self.started_at - MAX_CLOCK_SKEW.cast_signed()
    }

    /// The cookie with the sealed transaction.
    pub(super) fn cookie(&self, jar: CookieJar, keys: &SealingKeys) -> SetCookie {
        let tag = tag(self.state.expose());
        let sealed = keys.seal(PURPOSE, tag.as_bytes(), serde_json::to_vec(self).unwrap_or_default());
        jar.sign_in(&tag, &URL_SAFE_NO_PAD.encode(sealed))
    }

    /// The transaction with this `state`, if this browser began it and it has not expired.
    pub(super) fn find(headers: &HeaderMap, jar: CookieJar, keys: &SealingKeys, state: &str) -> Option<Self> {
        let tag = tag(state);
        let sealed = sealed(headers, jar, &tag)?;
        // The tag is a truncated hash of the state, and authenticated by the seal. The full state is compared as well.
        open(keys, &tag, sealed).filter(|transaction| transaction.state.expose() == state && !transaction.is_expired())
    }

    /// When it expires. Until then its state must stay recorded as used.
    pub(super) fn expires_at(&self) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(self.started_at).unwrap_or(OffsetDateTime::UNIX_EPOCH) + SIGN_IN_LIFETIME
    }

    fn is_expired(&self) -> bool {
        let now = OffsetDateTime::now_utc();
        self.expires_at() <= now || self.started_at > now.unix_timestamp() + 60
    }
}

/// A hash of the sealed transaction with this `state`. Only the browser that began it has the seal.
pub(super) fn fingerprint(headers: &HeaderMap, jar: CookieJar, state: &str) -> String {
    sha256_hex(sealed(headers, jar, &tag(state)).unwrap_or_default().as_bytes())
}

fn sealed<'a>(headers: &'a HeaderMap, jar: CookieJar, tag: &str) -> Option<&'a str> {
    jar.sign_ins(headers).find(|(found, _)| *found == tag).map(|(_, sealed)| sealed)
}

/// Removes the cookie of the sign-in with this `state`.
pub(super) fn removal(jar: CookieJar, state: &str) -> SetCookie {
    jar.end_sign_in(&tag(state))
}

/// Removes the cookies of the oldest sign-ins, so that there is room for a new one.
pub(super) fn removals_of_oldest(headers: &HeaderMap, jar: CookieJar, keys: &SealingKeys) -> Vec<SetCookie> {
    let mut open: Vec<_> = jar
        .sign_ins(headers)
        .map(|(tag, sealed)| (open(keys, tag, sealed).map_or(0, |transaction| transaction.started_at), tag))
        .collect();
    open.sort_unstable_by(|one, other| other.cmp(one));
    open.into_iter()
        .skip(MAX_IN_PROGRESS - 1)
        .take(MAX_IN_PROGRESS)
        .filter(|(_, tag)| is_tag(tag))
        .map(|(_, tag)| jar.end_sign_in(tag))
        .collect()
}

fn open(keys: &SealingKeys, tag: &str, sealed: &str) -> Option<Transaction> {
    let plain = keys.open(PURPOSE, tag.as_bytes(), &URL_SAFE_NO_PAD.decode(sealed).ok()?)?;
    serde_json::from_slice(&plain).ok()
}

fn tag(state: &str) -> String {
    sha256_hex(state.as_bytes())[..16].to_owned()
}

/// A browser can send any cookie name. Only valid tags are sent back.
fn is_tag(tag: &str) -> bool {
    tag.len() == 16 && tag.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod properties;

#[cfg(test)]
mod tests {
    use axum::http::{HeaderValue, header};

    use super::*;
    use crate::secret::ServerKey;

    fn keys(byte: u8) -> SealingKeys {
        SealingKeys::new(&ServerKey::new([byte; 32]).unwrap(), [])
    }

    const JAR: CookieJar = CookieJar::new(true);

    fn begin() -> Transaction {
        Transaction::begin("itsme", ReturnTo::parse("/profile"), Secret::new("verifier"))
    }

    fn headers<'a>(transactions: impl IntoIterator<Item = &'a Transaction>) -> HeaderMap {
        let pair = |transaction: &Transaction| {
            transaction.cookie(JAR, &keys(3)).into_value().to_str().unwrap().split(';').next().unwrap().to_owned()
        };
        let line = transactions.into_iter().map(pair).collect::<Vec<_>>().join("; ");
        HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_str(&line).unwrap())])
    }

    #[test]
    fn two_tabs_have_separate_transactions() {
        let (one, two) = (begin(), begin());
        let headers = headers([&one, &two]);
        for transaction in [&one, &two] {
            let found = Transaction::find(&headers, JAR, &keys(3), transaction.state.expose()).unwrap();
            assert_eq!(found.nonce, transaction.nonce);
            assert_eq!(found.return_to, ReturnTo::parse("/profile"));
        }
    }

    #[test]
    fn another_browser_state_or_key_finds_nothing() {
        let one = begin();
        assert!(Transaction::find(&HeaderMap::new(), JAR, &keys(3), one.state.expose()).is_none(), "another browser");
        assert!(Transaction::find(&headers([&one]), JAR, &keys(3), begin().state.expose()).is_none(), "another state");
        assert!(
            Transaction::find(&headers([&one]), JAR, &keys(4), one.state.expose()).is_none(),
            "another server's key"
        );
    }

    #[test]
    fn a_transaction_expires_after_ten_minutes() {
        let mut old = begin();
        old.started_at -= SIGN_IN_LIFETIME.whole_seconds();
        assert!(Transaction::find(&headers([&old]), JAR, &keys(3), old.state.expose()).is_none());
        old.started_at += 5;
        assert!(Transaction::find(&headers([&old]), JAR, &keys(3), old.state.expose()).is_some());
    }

    #[test]
    fn the_cookie_reveals_nothing() {
        let one = begin();
        let cookie = one.cookie(JAR, &keys(3)).into_value();
        let cookie = cookie.to_str().unwrap();
        assert!(!cookie.contains("itsme") && !cookie.contains("verifier") && !cookie.contains(one.state.expose()));
    }

    #[test]
    fn a_new_sign_in_removes_the_oldest() {
        let mut many: Vec<_> = (0..8).map(|_| begin()).collect();
        for (age, transaction) in many.iter_mut().enumerate() {
            transaction.started_at -= i64::try_from(age).unwrap();
        }
        let removed = removals_of_oldest(&headers(&many), JAR, &keys(3));
        assert_eq!(removed.len(), 3);
        let oldest = tag(many[7].state.expose());
        assert!(removed[2].clone().into_value().to_str().unwrap().contains(&oldest));
    }
}
