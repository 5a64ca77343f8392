use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use reqwest::Method;
use testkit::{Answer, Browser};

use crate::support::{
    fake_pool::FakePool,
    site::{Site, SiteOptions},
};

const HTTPS: &str = "https://mydata.example";

fn assert_always(path: &str, answer: &Answer) {
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("x-frame-options", "DENY"),
    ] {
        assert_eq!(answer.header(name), value, "{path}: {name}");
    }
    let policy = answer.header("permissions-policy");
    for feature in ["camera=()", "microphone=()", "geolocation=()"] {
        assert!(policy.contains(feature), "{path}: {policy}");
    }
    let policy = answer.header("content-security-policy");
    for directive in ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"] {
        assert!(policy.split("; ").any(|found| found == directive), "{path}: {directive} in {policy}");
    }
    for bad in ["unsafe-inline", "'unsafe-eval'", "*", "data:", " http: ", " https: "] {
        assert!(!policy.contains(bad), "{path}: {bad} in {policy}");
    }
}

/// The source that allows an inline element with this text (CSP Level 3, 6.7.3.3).
fn source_of(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(digest(&SHA256, text.as_bytes())))
}

/// The attributes and the text of each element with this name.
fn elements<'a>(html: &'a str, name: &str) -> Vec<(&'a str, &'a str)> {
    let start = format!("<{name}");
    html.split(&start).skip(1).map(|part| part.split_once("</").unwrap().0.split_once('>').unwrap()).collect()
}

/// Checks that the policy allows what the page has inline, by its hash, and nothing else.
fn assert_policy(path: &str, answer: &Answer, user_pool: &str) {
    let policy = answer.header("content-security-policy");
    let directive = |name: &str| {
        policy
            .split("; ")
            .find_map(|directive| directive.strip_prefix(name))
            .unwrap_or_else(|| panic!("{path}: {policy}"))
    };
    assert_eq!(directive("object-src "), "'none'", "{path}");
    assert_eq!(directive("img-src "), "'self'", "{path}");
    assert_eq!(directive("form-action "), format!("'self' {user_pool}"), "{path}");
    let styles: Vec<_> = elements(&answer.body, "style").into_iter().map(|(_, text)| source_of(text)).collect();
    assert_eq!([directive("style-src ")], *styles, "{path}");
    // A page without a script forbids scripts.
    let scripts = elements(&answer.body, "script");
    if path == "/my-data" {
        let [(attributes, loader)] = scripts[..] else { panic!("{path}: {scripts:?}") };
        assert_eq!(attributes, " type=\"module\"");
        assert_eq!(directive("script-src "), format!("'self' {} 'wasm-unsafe-eval'", source_of(loader)), "{path}");
        assert_eq!(directive("connect-src "), "'self'", "{path}");
    } else {
        assert_eq!((directive("script-src "), policy.contains("connect-src")), ("'none'", false), "{path}");
        assert_eq!(scripts, [], "{path}");
    }
    assert!(!policy.contains("nonce-") && !answer.body.contains("nonce="), "{path}: {policy}");
    for inline in ["style=\"", "onclick", "onload", "onerror", "javascript:"] {
        assert!(!answer.body.contains(inline), "{path}: {inline}");
    }
}

async fn check_pages(site: &Site, browser: &mut Browser, paths: &[(&str, u16)], user_pool: &str) {
    for (path, status) in paths {
        let answer = browser.get(path).await;
        assert_eq!(answer.status, *status, "{path}");
        assert_always(path, &answer);
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8", "{path}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        assert_eq!(answer.header("strict-transport-security"), hsts(site), "{path}");
        assert_policy(path, &answer, user_pool);
    }
}

fn hsts(site: &Site) -> &'static str {
    if site.public_url.starts_with("https:") { "max-age=63072000; includeSubDomains" } else { "" }
}

#[tokio::test]
async fn the_content_security_policy_allows_only_the_pages_own_code() {
    for public_url in [None, Some(HTTPS)] {
        let site = Site::start_with(SiteOptions { public_url, ..SiteOptions::default() }).await;
        let user_pool = site.settings().domain_url.clone();
        let mut browser = site.browser();
        let public =
            [("/", 200), ("/no-such-page", 404), ("/login/nobody", 404), ("/logout", 405), ("/auth/callback", 400)];
        check_pages(&site, &mut browser, &public, &user_pool).await;
        browser.sign_in("an").await;
        check_pages(&site, &mut browser, &[("/", 200), ("/my-data", 200), ("/profile", 200)], &user_pool).await;
        // Redirects too.
        for answer in [browser.get("/login/itsme").await, site.browser().get("/profile").await] {
            assert_eq!(answer.status, 303);
            assert_always("redirect", &answer);
            assert_eq!(answer.header("strict-transport-security"), hsts(&site));
            assert_eq!(answer.header("cache-control"), "no-store");
        }
    }
}

#[tokio::test]
async fn files_with_a_hash_in_their_name_are_cached_for_a_year() {
    let pool = FakePool::start().await;
    let site = Site::start_at(&pool, SiteOptions { public_url: Some(HTTPS), ..SiteOptions::default() }).await;
    let mut browser = site.browser();
    for (path, kind, kept) in [
        ("/pkg/my-data.0a1b2c.js", "text/javascript", "public, max-age=31536000, immutable"),
        ("/pkg/my-data.0a1b2c.wasm", "application/wasm", "public, max-age=31536000, immutable"),
        ("/favicon.svg", "image/svg+xml", "public, max-age=86400"),
        ("/robots.txt", "text/plain", "public, max-age=86400"),
    ] {
        for method in [Method::GET, Method::HEAD] {
            let answer = browser.send(method, path, |request| request).await;
            assert_eq!(answer.status, 200, "{path}");
            assert!(answer.header("content-type").starts_with(kind), "{path}: {}", answer.header("content-type"));
            assert_eq!(answer.header("cache-control"), kept, "{path}");
            assert_always(path, &answer);
            assert_eq!(answer.header("strict-transport-security"), hsts(&site), "{path}");
            assert!(answer.set_cookies().is_empty(), "{path}");
        }
    }
    // Missing files are not cached, and folders are not listed.
    for path in ["/pkg/my-data.old.js", "/pkg/", "/pkg", "/pkg/../pkg/../Cargo.toml", "/%2e%2e/data/pseudonym.key"] {
        let answer = browser.get(path).await;
        assert_eq!((answer.status.as_u16(), answer.header("cache-control")), (404, "no-store"), "{path}");
    }
}

#[tokio::test]
async fn over_https_cookies_have_the_host_prefix() {
    let site = Site::start_with(SiteOptions { public_url: Some(HTTPS), ..SiteOptions::default() }).await;
    let mut browser = site.browser();
    let started = browser.get("/login/itsme").await;
    let signed_in = browser.sign_in("an").await;
    let out = browser.post("/logout", &[]).await;
    let cookies = [started.set_cookies(), signed_in.set_cookies(), out.set_cookies()].concat();
    // Of the sign-in, the session, the removal of both, and the sign-out.
    assert_eq!(cookies.len(), 5, "{cookies:?}");
    for cookie in cookies {
        assert!(cookie.starts_with("__Host-mydata_"), "{cookie}");
        let attributes = crate::journey::attributes(cookie);
        for needed in ["Secure", "HttpOnly", "SameSite=Lax", "Path=/"] {
            assert!(attributes.contains(&needed), "{needed} in {cookie}");
        }
        assert!(!attributes.iter().any(|attribute| attribute.starts_with("Domain")), "{cookie}");
    }
    // A cookie without the prefix, as another host could set it, is not looked at.
    browser.sign_in("an").await;
    let session = browser.session().unwrap().to_owned();
    let mut other = site.browser();
    other.cookies().insert("mydata_session".to_owned(), session.clone());
    assert_eq!(other.get("/my-data").await.status, 303);
    other.cookies().insert("__Host-mydata_session".to_owned(), session);
    assert_eq!(other.get("/my-data").await.status, 200);
}

#[tokio::test]
async fn browsers_report_to_the_configured_address() {
    const REPORTS: &str = "https://reports.example/csp?site=a&b=c";
    let more = "[security]\npolicy_report_url = \"https://reports.example/csp?site=a&b=c\"\n";
    for (more, is_told) in [(more, true), ("", false)] {
        let site = Site::start_with(SiteOptions { more, ..SiteOptions::default() }).await;
        for path in ["/", "/no-such-page"] {
            let answer = site.browser().get(path).await;
            let policy = answer.header("content-security-policy");
            let directives: Vec<_> = policy.split("; ").collect();
            assert_eq!(directives.contains(&&*format!("report-uri {REPORTS}")), is_told, "{policy}");
            assert_eq!(directives.contains(&"report-to policy"), is_told, "{policy}");
            let endpoints = if is_told { format!("policy=\"{REPORTS}\"") } else { String::new() };
            assert_eq!(answer.header("reporting-endpoints"), endpoints, "{path}");
        }
    }
}

#[tokio::test]
async fn every_401_has_a_challenge() {
    let bridged = crate::federation::Bridged::start().await;
    let mut browser = bridged.site.browser();
    // With and without a valid form: two ways to the same status.
    for fields in [&[("text", "a"), ("version", "0")][..], &[]] {
        let answer = browser.post("/api/save_message", fields).await;
        assert_eq!(answer.status, 401);
        assert_eq!(answer.header("www-authenticate"), "Cookie realm=\"My Data\", form-action=\"/\"", "{fields:?}");
    }
    // Media types are case-insensitive.
    let kind = "Application/X-WWW-Form-Urlencoded; charset=UTF-8";
    let token = "/federation/login_gov/token";
    let answer =
        browser.send(Method::POST, token, |request| request.header("content-type", kind).body("client_id=wrong")).await;
    assert_eq!(answer.status, 401, "{}", answer.body);
    assert!(answer.header("www-authenticate").starts_with("Basic realm=\""), "{:?}", answer.headers);
}
