//! How often one address may sign in or change something.

use std::{
    net::{IpAddr, Ipv6Addr, SocketAddr},
    num::NonZeroU32,
    sync::Arc,
};

use app::pages::failure::Kind;
use axum::{
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, Method},
    middleware::Next,
    response::{IntoResponse, Response},
};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::{
    Site,
    failure::{Failure, OverLimit},
};

/// How often one address may begin a sign-in, and how often come back from one: at once, and then a second. A school or a
/// town hall behind one address stays below it.
const SIGN_INS: Quota = Quota::per_second(NonZeroU32::new(20).unwrap()).allow_burst(NonZeroU32::new(200).unwrap());
/// How often it may change something.
const CHANGES: Quota = Quota::per_second(NonZeroU32::new(100).unwrap()).allow_burst(NonZeroU32::new(500).unwrap());

/// The counts of all addresses seen lately.
#[derive(Debug)]
pub struct RateLimit {
    sign_ins: DefaultKeyedRateLimiter<IpAddr>,
    callbacks: DefaultKeyedRateLimiter<IpAddr>,
    changes: DefaultKeyedRateLimiter<IpAddr>,
    bridged: DefaultKeyedRateLimiter<IpAddr>,
    refused: DefaultKeyedRateLimiter<IpAddr>,
}

impl Default for RateLimit {
    fn default() -> Self {
        Self {
            sign_ins: RateLimiter::keyed(SIGN_INS),
            callbacks: RateLimiter::keyed(SIGN_INS),
            changes: RateLimiter::keyed(CHANGES),
            bridged: RateLimiter::keyed(SIGN_INS),
            refused: RateLimiter::keyed(SIGN_INS),
        }
    }
}

impl RateLimit {
    /// Forgets addresses that are quiet again.
    pub fn forget_quiet(&self) {
        for counts in [&self.sign_ins, &self.callbacks, &self.changes, &self.bridged, &self.refused] {
            counts.retain_recent();
            counts.shrink_to_fit();
        }
    }

    /// The address that a request is counted by.
    #[expect(clippy::unused_self, reason = "how requests are counted is nobody else's matter")]
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        client(peer, headers)
    }

    /// Counts a token request that a bridge refuses before it knows that the user pool sends it; whether there were too many from
    /// the same address.
    pub fn is_refused_too_often(&self, client: IpAddr) -> bool {
        self.refused.check_key(&client).is_err()
    }
}

pub(super) async fn limit(State(site): State<Arc<Site>>, mut request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let counts = match *request.method() {
        Method::GET | Method::HEAD if path.starts_with("/login/") => &site.rate_limit.sign_ins,
        Method::GET | Method::HEAD if path == "/auth/callback" => &site.rate_limit.callbacks,
        Method::GET | Method::HEAD if path.starts_with("/federation/") => &site.rate_limit.bridged,
        Method::GET | Method::HEAD | Method::OPTIONS => return next.run(request).await,
        // Nobody is kept from signing out.
        _ if path == "/logout" => return next.run(request).await,
        _ => &site.rate_limit.changes,
    };
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
    if peer.is_some_and(|peer| counts.check_key(&client(peer, request.headers())).is_err()) {
        if path != "/api/save_message" {
            return Failure::new(Kind::TooMany, "too many requests from one address").into_response();
        }
        request.extensions_mut().insert(OverLimit);
    }
    next.run(request).await
}

/// The address that a request comes from.
///
/// Behind a load balancer the peer has a private address, and the last entry of `X-Forwarded-For` is the one that the
/// balancer wrote itself; what stands before it, or comes from a peer with a public address, anybody may have written.
fn client(peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    let forwarded = || {
        let entry = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?.rsplit(',').next()?.trim();
        // Some balancers write the port too.
        entry.parse().or_else(|_| entry.parse().map(|socket: SocketAddr| socket.ip())).ok()
    };
    let address = if is_private(peer) { forwarded().unwrap_or(peer) } else { peer };
    match address.to_canonical() {
        // A household has a network of 64 bits, not an address.
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
        client(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn behind_a_balancer_its_own_entry_counts() {
        assert_eq!(from("10.0.0.7", "198.51.100.1, 203.0.113.9"), "203.0.113.9");
        assert_eq!(from("10.0.0.7", "203.0.113.9:41234"), "203.0.113.9");
        assert_eq!(from("10.0.0.7", "[2001:db8:1:2::9]:41234"), "2001:db8:1:2::");
        assert_eq!(from("10.0.0.7", "nonsense"), "10.0.0.7");
    }

    #[test]
    fn a_public_peer_speaks_for_itself() {
        assert_eq!(from("203.0.113.9", "198.51.100.1"), "203.0.113.9");
    }

    #[test]
    fn a_v6_network_counts_as_one() {
        assert_eq!(from("2001:db8:1:2:3:4:5:6", ""), from("2001:db8:1:2:ffff::1", ""));
    }
}
