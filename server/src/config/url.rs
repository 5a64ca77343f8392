//! Addresses. `https` is required everywhere; plain `http` is accepted for loopback only.

use std::fmt;

use url::{Host, Url};

/// The origin that citizens see: scheme, host and port only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl(Url);

impl PublicUrl {
    pub(super) const EXPECTED: &str = "an origin such as https://mydata.example (http for loopback only, no path)";

    /// Parses an origin. A trailing slash is accepted.
    pub fn parse(text: &str) -> Option<Self> {
        let url = parse_safe(text)?;
        let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        bare.then_some(Self(url))
    }

    /// The origin as in the `Origin` header (RFC 6454): without a trailing slash.
    pub fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    /// The address of `path` on this origin. `path` begins with a slash.
    pub fn at(&self, path: &str) -> String {
        self.origin() + path
    }

    /// Whether the host is this machine.
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.0)
    }

    /// The host as in the `Host` header, and the port, which is that of the scheme if none is written.
    pub fn host_and_port(&self) -> (&str, u16) {
        (self.0.host_str().unwrap_or_default(), self.0.port_or_known_default().unwrap_or_default())
    }

    /// Whether cookies can be `Secure` and have the prefix `__Host-`.
    pub fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.origin())
    }
}

/// The address of another service, kept exactly as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint(String);

impl Endpoint {
    pub(super) const EXPECTED: &str = "an https address (http for loopback only)";

    /// Parses an address without query and fragment.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let url = parse_safe(text)?;
        let bare = url.query().is_none() && url.fragment().is_none();
        (bare && is_plain(text, &url)).then(|| Self(text.to_owned()))
    }

    /// Parses the base of other addresses: a trailing slash is removed.
    pub(crate) fn parse_base(text: &str) -> Option<Self> {
        Self::parse(text.trim_end_matches('/'))
    }

    /// The address of `path` below this address. `path` begins with a slash.
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }

    /// The address as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The origin, for the Content-Security-Policy.
    pub fn origin(&self) -> String {
        Url::parse(&self.0).map(|url| url.origin().ascii_serialization()).unwrap_or_default()
    }

    /// Whether the host is this machine.
    pub fn is_loopback(&self) -> bool {
        Url::parse(&self.0).is_ok_and(|url| is_loopback(&url))
    }
}

fn parse_safe(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let scheme = url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url));
    (scheme && url.host().is_some() && url.username().is_empty() && url.password().is_none()).then_some(url)
}

/// Whether stricter parsers also read `text` as `url`. This parser is as lenient as browsers: it accepts `https:\\host`
/// and ignores tabs. The text is kept as written, because issuers are compared character by character.
fn is_plain(text: &str, url: &Url) -> bool {
    let after_scheme = text.strip_prefix(url.scheme()).and_then(|rest| rest.strip_prefix("://"));
    after_scheme.is_some_and(|rest| !rest.starts_with('/'))
        && !text.contains(|character: char| character.is_control() || character.is_whitespace() || character == '\\')
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
