//! Compares `trusted_proxies` with the peers that are connected to a running server right now.

use std::{
    collections::BTreeSet,
    fs,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use super::{Line, line};
use crate::config::{Config, TrustedProxies, is_private};

/// Connections of this machine or container, for IPv4 and IPv6.
const TABLES: [&str; 2] = ["/proc/net/tcp", "/proc/net/tcp6"];
/// How many peers a line names.
const MAX_SHOWN: usize = 8;

pub(super) fn check(config: &Config) -> Line {
    let tables: Vec<_> = TABLES.iter().filter_map(|path| fs::read_to_string(path).ok()).collect();
    let port = config.listen.port();
    let result = if tables.is_empty() {
        Ok("not compared: this system has no /proc/net/tcp".to_owned())
    } else {
        let peers = tables.iter().flat_map(|table| peers(table, port)).collect();
        compare(&config.trusted_proxies, &peers, port)
    };
    let result = result.map(|found| match missing_on_this_machine(config) {
        Some(proxy) => format!(
            "{found}. Citizens use https, and this server only accepts connections from this machine. So they come through a \
             reverse proxy on this machine, and all count as one client that shares its limits: write trusted_proxies = \
             [\"{proxy}\"]"
        ),
        None => found,
    });
    line("trusted_proxies", result)
}

/// The address of a reverse proxy on this machine that must be there, but is not in `trusted_proxies`: the server speaks no TLS,
/// and listens on loopback only.
fn missing_on_this_machine(config: &Config) -> Option<IpAddr> {
    let own = config.listen.ip();
    (config.public_url.is_https() && own.is_loopback() && !config.trusted_proxies.contains(own)).then_some(own)
}

/// The server speaks no TLS, so over https a load balancer is in front of it. A private peer that is not listed is most
/// likely that load balancer. Loopback peers are programs on this machine.
fn compare(trusted: &TrustedProxies, peers: &BTreeSet<IpAddr>, port: u16) -> Result<String, String> {
    if peers.is_empty() {
        return Ok(format!("not compared: nothing is connected to port {port} right now"));
    }
    let others: Vec<_> = peers.iter().filter(|peer| !trusted.contains(**peer)).collect();
    if others.is_empty() {
        return Ok(format!("all peers are in trusted_proxies ({})", peers.len()));
    }
    let mut shown: Vec<_> = others.iter().take(MAX_SHOWN).map(ToString::to_string).collect();
    if others.len() > MAX_SHOWN {
        shown.push(format!("{} more", others.len() - MAX_SHOWN));
    }
    let found = format!("peers {} are not in trusted_proxies", shown.join(", "));
    if others.iter().any(|peer| is_private(**peer) && !peer.is_loopback()) {
        return Err(format!(
            "{found}: add those that are load balancers, or all clients behind one count as one client and share its limits"
        ));
    }
    Ok(format!("{found}, so each counts as a client"))
}

/// The peers of established connections to `port`, from a table of Linux (proc_pid_net(5)).
fn peers(table: &str, port: u16) -> impl Iterator<Item = IpAddr> {
    table.lines().skip(1).filter_map(move |line| {
        let mut fields = line.split_ascii_whitespace().skip(1);
        let (own, peer, state) = (fields.next()?, fields.next()?, fields.next()?);
        let own_port = u16::from_str_radix(own.split_once(':')?.1, 16).ok()?;
        // 01 is ESTABLISHED.
        (own_port == port && state == "01").then(|| address(peer.split_once(':')?.0)).flatten()
    })
}

/// Words of 32 bits in hexadecimal, each in the byte order of this machine.
fn address(hex: &str) -> Option<IpAddr> {
    let word = |at: usize| Some(u32::from_str_radix(hex.get(at..at + 8)?, 16).ok()?.to_ne_bytes());
    let address: IpAddr = match hex.len() {
        8 => Ipv4Addr::from(word(0)?).into(),
        32 => {
            let bytes: Vec<_> = [word(0)?, word(8)?, word(16)?, word(24)?].concat();
            Ipv6Addr::from(<[u8; 16]>::try_from(bytes).ok()?).into()
        }
        _ => return None,
    };
    Some(address.to_canonical())
}

#[cfg(test)]
mod tests {
    use testkit::Example;

    use super::*;
    use crate::config::Source;

    /// The address as the table has it on this machine.
    fn hex(bytes: &[u8]) -> String {
        bytes.chunks(4).map(|word| format!("{:08X}", u32::from_ne_bytes(word.try_into().unwrap()))).collect()
    }

    #[test]
    fn only_established_connections_to_the_port_count() {
        let row = |peer: &[u8], port: u16, state: &str| {
            let own = hex(&vec![0; peer.len()]);
            format!(
                "   0: {own}:{port:04X} {}:C350 {state} 00000000:00000000 00:00000000 00000000     0        0 1\n",
                hex(peer)
            )
        };
        let mapped = Ipv4Addr::new(10, 0, 3, 9).to_ipv6_mapped().octets();
        let v6: Ipv6Addr = "2001:db8::7".parse().unwrap();
        let table = [
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
                .to_owned(),
            row(&[10, 0, 3, 7], 3000, "01"),
            row(&[10, 0, 3, 8], 3001, "01"),
            row(&[10, 0, 3, 8], 3000, "06"),
            row(&[0, 0, 0, 0], 3000, "0A"),
            row(&mapped, 3000, "01"),
            row(&v6.octets(), 3000, "01"),
            "a line that is something else\n".to_owned(),
        ];
        let found: Vec<_> = peers(&table.concat(), 3000).map(|peer| peer.to_string()).collect();
        assert_eq!(found, ["10.0.3.7", "10.0.3.9", "2001:db8::7"]);
    }

    #[test]
    fn a_reverse_proxy_on_this_machine_that_is_not_listed_is_noted() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let listen = listener.local_addr().unwrap();
        let _connected = std::net::TcpStream::connect(listen).unwrap();
        let check = |listen: &str, trusted: &[&str], public_url: &str| {
            let toml = Example::aws().listen(listen).trusted_proxies(trusted).to_toml();
            let toml = toml.replace("https://mydata.example", public_url);
            check(&Config::read(Source::from_toml(&toml)).unwrap()).result.unwrap()
        };
        let (listen, https) = (listen.to_string(), "https://mydata.example");
        let note = "write trusted_proxies = [\"127.0.0.1\"]";
        let found = check(&listen, &[], https);
        assert!(found.contains("reverse proxy on this machine") && found.ends_with(note), "{found}");
        assert!(check("[::1]:1", &[], https).ends_with("write trusted_proxies = [\"::1\"]"));
        assert!(!check(&listen, &["127.0.0.1"], https).contains("write"));
        assert!(!check(&listen, &[], "http://127.0.0.1:3000").contains("write"));
        assert!(!check("0.0.0.0:1", &[], https).contains("write"));
    }

    #[test]
    fn a_private_peer_that_is_not_listed_is_a_problem() {
        let trusted: TrustedProxies = ["10.0.0.0/16".parse().unwrap()].into_iter().collect();
        let compare = |trusted: &TrustedProxies, peers: &[&str]| {
            compare(trusted, &peers.iter().map(|peer| peer.parse().unwrap()).collect(), 3000)
        };
        for (peers, found) in [
            (&[][..], "nothing is connected to port 3000"),
            (&["10.0.3.7", "10.0.3.8"], "all peers are in trusted_proxies (2)"),
            (&["10.0.3.7", "127.0.0.1"], "peers 127.0.0.1 are not in trusted_proxies"),
            (&["203.0.113.9"], "peers 203.0.113.9 are not in trusted_proxies"),
        ] {
            let text = compare(&trusted, peers).unwrap();
            assert!(text.contains(found), "{peers:?}: {text}");
        }
        for (trusted, peers) in [
            (&trusted, &["10.0.3.7", "10.1.0.4", "203.0.113.9"][..]),
            (&trusted, &["100.64.0.1"]),
            (&TrustedProxies::default(), &["10.1.0.4"]),
        ] {
            let problem = compare(trusted, peers).unwrap_err();
            assert!(problem.contains("add those that are load balancers"), "{peers:?}: {problem}");
        }
    }
}
