//! What is known about a request before any route handles it: the client's address, and the reference of a failure.

use std::{
    convert::Infallible,
    net::{IpAddr, Ipv6Addr, SocketAddr},
    sync::Arc,
};

use axum::{
    extract::{ConnectInfo, FromRequestParts, Request},
    http::{HeaderMap, request::Parts},
    middleware::Next,
    response::Response,
};

use crate::secret::random;

/// The context of one request. Every handler can extract it.
#[derive(Clone, Debug)]
pub struct RequestContext {
    /// The address that the request counts for, if its peer is known.
    pub client: Option<IpAddr>,
    /// What connects a failure page with the log.
    pub reference: Arc<str>,
}

impl RequestContext {
    fn new(client: Option<IpAddr>) -> Self {
        Self { client, reference: new_reference().into() }
    }

    /// The context that [`establish`] gave to `request`.
    pub fn of(request: &Request) -> Self {
        request.extensions().get().cloned().unwrap_or_else(|| Self::new(None))
    }
}

impl<S: Sync> FromRequestParts<S> for RequestContext {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(parts.extensions.get().cloned().unwrap_or_else(|| Self::new(None)))
    }
}

/// The outermost layer: gives each request its context.
pub async fn establish(mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
    let client = peer.map(|peer| client_ip(peer, request.headers()));
    request.extensions_mut().insert(RequestContext::new(client));
    next.run(request).await
}

/// Eight hexadecimal digits that can be read out over the phone, such as `3F9A-12C7`.
fn new_reference() -> String {
    let digits = hex::encode_upper(random::<4>());
    let (first, second) = digits.split_at(4);
    format!("{first}-{second}")
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
