//! Properties: which cookies are read, and what is set. The fuzz target `callback_query` asserts the same.

use axum::http::{HeaderMap, HeaderValue, header};

use super::CookieJar;
#[cfg(test)]
use super::SetCookie;

/// Panics unless the session found in the `Cookie` headers `lines` is that of the first cookie with exactly the full
/// name.
pub fn holds(lines: &[&[u8]]) {
    let lines = lines.iter().filter_map(|line| HeaderValue::from_bytes(line).ok());
    let headers: HeaderMap = lines.map(|line| (header::COOKIE, line)).collect();
    for (jar, name) in [(CookieJar::new(true), "__Host-mydata_session"), (CookieJar::new(false), "mydata_session")] {
        let first = headers.get_all(header::COOKIE).iter().find_map(|line| session(line.as_bytes(), name.as_bytes()));
        assert_eq!(jar.session_in(&headers), first, "{headers:?}");
        for (tag, _) in jar.sign_ins(&headers) {
            let full = format!("{}signin_{tag}", name.trim_end_matches("session"));
            let there = |line: &HeaderValue| line.as_bytes().split(|byte| *byte == b';').any(|pair| named(pair, &full));
            assert!(headers.get_all(header::COOKIE).iter().any(there), "{tag:?} is in none of {headers:?}");
        }
    }
}

/// The value of the first cookie called `name` (RFC 6265, 4.2.1), trimming only spaces and tabs, as browsers do.
fn session<'a>(line: &'a [u8], name: &[u8]) -> Option<&'a str> {
    line.split(|byte| *byte == b';').find_map(|pair| {
        let pair = trimmed(pair);
        let equals = pair.iter().position(|byte| *byte == b'=')?;
        // This site sets only UTF-8.
        (&pair[..equals] == name).then(|| std::str::from_utf8(&pair[equals + 1..]).ok()).flatten()
    })
}

fn named(pair: &[u8], name: &str) -> bool {
    trimmed(pair).strip_prefix(name.as_bytes()).is_some_and(|rest| rest.starts_with(b"="))
}

fn trimmed(mut pair: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = pair {
        pair = rest;
    }
    pair
}

/// Panics if scripts can read `cookie`, other sites can make browsers send it, or other hosts can set it.
#[cfg(test)]
pub(crate) fn assert_safe(cookie: SetCookie, secure: bool) {
    let value = cookie.into_value();
    let line = String::from_utf8_lossy(value.as_bytes());
    let parts: Vec<_> = line.split("; ").collect();
    let has = |attribute| parts[1..].iter().filter(|part| **part == attribute).count() == 1;
    assert!(has("Path=/") && has("HttpOnly") && has("SameSite=Lax"), "{line}");
    assert_eq!((line.starts_with("__Host-mydata_"), has("Secure")), (secure, secure), "{line}");
    assert!(secure || line.starts_with("mydata_"), "{line}");
    assert!(parts[0].split_once('=').is_some_and(|(_, value)| !value.contains(['=', ',', '"', ' '])), "{line}");
    let known = |part: &&str| {
        matches!(*part, "Path=/" | "HttpOnly" | "SameSite=Lax" | "Secure") || part.starts_with("Max-Age=")
    };
    // In particular no Domain: with one, browsers would send the cookie to every subdomain.
    assert!(parts[1..].iter().all(known) && !line.contains(['\r', '\n', ',']), "{line}");
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*, sample::select};

    use super::*;
    use crate::properties::cases;

    /// Parts of `Cookie` headers and of attacks on them.
    #[rustfmt::skip]
    const PARTS: &[&[u8]] = &[
        b"__Host-mydata_session", b"__Host-mydata_session=", b"mydata_session", b"mydata_session=", b"session=",
        b"__Host-mydata_signin_0123456789abcdef=", b"__host-mydata_session=", b"__Host-mydata_", b"$Version=1", b"=", b"==",
        b";", b"; ", b"; ", b" ", b"\t", b",", b"\"", b"abc", b"\xff", b"\xc2\xa0", b"\xc2\x85", b"\xe3\x80\x80",
        b"\xe2\x80\x8b", b"%3D", b"\0", b"\r\n",
    ];

    fn line() -> impl Strategy<Value = Vec<u8>> {
        let part = prop_oneof![9 => select(PARTS).prop_map(<[u8]>::to_vec), 1 => vec(any::<u8>(), 0..4)];
        vec(part, 0..10).prop_map(|parts| parts.concat())
    }

    proptest! {
        #![proptest_config(cases(3_000))]

        #[test]
        fn the_session_is_the_first_cookie_with_exactly_the_full_name(lines in vec(line(), 0..3)) {
            holds(&lines.iter().map(Vec::as_slice).collect::<Vec<_>>());
        }

        #[test]
        fn the_session_is_also_the_first_cookie_among_arbitrary_bytes(line in vec(any::<u8>(), 0..60)) {
            holds(&[&line]);
        }
    }

    proptest! {
        #![proptest_config(cases(200))]

        #[test]
        fn every_cookie_that_is_set_is_safe(
            id in "[A-Za-z0-9_-]{0,64}", tag in "[0-9a-f]{16}", sealed in "[A-Za-z0-9_-]{0,400}", secure in any::<bool>(),
        ) {
            let jar = CookieJar::new(secure);
            for cookie in [
                jar.session(&id), jar.end_session(), jar.sign_in(&tag, &sealed), jar.end_sign_in(&tag), jar.language("fr"),
            ] {
                assert_safe(cookie, secure);
            }
        }
    }
}
