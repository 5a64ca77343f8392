//! Which client a request counts for: `trusted_proxies`.

use testkit::{browser::form, client};

use crate::support::{
    fake_pool::FakePool,
    process::{Process, serve},
    site::{Site, SiteOptions},
};

/// Sends changes with each of these headers in turn, until one is refused. The header of the last one.
async fn until_refused<'a>(site: &Site, headers: &[(&'a str, String)]) -> Option<(&'a str, String)> {
    let client = client();
    // The limit refills by 100 a second, so many at the same time.
    for _ in 0..60 {
        let batch: Vec<_> = headers
            .iter()
            .cycle()
            .take(50)
            .map(|(name, value)| {
                let request = form(client.post(site.url("/no-such-page")), &[]).header(*name, value);
                (tokio::spawn(request.send()), *name, value)
            })
            .collect();
        for (answer, name, value) in batch {
            if answer.await.unwrap().unwrap().status() == 429 {
                return Some((name, value.clone()));
            }
        }
    }
    None
}

/// Many clients of one proxy.
fn many(name: &'static str, entry: impl Fn(u32) -> String) -> Vec<(&'static str, String)> {
    (0..50).map(|number| (name, entry(number))).collect()
}

#[tokio::test]
async fn a_peer_that_is_not_trusted_counts_as_itself() {
    let pool = FakePool::start().await;
    let site = Site::start_at(&pool, SiteOptions::default()).await;
    let forged = many("x-forwarded-for", |number| format!("203.0.113.{number}"));
    assert!(until_refused(&site, &forged).await.is_some(), "3,000 forged addresses were all believed");
}

#[tokio::test]
async fn each_client_of_a_trusted_proxy_counts_by_itself() {
    let pool = FakePool::start().await;
    let options = SiteOptions { trusted_proxies: &["127.0.0.0/8", "100.64.0.0/10"], ..SiteOptions::default() };
    let site = Site::start_at(&pool, options).await;
    // One client after the other reaches its own limit, and the others still work.
    let one = [("x-forwarded-for", "198.51.100.1, 203.0.113.200, 100.64.0.9".to_owned())];
    assert!(until_refused(&site, &one).await.is_some(), "one client is not limited");
    let others = many("x-forwarded-for", |number| format!("203.0.113.200, 203.0.113.{number}, 100.64.0.9"));
    assert_eq!(until_refused(&site, &others[..1]).await.map(|(name, _)| name), Some("x-forwarded-for"));
    let standard = many("forwarded", |number| format!("for=203.0.113.200, for=\"[2001:db8:{number}::1]:80\""));
    let status =
        client().post(site.url("/no-such-page")).header("forwarded", &standard[7].1).send().await.unwrap().status();
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
