//! The conditions of a request (RFC 9110, 13): which version of the message it is about. The entity tag of a version is its number,
//! in quotation marks.

use app::pages::problems::ProblemKind;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::failure::problem::Problem;

/// The conditions of a request.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Conditions {
    if_match: Option<Tags>,
    if_none_match: Option<Tags>,
}

/// The value of a condition.
#[derive(Debug, PartialEq, Eq)]
enum Tags {
    /// `*`: any version.
    Any,
    /// A list, which may be empty (RFC 9110, 5.6.1).
    Listed(Vec<Tag>),
}

/// An entity tag (RFC 9110, 8.8.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Tag {
    is_weak: bool,
    /// `None` for a tag that no version has.
    version: Option<u64>,
}

/// How a change says which version it replaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Replaces {
    /// Nothing: the first message.
    Nothing,
    /// This version.
    Version(u64),
    /// The current version, if the conditions hold for it.
    Current,
}

/// The entity tag of a version.
pub(super) fn tag(version: u64) -> HeaderValue {
    HeaderValue::try_from(format!("\"{version}\"")).unwrap_or(HeaderValue::from_static("\"\""))
}

impl Conditions {
    /// The conditions in `headers`.
    ///
    /// # Errors
    /// One of them cannot be read.
    pub(super) fn of(headers: &HeaderMap) -> Result<Self, Problem> {
        let detail =
            "Write If-Match and If-None-Match as *, or as entity tags such as \"3\", with their quotation marks.";
        let reason = "If-Match or If-None-Match cannot be read";
        let read = |name| tags(headers, name).map_err(|()| Problem::new(ProblemKind::InvalidRequest, detail, reason));
        Ok(Self { if_match: read(header::IF_MATCH)?, if_none_match: read(header::IF_NONE_MATCH)? })
    }

    /// Whether the request is to be carried out only if the message has changed, and on no other condition.
    pub(super) const fn is_about_changes(&self) -> bool {
        self.if_match.is_none() && self.if_none_match.is_some()
    }

    /// Whether `If-Match` is absent or holds, by strong comparison (RFC 9110, 13.1.1). `current` is the current version.
    pub(super) fn if_match_holds(&self, current: Option<u64>) -> bool {
        match &self.if_match {
            None => true,
            Some(Tags::Any) => current.is_some(),
            Some(Tags::Listed(tags)) => {
                current.is_some() && tags.iter().any(|tag| !tag.is_weak && tag.version == current)
            }
        }
    }

    /// Whether `If-None-Match` is absent or holds, by weak comparison (RFC 9110, 13.1.2).
    pub(super) fn if_none_match_holds(&self, current: Option<u64>) -> bool {
        match &self.if_none_match {
            None => true,
            Some(Tags::Any) => current.is_none(),
            Some(Tags::Listed(tags)) => current.is_none() || tags.iter().all(|tag| tag.version != current),
        }
    }

    /// Which version a save replaces; `None` if the request does not say it. A change must not replace what its sender has not seen.
    pub(super) fn replaces(&self) -> Option<Replaces> {
        match (&self.if_match, &self.if_none_match) {
            (None, Some(Tags::Any)) => Some(Replaces::Nothing),
            (None, _) => None,
            (Some(Tags::Listed(tags)), None) => match tags[..] {
                [Tag { is_weak: false, version: Some(version) }] => Some(Replaces::Version(version)),
                _ => Some(Replaces::Current),
            },
            (Some(_), _) => Some(Replaces::Current),
        }
    }
}

/// What a condition looks like, as a regular expression for the description of the API.
#[cfg(test)]
pub(super) const PATTERN: &str = concat!(
    r#"^[ \t]*\*[ \t]*$|^[ \t,]*((W/)?"[!#-~\u0080-\u00ff]*"[ \t]*"#,
    r#"(,[ \t,]*(W/)?"[!#-~\u0080-\u00ff]*"[ \t]*)*(,[ \t,]*)?)?$"#,
);

/// The tags of the field `name`, whose lines count as one list; `None` if the field is absent.
fn tags(headers: &HeaderMap, name: HeaderName) -> Result<Option<Tags>, ()> {
    let lines: Vec<&[u8]> = headers.get_all(name).iter().map(HeaderValue::as_bytes).collect();
    if lines.is_empty() {
        return Ok(None);
    }
    let line = lines.join(&b", "[..]);
    if line.trim_ascii() == b"*" {
        return Ok(Some(Tags::Any));
    }
    let mut rest = skip(&line, is_separator);
    let mut tags = Vec::new();
    while !rest.is_empty() {
        let (tag, after) = first_tag(rest).ok_or(())?;
        tags.push(tag);
        let after = skip(after, is_blank);
        if !matches!(after.first(), None | Some(b',')) {
            return Err(());
        }
        rest = skip(after, is_separator);
    }
    Ok(Some(Tags::Listed(tags)))
}

/// The tag that `text` begins with, and what follows it.
fn first_tag(text: &[u8]) -> Option<(Tag, &[u8])> {
    let (is_weak, text) = match text.strip_prefix(b"W/") {
        Some(text) => (true, text),
        None => (false, text),
    };
    let text = text.strip_prefix(b"\"")?;
    let end = text.iter().position(|byte| *byte == b'"')?;
    let (opaque, rest) = text.split_at(end);
    let is_valid = opaque.iter().all(|byte| matches!(byte, 0x21 | 0x23..=0x7e | 0x80..));
    is_valid.then(|| (Tag { is_weak, version: version(opaque) }, &rest[1..]))
}

/// The version whose tag has exactly this text.
fn version(opaque: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(opaque).ok()?;
    let version: u64 = text.parse().ok()?;
    (version > 0 && version.to_string() == text).then_some(version)
}

fn skip(text: &[u8], is_skipped: impl Fn(u8) -> bool) -> &[u8] {
    let end = text.iter().position(|byte| !is_skipped(*byte)).unwrap_or(text.len());
    &text[end..]
}

const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// A list may have empty elements (RFC 9110, 5.6.1.2).
const fn is_separator(byte: u8) -> bool {
    byte == b',' || is_blank(byte)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use regex_lite::Regex;

    use super::*;
    use crate::properties::cases;

    fn conditions(fields: &[(HeaderName, &[u8])]) -> Option<Conditions> {
        let mut headers = HeaderMap::new();
        for (name, line) in fields {
            headers.append(name, HeaderValue::from_bytes(line).unwrap());
        }
        Conditions::of(&headers).ok()
    }

    fn if_match(line: &[u8]) -> Option<Conditions> {
        conditions(&[(header::IF_MATCH, line)])
    }

    fn if_none_match(line: &[u8]) -> Option<Conditions> {
        conditions(&[(header::IF_NONE_MATCH, line)])
    }

    #[test]
    fn a_condition_is_a_star_or_a_list_of_tags() {
        for good in [
            "*",
            " * ",
            "\"3\"",
            "W/\"3\"",
            "\"3\",\"4\"",
            "\"3\" , W/\"4\"",
            ",\"3\",,\"4\",",
            "\"\"",
            "\"a,b\"",
            "\"é\"",
            "",
            ",",
            "\"!#~\"",
            "\"W/\"",
        ] {
            assert!(if_match(good.as_bytes()).is_some() && if_none_match(good.as_bytes()).is_some(), "{good}");
        }
        for bad in [
            "3",
            "\"3",
            "3\"",
            "'3'",
            "w/\"3\"",
            "W\"3\"",
            "W/3",
            "W/ \"3\"",
            "\"3\" \"4\"",
            "\"3\";",
            "\"3\"\"4\"",
            "*, \"3\"",
            "\"3\", *",
            "**",
            "\"a b\"",
            "\"a\tb\"",
        ] {
            assert!(if_match(bad.as_bytes()).is_none() && if_none_match(bad.as_bytes()).is_none(), "{bad:?}");
        }
        let lines = conditions(&[(header::IF_MATCH, b"\"3\""), (header::IF_MATCH, b"\"4\"")]).unwrap();
        assert_eq!(lines, if_match(b"\"3\", \"4\"").unwrap(), "lines of a field are one list");
    }

    #[test]
    fn if_match_compares_strongly_and_if_none_match_weakly() {
        for (line, current, matches, none_matches) in [
            ("\"3\"", Some(3), true, false),
            ("\"3\"", Some(4), false, true),
            ("\"3\"", None, false, true),
            ("W/\"3\"", Some(3), false, false),
            ("W/\"3\", \"3\"", Some(3), true, false),
            ("\"2\", \"3\"", Some(3), true, false),
            ("*", Some(3), true, false),
            ("*", None, false, true),
            ("\"03\"", Some(3), false, true),
            ("\"+3\"", Some(3), false, true),
            ("\"0\"", None, false, true),
            ("\"\"", None, false, true),
            ("\"18446744073709551616\"", None, false, true),
            ("", Some(3), false, true),
            ("", None, false, true),
        ] {
            let [matching, other] = [if_match, if_none_match].map(|read| read(line.as_bytes()).unwrap());
            assert_eq!(matching.if_match_holds(current), matches, "If-Match: {line} of {current:?}");
            assert_eq!(other.if_none_match_holds(current), none_matches, "If-None-Match: {line} of {current:?}");
            assert!(matching.if_none_match_holds(current) && other.if_match_holds(current), "the other one is absent");
        }
    }

    #[test]
    fn a_change_says_which_version_it_replaces() {
        for (line, expected) in [
            ("\"3\"", Replaces::Version(3)),
            ("W/\"3\"", Replaces::Current),
            ("\"a\"", Replaces::Current),
            ("\"0\"", Replaces::Current),
            ("\"3\", \"4\"", Replaces::Current),
            ("*", Replaces::Current),
        ] {
            assert_eq!(if_match(line.as_bytes()).unwrap().replaces(), Some(expected), "{line}");
        }
        assert_eq!(if_none_match(b"*").unwrap().replaces(), Some(Replaces::Nothing));
        assert_eq!(if_none_match(b"\"3\"").unwrap().replaces(), None);
        assert_eq!(conditions(&[]).unwrap().replaces(), None);
        let both = conditions(&[(header::IF_MATCH, b"\"3\""), (header::IF_NONE_MATCH, b"*")]).unwrap();
        assert_eq!(both.replaces(), Some(Replaces::Current), "both are compared with what is stored");
    }

    proptest! {
        #![proptest_config(cases(1_000))]

        #[test]
        fn a_version_is_found_again_by_its_tag(version in 1_u64.., other in 1_u64..) {
            let tag = tag(version);
            let (matching, others) = (if_match(tag.as_bytes()).unwrap(), if_none_match(tag.as_bytes()).unwrap());
            prop_assert_eq!(matching.replaces(), Some(Replaces::Version(version)));
            prop_assert!(matching.if_match_holds(Some(version)));
            prop_assert_eq!(others.if_none_match_holds(Some(other)), version != other);
        }

        #[test]
        fn the_description_has_exactly_the_conditions_that_can_be_read(line in r#"(["W/*, \t!]|"3"|W/|é){0,12}"#) {
            let bytes: Vec<u8> = line.chars().map(|letter| u8::try_from(letter).unwrap()).collect();
            let is_described = Regex::new(PATTERN).unwrap().is_match(&line);
            prop_assert_eq!(if_match(&bytes).is_some(), is_described, "{:?}", line);
        }

        #[test]
        fn reading_a_condition_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            if let Ok(line) = HeaderValue::from_bytes(&bytes) {
                if_match(line.as_bytes());
            }
        }
    }
}
