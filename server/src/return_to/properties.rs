//! Properties of `return_to` for any input. The fuzz target `callback_query` asserts the same.

use axum::http::HeaderValue;
use url::Url;

use super::ReturnTo;
use crate::oidc::parameter;

/// Addresses of pages on which a browser may resolve the path.
const BASES: [&str; 5] = [
    "https://mydata.example",
    "https://mydata.example/my-data?saved=1",
    "https://mydata.example//a/../b;c",
    "http://127.0.0.1:3000",
    "http://[::1]:3000/login/itsme?return_to=%2F",
];

/// Panics if `text` is accepted, but a browser, a proxy or our own router could read it as another origin, or as something
/// that is not a page.
pub fn holds(text: &str) {
    let Some(to) = ReturnTo::parse(text) else { return };
    let path = to.as_str();
    assert!(path.len() <= ReturnTo::MAX_BYTES, "{path:?} is longer than the limit");
    assert!(HeaderValue::from_str(path).is_ok(), "{path:?} is not a header value");
    let once = decoded(path);
    let twice = decoded(&once);
    for reading in [path, &once, &twice] {
        assert_same_origin(reading);
        assert_page(reading);
    }
    assert_eq!(ReturnTo::parse(path).as_ref(), Some(&to), "{path:?} is not in normal form");
    let link = to.append_to("/?a=1") + "&b=2";
    let query = &link["/?".len()..];
    assert_eq!(parameter(query, "return_to").as_ref().map(Option::as_deref), Ok(Some(path)));
    assert_eq!(ReturnTo::from_query(Some(query)), Some(to));
}

fn assert_same_origin(path: &str) {
    let mut characters = path.chars();
    assert_eq!(characters.next(), Some('/'), "{path:?}");
    assert!(!matches!(characters.next(), Some('/' | '\\')), "{path:?} begins with a host");
    assert!(!path.contains(['\r', '\n', '\0', '\t']), "{path:?} has a control character");
    for base in BASES {
        let origin_and_there = Url::parse(base).and_then(|base| Ok((base.origin(), base.join(path)?.origin())));
        assert!(origin_and_there.is_ok_and(|(origin, there)| origin == there), "{path:?} leads away from {base}");
    }
}

/// The first segments of paths that are not pages.
const NO_PAGES: [&str; 13] = [
    "login",
    "logout",
    "auth",
    "federation",
    "api",
    "v1",
    "language",
    "session",
    "healthz",
    "readyz",
    "pkg",
    "brand",
    ".well-known",
];

/// Panics if `path` leads to something that is not a page, by the rules of URLs and with merged slashes.
fn assert_page(path: &str) {
    let mut merged = path.split(['?', '#']).next().unwrap_or_default().to_owned();
    while merged.contains("//") {
        merged = merged.replace("//", "/");
    }
    let Ok(url) = Url::parse(&format!("https://mydata.example{merged}")) else { return };
    let first = url.path_segments().and_then(|mut segments| segments.next().map(str::to_ascii_lowercase));
    assert!(!NO_PAGES.contains(&first.unwrap_or_default().as_str()), "{path:?} is not a page");
}

/// One round of percent decoding (RFC 3986, 2.1), without the library that the code under test uses.
fn decoded(text: &str) -> String {
    let mut rest = text.as_bytes();
    let mut bytes = Vec::new();
    while let Some((first, after)) = rest.split_first() {
        let pair = after.get(..2).filter(|pair| *first == b'%' && pair.iter().all(u8::is_ascii_hexdigit));
        let value = pair.and_then(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
        bytes.push(value.unwrap_or(*first));
        rest = if value.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*, sample::select};

    use super::*;
    use crate::properties::cases;

    /// Parts of paths and of attacks on them.
    #[rustfmt::skip]
    const PARTS: &[&str] = &[
        "/", "/", "//", "\\", "%2f", "%2F", "%5c", "%5C", "%252f", "%255C", "%25252F", "%25255c", ".", "..", "/..",
        "/./", "%2e", "%2E%2e", "%252e", "?", "#", "&", "=", "+", ";", "%", "%2", "%25", "%2525", "\t", "\r\n", "\n",
        "%09", "%0d%0a", "%250a", "%25250D", "\0", "%00", "\u{85}", "%c2%85", "\u{7f}", "／", "∕", "⁄", "⧸", "＼", "．",
        "。", "\u{2025}", "@", ":", ":80", "user:pass@", "evil.example", "https:", "https://evil.example", "http:/x",
        "javascript:alert(1)", "data:,", "login", "/login/", "LoGin", "%6Cogin", "%256cogin", "/api/x", "pkg", ".well-known", ";x", "a", "my-data", "é", "%C3%A9", "%ff", "%c0%af", " ", "%20", "\u{a0}",
        "\u{202e}", "\u{feff}", "\u{3000}", "%u002f", "[::1]", "%E3%80%80",
    ];

    fn part() -> impl Strategy<Value = String> {
        prop_oneof![
            8 => select(PARTS).prop_map(str::to_owned),
            1 => any::<char>().prop_map(String::from),
            1 => (select(&["é", "/", "a", "%2f", "\u{10348}", " "][..]), 1..300_usize).prop_map(|(part, times)| part.repeat(times)),
        ]
    }

    fn encoded(text: &str) -> String {
        text.bytes().map(|byte| format!("%{byte:02x}")).collect()
    }

    /// Concatenated parts, mostly after a slash, the last one encoded up to three times.
    fn text() -> impl Strategy<Value = String> {
        (select(&["/", "/", "/", "/a/", "/?", ""][..]), vec(part(), 0..8), part(), 0..4).prop_map(
            |(first, parts, last, rounds)| {
                let last = (0..rounds).fold(last, |text, _| if text.len() > 60 { text } else { encoded(&text) });
                format!("{first}{}{last}", parts.concat())
            },
        )
    }

    proptest! {
        #![proptest_config(cases(3_000))]

        #[test]
        fn an_accepted_text_is_a_path_on_this_origin(text in text()) {
            holds(&text);
        }

        #[test]
        fn arbitrary_text_is_a_path_on_this_origin_if_accepted(text in "/?\\PC{0,40}") {
            holds(&text);
        }
    }

    proptest! {
        #![proptest_config(cases(500))]

        #[test]
        fn a_plain_path_is_kept_unchanged(
            segments in vec("[A-Za-z0-9_~-][A-Za-z0-9._~-]{0,8}|%C3%A9[a-z]{1,3}", 0..8),
            slash in select(&["", "/"][..]),
            query in vec(("[a-z_]{1,6}", "[A-Za-z0-9._~-]{0,8}|%2F%2Fx|https://example[.]org/"), 0..4),
        ) {
            let slash = if segments.is_empty() { "" } else { slash };
            let query: Vec<_> = query.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
            let mark = if query.is_empty() { "" } else { "?" };
            let path = format!("/{}{slash}{mark}{}", segments.join("/"), query.join("&"));
            let kept = ReturnTo::parse(&path);
            prop_assume!(!NO_PAGES.contains(&segments.first().map_or("", String::as_str).to_lowercase().as_str()));
            prop_assert_eq!(kept.as_ref().map(ReturnTo::as_str), Some(&*path));
            holds(&path);
        }
    }
}
