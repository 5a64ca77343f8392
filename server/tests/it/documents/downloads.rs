use futures_util::StreamExt as _;
use http::StatusCode;
use server::documents::{CutShort, Download, Problem};
use testkit::until;
use time::macros::datetime;

use super::{
    document,
    fake::{Answer, Call::GetObject, Sent},
    person, start,
};

/// Everything that arrives, and how it ends.
async fn read(mut download: Download) -> (Vec<u8>, Result<(), CutShort>) {
    let mut bytes = Vec::new();
    while let Some(part) = download.body.next().await {
        match part {
            Ok(part) => bytes.extend_from_slice(&part),
            Err(error) => {
                assert!(download.body.next().await.is_none(), "nothing comes after the error");
                return (bytes, Err(error));
            }
        }
    }
    (bytes, Ok(()))
}

fn parts(headers: &[(&'static str, &str)], parts: &[&[u8]], is_cut: bool) -> Answer {
    let headers = headers.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    Answer::Parts(200, headers, parts.iter().map(|part| part.to_vec()).collect(), is_cut)
}

#[tokio::test]
async fn a_download_has_the_bytes_and_what_s3_says_about_them() {
    let (documents, _fake) = start().await;
    let download = documents.open(&person("lena"), &document("lena/letter.pdf"), None).await.unwrap();
    assert_eq!((download.status, download.size), (StatusCode::OK, 7));
    assert_eq!(download.content_type.as_deref(), Some("application/pdf"));
    assert_eq!(download.etag.as_deref(), Some("\"tag\""));
    assert_eq!(download.content_range, None);
    assert_eq!(download.last_modified, Some(datetime!(2026-11-20 08:30 UTC)));
    assert_eq!(format!("{download:?}"), "Download(200 OK, 7 bytes)");
    assert_eq!(read(download).await, (b"of lena".to_vec(), Ok(())));
}

#[tokio::test]
async fn one_range_is_passed_on_and_others_ask_for_everything() {
    let (documents, fake) = start().await;
    let (lena, letter) = (person("lena"), document("lena/letter.pdf"));
    let headers = vec![("content-length", "3".to_owned()), ("content-range", "bytes 2-4/7".to_owned())];
    fake.next(GetObject, Answer::Parts(206, headers, vec![b" le".to_vec()], false));
    let download = documents.open(&lena, &letter, Some("bytes=2-4")).await.unwrap();
    assert_eq!(fake.take().pop().unwrap().header("range"), Some("bytes=2-4"));
    assert_eq!((download.status, download.size), (StatusCode::PARTIAL_CONTENT, 3));
    assert_eq!(download.content_range.as_deref(), Some("bytes 2-4/7"));
    assert_eq!(read(download).await, (b" le".to_vec(), Ok(())));
    for other in ["bytes=0-1,3-4", "lines=1-2", "bytes=9-2", "bytes=x"] {
        let download = documents.open(&lena, &letter, Some(other)).await.unwrap();
        assert_eq!(download.status, StatusCode::OK);
        assert_eq!(fake.take().pop().unwrap().header("range"), None, "{other}");
    }
}

#[tokio::test]
async fn a_download_that_is_cut_never_ends_cleanly() {
    let (documents, fake) = start().await;
    let (lena, letter) = (person("lena"), document("lena/letter.pdf"));
    for answer in [
        parts(&[("content-length", "100")], &[b"half of ", b"it"], true),
        parts(&[("content-length", "100")], &[], true),
    ] {
        fake.next(GetObject, answer);
        let download = documents.open(&lena, &letter, None).await.unwrap();
        assert_eq!(download.size, 100);
        let (bytes, end) = read(download).await;
        assert!(b"half of it".starts_with(&bytes), "{bytes:?}");
        assert_eq!(end, Err(CutShort));
    }
}

#[tokio::test]
async fn a_download_of_unknown_length_is_refused() {
    let (documents, fake) = start().await;
    fake.next(GetObject, parts(&[], &[b"something"], false));
    let error = documents.open(&person("lena"), &document("lena/letter.pdf"), None).await.unwrap_err();
    assert_eq!(error.problem, Problem::Unavailable);
}

#[tokio::test]
async fn a_download_whose_checksum_differs_never_ends_cleanly() {
    let (documents, fake) = start().await;
    let headers =
        [("content-length", "7"), ("x-amz-checksum-crc32", "AAAAAA=="), ("x-amz-checksum-type", "FULL_OBJECT")];
    fake.next(GetObject, parts(&headers, &[b"changed"], false));
    let download = documents.open(&person("lena"), &document("lena/letter.pdf"), None).await.unwrap();
    assert_eq!(read(download).await.1, Err(CutShort));
}

/// A download of 1 GiB of which one part was read, and what S3 has sent.
async fn begun() -> (Download, Sent) {
    let (documents, fake) = start().await;
    let sent = Sent::default();
    fake.next(GetObject, Answer::Large(1 << 30, sent.clone()));
    let mut download = documents.open(&person("lena"), &document("lena/letter.pdf"), None).await.unwrap();
    download.body.next().await.unwrap().unwrap();
    (download, sent)
}

#[tokio::test]
async fn a_slow_reader_makes_s3_wait() {
    let (mut download, sent) = begun().await;
    // Until the buffers of the connection are full.
    let mut before = 0;
    until("S3 waits", async || std::mem::replace(&mut before, sent.bytes()) == sent.bytes()).await;
    assert!(before < 64 << 20, "{before} bytes of 1 GiB");
    // What is read makes room for more.
    let mut read = 0;
    while read <= before {
        read += download.body.next().await.unwrap().unwrap().len() as u64;
    }
    assert!(sent.bytes() > before);
}

#[tokio::test]
async fn a_reader_who_leaves_ends_the_transfer() {
    let (download, sent) = begun().await;
    assert!(!sent.is_over());
    drop(download);
    until("the connection to S3 ends", async || sent.is_over()).await;
    assert!(sent.bytes() < 1 << 30);
}

#[tokio::test]
async fn any_key_is_asked_for_exactly_as_it_is() {
    let (documents, fake) = start().await;
    let lena = person("lena");
    for (key, path) in [
        ("lena/a b+c.pdf", "/bucket/lena/a%20b%2Bc.pdf"),
        ("lena/é%2F?x=1&y#z", "/bucket/lena/%C3%A9%252F%3Fx%3D1%26y%23z"),
        ("lena/../tom/letter.pdf", "/bucket/lena/../tom/letter.pdf"),
        ("lena//./x/", "/bucket/lena//./x/"),
    ] {
        documents.open(&lena, &document(key), None).await.unwrap();
        assert_eq!(fake.take().pop().unwrap().path, path);
    }
}
