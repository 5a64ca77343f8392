use axum::http::HeaderValue;
use proptest::{collection::vec, prelude::*, sample::select};

use super::{tests::trusted, *};
use crate::properties::cases;

fn line() -> impl Strategy<Value = Vec<u8>> {
    let parts: &[&[u8]] = &[
        b"for=",
        b"FOR=",
        b"by=",
        b"\"",
        b"\\",
        b",",
        b";",
        b"=",
        b" ",
        b"[",
        b"]",
        b":",
        b"_x",
        b"unknown",
        b"10.0.0.7",
        b"203.0.113.9",
        b"2001:db8::1",
        b":80",
        b"\xff",
        b"%",
    ];
    prop_oneof![vec(any::<u8>(), 0..40), vec(select(parts), 0..12).prop_map(|parts| parts.concat()),]
}

fn headers() -> impl Strategy<Value = HeaderMap> {
    vec((any::<bool>(), line()), 0..4).prop_map(|lines| {
        let name = |is_list| if is_list { X_FORWARDED_FOR } else { header::FORWARDED };
        let valid =
            lines.into_iter().filter_map(|(list, line)| Some((name(list), HeaderValue::from_bytes(&line).ok()?)));
        let mut headers = HeaderMap::new();
        for (name, value) in valid {
            headers.append(name, value);
        }
        headers
    })
}

proptest! {
    #![proptest_config(cases(2_000))]

    #[test]
    fn parsing_never_panics(line in vec(any::<u8>(), 0..80)) {
        elements(&line);
        address(&line);
    }

    #[test]
    fn no_header_changes_the_client_of_a_peer_that_is_not_trusted(peer in any::<IpAddr>(), headers in headers()) {
        prop_assume!(!trusted().contains(peer));
        prop_assert_eq!(client(peer, &headers, &trusted()), client(peer, &HeaderMap::new(), &trusted()));
    }

    /// Whatever a client sends, the entry that the trusted proxy adds decides, or the request counts for the proxy.
    #[test]
    fn a_client_of_a_trusted_proxy_cannot_choose_the_address_it_counts_for(headers in headers(), is_list in any::<bool>(), same_line in any::<bool>()) {
        let (name, own): (_, &[u8]) =
            if is_list { (X_FORWARDED_FOR, b"203.0.113.9") } else { (header::FORWARDED, b"for=203.0.113.9;proto=https") };
        let mut sent: Vec<_> = headers.get_all(&name).iter().map(|line| line.as_bytes().to_vec()).collect();
        match sent.last_mut().filter(|_| same_line) {
            Some(last) => last.extend([b", ", own].concat()),
            None => sent.push(own.to_vec()),
        }
        let mut received = headers.clone();
        received.remove(&name);
        for line in &sent {
            received.append(&name, HeaderValue::from_bytes(line).unwrap());
        }
        let client = client("10.0.0.7".parse().unwrap(), &received, &trusted()).to_string();
        prop_assert!(["203.0.113.9", "10.0.0.7"].contains(&client.as_str()), "{}", client);
    }
}
