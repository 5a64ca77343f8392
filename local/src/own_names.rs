//! The names of a stand-in: those of loopback. Requests under any other name are refused, so a site that points its own name at
//! 127.0.0.1 (DNS rebinding) cannot reach it.

use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

const NAMES: [&str; 3] = ["127.0.0.1", "localhost", "[::1]"];

/// The answer to a request under another name.
pub(crate) const REFUSAL: &str =
    "This stand-in answers only under the names of this machine: 127.0.0.1, localhost and [::1].\n";

/// Whether the value of `Host` names this machine. With a `port`, it must have that one.
pub(crate) fn is_own(host: &[u8], port: Option<u16>) -> bool {
    let Ok(host) = std::str::from_utf8(host) else { return false };
    NAMES.iter().any(|name| {
        let Some((start, rest)) = host.split_at_checked(name.len()) else { return false };
        let is_port = match (rest.strip_prefix(':'), port) {
            (Some(given), Some(port)) => given.parse() == Ok(port),
            (Some(given), None) => given.parse::<u16>().is_ok(),
            (None, port) => rest.is_empty() && port.is_none_or(|port| port == 80),
        };
        start.eq_ignore_ascii_case(name) && is_port
    })
}

/// Refuses requests that do not have one `Host`, or not one of this machine's with this port.
pub(crate) async fn require(State(port): State<u16>, request: Request, next: Next) -> Response {
    let mut hosts = request.headers().get_all(header::HOST).iter();
    // A host in the target would replace that of the header (RFC 9112, section 3.2.2), and no browser sends one.
    let is_own = match (hosts.next(), hosts.next(), request.uri().authority()) {
        (Some(host), None, None) => is_own(host.as_bytes(), Some(port)),
        _ => false,
    };
    if is_own { next.run(request).await } else { (StatusCode::MISDIRECTED_REQUEST, REFUSAL).into_response() }
}

#[cfg(test)]
mod tests {
    use super::is_own;

    #[test]
    fn only_the_names_of_loopback_are_own() {
        for host in ["127.0.0.1:4000", "localhost:4000", "LocalHost:4000", "[::1]:4000"] {
            assert!(is_own(host.as_bytes(), Some(4000)) && is_own(host.as_bytes(), None), "{host}");
            assert!(!is_own(host.as_bytes(), Some(4001)), "{host}");
        }
        assert!(is_own(b"localhost", None) && is_own(b"localhost", Some(80)) && !is_own(b"localhost", Some(4000)));
        for host in [
            "",
            ":4000",
            "evil.example:4000",
            "localhost.evil.example:4000",
            "localhost.:4000",
            "127.0.0.11:4000",
            "localhost:x",
            "\u{e9}",
        ] {
            assert!(!is_own(host.as_bytes(), None), "{host}");
        }
    }
}
