//! The home page of visitors, which the server keeps in memory: it is the same for all of them, and no one else gets it.

use std::{collections::BTreeMap, fs, io::Read as _};

use app::texts::Language;
use reqwest::{Method, RequestBuilder, header::HeaderMap};
use server::{Fallback, Options};
use testkit::{client, until};

use crate::support::{
    fake_pool::FakePool,
    site::{Site, SiteOptions},
};

/// The status, the headers except the date, and the body as it was sent.
type Raw = (u16, BTreeMap<String, Vec<String>>, Vec<u8>);

async fn ask(site: &Site, method: Method, path: &str, with: impl FnOnce(RequestBuilder) -> RequestBuilder) -> Raw {
    let answer = with(client().request(method, site.url(path))).send().await.unwrap();
    let (status, headers) = (answer.status().as_u16(), headers_of(answer.headers()));
    (status, headers, answer.bytes().await.unwrap().to_vec())
}

fn headers_of(headers: &HeaderMap) -> BTreeMap<String, Vec<String>> {
    let mut all = BTreeMap::<_, Vec<_>>::new();
    for (name, value) in headers.iter().filter(|(name, _)| *name != "date" && *name != "connection") {
        all.entry(name.to_string()).or_default().push(value.to_str().unwrap().to_owned());
    }
    all
}

async fn get(site: &Site, name: &str, value: &str) -> Raw {
    ask(site, Method::GET, "/", |request| request.header(name, value)).await
}

fn text(raw: &Raw) -> String {
    String::from_utf8(raw.2.clone()).unwrap()
}

#[tokio::test]
async fn all_visitors_get_the_same_page() {
    let pool = FakePool::start().await;
    let site = Site::start_at(&pool, SiteOptions::default()).await;
    let first = ask(&site, Method::GET, "/", |request| request).await;
    assert_eq!(first.0, 200);
    assert_eq!(first.1["content-length"], [first.2.len().to_string()]);
    for (name, value) in [
        ("user-agent", "another"),
        ("x-forwarded-for", "203.0.113.7"),
        ("cookie", "other=1; mydata_lang=en"),
        ("if-none-match", "*"),
        ("range", "bytes=0-5"),
        ("authorization", "Basic eDp5"),
    ] {
        assert_eq!(get(&site, name, value).await, first, "{name}");
    }
    // A query takes the usual way, and shows the same page where it says nothing.
    let usual = ask(&site, Method::GET, "/?unknown=1", |request| request).await;
    assert_eq!(usual, first);
    let head = ask(&site, Method::HEAD, "/", |request| request).await;
    assert_eq!(head, (200, first.1, Vec::new()));
}

#[tokio::test]
async fn only_a_visitor_who_only_reads_gets_the_page_from_memory() {
    let site = Site::start().await;
    let kept = ask(&site, Method::GET, "/", |request| request).await;
    let mut citizen = site.browser();
    citizen.sign_in("an").await;
    let welcome = citizen.get("/").await.body;
    assert!(welcome.contains("/my-data") && !welcome.contains("/login/itsme"), "{welcome}");
    let asked = ask(&site, Method::GET, "/?return_to=%2Fprofile", |request| request).await;
    assert!(text(&asked).contains("/login/itsme?return_to=%2Fprofile"));
    let cancelled = ask(&site, Method::GET, "/?signin=cancelled", |request| request).await;
    assert_ne!(cancelled.2, kept.2);
    citizen.post("/logout", &[]).await;
    assert!(citizen.cookie("mydata_signed_out").is_some());
    let signed_out = citizen.get("/").await;
    assert!(signed_out.body.contains("role=\"status\"") && !signed_out.set_cookies().is_empty(), "{}", signed_out.body);
    for (method, origin, body, status) in [
        (Method::POST, "", "", 405),
        (Method::POST, "https://evil.example", "", 403),
        (Method::PUT, "", "", 405),
        (Method::GET, "", &*"x".repeat(65 * 1024), 413),
    ] {
        let answer = ask(&site, method.clone(), "/", |request| {
            let request = if origin.is_empty() { request } else { request.header("origin", origin) };
            if body.is_empty() { request } else { request.body(body.to_owned()) }
        });
        assert_eq!(answer.await.0, status, "{method} {origin}");
    }
    // None of them changed it.
    assert_eq!(ask(&site, Method::GET, "/", |request| request).await, kept);
}

#[tokio::test]
async fn each_language_and_each_encoding_has_its_own_copy() {
    let pool = FakePool::start().await;
    let site = Site::start_at(&pool, SiteOptions::default()).await;
    // Twice: the first request makes the copy.
    for _ in 0..2 {
        for &language in Language::ALL {
            let accept_language = |request: RequestBuilder| request.header("accept-language", language.tag());
            // The query takes the usual way.
            let (_, usual, page) = ask(&site, Method::GET, "/?unknown=1", accept_language).await;
            let page = String::from_utf8(page).unwrap();
            assert!(page.contains(&format!("<html lang=\"{}\"", usual["content-language"][0])), "{page}");
            for (accepted, encoding) in
                [("identity", None), ("gzip", Some("gzip")), ("gzip, br", Some("br")), ("br;q=0, gzip", Some("gzip"))]
            {
                let (status, headers, body) = ask(&site, Method::GET, "/", |request| {
                    accept_language(request).header("accept-encoding", accepted)
                })
                .await;
                assert_eq!((status, &headers["content-language"]), (200, &usual["content-language"]));
                assert_eq!(headers["content-length"], [body.len().to_string()]);
                let found = headers.get("content-encoding").map(|values| values[0].as_str());
                assert_eq!(found, encoding, "{accepted}");
                let varies = headers["vary"].join(", ").to_lowercase();
                for name in ["accept-language", "cookie", "accept-encoding"] {
                    assert!(varies.split(", ").any(|item| item == name), "{name} in {varies}");
                }
                assert_eq!(decoded(encoding, &body), page, "{language:?} {accepted}");
            }
        }
    }
}

fn decoded(encoding: Option<&str>, body: &[u8]) -> String {
    let mut decoded = Vec::new();
    match encoding {
        Some("gzip") => drop(flate2::read::GzDecoder::new(body).read_to_end(&mut decoded).unwrap()),
        Some("br") => brotli::BrotliDecompress(&mut &*body, &mut decoded).unwrap(),
        _ => decoded.extend_from_slice(body),
    }
    String::from_utf8(decoded).unwrap()
}

#[tokio::test]
async fn a_new_build_of_the_site_replaces_the_page() {
    let pool = FakePool::start().await;
    let fallback = Some(Fallback { style: "old{}".into(), public: "/nonexistent".into() });
    let server = Some(Options { fallback, ..Options::default() });
    let site = Site::start_at(&pool, SiteOptions { server, ..SiteOptions::default() }).await;
    let old = ask(&site, Method::GET, "/", |request| request).await;
    assert!(text(&old).contains("<style>body{color:#123}"), "{}", text(&old));
    fs::write(site.scratch.site_root().join("pkg/my-data.9z9z9z.css"), "body{color:#456}").unwrap();
    until("the page has the new style", async || {
        let new = ask(&site, Method::GET, "/", |request| request).await;
        text(&new).contains("<style>body{color:#456}")
            && new.1["content-security-policy"] != old.1["content-security-policy"]
    })
    .await;
}
