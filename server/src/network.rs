//! Networks of addresses: what counts as one client, and how much of an address a log may show.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

/// What counts as one client: an IPv4 address or, of IPv6, a /64 network. A household has a /64 rather than one address.
pub fn of_client(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64).into(),
        v4 => v4,
    }
}

/// The network that a log may show instead of an address: /24 of IPv4, /48 of IPv6. It shows where an attack comes from,
/// but not from which household.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The first address of the network.
    pub first: IpAddr,
    prefix: u8,
}

impl Shown {
    /// The network of `address`.
    pub fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(v4) => Self { first: Ipv4Addr::from_bits(v4.to_bits() >> 8 << 8).into(), prefix: 24 },
            IpAddr::V6(v6) => Self { first: Ipv6Addr::from_bits(v6.to_bits() >> 80 << 80).into(), prefix: 48 },
        }
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.first, self.prefix)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_counts_and_is_shown_as_a_network() {
        for (address, client, shown) in [
            ("203.0.113.77", "203.0.113.77", "203.0.113.0/24"),
            ("::ffff:203.0.113.77", "203.0.113.77", "203.0.113.0/24"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::", "2001:db8:1::/48"),
        ] {
            let address = address.parse().unwrap();
            assert_eq!((of_client(address).to_string(), Shown::of(address).to_string()), (client.into(), shown.into()));
        }
    }
}
