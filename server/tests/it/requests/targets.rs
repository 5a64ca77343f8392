//! The host and the path of a request, as they are sent: byte by byte, because HTTP clients send only valid ones.

use server::Options as ServerOptions;
use testkit::client;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::support::{
    fake_pool::FakePool,
    site::{Site, SiteOptions},
};

const HTTPS: &str = "https://mydata.example";

/// The status line and the rest of the answer to `head`, whose lines are separated by `|`.
async fn exchange(site: &Site, head: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(site.address).await.unwrap();
    let head = format!("{}\r\nConnection: close\r\n\r\n", head.replace('|', "\r\n"));
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    let answer = String::from_utf8_lossy(&answer).into_owned();
    (answer[9..12].parse().unwrap(), answer)
}

#[tokio::test]
async fn a_request_names_one_valid_host_on_every_route() {
    let pool = FakePool::start().await;
    let site = Site::start_at(&pool, SiteOptions { public_url: Some(HTTPS), ..SiteOptions::default() }).await;
    for path in ["/", "/healthz", "/readyz", "/favicon.svg", "/no-such-page", "/federation/x/jwks.json", "/login/itsme"]
    {
        for hosts in [
            "",
            "|Host: ",
            "|Host: a.example|Host: a.example",
            "|Host: a.example|Host: b.example",
            "|Host: a b",
            "|Host: a.example/my-data",
            "|Host: user@a.example",
            "|Host: a.example,b.example",
            "|Host: a.example:80:80",
            "|Host: http://a.example",
            "|Host: a.example?x",
            "|Host: [::1",
        ] {
            let (status, answer) = exchange(&site, &format!("GET {path} HTTP/1.1{hosts}")).await;
            assert_eq!(status, 400, "{path} {hosts:?}: {answer}");
            assert!(answer.contains("x-content-type-options: nosniff"), "{answer}");
        }
    }
    for (head, expected) in [
        ("GET /healthz HTTP/1.1|Host: a.example", 200),
        ("GET /healthz HTTP/1.1|hOST: A.example:443", 200),
        ("GET /healthz HTTP/1.0", 200),
        ("GET /healthz HTTP/1.0|Host: a.example", 200),
        ("GET /healthz HTTP/1.0|Host: a/b", 400),
        ("GET /healthz HTTP/1.0|Host: a|Host: b", 400),
        // The absolute form: its own host counts, and the header must still be valid.
        ("GET http://a.example/healthz HTTP/1.1|Host: b.example", 200),
        ("GET http://a.example/healthz HTTP/1.1", 400),
        ("GET http://a.example/healthz HTTP/1.1|Host: b|Host: c", 400),
        ("GET http://user@a.example/healthz HTTP/1.1|Host: a.example", 400),
        ("OPTIONS * HTTP/1.1|Host: a.example", 404),
        ("OPTIONS * HTTP/1.1", 400),
        ("CONNECT a.example:80 HTTP/1.1|Host: a.example:80", 404),
        ("GET ftp://a.example/healthz HTTP/1.1|Host: a.example", 400),
    ] {
        assert_eq!(exchange(&site, head).await.0, expected, "{head}");
    }
}

#[tokio::test]
async fn a_path_is_the_same_in_every_spelling() {
    let site = Site::start().await;
    let mut browser = site.browser();
    let host = site.address;
    let get = async |path: &str| exchange(&site, &format!("GET {path} HTTP/1.1|Host: {host}")).await;
    for path in ["/my%2Ddata", "/my%2ddata", "/%6d%79-data", "/my-dat%61"] {
        // A visitor returns to the one spelling.
        let (status, answer) = get(path).await;
        assert_eq!(status, 303, "{path}: {answer}");
        assert!(answer.contains("location: /?return_to=%2Fmy-data\r\n"), "{path}: {answer}");
    }
    let (status, answer) = get("/pro%66ile?a=%2D").await;
    assert!(status == 303 && answer.contains("location: /?return_to=%2Fprofile%3Fa%3D%252D\r\n"), "{answer}");
    assert_eq!(get("/%6cogin/%69tsme").await.0, 303);
    assert_eq!(get("/health%7A").await.0, 200);
    assert_eq!(get("/pkg/my%2Ddata.0a1b2c.js").await.0, 200);
    // What is not the same address.
    for path in [
        "/%2Fmy-data",
        "/my-data%2F",
        "/login%2Fitsme",
        "/my%252Ddata",
        "/my%2",
        "/%MY-data",
        "/a/../my-data",
        "/a/%2E%2E/my-data",
    ] {
        assert_eq!(get(path).await.0, 404, "{path}");
    }
    // The redirect from the other name of this machine keeps the one spelling too.
    let port = site.address.port();
    for name in ["localhost", "LocalHost"] {
        let (status, answer) = exchange(&site, &format!("GET /my%2Ddata?a=b HTTP/1.1|Host: {name}:{port}")).await;
        assert_eq!(status, 307, "{answer}");
        assert!(answer.contains(&format!("location: http://127.0.0.1:{port}/my-data?a=b\r\n")), "{answer}");
    }
    browser.sign_in("an").await;
    let session = browser.session().unwrap();
    let head = format!("GET /my%2Ddata HTTP/1.1|Host: {host}|Cookie: mydata_session={session}");
    assert_eq!(exchange(&site, &head).await.0, 200);
}

#[tokio::test]
async fn the_local_profile_answers_to_its_own_names_only() {
    let options = ServerOptions { own_names_only: true, ..ServerOptions::default() };
    let site = Site::start_with(SiteOptions { server: Some(options), ..SiteOptions::default() }).await;
    let port = site.address.port();
    for path in
        ["/", "/healthz", "/readyz", "/favicon.svg", "/no-such-page", "/login/itsme", "/.well-known/security.txt"]
    {
        for host in ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "10.0.0.1", "0.0.0.0"] {
            for host in [format!("{host}:{port}"), host.to_owned()] {
                let (status, answer) = exchange(&site, &format!("GET {path} HTTP/1.1|Host: {host}")).await;
                assert_eq!(status, 421, "{path} {host}: {answer}");
                assert!(answer.contains("for this machine only") && !answer.contains("set-cookie"), "{answer}");
            }
        }
        let (status, _) = exchange(&site, &format!("GET {path} HTTP/1.1|Host: 127.0.0.1:1")).await;
        assert_eq!(status, 421, "{path}: another port");
        let (status, _) =
            exchange(&site, &format!("GET http://evil.example{path} HTTP/1.1|Host: 127.0.0.1:{port}")).await;
        assert_eq!(status, 421, "{path}: the host of the target counts");
    }
    for host in ["127.0.0.1", "[::1]", "[0:0::1]", "localhost"] {
        let (status, answer) = exchange(&site, &format!("GET /healthz HTTP/1.1|Host: {host}:{port}")).await;
        assert_eq!(status, 200, "{host}: {answer}");
    }
    // Any other site has no list of names: its load balancer may use any name for health checks.
    let pool = FakePool::start().await;
    let public = Site::start_at(&pool, SiteOptions { public_url: Some(HTTPS), ..SiteOptions::default() }).await;
    let answer = client().get(public.url("/healthz")).header("host", "10.0.0.1:3000").send().await.unwrap();
    assert_eq!(answer.status(), 200);
}
