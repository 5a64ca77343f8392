//! Normalises a request: its path has one spelling, and it names exactly one host.

use std::{fmt, net::Ipv6Addr};

use axum::{
    extract::Request,
    http::{
        HeaderMap, StatusCode, Uri, Version, header,
        uri::{PathAndQuery, Scheme},
    },
    middleware::Next,
    response::Response,
};

use crate::failure::plain;

/// The longest host of the Domain Name System, with a port.
const MAX_HOST_BYTES: usize = 255 + ":65535".len();

/// The host that a request is for. Names are case-insensitive (RFC 3986, 3.2.2), so they are in lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Host {
    /// A name, an IPv4 address, or an IPv6 address in brackets.
    pub(super) name: String,
    pub(super) port: Option<u16>,
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        self.port.map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

impl Host {
    /// Parses `uri-host [ ":" port ]` (RFC 9110, 7.2). Of the names that RFC 3986 allows, only those that the Domain Name System
    /// can have: the next program could read a list of hosts, or a path, differently.
    fn parse(text: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(text).ok().filter(|text| text.len() <= MAX_HOST_BYTES)?;
        let (name, port) = match text.rsplit_once(':') {
            Some((name, port)) if !port.ends_with(']') => (name, Some(port)),
            _ => (text, None),
        };
        let port = match port.filter(|port| !port.is_empty()) {
            Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => Some(digits.parse().ok()?),
            Some(_) => return None,
            None => None,
        };
        let is_name = |name: &str| {
            !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte))
        };
        let name = match name.strip_prefix('[') {
            Some(rest) => format!("[{}]", rest.strip_suffix(']')?.parse::<Ipv6Addr>().ok()?),
            None => is_name(name).then(|| name.to_ascii_lowercase())?,
        };
        Some(Self { name, port })
    }
}

/// The host of a request, or why it names none. A request in HTTP/1.0 may have no host. [`normalize`] adds it to each request.
#[derive(Clone, Debug)]
pub(super) struct Target(pub(super) Result<Option<Host>, &'static str>);

/// Finds the host (RFC 9112, 3.2), and normalises the path. This must run before the router, which compares paths.
pub async fn normalize(mut request: Request, next: Next) -> Response {
    let host = host(&request);
    if let Some(uri) = origin_form(request.uri()) {
        *request.uri_mut() = uri;
    }
    if let Some(uri) = normal(request.uri()) {
        *request.uri_mut() = uri;
    }
    request.extensions_mut().insert(Target(host));
    next.run(request).await
}

/// Refuses requests without one valid host, on every route. A program in front of the server could otherwise read the host from
/// another part of the request.
pub async fn require_host(request: Request, next: Next) -> Response {
    match request.extensions().get::<Target>() {
        Some(Target(Err(reason))) => {
            let text = "This request must have exactly one valid Host header.\n";
            plain::refusal(StatusCode::BAD_REQUEST, text, reason)
        }
        _ => next.run(request).await,
    }
}

fn host(request: &Request) -> Result<Option<Host>, &'static str> {
    let host = host_header(request.headers())?;
    let uri = request.uri();
    let Some(authority) = uri.authority() else {
        // HTTP/1.0 and 0.9 have no Host.
        return if host.is_some() || request.version() < Version::HTTP_11 { Ok(host) } else { Err("no Host header") };
    };
    if host.is_none() && request.version() == Version::HTTP_11 {
        return Err("no Host header");
    }
    if uri.scheme().is_some_and(|scheme| *scheme != Scheme::HTTP && *scheme != Scheme::HTTPS) {
        return Err("the target has a scheme other than http");
    }
    // A host in the target replaces that in the header (RFC 9112, 3.2.2).
    Host::parse(authority.as_str().as_bytes()).map(Some).ok_or("the target has no valid host")
}

fn host_header(headers: &HeaderMap) -> Result<Option<Host>, &'static str> {
    let mut lines = headers.get_all(header::HOST).iter();
    match (lines.next(), lines.next()) {
        (None, _) => Ok(None),
        (Some(line), None) => {
            Host::parse(line.as_bytes()).map(Some).ok_or("the Host header is not a valid host and port")
        }
        _ => Err("more than one Host header"),
    }
}

/// A target in absolute form without its scheme and host; `None` for any other form.
fn origin_form(uri: &Uri) -> Option<Uri> {
    uri.scheme()?;
    Some(Uri::from(uri.path_and_query().cloned().unwrap_or_else(|| PathAndQuery::from_static("/"))))
}

/// The target with its path in its normal form; `None` if it has that already.
fn normal(uri: &Uri) -> Option<Uri> {
    let path = normal_path(uri.path())?;
    let target = match uri.query() {
        Some(query) => format!("{path}?{query}"),
        None => path,
    };
    Some(Uri::from(PathAndQuery::try_from(target).ok()?))
}

/// Decodes unreserved characters and writes other escapes in upper case (RFC 3986, 6.2.2). Nothing else is equivalent: `%2F` is not
/// a slash. `None` if nothing changes, or if an escape is incomplete: decoding what follows it could complete it.
fn normal_path(path: &str) -> Option<String> {
    if !path.contains('%') {
        return None;
    }
    let mut normal = String::with_capacity(path.len());
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('%') {
        normal.push_str(before);
        let digits = after.get(..2).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let byte = u8::from_str_radix(digits?, 16).ok()?;
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            normal.push(char::from(byte));
        } else {
            normal.push_str(&format!("%{byte:02X}"));
        }
        rest = &after[2..];
    }
    normal.push_str(rest);
    (normal != path).then_some(normal)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use proptest::prelude::*;

    use super::*;
    use crate::properties::cases;

    fn host_of(version: Version, target: &str, hosts: &[&str]) -> Result<Option<String>, &'static str> {
        let mut request = Request::builder().version(version).uri(target).body(axum::body::Body::empty()).unwrap();
        for line in hosts {
            request.headers_mut().append(header::HOST, HeaderValue::from_bytes(line.as_bytes()).unwrap());
        }
        Ok(host(&request)?.map(|host| host.to_string()))
    }

    #[test]
    fn a_host_is_a_name_or_an_address_with_a_port() {
        for (written, read) in [
            ("mydata.example", "mydata.example"),
            ("MyData.Example:8443", "mydata.example:8443"),
            ("mydata.example:", "mydata.example"),
            ("my_data.example.", "my_data.example."),
            ("127.0.0.1:3000", "127.0.0.1:3000"),
            ("[::1]:3000", "[::1]:3000"),
            ("[0:0:0:0:0:0:0:1]", "[::1]"),
            ("[2001:DB8::1]", "[2001:db8::1]"),
        ] {
            assert_eq!(host_of(Version::HTTP_11, "/", &[written]), Ok(Some(read.to_owned())));
        }
        for bad in [
            "",
            " ",
            ":80",
            "a b",
            "a/b",
            "a/",
            "a?b",
            "a#b",
            "a,b",
            "a, b",
            "a\\b",
            "user@a",
            "user:password@a",
            "http://a",
            "a:b",
            "a:80:80",
            "a:65536",
            "a:+80",
            "a:-1",
            "a: 80",
            "::1",
            "[::1",
            "::1]",
            "[]",
            "[a]",
            "[::1]x",
            "[::1]:x",
            "[v1.a]",
            "[::1%25lo]",
            "a\tb",
            "a%2eb",
            "a;b",
            "a=b",
            "<a>",
            "\"a\"",
            "é.example",
            "*",
            &"a".repeat(300),
        ] {
            assert!(host_of(Version::HTTP_11, "/", &[bad]).is_err(), "{bad:?}");
            assert!(host_of(Version::HTTP_10, "/", &[bad]).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn only_old_requests_may_lack_a_host_and_none_may_have_two() {
        assert_eq!(host_of(Version::HTTP_11, "/", &[]), Err("no Host header"));
        assert_eq!(host_of(Version::HTTP_10, "/", &[]), Ok(None));
        for version in [Version::HTTP_10, Version::HTTP_11] {
            assert_eq!(host_of(version, "/", &["a", "b"]), Err("more than one Host header"));
            assert_eq!(host_of(version, "/", &["a", "a"]), Err("more than one Host header"));
        }
    }

    #[test]
    fn the_host_of_the_target_replaces_that_of_the_header() {
        let host_of = |target, hosts: &[&str]| host_of(Version::HTTP_11, target, hosts);
        assert_eq!(host_of("http://a.example:81/my-data", &["b.example"]), Ok(Some("a.example:81".to_owned())));
        assert_eq!(host_of("HTTPS://A.example/", &["b.example"]), Ok(Some("a.example".to_owned())));
        for (target, hosts) in [
            ("http://a.example/", &[][..]),
            ("http://a.example/", &["b", "c"]),
            ("http://a.example/", &["b/c"]),
            ("http://user@a.example/", &["a.example"]),
            ("http://a.example:x/", &["a.example"]),
            ("ftp://a.example/", &["a.example"]),
        ] {
            if target.parse::<Uri>().is_ok() {
                assert!(host_of(target, hosts).is_err(), "{target} {hosts:?}");
            }
        }
        let form = |target: &str| origin_form(&target.parse().unwrap()).map(|uri| uri.to_string());
        assert_eq!(form("http://a.example/b?c=d"), Some("/b?c=d".to_owned()));
        assert_eq!(form("http://a.example"), Some("/".to_owned()));
        assert_eq!(form("/b?c=d"), None);
    }

    #[test]
    fn a_path_has_one_spelling() {
        for (path, spelling) in [
            ("/my%2Ddata", "/my-data"),
            ("/my%2ddata", "/my-data"),
            ("/%6D%79%2d%64%61%74%61", "/my-data"),
            ("/%7E%5f%2E%30", "/~_.0"),
            ("/a%2fb%c3%a9", "/a%2Fb%C3%A9"),
            ("/%252D", "/%252D"),
            ("/%25%32%44", "/%252D"),
            ("/a%2", "/a%2"),
            ("/a%", "/a%"),
            ("/%2D%%32D", "/%2D%%32D"),
            ("/%2g%+1", "/%2g%+1"),
            ("/%00%20%3F%23%5C", "/%00%20%3F%23%5C"),
        ] {
            assert_eq!(normal_path(path).unwrap_or_else(|| path.to_owned()), spelling);
        }
        let uri = normal(&"/my%2Ddata?a=%2D".parse().unwrap()).unwrap();
        assert_eq!(uri.to_string(), "/my-data?a=%2D", "a query stays as it is");
    }

    proptest! {
        #![proptest_config(cases(1_000))]

        #[test]
        fn the_spelling_of_a_path_decodes_to_the_same_bytes_and_is_stable(path in "/([a-z/%é]|%[0-9a-fA-F]{2}){0,20}") {
            let decoded = |path: &str| percent_encoding::percent_decode_str(path).collect::<Vec<_>>();
            let spelling = normal_path(&path).unwrap_or_else(|| path.clone());
            prop_assert_eq!(decoded(&spelling), decoded(&path));
            prop_assert_eq!(normal_path(&spelling), None);
        }

        #[test]
        fn parsing_a_host_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            if let Some(host) = Host::parse(&bytes) {
                prop_assert_eq!(Host::parse(host.to_string().as_bytes()), Some(host));
            }
        }
    }
}
