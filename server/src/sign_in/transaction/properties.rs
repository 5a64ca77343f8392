use axum::http::{HeaderMap, HeaderValue, header};
use proptest::{collection::vec, prelude::*};

use super::*;
use crate::{properties::cases, sessions};

const JAR: CookieJar = CookieJar::new(true);

fn key() -> SealingKey {
    SealingKey::derive(&[3; 32], "sign-in transaction v1")
}

fn headers(cookies: &[u8]) -> Option<HeaderMap> {
    Some(HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_bytes(cookies).ok()?)]))
}

proptest! {
    #![proptest_config(cases(12))]

    #[test]
    fn a_sealed_cookie_with_one_byte_changed_opens_as_nothing(
        provider in "[a-z]{1,10}", path in "/[a-z0-9]{0,40}", any_byte in any::<u8>(),
    ) {
        let transaction = Transaction::begin(&provider, ReturnTo::parse(&path), Secret::new("verifier"));
        let cookie = transaction.cookie(JAR, &key()).into_value();
        let pair = cookie.as_bytes().split(|byte| *byte == b';').next().unwrap();
        let found = |pair: &[u8]| {
            headers(pair).and_then(|headers| Transaction::find(&headers, JAR, &key(), transaction.state.expose()))
        };
        prop_assert!(found(pair).is_some());
        for index in 0..pair.len() {
            // The last character carries bits that mean nothing: a lenient reader takes several for one.
            let last = index + 1 == pair.len();
            let others = if last { (0..=u8::MAX).collect() } else { vec![any_byte, b'+', b'/', b'=', b'A', b' '] };
            for byte in others.into_iter().filter(|byte| *byte != pair[index]) {
                let mut changed = pair.to_vec();
                changed[index] = byte;
                prop_assert!(found(&changed).is_none(), "byte {} is {:?}", index, char::from(byte));
            }
        }
    }
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn whatever_cookies_a_browser_sends_the_removals_are_cookies_of_ours(
        tags in vec("[0-9a-f]{16}|[0-9A-Fa-f]{15,17}|[ -:<-~]{0,20}|\\PC{0,8}", 0..16),
    ) {
        let line: Vec<_> = tags.iter().map(|tag| format!("__Host-mydata_signin_{tag}=x")).collect();
        let Some(headers) = headers(line.join("; ").as_bytes()) else { return Ok(()) };
        for removal in make_room(&headers, JAR, &key()) {
            sessions::properties::is_safe(removal, true);
        }
    }
}
