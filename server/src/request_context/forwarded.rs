//! The client that trusted proxies forward for: `X-Forwarded-For`, or `Forwarded` (RFC 7239).
//!
//! Each proxy adds the address of its own peer at the end. So the entries are read from the end, as long as a trusted proxy
//! wrote them. Earlier entries can be forged.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::http::{HeaderMap, HeaderName, header};

use crate::{
    config::{TrustedProxies, is_private},
    network,
};

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The address that a request from `peer` counts for. Of IPv6, the network.
pub(super) fn client(peer: IpAddr, headers: &HeaderMap, trusted: &TrustedProxies) -> IpAddr {
    network::of_client(hop(peer.to_canonical(), headers, trusted))
}

fn hop(peer: IpAddr, headers: &HeaderMap, trusted: &TrustedProxies) -> IpAddr {
    if !trusted.contains(peer) {
        return peer;
    }
    let by_list = headers.contains_key(X_FORWARDED_FOR).then(|| walk(peer, list(headers), trusted));
    let by_standard = headers.contains_key(header::FORWARDED).then(|| walk(peer, standard(headers), trusted));
    match (by_list, by_standard) {
        (Some(one), Some(other)) if one == other => one,
        // The proxies write one of the headers and pass the other through, as the client wrote it. Counted by the peer, only
        // those who forge a header share a count.
        (Some(_), Some(_)) => peer,
        (one, other) => one.or(other).unwrap_or(peer),
    }
}

/// The last entry that is not a trusted proxy. An entry without an address (`None`) ends at the hop that wrote it.
fn walk(peer: IpAddr, entries: impl DoubleEndedIterator<Item = Option<IpAddr>>, trusted: &TrustedProxies) -> IpAddr {
    let mut hop = peer;
    for entry in entries.rev() {
        let Some(address) = entry else { break };
        hop = address.to_canonical();
        if !trusted.contains(hop) {
            break;
        }
    }
    hop
}

/// The entries of `X-Forwarded-For`. Empty ones do not count (RFC 9110, 5.6.1).
fn list(headers: &HeaderMap) -> impl DoubleEndedIterator<Item = Option<IpAddr>> {
    let lines = headers.get_all(X_FORWARDED_FOR).iter();
    let entries = lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b','));
    entries.map(<[u8]>::trim_ascii).filter(|entry| !entry.is_empty()).map(address)
}

/// The elements of `Forwarded`, each with the address in its `for`.
fn standard(headers: &HeaderMap) -> impl DoubleEndedIterator<Item = Option<IpAddr>> {
    let lines = headers.get_all(header::FORWARDED).iter();
    lines.flat_map(|line| elements(line.as_bytes()))
}

/// The elements of one line. A line with an open quotation mark is one element without an address: otherwise the sender of the
/// quotation mark could choose where an entry ends.
fn elements(line: &[u8]) -> Vec<Option<IpAddr>> {
    let Some(parts) = split(line, b',') else { return vec![None] };
    parts.into_iter().filter(|part| !part.is_empty()).map(forwarded_for).collect()
}

/// The parts of `text` between separators outside quotation marks, trimmed. `None` if a quotation mark stays open.
fn split(text: &[u8], separator: u8) -> Option<Vec<&[u8]>> {
    let (mut parts, mut start, mut is_quoted, mut is_escaped) = (Vec::new(), 0, false, false);
    for (at, byte) in text.iter().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_quoted => is_escaped = true,
            b'"' => is_quoted = !is_quoted,
            byte if *byte == separator && !is_quoted => {
                parts.push(text[start..at].trim_ascii());
                start = at + 1;
            }
            _ => (),
        }
    }
    parts.push(text[start..].trim_ascii());
    (!is_quoted).then_some(parts)
}

/// The address in the parameter `for` of an element, if it occurs once.
fn forwarded_for(element: &[u8]) -> Option<IpAddr> {
    let mut values = split(element, b';')?.into_iter().filter_map(|pair| {
        let equals = pair.iter().position(|byte| *byte == b'=')?;
        pair[..equals].trim_ascii().eq_ignore_ascii_case(b"for").then(|| pair[equals + 1..].trim_ascii())
    });
    let value = values.next().filter(|_| values.next().is_none())?;
    match value.strip_prefix(b"\"") {
        Some(quoted) => {
            let inner = quoted.strip_suffix(b"\"")?;
            // A quoted pair stands for its second character.
            let mut bytes = Vec::with_capacity(inner.len());
            let mut rest = inner.iter();
            while let Some(byte) = rest.next() {
                match byte {
                    b'\\' => bytes.push(*rest.next()?),
                    b'"' => return None,
                    byte => bytes.push(*byte),
                }
            }
            address(&bytes)
        }
        None => address(value),
    }
}

/// `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]` or `[2001:db8::1]:80`. In `Forwarded`, the port may be a name that
/// begins with `_`. Not an address: `unknown`, and names that begin with `_`.
fn address(text: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(text).ok()?;
    if let Ok(address) = text.parse() {
        return Some(address);
    }
    if let Ok(socket) = text.parse::<SocketAddr>() {
        return Some(socket.ip());
    }
    let bracketed = |text: &str| Some(text.strip_prefix('[')?.strip_suffix(']')?.parse::<Ipv6Addr>().ok()?.into());
    match text.rsplit_once(":_") {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte)) => {
            bracketed(host).or_else(|| host.parse::<std::net::Ipv4Addr>().ok().map(IpAddr::from))
        }
        _ => bracketed(text),
    }
}

/// Whether `peer` could be a load balancer that is missing in the configuration: it has a private address, and sends a header
/// that names a client.
pub(super) fn is_likely_proxy(peer: IpAddr, headers: &HeaderMap, trusted: &TrustedProxies) -> bool {
    let forwards = headers.contains_key(X_FORWARDED_FOR) || headers.contains_key(header::FORWARDED);
    forwards && is_private(peer) && !trusted.contains(peer)
}

#[cfg(test)]
mod properties;

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    /// 10.0.0.0/8, 100.64.0.0/10 and 2001:db8:ffff::/48.
    pub(super) fn trusted() -> TrustedProxies {
        ["10.0.0.0/8", "100.64.0.0/10", "2001:db8:ffff::/48"].iter().map(|network| network.parse().unwrap()).collect()
    }

    fn from(peer: &str, headers: &[(&'static str, &[u8])]) -> String {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(HeaderName::from_static(name), HeaderValue::from_bytes(value).unwrap());
        }
        client(peer.parse().unwrap(), &map, &trusted()).to_string()
    }

    #[test]
    fn the_last_address_that_no_trusted_proxy_has_counts() {
        const XFF: &str = "x-forwarded-for";
        for (lines, client) in [
            (&[&b"198.51.100.1, 203.0.113.9"[..]][..], "203.0.113.9"),
            (&[b"203.0.113.9:41234"], "203.0.113.9"),
            (&[b"[2001:db8:1:2::9]:41234"], "2001:db8:1:2::"),
            (&[b"[2001:db8:1:2::9]"], "2001:db8:1:2::"),
            (&[b"2001:db8:1:2::9"], "2001:db8:1:2::"),
            (&[b"::ffff:203.0.113.9"], "203.0.113.9"),
            // Two proxies in a row, also as several lines.
            (&[b"198.51.100.1, 203.0.113.9, 100.64.0.7"], "203.0.113.9"),
            (&[b"198.51.100.1", b"203.0.113.9 ,10.9.9.9", b"100.64.0.7"], "203.0.113.9"),
            (&[b"203.0.113.9, ::ffff:10.1.1.1"], "203.0.113.9"),
            (&[b"203.0.113.9, 2001:db8:ffff::7"], "203.0.113.9"),
            // Only trusted ones: the first is the client.
            (&[b"10.1.1.1, 10.2.2.2"], "10.1.1.1"),
            (&[b"203.0.113.9, ,"], "203.0.113.9"),
            // What is not an address ends at the hop that wrote it.
            (&[b"nonsense"], "10.0.0.7"),
            (&[b"203.0.113.9, nonsense"], "10.0.0.7"),
            (&[b"203.0.113.9, nonsense, 10.2.2.2"], "10.2.2.2"),
            (&[b""], "10.0.0.7"),
            // Bytes that are not text are one entry like any other.
            (&[b"\xff, 203.0.113.9"], "203.0.113.9"),
            (&[b"203.0.113.8", b"\xff\xfe, 203.0.113.9"], "203.0.113.9"),
            (&[b"203.0.113.9, \xff"], "10.0.0.7"),
        ] {
            let headers: Vec<_> = lines.iter().map(|line| (XFF, *line)).collect();
            assert_eq!(from("10.0.0.7", &headers), client, "{lines:?}");
            assert_eq!(from("::ffff:10.0.0.7", &headers), client, "{lines:?}");
        }
        assert_eq!(from("10.0.0.7", &[]), "10.0.0.7");
    }

    #[test]
    fn the_standard_header_is_read_as_rfc_7239_says() {
        for (lines, client) in [
            (&["for=203.0.113.9"][..], "203.0.113.9"),
            (&["For=198.51.100.1, fOr=203.0.113.9;proto=https;by=10.0.0.7"], "203.0.113.9"),
            (&["proto=https ; for=203.0.113.9"], "203.0.113.9"),
            (&["for=\"203.0.113.9:41234\""], "203.0.113.9"),
            (&["for=\"[2001:db8:1:2::9]:41234\""], "2001:db8:1:2::"),
            (&["for=\"[2001:db8:1:2::9]\""], "2001:db8:1:2::"),
            (&["for=\"[2001:db8:1:2::9]:_port\""], "2001:db8:1:2::"),
            (&["for=\"203.0.113.9:_port\""], "203.0.113.9"),
            (&["for=\"\\203.0.113.9\""], "203.0.113.9"),
            (&["for=198.51.100.1", "for=203.0.113.9, for=100.64.0.7"], "203.0.113.9"),
            (&["for=198.51.100.1;by=\"a,b;for=x\", for=203.0.113.9"], "203.0.113.9"),
            (&["for=\"x\\\", for=198.51.100.1\", for=203.0.113.9"], "203.0.113.9"),
            (&["for=203.0.113.9, for=unknown"], "10.0.0.7"),
            (&["for=203.0.113.9, for=_hidden"], "10.0.0.7"),
            (&["for=203.0.113.9, for=\"_hidden:80\", for=100.64.0.7"], "100.64.0.7"),
            (&["for=203.0.113.9, proto=https"], "10.0.0.7"),
            (&["for=203.0.113.9;for=198.51.100.1"], "10.0.0.7"),
            (&["203.0.113.9"], "10.0.0.7"),
            (&["for=\"203.0.113.9\"x"], "10.0.0.7"),
            (&["for=\"203.0\"\".113.9\""], "10.0.0.7"),
            // A client that leaves a quotation mark open cannot choose where the proxy's entry begins.
            (&["for=\"x, for=203.0.113.9"], "10.0.0.7"),
            (&["for=\"198.51.100.1, for=\"[2001:db8:1:2::9]:80\""], "10.0.0.7"),
            (&["for=203.0.113.9;by=\"x"], "10.0.0.7"),
            (&["for=\"x", "for=203.0.113.9"], "203.0.113.9"),
            (&[", ,for=203.0.113.9, "], "203.0.113.9"),
        ] {
            let headers: Vec<_> = lines.iter().map(|line| ("forwarded", line.as_bytes())).collect();
            assert_eq!(from("10.0.0.7", &headers), client, "{lines:?}");
        }
    }

    #[test]
    fn two_headers_that_disagree_are_both_ignored() {
        let both = |list: &'static str, standard: &'static str| {
            from("10.0.0.7", &[("x-forwarded-for", list.as_bytes()), ("forwarded", standard.as_bytes())])
        };
        assert_eq!(both("203.0.113.9", "for=203.0.113.9"), "203.0.113.9");
        assert_eq!(both("198.51.100.1, 203.0.113.9", "for=192.0.2.5, for=203.0.113.9"), "203.0.113.9");
        assert_eq!(both("203.0.113.9", "for=198.51.100.1"), "10.0.0.7");
        assert_eq!(both("198.51.100.1", "for=203.0.113.9"), "10.0.0.7");
        assert_eq!(both("203.0.113.9", "for=unknown"), "10.0.0.7");
        assert_eq!(both("", "for=203.0.113.9"), "10.0.0.7");
    }

    #[test]
    fn a_peer_that_is_not_trusted_cannot_name_its_client() {
        for peer in ["203.0.113.9", "127.0.0.1", "192.168.0.1", "172.16.0.1", "2001:db8:1:2::"] {
            for headers in [[("x-forwarded-for", &b"198.51.100.1"[..])], [("forwarded", b"for=198.51.100.1")]] {
                assert_eq!(from(peer, &headers), peer);
            }
        }
    }

    #[test]
    fn a_v6_network_counts_as_one_address() {
        assert_eq!(from("2001:db8:1:2:3:4:5:6", &[]), from("2001:db8:1:2:ffff::1", &[]));
        assert_ne!(from("2001:db8:1:2:3:4:5:6", &[]), from("2001:db8:1:3:3:4:5:6", &[]));
    }

    #[test]
    fn a_balancer_that_is_missing_in_the_configuration_is_noticed() {
        let forwards = HeaderMap::from_iter([(X_FORWARDED_FOR, HeaderValue::from_static("x"))]);
        let standard = HeaderMap::from_iter([(header::FORWARDED, HeaderValue::from_static("x"))]);
        let noticed = |peer: &str, headers: &HeaderMap| is_likely_proxy(peer.parse().unwrap(), headers, &trusted());
        for peer in ["127.0.0.1", "::1", "192.168.3.4", "::ffff:172.16.0.1", "169.254.0.1", "fd00::1", "fe80::1"] {
            assert!(noticed(peer, &forwards) && noticed(peer, &standard), "{peer}");
            assert!(!noticed(peer, &HeaderMap::new()), "{peer}");
        }
        for peer in ["203.0.113.9", "100.128.0.1", "2001:db8::1", "10.0.0.7", "100.64.0.1"] {
            assert!(!noticed(peer, &forwards), "{peer}");
        }
        assert!(is_private("100.64.0.1".parse().unwrap()) && !is_private("100.63.0.1".parse().unwrap()));
    }
}
