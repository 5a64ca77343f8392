//! Which client a request counts for: `trusted_proxies`.

use reqwest::Method;
use testkit::{client, until_too_many};

use crate::support::{
    fake_pool::FakePool,
    process::{Process, serve},
    site::{Site, SiteOptions},
};

/// How many changes are allowed until one is refused. Each has the next of these headers.
async fn allowed(site: &Site, name: &str, mut values: impl Iterator<Item = String>) -> usize {
    let send = async || {
        let value = values.next().unwrap();
        site.browser().send(Method::POST, "/no-such-page", |request| request.header(name, value)).await
    };
    until_too_many(404, send).await.0
}

#[tokio::test]
async fn a_peer_that_is_not_trusted_counts_as_itself() {
    let pool = FakePool::start().await;
    let site = Site::start_at(&pool, SiteOptions::default()).await;
    let forged = (0..).map(|number| format!("203.0.{}.{}", number / 250, number % 250));
    assert_eq!(allowed(&site, "x-forwarded-for", forged).await, 500, "forged addresses are believed");
}

#[tokio::test]
async fn each_client_of_a_trusted_proxy_counts_by_itself() {
    let pool = FakePool::start().await;
    let options = SiteOptions { trusted_proxies: &["127.0.0.0/8", "100.64.0.0/10"], ..SiteOptions::default() };
    let site = Site::start_at(&pool, options).await;
    // One client after the other reaches its own limit, and the others still work.
    for one in ["198.51.100.1, 203.0.113.200, 100.64.0.9", "203.0.113.200, 203.0.113.1, 100.64.0.9"] {
        assert_eq!(allowed(&site, "x-forwarded-for", std::iter::repeat(one.to_owned())).await, 500, "{one}");
    }
    let standard = "for=203.0.113.200, for=\"[2001:db8:7::1]:80\"";
    let status = client().post(site.url("/no-such-page")).header("forwarded", standard).send().await.unwrap().status();
    assert_eq!(status, 404);
    let bytes = http::HeaderValue::from_bytes(b"\xff, 203.0.113.77").unwrap();
    let status =
        client().post(site.url("/no-such-page")).header("x-forwarded-for", bytes).send().await.unwrap().status();
    assert_eq!(status, 404, "bytes that are not text do not merge clients");
}

#[tokio::test]
async fn a_balancer_that_is_missing_in_the_configuration_is_logged_once_a_minute() {
    let pool = FakePool::start().await;
    for (trusted_proxies, lines) in [(&[][..], 1), (&["127.0.0.1"], 0)] {
        let site = Site::start_at(&pool, SiteOptions { trusted_proxies, ..SiteOptions::default() }).await;
        let command = serve(&site);
        let process = Process::start(command, site.scratch.path()).await;
        for name in ["x-forwarded-for", "forwarded"] {
            for _ in 0..3 {
                let url = format!("http://{}/healthz", process.address);
                let answer = client().get(url).header(name, "for=S3CRET, S3CRET").send().await.unwrap();
                assert_eq!(answer.status(), 200);
            }
        }
        let (_, log) = process.stop().await;
        assert_eq!(log.lines().filter(|line| line.contains("is not in trusted_proxies")).count(), lines, "{log}");
        assert!(!log.contains("S3CRET"), "{log}");
    }
}
