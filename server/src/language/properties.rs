//! Properties of the choice of a language for any input. The fuzz target `language` asserts the same.

use app::{Languages, texts::Language};
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use url::{Url, form_urlencoded};

use super::{Wish, accept, query::without_parameter};

/// Panics unless the language chosen for the `Accept-Language` lines is offered, and no other offered language that they name has a
/// higher quality.
pub fn accept_holds(lines: &[&[u8]]) {
    let lines = lines.iter().filter_map(|line| HeaderValue::from_bytes(line).ok());
    let headers: HeaderMap = lines.map(|line| (header::ACCEPT_LANGUAGE, line)).collect();
    let named = named(&headers);
    for (offered, default) in [
        (vec![Language::Nl, Language::Fr, Language::De, Language::En], Language::En),
        (vec![Language::Fr, Language::Nl], Language::Nl),
        (vec![Language::De], Language::De),
    ] {
        let Some(languages) = Languages::new(offered.clone(), default) else { continue };
        let Some(found) = accept::preferred(&headers, &languages) else { continue };
        assert!(offered.contains(&found), "{found:?} is not offered: {headers:?}");
        let quality =
            |language: Language| named.iter().find(|(tag, _)| tag == language.tag()).map(|(_, quality)| *quality);
        // A language that is not named was chosen for `*`, for a near one, or because the default is refused.
        let Some(own) = quality(found) else { continue };
        assert!(own > 0.0, "{found:?} is refused: {headers:?}");
        for other in offered.iter().filter(|&&other| other != found) {
            assert!(quality(*other).is_none_or(|other| other <= own), "{other:?} before {found:?}: {headers:?}");
        }
    }
}

/// The primary languages of the field, in lower case, with the highest quality of each; or zero, if the language itself is refused.
/// Read with floating-point numbers, which the code under test does not use.
fn named(headers: &HeaderMap) -> Vec<(String, f32)> {
    let lines = headers.get_all(header::ACCEPT_LANGUAGE).iter();
    let parts = lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b',')).take(accept::MAX_PARTS);
    let mut found: Vec<(String, f32)> = Vec::new();
    let mut refused = Vec::new();
    for part in parts {
        let Ok(part) = std::str::from_utf8(part) else { continue };
        let (tag, weight) = part.split_once(';').unwrap_or((part, "q=1"));
        let (tag, weight) = (tag.trim_matches([' ', '\t']).to_ascii_lowercase(), weight.trim_matches([' ', '\t']));
        let Some(digits) = weight.to_ascii_lowercase().strip_prefix("q=").map(str::to_owned) else { continue };
        let is_plain =
            digits.starts_with(['0', '1']) && digits.chars().all(|char| char.is_ascii_digit() || char == '.');
        let is_short = digits.len() <= 5 && digits.find('.').unwrap_or(digits.len()) == 1;
        let Some(quality) = digits.parse::<f32>().ok().filter(|quality| is_plain && is_short && *quality <= 1.0) else {
            continue;
        };
        let is_subtag =
            |subtag: &str| (1..=8).contains(&subtag.len()) && subtag.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let primary = tag.split('-').next().unwrap_or_default().to_owned();
        if !tag.split('-').all(is_subtag) || !primary.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            continue;
        }
        if quality == 0.0 && tag == primary {
            refused.push(primary.clone());
        }
        match found.iter_mut().find(|(tag, _)| *tag == primary) {
            Some((_, highest)) => *highest = highest.max(quality),
            None => found.push((primary, quality)),
        }
    }
    for (tag, quality) in &mut found {
        if refused.contains(tag) {
            *quality = 0.0;
        }
    }
    found
}

/// Panics unless the address without the parameter is the same page on the same origin, with every other parameter.
pub fn query_holds(target: &str) {
    let Ok(uri) = target.parse::<Uri>() else { return };
    if !uri.path().starts_with('/') || uri.authority().is_some() {
        return;
    }
    let Some(query) = uri.query() else {
        assert_eq!(Wish::read(&uri), None);
        return;
    };
    let all: Vec<_> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let (wanted, others): (Vec<_>, Vec<_>) = all.into_iter().partition(|(name, _)| name == super::PARAMETER);
    let rest: Vec<_> = form_urlencoded::parse(without_parameter(query).as_bytes()).into_owned().collect();
    assert_eq!(rest, others, "{target:?}");
    let Some(Wish { tag, address }) = Wish::read(&uri) else {
        assert!(wanted.is_empty(), "{target:?}");
        return;
    };
    assert_eq!(tag.is_some(), wanted.len() == 1, "{target:?}");
    let address = address.to_str().unwrap_or_default();
    assert!(address.starts_with('/'), "{target:?}: {address:?}");
    assert!(!address.starts_with("//") && !address.starts_with("/\\"), "{address:?} begins with a host");
    let asked = Url::parse(&format!("https://mydata.example{target}"));
    let there = asked.as_ref().map(|asked| asked.join(address));
    assert!(matches!(there, Ok(Ok(_))), "{target:?}: {address:?} is no address");
    let (Ok(asked), Ok(Ok(there))) = (&asked, there) else { return };
    assert_eq!(there.origin(), asked.origin(), "{address:?} leads away");
    assert_eq!(there.path(), asked.path(), "{target:?}: {address:?}");
    assert_eq!(there.query_pairs().into_owned().collect::<Vec<_>>(), others, "{target:?}: {address:?}");
    // The next visit is not redirected again.
    if let Ok(next) = address.parse::<Uri>() {
        assert_eq!(Wish::read(&next), None, "{address:?}");
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*, sample::select};

    use super::*;
    use crate::properties::cases;

    #[rustfmt::skip]
    const ACCEPT: &[&[u8]] = &[
        b"nl", b"fr", b"de", b"en", b"NL-be", b"fr-", b"lb", b"af", b"*", b",", b", ", b";q=", b"; q=", b";Q=", b";", b"0", b"1",
        b"0.5", b"0.001", b"1.0", b"1.001", b".", b"-", b"\t", b" ", b"\xff", b"=", b"q", b"x", b"latn", b"9",
    ];

    #[rustfmt::skip]
    const TARGET: &[&str] = &[
        "/", "//", "\\", "?", "&", "=", "lang", "lang=", "lang=fr", "&lang=nl", "l%61ng=fr", "%6Cang", "%26", "%3D", "a", "a=b", "+",
        "%20", ".", "..", "/.", "evil.example", "@", ":80", "é", "%C3%A9", "%ff", "#", "'", "\"", "<", "[", "return_to=%2F",
    ];

    proptest! {
        #![proptest_config(cases(3_000))]

        #[test]
        fn the_language_is_offered_and_none_is_preferred_to_it(lines in vec(vec(select(ACCEPT), 0..14), 0..3)) {
            let lines: Vec<_> = lines.into_iter().map(|parts| parts.concat()).collect();
            accept_holds(&lines.iter().map(Vec::as_slice).collect::<Vec<_>>());
        }

        #[test]
        fn the_clean_address_is_the_same_page(parts in vec(select(TARGET), 0..10)) {
            query_holds(&format!("/{}", parts.concat()));
        }

        #[test]
        fn any_address_with_the_parameter_can_be_cleaned(target in "/\\PC{0,20}[?]\\PC{0,20}") {
            query_holds(&target);
        }
    }
}
