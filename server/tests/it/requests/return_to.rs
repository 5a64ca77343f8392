//! Where a citizen goes after the sign-in, from the first request to the last.

use url::form_urlencoded::byte_serialize;

use crate::support::{
    attempt::Attempt,
    fake_pool::FakePool,
    site::{Site, SiteOptions},
};

fn encoded(path: &str) -> String {
    byte_serialize(path.as_bytes()).collect()
}

/// Where the sign-in that begins with `return_to=…` (encoded) ends.
async fn end_of(pool: &FakePool, site: &Site, return_to: &str) -> String {
    let mut attempt = Attempt::start_at(site, &format!("/login/itsme?return_to={return_to}")).await;
    let answer = attempt.succeed(pool).await;
    assert_eq!(answer.status, 303, "{return_to}: {}", answer.body);
    answer.location().to_owned()
}

#[tokio::test]
async fn an_address_that_is_no_page_of_this_site_is_replaced_by_my_data() {
    let pool = FakePool::start().await;
    let site = Site::start_at(&pool, SiteOptions::default()).await;
    site.until_ready().await;
    let userinfo = format!("{}@evil.example/", site.public_url);
    let port = format!("{}0/", site.public_url);
    for bad in [
        "",
        "profile",
        "//evil.example",
        "///evil.example",
        "////evil.example",
        "/\\evil.example",
        "\\/evil.example",
        "\\\\evil.example",
        "/%5Cevil.example",
        "/%255Cevil.example",
        "/%2Fevil.example",
        "/%252Fevil.example",
        "/\t/evil.example",
        "/%09/evil.example",
        "\t//evil.example",
        "/a\r\nLocation: https://evil.example",
        "/a%0d%0aSet-Cookie: a=b",
        "/\u{0}",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "https://evil.example/",
        "https:evil.example",
        "https:/evil.example",
        "@evil.example",
        ".evil.example",
        ":80",
        "/.//evil.example",
        "/..//evil.example",
        "/a/..//evil.example",
        "//evil.example/%2f..",
        "//%5cevil.example",
        "/%09//evil.example",
        "/%0a/evil.example",
        "/%0d/evil.example",
        "/%00/evil.example",
        "/%2f%5cevil.example",
        "/%5c/evil.example",
        "/\\/evil.example",
        "/\u{b}/evil.example",
        "/%2e//evil.example",
        "/%2e%2e//evil.example",
        "/./\\evil.example",
        "/x/..//evil.example",
        "/x/%2e%2e//evil.example",
        "%2f%2fevil.example",
        "http://evil.example%23@127.0.0.1/",
        "///\\;@evil.example",
        "vbscript:alert(1)",
        "file:///etc/passwd",
        "?x=//evil.example",
        "#//evil.example",
        userinfo.as_str(),
        port.as_str(),
        // Not pages.
        "/login/second",
        "/logout",
        "/auth/callback?error=access_denied&evil",
        "/federation/second/authorize?evil",
        "/api/save_message",
        "/v1/message",
        "/healthz",
        "/pkg/evil.js",
        "/.well-known/security.txt",
        "/%6Cogin/evil",
        "/LOGIN/evil",
        "/x/../login/evil",
        "/x/%2e%2e/login/evil",
        "/./login/evil",
        "/login%2fevil",
        // A full address is not a path, even on this site.
        site.public_url.as_str(),
    ] {
        assert_eq!(end_of(&pool, &site, &encoded(bad)).await, "/my-data", "{bad:?}");
        let home = site.browser().get(format!("/?return_to={}", encoded(bad))).await;
        assert!(home.body.contains("href=\"/login/itsme\""), "{bad:?}: {}", home.body);
        assert!(!home.body.contains("evil"), "{bad:?}: {}", home.body);
    }
    assert_eq!(end_of(&pool, &site, &encoded(&format!("/{}", "a".repeat(2_000)))).await, "/my-data");
}

#[tokio::test]
async fn a_path_on_this_site_keeps_its_query() {
    let pool = FakePool::start().await;
    let site = Site::start_at(&pool, SiteOptions::default()).await;
    site.until_ready().await;
    for good in ["/", "/profile", "/my-data?saved=3", "/a?x=%2F%2Fy&z=a+b", "/a?u=https://example.org/"] {
        assert_eq!(end_of(&pool, &site, &encoded(good)).await, good);
        let home = site.browser().get(format!("/?return_to={}", encoded(good))).await;
        assert!(home.body.contains(&format!("href=\"/login/itsme?return_to={}\"", encoded(good))), "{}", home.body);
    }
}

#[tokio::test]
async fn a_repeated_or_invalid_return_to_stays_on_this_site() {
    let pool = FakePool::start().await;
    let site = Site::start_at(&pool, SiteOptions::default()).await;
    site.until_ready().await;
    for query in
        ["return_to=/profile&return_to=//evil.example", "return_to=//evil.example&return_to=/profile", "return_to=%ff"]
    {
        let answer = site.browser().get(format!("/login/itsme?{query}")).await;
        assert!([303, 400].contains(&answer.status.as_u16()), "{query}: {}", answer.status);
        assert!(!answer.body.contains("evil") && !answer.header("location").contains("evil"), "{query}");
    }
}
