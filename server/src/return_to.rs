//! Where a citizen returns to after sign-in: only to a page of this origin (ASVS 5.0, 3.7.2).

use url::Url;

use crate::oidc::parameter;

/// The first segments of paths that are not pages: steps of a sign-in, interfaces for programs, files.
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

/// A path with query on this origin, to a page. It cannot lead to another origin, and is safe in headers and links.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct ReturnTo(String);

impl ReturnTo {
    const MAX_BYTES: usize = 512;

    /// The parameter `return_to` of a query, if it occurs once and is valid.
    pub fn from_query(query: Option<&str>) -> Option<Self> {
        Self::parse(&parameter(query?, "return_to").ok()??)
    }

    /// Accepts a path on this origin, to a page. Refuses a text that a browser, a proxy or the router could read as anything
    /// else.
    pub fn parse(text: &str) -> Option<Self> {
        if !is_safe(text) {
            return None;
        }
        // Resolve it as a browser would, on an origin that no link can name.
        let base = Url::parse("https://origin.invalid").ok()?;
        let url = base.join(text).ok().filter(|url| url.origin() == base.origin())?;
        let path = match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        };
        // Removing dot segments can change the beginning (`/a/../%2Fx`), and encoding can exceed the limit.
        is_safe(&path).then_some(Self(path))
    }

    /// The path and query.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `path` with this as its parameter `return_to`.
    pub fn append_to(&self, path: &str) -> String {
        let separator = if path.contains('?') { '&' } else { '?' };
        format!("{path}{separator}return_to={}", self.encoded())
    }

    /// `path` with the parameter `return_to`, if any.
    pub fn link(path: &str, return_to: Option<&Self>) -> String {
        return_to.map_or_else(|| path.to_owned(), |to| to.append_to(path))
    }

    fn encoded(&self) -> String {
        url::form_urlencoded::byte_serialize(self.0.as_bytes()).collect()
    }
}

/// Whether `text` is within the limit, and is a page's path as written, decoded once and decoded twice. Proxies may decode
/// it.
fn is_safe(text: &str) -> bool {
    let once = decoded(text);
    let twice = decoded(&once);
    text.len() <= ReturnTo::MAX_BYTES
        && [text, &once, &twice].into_iter().all(|text| is_path(text) && !is_no_page(text))
}

/// Whether a path, as a lenient server could read it, begins with one of [`NO_PAGES`]: in any case, without dot segments,
/// repeated slashes and parameters of a segment (RFC 3986, 3.3).
fn is_no_page(text: &str) -> bool {
    let path = text.split(['?', '#']).next().unwrap_or_default();
    let mut segments = Vec::new();
    for segment in path.split('/') {
        match segment.split(';').next().unwrap_or_default().trim() {
            "" | "." => (),
            ".." => drop(segments.pop()),
            segment => segments.push(segment),
        }
    }
    segments.first().is_some_and(|first| NO_PAGES.contains(&first.to_lowercase().as_str()))
}

/// Whether `text` begins with one slash only, and has no backslash and no control character. Browsers read a backslash
/// as a slash.
fn is_path(text: &str) -> bool {
    let path = text.split(['?', '#']).next().unwrap_or_default();
    text.starts_with('/') && !path.starts_with("//") && !text.contains('\\') && !text.chars().any(char::is_control)
}

fn decoded(text: &str) -> String {
    // A plus means a space only in forms, so it must stay.
    let plain = text.replace('+', "%2B");
    url::form_urlencoded::parse(format!("x={}", plain.replace('&', "%26").replace('=', "%3D")).as_bytes())
        .next()
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}

#[cfg(any(test, fuzzing))]
pub(crate) mod properties;

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
    fn an_address_that_could_leave_this_origin_is_refused() {
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
        assert_eq!(ReturnTo::parse(&format!("/{}", "é".repeat(200))), None, "1,200 bytes in a header");
    }

    #[test]
    fn what_is_not_a_page_is_refused() {
        for bad in [
            "/login/itsme",
            "/login",
            "/login/",
            "/login?x=1",
            "/logout",
            "/auth/callback?code=c&state=s",
            "/federation/login_gov/authorize",
            "/api/save_message",
            "/v1/message",
            "/language",
            "/session",
            "/brand/logo.0a1b.svg",
            "/healthz",
            "/readyz",
            "/pkg/my-data.js",
            "/.well-known/security.txt",
            "/%6Cogin/x",
            "/%6cogin/x",
            "/%256Cogin/x",
            "/LOGIN/x",
            "/%4C%4F%47%49%4E/x",
            "/Federation/x",
            "/./login/x",
            "/a/../login/x",
            "/a/%2e%2e/login/x",
            "/a/..%2flogin/x",
            "/%2e/login/x",
            "/.%2Flogin/x",
            "/a/b/../../api/x",
            "/login;a=b/x",
            "/login%3Ba/x",
            "/ login/x",
            "/%20login/x",
            "/login%20/x",
            "/login%2Fx",
            "/login%3Fx",
            "/p\u{212a}g/x",
            "/%2ewell-known/x",
        ] {
            assert_eq!(ReturnTo::parse(bad), None, "{bad:?}");
        }
        for good in [
            "/loginx",
            "/my-data",
            "/a/login",
            "/profile?u=/login/itsme",
            "/a?b=/../login",
            "/documents/api",
            "/pkgs",
            "/sessions",
        ] {
            assert!(ReturnTo::parse(good).is_some(), "{good:?}");
        }
    }

    #[test]
    fn a_return_address_is_encoded_as_one_parameter() {
        assert_eq!(ReturnTo::parse("/my-data?a=1&b=2").unwrap().encoded(), "%2Fmy-data%3Fa%3D1%26b%3D2");
    }
}
