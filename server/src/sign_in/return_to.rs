//! Where a citizen goes after the sign-in: a path on this origin, or nowhere (ASVS 5.0, 3.7.2).

use url::Url;

use crate::query::parameter;

/// A path on this origin, with its query. It cannot lead anywhere else, and it is safe in a header and in a link.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct ReturnTo(String);

impl ReturnTo {
    const LONGEST: usize = 512;

    /// The parameter `return_to` of a query, if it is there once and good.
    pub fn of_query(query: Option<&str>) -> Option<Self> {
        Self::parse(&parameter(query?, "return_to").ok()??)
    }

    /// Takes what came with a request, if it is a path on this origin and nothing that a browser could read otherwise.
    pub fn parse(text: &str) -> Option<Self> {
        if !is_safe(text) {
            return None;
        }
        // What a browser would make of it, on an origin that no link names.
        let base = Url::parse("https://origin.invalid").ok()?;
        let url = base.join(text).ok().filter(|url| url.origin() == base.origin())?;
        let path = match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        };
        // Dots that go bring another beginning to light (`/a/../%2Fx`), and characters that are encoded make it longer.
        is_safe(&path).then_some(Self(path))
    }

    /// The path and query.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As the parameter `return_to` of a query.
    pub fn parameter(&self) -> String {
        format!("return_to={}", self.encoded())
    }

    fn encoded(&self) -> String {
        url::form_urlencoded::byte_serialize(self.0.as_bytes()).collect()
    }
}

/// Not too long, and a path also to whoever decodes it once more, or twice, on its way.
fn is_safe(text: &str) -> bool {
    let once = decoded(text);
    let twice = decoded(&once);
    text.len() <= ReturnTo::LONGEST && [text, &once, &twice].into_iter().all(is_path)
}

/// One slash, not followed by another or by what browsers take for one; no backslash, no control character.
fn is_path(text: &str) -> bool {
    let path = text.split(['?', '#']).next().unwrap_or_default();
    text.starts_with('/') && !path.starts_with("//") && !text.contains('\\') && !text.chars().any(char::is_control)
}

fn decoded(text: &str) -> String {
    // A plus is a space only in a form; here it stays what it is.
    let plain = text.replace('+', "%2B");
    url::form_urlencoded::parse(format!("x={}", plain.replace('&', "%26").replace('=', "%3D")).as_bytes())
        .next()
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}

#[cfg(any(test, fuzzing))]
pub(super) mod properties;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_on_this_origin_is_kept_with_its_query() {
        for good in ["/", "/profile", "/my-data?saved=3", "/a/b?x=%2F%2Fy&z=a+b", "/search?u=https://example.org/"] {
            assert_eq!(ReturnTo::parse(good).map(|to| to.0).as_deref(), Some(good));
        }
    }

    #[test]
    fn what_could_lead_elsewhere_is_dropped() {
        for bad in [
            "",
            "profile",
            "//x",
            "///x",
            "/\\x",
            "\\x",
            "\\\\x",
            "/%5Cx",
            "/%5cx",
            "/%255Cx",
            "/%2Fx",
            "/%2f%2fx",
            "/%252Fx",
            "/\t/x",
            "/%09/x",
            "/a\r\nb",
            "/%0d%0aSet-Cookie:x",
            "/\u{0}",
            "javascript:alert(1)",
            "https://x",
            "http:x",
            "http:/x",
            "@x",
            "https://127.0.0.1:3000@x/",
            ":80",
            " /x",
            "/\u{a0}/x\u{85}",
            "/..//x",
            "/.//x",
            "/a/..//x",
            "/a/../%2Fx",
            "/./%5Cx",
        ] {
            assert_eq!(ReturnTo::parse(bad), None, "{bad:?}");
        }
        assert_eq!(ReturnTo::parse(&format!("/{}", "a".repeat(600))), None);
        assert_eq!(ReturnTo::parse(&format!("/{}", "é".repeat(200))), None, "1,200 characters in a header");
    }

    #[test]
    fn in_a_link_it_is_one_parameter() {
        assert_eq!(ReturnTo::parse("/my-data?a=1&b=2").unwrap().encoded(), "%2Fmy-data%3Fa%3D1%26b%3D2");
    }
}
