//! The site's files, as HTTP describes ranges, conditions and methods (RFC 9110).

use std::fs;

use reqwest::{Method, RequestBuilder, Response, StatusCode};
use testkit::client;

use crate::support::{
    fake_pool::FakePool,
    site::{Site, SiteOptions},
};

const SCRIPT: &str = "/pkg/my-data.0a1b2c.js";
const IMMUTABLE: &str = "public, max-age=31536000, immutable";

async fn site() -> (FakePool, Site) {
    let pool = FakePool::start().await;
    let site = Site::start_at(&pool, SiteOptions::default()).await;
    // As cargo-leptos builds it.
    fs::write(site.scratch.site_root().join(format!("{}.br", &SCRIPT[1..])), "compressed").unwrap();
    (pool, site)
}

async fn send(site: &Site, method: Method, path: &str, headers: &[(&str, &str)]) -> Response {
    let request: RequestBuilder = client().request(method, site.url(path));
    headers.iter().fold(request, |request, (name, value)| request.header(*name, *value)).send().await.unwrap()
}

fn header<'a>(answer: &'a Response, name: &str) -> &'a str {
    answer.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

fn varies(answer: &Response) -> bool {
    let lines = answer.headers().get_all("vary").iter().map(|line| line.to_str().unwrap());
    lines.flat_map(|line| line.split(", ")).any(|field| field.eq_ignore_ascii_case("accept-encoding"))
}

#[tokio::test]
async fn each_encoding_of_a_file_says_that_there_are_others() {
    let (_pool, site) = site().await;
    let plain = send(&site, Method::GET, SCRIPT, &[]).await;
    let changed = header(&plain, "last-modified").to_owned();
    assert!(
        (varies(&plain), header(&plain, "content-encoding"), header(&plain, "cache-control")) == (true, "", IMMUTABLE)
    );
    assert!(plain.text().await.unwrap().starts_with("export default"));
    for method in [Method::GET, Method::HEAD] {
        let answer = send(&site, method.clone(), SCRIPT, &[("accept-encoding", "br")]).await;
        let found = (varies(&answer), header(&answer, "content-encoding"), header(&answer, "cache-control"));
        assert_eq!(found, (true, "br", IMMUTABLE), "{method}");
        assert_eq!(header(&answer, "content-length"), "10", "{method}");
        let answer = send(&site, method.clone(), SCRIPT, &[("if-modified-since", &changed)]).await;
        assert_eq!(answer.status(), 304, "{method}");
        assert_eq!((varies(&answer), header(&answer, "cache-control")), (true, IMMUTABLE), "{method}");
    }
}

#[tokio::test]
async fn a_page_that_can_be_compressed_says_so() {
    let site = Site::start().await;
    let br = &[("accept-encoding", "br")][..];
    for (path, headers) in [("/", &[][..]), ("/", br), ("/?a", br), ("/no-such-page", &[])] {
        for method in [Method::GET, Method::HEAD] {
            let answer = send(&site, method.clone(), path, headers).await;
            assert!(varies(&answer), "{method} {path} {headers:?}");
            if method == Method::HEAD && !headers.is_empty() {
                // No length, or that of the compressed form.
                let length = header(&send(&site, Method::GET, path, headers).await, "content-length").to_owned();
                assert!(["", &length].contains(&header(&answer, "content-length")), "{path}");
            }
        }
    }
}

#[tokio::test]
async fn ranges_and_conditions_are_answered_as_http_says() {
    const LONG_AGO: &str = "Thu, 01 Jan 2015 00:00:00 GMT";
    const LATER: &str = "Fri, 01 Jan 2100 00:00:00 GMT";
    let (_pool, site) = site().await;
    let whole = send(&site, Method::GET, SCRIPT, &[]).await.text().await.unwrap();
    let length = whole.len();
    for (headers, status, range) in [
        (&[("range", "bytes=0-5")][..], 206, format!("bytes 0-5/{length}")),
        (&[("range", "Bytes=0-5")], 206, format!("bytes 0-5/{length}")),
        (&[("range", "bytes=-5")], 206, format!("bytes {}-{}/{length}", length - 5, length - 1)),
        (&[("range", "bytes=-99999")], 200, String::new()),
        (&[("range", "bytes=-99999999999999999999999")], 200, String::new()),
        (&[("range", "bytes=2-99999999999999999999999")], 206, format!("bytes 2-{}/{length}", length - 1)),
        (&[("range", "bytes=-0")], 416, format!("bytes */{length}")),
        (&[("range", "bytes=100000-")], 416, format!("bytes */{length}")),
        (&[("range", "bytes=5-2")], 416, format!("bytes */{length}")),
        // What must or may be ignored.
        (&[("range", "items=0-5")], 200, String::new()),
        (&[("range", "bytes=0-1,4-5")], 200, String::new()),
        (&[("range", "bytes=0-1"), ("range", "bytes=4-5")], 200, String::new()),
        (&[("range", "bytes=0-5"), ("if-range", "\"tag\"")], 200, String::new()),
        (&[("range", "bytes=0-5"), ("if-range", LONG_AGO)], 200, String::new()),
        // Tags come before dates.
        (&[("if-none-match", "\"tag\""), ("if-modified-since", LATER)], 200, String::new()),
        (&[("if-none-match", "*")], 304, String::new()),
        (&[("if-none-match", "*"), ("range", "bytes=0-5")], 304, String::new()),
        (&[("if-modified-since", LATER)], 304, String::new()),
        (&[("if-modified-since", LONG_AGO)], 200, String::new()),
        (&[("if-modified-since", "yesterday")], 200, String::new()),
        (&[("if-unmodified-since", LONG_AGO)], 412, String::new()),
        (&[("if-unmodified-since", LATER)], 200, String::new()),
        (&[("if-match", "\"tag\"")], 412, String::new()),
        (&[("if-match", "*")], 200, String::new()),
        (&[("if-match", "*"), ("if-unmodified-since", LONG_AGO)], 200, String::new()),
        (&[("if-match", "\"tag\""), ("if-none-match", "*")], 412, String::new()),
    ] {
        let answer = send(&site, Method::GET, SCRIPT, headers).await;
        assert_eq!((answer.status().as_u16(), header(&answer, "content-range")), (status, &*range), "{headers:?}");
        assert!(varies(&answer), "{headers:?}");
        let is_content = [200, 206, 304].contains(&status);
        let kept = if is_content { IMMUTABLE } else { "no-store" };
        assert_eq!(header(&answer, "cache-control"), kept, "{headers:?}");
        let body = answer.text().await.unwrap();
        match status {
            200 => assert_eq!(body, whole, "{headers:?}"),
            206 => assert!(whole.contains(&body) && body.len() < whole.len(), "{headers:?}"),
            _ => assert_eq!(body, "", "{headers:?}"),
        }
    }
    // Ranges are defined for GET alone.
    let answer = send(&site, Method::HEAD, SCRIPT, &[("range", "bytes=0-5")]).await;
    assert_eq!((answer.status().as_u16(), header(&answer, "content-length")), (200, &*length.to_string()));
}

#[tokio::test]
async fn another_method_on_a_file_names_those_that_it_has() {
    let (_pool, site) = site().await;
    for method in [Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS, Method::from_bytes(b"PURGE").unwrap()] {
        for headers in [&[][..], &[("range", "bytes=0-5"), ("if-match", "\"x\"")]] {
            let answer = send(&site, method.clone(), SCRIPT, headers).await;
            assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED, "{method}");
            assert_eq!(
                (header(&answer, "allow"), header(&answer, "cache-control")),
                ("GET,HEAD", "no-store"),
                "{method}"
            );
            assert!(answer.text().await.unwrap().contains("cannot be opened that way"), "{method}");
        }
        assert_eq!(send(&site, method.clone(), "/pkg/other.js", &[]).await.status(), 404, "{method}");
    }
}

#[tokio::test]
async fn an_address_that_no_file_can_have_is_not_found() {
    let (_pool, site) = site().await;
    let (long, deep) = ("/x".to_owned() + &"y".repeat(5_000), "/xyz".repeat(3_000));
    for path in ["/%00", "/pkg%2Fmy-data.0a1b2c.js", "/favicon.svg/", "/favicon.svg/x", "/pkg", &*long, &*deep] {
        for method in [Method::GET, Method::HEAD, Method::POST] {
            let answer = send(&site, method.clone(), path, &[]).await;
            assert_eq!(answer.status(), 404, "{method} {}", &path[..path.len().min(40)]);
            assert_eq!(header(&answer, "cache-control"), "no-store");
        }
    }
}
