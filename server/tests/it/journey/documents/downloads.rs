//! The bytes of a document, what a browser is told about them, and how a download ends.

use std::{error::Error, io};

use local::aws::{AwsFault, Content, Document};
use reqwest::{Method, StatusCode};
use testkit::until;

use super::{BUCKET, FILE, calls_of, download, later, signed_in, start};
use crate::support::site::Site;

const ATTACHMENTS: &str = "/documents/file?bucket=fps-case-files&key=family-benefits/2026/attachments/";

/// Puts a document in a folder of Lena's. Returns its address.
fn put(site: &Site, name: &str, content: impl Into<Content>, kind: &str) -> String {
    let key = format!("family-benefits/{name}");
    site.aws().put(Document::new(BUCKET, &key, content).typed(kind));
    format!("/documents/file?bucket={BUCKET}&key={key}")
}

#[tokio::test]
async fn a_download_has_the_bytes_of_the_document_and_is_never_shown_as_a_page() {
    let site = start().await;
    let lena = signed_in(&site, "lena.dubois").await;
    let noise: Vec<u8> = (0..300_000_u32).map(|number| (number.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let noise_at = put(&site, "noise.bin", noise.clone(), "application/pdf");
    let text = "the same line again and again\n".repeat(20_000);
    let text_at = put(&site, "text.txt", text.clone(), "text/plain; charset=utf-8");
    let empty_at = put(&site, "empty.txt", "", "text/plain");
    let svg_at = format!("{ATTACHMENTS}plan.svg");
    let html_at = format!("{ATTACHMENTS}notice.html");
    for (path, kind, name, content) in [
        (&noise_at, "application/pdf", "noise.bin", Some(noise)),
        (&text_at, "text/plain; charset=utf-8", "text.txt", Some(text.into_bytes())),
        (&empty_at, "text/plain", "empty.txt", Some(Vec::new())),
        (&svg_at, "image/svg+xml", "plan.svg", None),
        (&html_at, "text/html; charset=utf-8", "notice.html", None),
    ] {
        let accepted = [("accept-encoding", "br, gzip, deflate, zstd")];
        let answer = download(&site, &lena, path, &accepted).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        let header = |name: &str| answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        for (name, expected) in [
            ("content-type", kind.to_owned()),
            ("content-disposition", format!("attachment; filename=\"{name}\"; filename*=UTF-8''{name}")),
            ("x-content-type-options", "nosniff".to_owned()),
            ("x-frame-options", "DENY".to_owned()),
            ("cross-origin-resource-policy", "same-origin".to_owned()),
            ("content-security-policy", "default-src 'none'; base-uri 'none'; frame-ancestors 'none'".to_owned()),
        ] {
            assert_eq!(header(name), Some(expected), "{path}: {name}");
        }
        let cache = header("cache-control").unwrap();
        assert!(cache.contains("no-store") && cache.contains("no-transform"), "{path}: {cache}");
        assert!(header("content-encoding").is_none_or(|encoding| encoding == "identity"), "{path}: compressed");
        let length = header("content-length").unwrap();
        let body = answer.bytes().await.unwrap();
        assert_eq!(length, body.len().to_string(), "{path}");
        if let Some(content) = content {
            assert!(body == content, "{path}: other bytes");
        }
    }
}

#[tokio::test]
async fn a_document_that_is_gone_is_not_found() {
    let site = start().await;
    let mut lena = signed_in(&site, "lena.dubois").await;
    let path = put(&site, "soon gone.txt", "text", "text/plain");
    assert_eq!(lena.get(&path).await.body, "text");
    assert!(site.aws().delete(BUCKET, "family-benefits/soon gone.txt"));
    let page = lena.get(&path).await;
    assert_eq!((page.status, super::heading(&page)), (StatusCode::NOT_FOUND, "Document not found"));
    // Nor is what names none.
    for query in ["", "?bucket=fps-case-files", "?key=a", "?bucket=fps-case-files&key=", "?bucket=No_Bucket&key=a"] {
        assert_eq!(lena.get(format!("/documents/file{query}")).await.status, StatusCode::NOT_FOUND, "{query}");
    }
}

#[tokio::test]
async fn only_get_downloads() {
    let site = start().await;
    let mut lena = signed_in(&site, "lena.dubois").await;
    let made = calls_of(site.aws(), async {
        for method in [Method::HEAD, Method::POST, Method::PUT, Method::DELETE] {
            let origin = site.public_url.clone();
            let answer = lena.send(method.clone(), FILE, |request| request.header("origin", origin)).await;
            assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{method}");
        }
    })
    .await;
    assert!(made.is_empty(), "{made:?}");
}

/// Reads a download to its end. Returns how many bytes came, and whether it ended cleanly.
async fn read(mut answer: reqwest::Response) -> (usize, Result<(), reqwest::Error>) {
    let mut read = 0;
    loop {
        match answer.chunk().await {
            Ok(Some(chunk)) => read += chunk.len(),
            Ok(None) => return (read, Ok(())),
            Err(error) => return (read, Err(error)),
        }
    }
}

/// Asserts that the connection ended before the whole body had come.
#[track_caller]
fn assert_cut((count, end): (usize, Result<(), reqwest::Error>), size: usize) {
    assert!(count < size, "{count} bytes of {size}");
    let error = end.unwrap_err();
    let mut cause: Option<&(dyn Error + 'static)> = Some(&error);
    let mut is_early = false;
    while let Some(error) = cause {
        is_early |= error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::UnexpectedEof);
        cause = error.source();
    }
    assert!(is_early, "{error:?}");
}

#[tokio::test]
async fn a_download_that_s3_cuts_never_ends_cleanly() {
    let site = start().await;
    let mut lena = signed_in(&site, "lena.dubois").await;
    // Longer than what hyper sends at a time: shorter ones would be cut before their head.
    for size in [2_000_000, 5_000_000] {
        let path = put(&site, "long.log", Content::Numbered(size), "text/plain");
        let size = usize::try_from(size).unwrap();
        site.aws().misbehave(AwsFault::BodyCut);
        let whole = download(&site, &lena, &path, &[]).await;
        assert_eq!(whole.status(), StatusCode::OK);
        assert_cut(read(whole).await, size);
        // A part too.
        let part = download(&site, &lena, &path, &[("range", "bytes=10-")]).await;
        assert_eq!(part.status(), StatusCode::PARTIAL_CONTENT);
        assert_cut(read(part).await, size - 10);
        site.aws().misbehave(None);
        assert_eq!(lena.get(&path).await.body.len(), size, "the next one is whole");
    }
}

#[tokio::test]
async fn a_download_that_stalls_at_s3_ends_with_an_error() {
    let site = start().await;
    let lena = signed_in(&site, "lena.dubois").await;
    let path = put(&site, "long.log", Content::Numbered(200_000), "text/plain");
    site.aws().misbehave(AwsFault::BodyStalls);
    let answer = download(&site, &lena, &path, &[]).await;
    assert_eq!(answer.headers()["content-length"], "200000");
    let reader = tokio::spawn(read(answer));
    until("the download ends", async || {
        later(1).await;
        reader.is_finished()
    })
    .await;
    assert_cut(reader.await.unwrap(), 200_000);
}

#[tokio::test]
async fn a_download_that_comes_slowly_is_whole() {
    let site = start().await;
    let mut lena = signed_in(&site, "lena.dubois").await;
    let path = put(&site, "slow.log", Content::Numbered(8_000), "text/plain");
    site.aws().misbehave(AwsFault::BodySlow);
    let answer = lena.get(&path).await;
    assert_eq!((answer.status, answer.body.len()), (StatusCode::OK, 8_000));
    assert!(answer.body.ends_with("000000000001f30\n"), "{}", &answer.body[7_900..]);
}
