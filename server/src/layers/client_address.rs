use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::{
    extract::{ConnectInfo, Request},
    http::HeaderMap,
};

/// The address that a request counts for, if its peer is known.
pub(super) fn client_address(request: &Request) -> Option<IpAddr> {
    let ConnectInfo(peer) = request.extensions().get::<ConnectInfo<SocketAddr>>()?;
    Some(client_ip(peer.ip(), request.headers()))
}

/// The address that a request from `peer` comes from.
///
/// Behind a load balancer the peer has a private address, and the balancer adds the last entry of `X-Forwarded-For`.
/// Earlier entries, and all entries from a peer with a public address, can be forged.
fn client_ip(peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    let forwarded = || {
        let entry = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?.rsplit(',').next()?.trim();
        // Some balancers add the port.
        entry.parse().or_else(|_| entry.parse().map(|socket: SocketAddr| socket.ip())).ok()
    };
    let address = if is_private(peer) { forwarded().unwrap_or(peer) } else { peer };
    match address.to_canonical() {
        // A household has a /64 network rather than a single address.
        IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64).into(),
        v4 => v4,
    }
}

fn is_private(peer: IpAddr) -> bool {
    match peer.to_canonical() {
        IpAddr::V4(v4) => v4.is_private() || v4.is_loopback() || v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local(),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn from(peer: &str, forwarded: &'static str) -> String {
        let headers = HeaderMap::from_iter([("x-forwarded-for".parse().unwrap(), HeaderValue::from_static(forwarded))]);
        client_ip(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn behind_a_balancer_the_last_forwarded_entry_counts() {
        assert_eq!(from("10.0.0.7", "198.51.100.1, 203.0.113.9"), "203.0.113.9");
        assert_eq!(from("10.0.0.7", "203.0.113.9:41234"), "203.0.113.9");
        assert_eq!(from("10.0.0.7", "[2001:db8:1:2::9]:41234"), "2001:db8:1:2::");
        assert_eq!(from("10.0.0.7", "nonsense"), "10.0.0.7");
    }

    #[test]
    fn a_public_peer_cannot_forge_its_address() {
        assert_eq!(from("203.0.113.9", "198.51.100.1"), "203.0.113.9");
    }

    #[test]
    fn a_v6_network_counts_as_one_address() {
        assert_eq!(from("2001:db8:1:2:3:4:5:6", ""), from("2001:db8:1:2:ffff::1", ""));
    }
}
