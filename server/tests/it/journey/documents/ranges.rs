//! Parts of a document.

use local::aws::{Content, Document};
use testkit::Browser;

use super::{BUCKET, download, signed_in, start};
use crate::support::site::Site;

const REGISTER: &str = "/documents/file?bucket=fps-case-files&key=family-benefits/archive/register%202025.log";
/// Of the register, each line of which is its own offset.
const SIZE: usize = 5_000_000;

/// What a range asks for: `None` for the whole document, else the first and the last byte.
const RANGES: &[(&str, Option<(usize, usize)>)] = &[
    ("bytes=0-0", Some((0, 0))),
    ("bytes=16-31", Some((16, 31))),
    ("bytes=4999984-", Some((4_999_984, 4_999_999))),
    ("bytes=-16", Some((4_999_984, 4_999_999))),
    ("bytes=4999990-9999999", Some((4_999_990, 4_999_999))),
    // Several parts, and what is no range or cannot be satisfied, are answered with everything (RFC 9110, 14.2).
    ("bytes=0-15,32-47", None),
    ("bytes=5000000-", None),
    ("bytes=9-5", None),
    ("bytes=-0", None),
    ("lines=1-2", None),
];

#[tokio::test]
async fn a_part_is_exactly_that_part_and_anything_else_is_everything() {
    let site = start().await;
    let lena = signed_in(&site, "lena.dubois").await;
    let whole: String = (0..SIZE).step_by(16).map(|offset| format!("{offset:015x}\n")).collect();
    for (range, part) in RANGES {
        let answer = download(&site, &lena, REGISTER, &[("range", range)]).await;
        let header = |name: &str| answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        let (status, content_range) = (answer.status().as_u16(), header("content-range"));
        assert_eq!(header("accept-ranges").as_deref(), Some("bytes"), "{range}");
        let length = header("content-length");
        let body = answer.bytes().await.unwrap();
        let (first, last) = part.unwrap_or((0, SIZE - 1));
        assert_eq!(length, Some((last + 1 - first).to_string()), "{range}");
        assert!(body == whole.as_bytes()[first..=last], "{range}: other bytes");
        let expected = part.map(|(first, last)| format!("bytes {first}-{last}/{SIZE}"));
        assert_eq!((status, content_range), (if part.is_some() { 206 } else { 200 }, expected), "{range}");
    }
}

/// The status and the entity tag of the answer to a request for a part of the register, if it is the version `if_range`.
async fn resume(site: &Site, browser: &Browser, if_range: &str) -> (u16, String) {
    let answer = download(site, browser, REGISTER, &[("range", "bytes=100-199"), ("if-range", if_range)]).await;
    (answer.status().as_u16(), answer.headers()["etag"].to_str().unwrap().to_owned())
}

#[tokio::test]
async fn a_download_goes_on_only_with_the_version_that_it_began_with() {
    let site = start().await;
    let lena = signed_in(&site, "lena.dubois").await;
    let first = download(&site, &lena, REGISTER, &[("range", "bytes=0-99")]).await;
    let header = |name: &str| first.headers()[name].to_str().unwrap().to_owned();
    let (tag, date) = (header("etag"), header("last-modified"));
    assert_eq!(resume(&site, &lena, &tag).await, (206, tag.clone()));
    // A weak tag and a date do not say which version it is.
    for other in [&format!("W/{tag}"), &date, "\"\"", "*"] {
        assert_eq!(resume(&site, &lena, other).await, (200, tag.clone()), "{other}");
    }
    let changed = Document::new(BUCKET, "family-benefits/archive/register 2025.log", Content::Numbered(1_000));
    site.aws().put(changed);
    let (status, other) = resume(&site, &lena, &tag).await;
    assert_eq!(status, 200, "not a part of another version (RFC 9110, 13.1.5)");
    assert_ne!(other, tag);
}
