use std::net::{IpAddr, SocketAddr};

use ipnet::{IpNet, Ipv4Net};

use super::{PublicUrl, Source};

/// `trusted_proxies`: the addresses and networks of the proxies in front of the server. Only these may name the client that
/// they forward for.
///
/// Environment: `MYDATA_TRUSTED_PROXIES` (words, or `[]`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<IpNet>);

impl TrustedProxies {
    const KEY: &str = "trusted_proxies";
    const EXPECTED: &str = "expected addresses or networks such as \"10.0.0.0/16\" or \"2001:db8::7\", and no network that \
                            contains every address";
    const MISSING: &str = "is missing; write trusted_proxies = [\"10.0.0.0/16\"], with the addresses or networks of the load balancer \
                           in front of the server. If there is none, write trusted_proxies = []. \
                           Behind a load balancer that is not listed, all citizens would count as one client and share its limits";

    /// The key must be there if citizens can only reach the server through a proxy: it speaks no TLS itself.
    pub(super) fn read(
        source: &mut Source,
        public_url: Option<&PublicUrl>,
        listen: Option<SocketAddr>,
    ) -> Option<Self> {
        let Some(entries) = source.list_or_empty(Self::KEY) else {
            let is_needed = public_url.is_some_and(PublicUrl::is_https);
            if is_needed && listen.is_some_and(|listen| !listen.ip().is_loopback()) {
                source.fault(Self::KEY, Self::MISSING);
                return None;
            }
            return Some(Self::default());
        };
        let networks = entries.iter().map(|entry| network(entry)).collect::<Option<_>>().map(Self);
        if networks.is_none() {
            source.fault(Self::KEY, Self::EXPECTED);
        }
        networks
    }

    /// Whether `address` is one of them. An IPv4-mapped IPv6 address is the IPv4 address.
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }
}

impl FromIterator<IpNet> for TrustedProxies {
    fn from_iter<T: IntoIterator<Item = IpNet>>(networks: T) -> Self {
        Self(networks.into_iter().collect())
    }
}

/// A network, or an address as a network of its own. Refuses networks that contain every address.
fn network(text: &str) -> Option<IpNet> {
    let network = text.parse::<IpNet>().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from))?;
    let network = match network {
        IpNet::V6(v6) if v6.prefix_len() >= 96 => match v6.addr().to_ipv4_mapped() {
            Some(mapped) => Ipv4Net::new(mapped, v6.prefix_len() - 96).ok()?.into(),
            None => network,
        },
        _ => network,
    };
    (network.prefix_len() > 0).then_some(network)
}

/// Whether an address is one of loopback or of a private network.
pub fn is_private(peer: IpAddr) -> bool {
    match peer.to_canonical() {
        IpAddr::V4(v4) => {
            // 100.64.0.0/10 is shared address space (RFC 6598), as some clouds' balancers have.
            let is_shared = v4.octets()[0] == 100 && v4.octets()[1] & 0xc0 == 64;
            v4.is_private() || v4.is_loopback() || v4.is_link_local() || is_shared
        }
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local(),
    }
}

#[cfg(test)]
mod tests {
    use testkit::Example;

    use super::*;
    use crate::config::{Config, Faults};

    /// The trusted proxies of the example with `line` in the place of its own, and with these changes.
    fn read(line: &str, changes: &[(&str, &str)]) -> Result<TrustedProxies, Vec<String>> {
        let mut toml = Example::aws().to_toml().replace("trusted_proxies = [\"10.0.0.0/16\"]\n", line);
        for (from, to) in changes {
            assert!(toml.contains(from), "{from}");
            toml = toml.replace(from, to);
        }
        match Config::read(Source::from_toml(&toml)) {
            Ok(config) => Ok(config.trusted_proxies),
            Err(Faults(faults)) => {
                Err(faults.into_iter().map(|fault| format!("{}: {}", fault.key, fault.problem)).collect())
            }
        }
    }

    #[test]
    fn a_public_site_must_set_trusted_proxies() {
        let faults = read("", &[]).unwrap_err();
        assert_eq!(faults.len(), 1, "{faults:?}");
        for part in ["trusted_proxies: is missing", "[\"10.0.0.0/16\"]", "trusted_proxies = []", "count as one client"]
        {
            assert!(faults[0].contains(part), "{part}: {}", faults[0]);
        }
        assert_eq!(read("trusted_proxies = []\n", &[]), Ok(TrustedProxies::default()));
        // Where no proxy is needed, or the server cannot be reached from elsewhere.
        for change in [("https://mydata.example", "http://127.0.0.1:3000"), ("0.0.0.0:3000", "127.0.0.1:3000")] {
            assert_eq!(read("", &[change]), Ok(TrustedProxies::default()), "{change:?}");
        }
        let mut source = Source::from_toml(&Example::aws().to_toml());
        source.override_by([("MYDATA_TRUSTED_PROXIES".to_owned(), "[]".to_owned())]);
        assert_eq!(Config::read(source).unwrap().trusted_proxies, TrustedProxies::default());
    }

    #[test]
    fn an_entry_is_an_address_or_a_network() {
        let contains = |entry: &str, address: &str| {
            let proxies = read(&format!("trusted_proxies = [\"192.0.2.1\", \"{entry}\"]\n"), &[]).unwrap();
            assert!(proxies.contains("192.0.2.1".parse().unwrap()));
            proxies.contains(address.parse().unwrap())
        };
        for (entry, address) in [
            ("10.0.3.7", "10.0.3.7"),
            ("10.0.3.7", "::ffff:10.0.3.7"),
            ("100.64.0.0/10", "100.127.255.255"),
            ("10.1.2.3/8", "10.255.0.1"),
            ("::ffff:10.0.0.0/104", "10.255.0.1"),
            ("::ffff:10.0.3.7", "10.0.3.7"),
            ("2001:db8::/32", "2001:db8:ffff::1"),
            ("2001:db8::7", "2001:db8::7"),
        ] {
            assert!(contains(entry, address), "{entry} {address}");
        }
        for (entry, address) in [
            ("10.0.3.7", "10.0.3.8"),
            ("100.64.0.0/10", "100.128.0.0"),
            ("2001:db8::7", "2001:db8::8"),
            ("2001:db8::/32", "10.0.3.7"),
        ] {
            assert!(!contains(entry, address), "{entry} {address}");
        }
        for bad in
            ["0.0.0.0/0", "::/0", "::ffff:0.0.0.0/96", "10.0.0.0/33", "10.0.0", "proxy.example", "*", "", "10.0.0.1:80"]
        {
            let faults = read(&format!("trusted_proxies = [\"192.0.2.1\", \"{bad}\"]\n"), &[]).unwrap_err();
            assert!(faults[0].starts_with("trusted_proxies: expected addresses or networks"), "{bad}: {faults:?}");
        }
    }
}
