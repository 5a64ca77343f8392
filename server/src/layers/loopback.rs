//! A site on loopback, such as the local profile: it answers only under its own names, and redirects to one of them.

use axum::{
    extract::{Request, State},
    http::{Method, StatusCode},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};

use super::target::{Host, Target};
use crate::{config::PublicUrl, failure::plain};

/// The names of a site on loopback, each with its ports.
#[derive(Clone, Debug)]
pub struct LoopbackSite {
    public_url: PublicUrl,
    /// That of the public URL, and that on which the server listens.
    ports: [u16; 2],
}

impl LoopbackSite {
    /// `None` for a site that is not on loopback.
    pub fn of(public_url: &PublicUrl, listening_port: u16) -> Option<Self> {
        let (_, port) = public_url.host_and_port();
        public_url.is_loopback().then(|| Self { public_url: public_url.clone(), ports: [port, listening_port] })
    }

    fn port_of(&self, host: &Host) -> u16 {
        host.port.unwrap_or(if self.public_url.is_https() { 443 } else { 80 })
    }

    fn is_own(&self, host: &Host) -> bool {
        let (own, _) = self.public_url.host_and_port();
        let is_name = [own, "127.0.0.1", "localhost", "[::1]"].contains(&host.name.as_str());
        is_name && self.ports.contains(&self.port_of(host))
    }

    /// Whether `host` is `localhost`, and the site has the name 127.0.0.1.
    fn is_alias(&self, host: &Host) -> bool {
        let (own, port) = self.public_url.host_and_port();
        let is_alias = host.name == "localhost" && own == "127.0.0.1";
        is_alias && self.port_of(host) == port && !self.public_url.is_https()
    }
}

/// Refuses requests for other hosts, on every route. Another site could point its own name at 127.0.0.1 (DNS
/// rebinding). A browser would then let its pages read the answers of this server.
pub async fn require_own_name(State(site): State<LoopbackSite>, request: Request, next: Next) -> Response {
    match request.extensions().get::<Target>() {
        Some(Target(Ok(Some(host)))) if !site.is_own(host) => {
            let text = "This server is for this machine only. Use one of its own addresses, such as 127.0.0.1 with its \
                        port. Open the address that the server printed when it started.\n";
            plain::refusal(StatusCode::MISDIRECTED_REQUEST, text, "the host is not a name of this site on loopback")
        }
        _ => next.run(request).await,
    }
}

/// Redirects a browser from `localhost` to the loopback address of the site. Cookies belong to a host name, so a
/// sign-in that began under one name could not finish under the other.
pub async fn redirect_localhost(State(site): State<LoopbackSite>, request: Request, next: Next) -> Response {
    let is_alias = matches!(request.extensions().get(), Some(Target(Ok(Some(host)))) if site.is_alias(host));
    if !is_alias || request.method() != Method::GET {
        return next.run(request).await;
    }
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    Redirect::temporary(&site.public_url.at(path)).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(name: &str, port: Option<u16>) -> Host {
        Host { name: name.to_owned(), port }
    }

    #[test]
    fn a_site_on_loopback_has_three_names_and_its_ports() {
        let site = |url: &str| LoopbackSite::of(&PublicUrl::parse(url).unwrap(), 4000);
        for url in ["http://127.0.0.1:3000", "http://localhost:3000", "http://[::1]:3000", "https://localhost:3000"] {
            let site = site(url).unwrap();
            for name in ["127.0.0.1", "localhost", "[::1]"] {
                for port in [3000, 4000] {
                    assert!(site.is_own(&host(name, Some(port))), "{url} {name} {port}");
                }
                for port in [None, Some(80), Some(3001)] {
                    assert!(!site.is_own(&host(name, port)), "{url} {name} {port:?}");
                }
            }
            for name in ["evil.example", "127.0.0.2", "localhost.", "localhost.evil.example", "[::2]", "0.0.0.0"] {
                assert!(!site.is_own(&host(name, Some(3000))), "{url} {name}");
            }
        }
        assert!(site("http://127.0.0.2:3000").unwrap().is_own(&host("127.0.0.2", Some(3000))));
        assert!(site("http://127.0.0.1").unwrap().is_own(&host("localhost", None)));
        assert!(site("https://localhost").unwrap().is_own(&host("localhost", None)));
        assert!(site("https://mydata.example").is_none());
    }

    #[test]
    fn localhost_is_another_name_of_127_0_0_1_alone() {
        let is_alias =
            |url: &str, host: &Host| LoopbackSite::of(&PublicUrl::parse(url).unwrap(), 4000).unwrap().is_alias(host);
        assert!(is_alias("http://127.0.0.1:3000", &host("localhost", Some(3000))));
        assert!(is_alias("http://127.0.0.1", &host("localhost", None)));
        assert!(!is_alias("http://127.0.0.1:3000", &host("localhost", Some(4000))));
        assert!(!is_alias("http://127.0.0.1:3000", &host("127.0.0.1", Some(3000))));
        assert!(!is_alias("http://[::1]:3000", &host("localhost", Some(3000))));
    }
}
