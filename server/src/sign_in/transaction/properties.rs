use axum::http::{HeaderMap, HeaderValue, header};
use proptest::{collection::vec, prelude::*};

use super::*;
use crate::{cookies, properties::cases, secret::ServerKey};

const JAR: CookieJar = CookieJar::new(true);

fn keys() -> SealingKeys {
    SealingKeys::new(&ServerKey::new([3; 32]).unwrap(), [])
}

fn headers(cookies: &[u8]) -> Option<HeaderMap> {
    Some(HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_bytes(cookies).ok()?)]))
}

proptest! {
    #![proptest_config(cases(12))]

    #[test]
    fn a_sealed_cookie_with_one_changed_byte_does_not_open(
        provider in "[a-z]{1,10}", path in "/[a-z0-9]{0,40}", any_byte in any::<u8>(),
    ) {
        let transaction = Transaction::begin(&provider, ReturnTo::parse(&path), Secret::new("verifier"));
        let cookie = transaction.cookie(JAR, &keys()).into_value();
        let pair = cookie.as_bytes().split(|byte| *byte == b';').next().unwrap();
        let found = |pair: &[u8]| {
            headers(pair).and_then(|headers| Transaction::find(&headers, JAR, &keys(), transaction.state.expose()))
        };
        prop_assert!(found(pair).is_some());
        for index in 0..pair.len() {
            // The last character has unused bits. A lenient decoder would accept several characters there.
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
    fn removals_only_ever_name_our_own_cookies(
        tags in vec("[0-9a-f]{16}|[0-9A-Fa-f]{15,17}|[ -:<-~]{0,20}|\\PC{0,8}", 0..16),
    ) {
        let line: Vec<_> = tags.iter().map(|tag| format!("__Host-mydata_signin_{tag}=x")).collect();
        let Some(headers) = headers(line.join("; ").as_bytes()) else { return Ok(()) };
        for removal in removals_of_oldest(&headers, JAR, &keys()) {
            cookies::properties::assert_safe(removal, true);
        }
    }
}
