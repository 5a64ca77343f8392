//! Addresses: `https` everywhere, plain `http` on loopback only.

use std::fmt;

use url::{Host, Url};

/// The origin that citizens see: scheme, host and port, nothing after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl(Url);

impl PublicUrl {
    pub(super) const EXPECTED: &str = "an origin such as https://mydata.example (http for loopback only, no path)";

    /// Parses an origin; a trailing slash is fine.
    pub fn parse(text: &str) -> Option<Self> {
        let url = safe(text)?;
        let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        bare.then_some(Self(url))
    }

    /// The origin as browsers write it in the `Origin` header (RFC 6454): no trailing slash.
    pub fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    /// `path`, which begins with a slash, on this origin.
    pub fn at(&self, path: &str) -> String {
        self.origin() + path
    }

    /// Whether cookies can be `Secure` and `__Host-`.
    pub fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.origin())
    }
}

/// The address of another service, as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint(String);

impl Endpoint {
    pub(super) const EXPECTED: &str = "an https address (http for loopback only)";

    /// An address without query and fragment.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let url = safe(text)?;
        let bare = url.query().is_none() && url.fragment().is_none();
        (bare && is_plain(text, &url)).then(|| Self(text.to_owned()))
    }

    /// One that others are below: a slash at its end is not part of it.
    pub(super) fn base(text: &str) -> Option<Self> {
        Self::parse(text.trim_end_matches('/'))
    }

    /// `path`, which begins with a slash, below this address.
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }

    /// The address itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The origin, for a Content-Security-Policy.
    pub fn origin(&self) -> String {
        Url::parse(&self.0).map(|url| url.origin().ascii_serialization()).unwrap_or_default()
    }

    /// Whether it is on this machine.
    pub fn is_loopback(&self) -> bool {
        Url::parse(&self.0).is_ok_and(|url| is_loopback(&url))
    }
}

fn safe(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let scheme = url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url));
    (scheme && url.host().is_some() && url.username().is_empty() && url.password().is_none()).then_some(url)
}

/// Whether everybody reads `text` as `url`. The parser is as lenient as browsers are: it takes `https:\\host`, and drops tabs;
/// but the text itself is kept, because issuers are compared character by character.
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
