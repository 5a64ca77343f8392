//! ListObjectsV2, GetObject and HeadObject.

use axum::http::Method;
use local::aws::{Content, Document};

use super::{Answer, Cloud, Keys, LENA, Signed};

const FOLDER: &str = "s3://fps-case-files/family-benefits/*";
const README: &str = "/fps-case-files/family-benefits/READ%20ME%20FIRST.txt";

async fn vended(cloud: &Cloud) -> Keys {
    cloud.vended(&cloud.session(LENA).await, FOLDER).await
}

fn denied() -> (u16, String) {
    (403, "AccessDenied".to_owned())
}

/// A listing of the bucket with this query.
async fn list(cloud: &Cloud, keys: &Keys, query: &str) -> Answer {
    cloud.s3(keys, &format!("/fps-case-files?list-type=2&{query}")).await
}

#[tokio::test]
async fn only_vended_credentials_read() {
    let cloud = Cloud::demo().await;
    let session = cloud.session(LENA).await;
    for keys in [cloud.server(), session] {
        assert_eq!(cloud.s3(&keys, README).await.outcome(), denied());
        assert_eq!(list(&cloud, &keys, "prefix=family-benefits/").await.outcome(), denied());
    }
    let keys = vended(&cloud).await;
    assert_eq!(cloud.s3(&keys, README).await.outcome().0, 200);
}

#[tokio::test]
async fn vended_credentials_read_only_what_was_granted() {
    let cloud = Cloud::demo().await;
    let keys = vended(&cloud).await;
    for (query, status) in [
        ("prefix=family-benefits/", 200),
        ("prefix=family-benefits/2026/&delimiter=/", 200),
        ("prefix=family-benefits", 403),
        ("prefix=pensions/", 403),
        ("prefix=", 403),
        ("", 403),
    ] {
        assert_eq!(list(&cloud, &keys, query).await.outcome().0, status, "{query}");
    }
    for path in [
        "/fps-case-files/pensions/2026/2232/letter.txt",
        "/fps-case-files/inspection/report.txt",
        "/fps-case-files-closed/minutes.txt",
        "/no-such-bucket/key",
    ] {
        assert_eq!(cloud.s3(&keys, path).await.outcome(), denied(), "{path}");
    }
    let missing = cloud.s3(&keys, "/fps-case-files/family-benefits/no-such-key").await;
    assert_eq!(missing.outcome(), (404, "NoSuchKey".to_owned()));
}

#[tokio::test]
async fn the_privilege_decides_how_much_is_vended() {
    let cloud = Cloud::demo().await;
    let session = cloud.session(LENA).await;
    let target = "s3://fps-case-files/family-benefits/2026/0418/application.txt";
    let query = [("target", target), ("permission", "READ"), ("targetType", "Object"), ("privilege", "Minimal")];
    let keys = cloud.data_access(&session, &query).await.keys();
    let path = "/fps-case-files/family-benefits/2026/0418/application.txt";
    assert_eq!(cloud.s3(&keys, path).await.outcome().0, 200);
    assert_eq!(cloud.s3(&keys, README).await.outcome(), denied());
    assert_eq!(list(&cloud, &keys, "prefix=family-benefits/").await.outcome(), denied());
    let keys = cloud.data_access(&session, &query[..3]).await.keys();
    assert_eq!(cloud.s3(&keys, README).await.outcome().0, 200);
}

#[tokio::test]
async fn a_folder_is_listed_with_its_folders() {
    let cloud = Cloud::demo().await;
    let keys = vended(&cloud).await;
    let answer = list(&cloud, &keys, "prefix=family-benefits/&delimiter=/").await;
    // The mark of the folder itself is a document like any other.
    assert_eq!(answer.all("Key"), ["family-benefits/", "family-benefits/READ ME FIRST.txt"]);
    let folders: Vec<_> = answer.all("CommonPrefixes");
    assert_eq!(folders, ["<Prefix>family-benefits/2026/</Prefix>", "<Prefix>family-benefits/archive/</Prefix>"]);
    assert_eq!(answer.all("Size"), ["0", "67"]);
    assert_eq!(answer.first("KeyCount").as_deref(), Some("4"));

    let prefix = "prefix=family-benefits/2026/correspondence/";
    let plain = list(&cloud, &keys, prefix).await.all("Key");
    assert_eq!(plain.len(), 7);
    let encoded = list(&cloud, &keys, &format!("{prefix}&encoding-type=url")).await;
    assert_eq!(encoded.first("EncodingType").as_deref(), Some("url"));
    let encoded = encoded.all("Key");
    let name = |name: &str| format!("family-benefits/2026/correspondence/{name}");
    assert!(encoded.contains(&name("Aide-m%C3%A9moire+%C3%A9t%C3%A9+2026.txt")), "{encoded:?}");
    assert!(encoded.contains(&name("a%2520b%2Bc.txt")), "{encoded:?}");
    assert!(encoded.iter().all(|key| key.is_ascii()));
}

#[tokio::test]
async fn a_long_folder_has_pages() {
    let cloud = Cloud::demo().await;
    let keys = vended(&cloud).await;
    let (mut found, mut token, mut pages) = (Vec::new(), None::<String>, 0);
    loop {
        let next = token.map(|token| format!("&continuation-token={token}")).unwrap_or_default();
        let query = format!("prefix=family-benefits/archive/2025/&delimiter=/&max-keys=200{next}");
        let answer = list(&cloud, &keys, &query).await;
        found.extend(answer.all("Key"));
        pages += 1;
        token = answer.first("NextContinuationToken");
        assert_eq!(answer.first("IsTruncated").as_deref(), Some(if token.is_some() { "true" } else { "false" }));
        if token.is_none() {
            break;
        }
    }
    assert_eq!((pages, found.len()), (3, 450));
    assert!(found.is_sorted_by(|left, right| left < right));

    // A folder is one row, also where a page ends with it.
    let answer = list(&cloud, &keys, "prefix=family-benefits/archive/&delimiter=/&max-keys=1").await;
    assert_eq!(answer.all("CommonPrefixes"), ["<Prefix>family-benefits/archive/2025/</Prefix>"]);
    let token = answer.first("NextContinuationToken").unwrap();
    let query = format!("prefix=family-benefits/archive/&delimiter=/&continuation-token={token}");
    let answer = list(&cloud, &keys, &query).await;
    assert_eq!((answer.all("CommonPrefixes").len(), answer.all("Key").len()), (0, 2));
    assert_eq!(list(&cloud, &keys, "prefix=family-benefits/&continuation-token=made-up").await.outcome().0, 400);
    assert_eq!(list(&cloud, &keys, "prefix=family-benefits/&max-keys=x").await.outcome().0, 400);
    let after = "prefix=family-benefits/archive/2025/&start-after=family-benefits/archive/2025/case-0448.txt";
    assert_eq!(list(&cloud, &keys, after).await.all("Key").len(), 2);
}

async fn part(cloud: &Cloud, keys: &Keys, method: Method, path: &str, range: Option<&str>) -> Answer {
    let mut request = Signed::get(keys, "s3", format!("{}{path}", cloud.aws.s3_url()));
    request.method = method;
    request.headers.extend(range.map(|range| ("range", range.to_owned())));
    cloud.send(request.request()).await
}

#[tokio::test]
async fn a_document_is_read_in_whole_or_in_part() {
    let cloud = Cloud::demo().await;
    let keys = vended(&cloud).await;
    let path = "/fps-case-files/family-benefits/archive/register%202025.log";
    let header = |answer: &Answer, name: &str| answer.headers.get(name).map(|value| value.to_str().unwrap().to_owned());
    let whole = part(&cloud, &keys, Method::GET, path, None).await;
    assert_eq!((whole.outcome().0, whole.text.len()), (200, 5_000_000));
    assert_eq!(header(&whole, "content-type").as_deref(), Some("binary/octet-stream"));
    assert_eq!(header(&whole, "accept-ranges").as_deref(), Some("bytes"));
    assert!(header(&whole, "last-modified").unwrap().ends_with(" GMT"));

    let some = part(&cloud, &keys, Method::GET, path, Some("bytes=4000000-4000099")).await;
    assert_eq!(some.outcome().0, 206);
    assert_eq!(some.text, whole.text[4_000_000..4_000_100]);
    assert_eq!(header(&some, "content-range").as_deref(), Some("bytes 4000000-4000099/5000000"));
    assert_eq!(header(&some, "content-length").as_deref(), Some("100"));
    assert_eq!(header(&some, "etag"), header(&whole, "etag"));

    let head = part(&cloud, &keys, Method::HEAD, path, None).await;
    assert_eq!((head.outcome().0, head.text.as_str()), (200, ""));
    assert_eq!(header(&head, "content-length").as_deref(), Some("5000000"));
    let outside = part(&cloud, &keys, Method::GET, path, Some("bytes=5000000-")).await;
    assert_eq!(outside.outcome(), (416, "InvalidRange".to_owned()));
    let empty = "/fps-case-files/family-benefits/2026/0418/empty.txt";
    let empty = part(&cloud, &keys, Method::GET, empty, None).await;
    assert_eq!((empty.outcome().0, empty.text.as_str()), (200, ""));
}

#[tokio::test]
async fn every_name_of_the_demonstration_can_be_opened() {
    let cloud = Cloud::demo().await;
    let keys = vended(&cloud).await;
    let folder = "family-benefits/2026/correspondence/";
    for key in list(&cloud, &keys, &format!("prefix={folder}&encoding-type=url")).await.all("Key") {
        let path = format!("/fps-case-files/{}", key.replace('+', "%20"));
        let answer = cloud.s3(&keys, &path).await;
        assert_eq!(answer.outcome().0, 200, "{path}");
        let name = answer.text.lines().nth(1).unwrap();
        let encoded = url::form_urlencoded::byte_serialize(name.as_bytes()).collect::<String>();
        assert_eq!(key.strip_prefix(folder), Some(encoded.as_str()));
    }
}

#[tokio::test]
async fn documents_come_and_go() {
    let cloud = Cloud::demo().await;
    let keys = vended(&cloud).await;
    let path = "/fps-case-files/family-benefits/new";
    let key = "family-benefits/new";
    cloud.aws.put(Document::new("fps-case-files", key, Content::Zeros(1 << 40)).typed("text/plain"));
    let head = part(&cloud, &keys, Method::HEAD, path, None).await;
    assert_eq!(
        (&head.headers["content-length"], &head.headers["content-type"]),
        (&"1099511627776".parse().unwrap(), &"text/plain".parse().unwrap())
    );
    assert!(cloud.aws.delete("fps-case-files", key) && !cloud.aws.delete("fps-case-files", key));
    assert_eq!(part(&cloud, &keys, Method::HEAD, path, None).await.outcome().0, 404);
}

#[tokio::test]
async fn nothing_can_be_written() {
    let cloud = Cloud::demo().await;
    let keys = vended(&cloud).await;
    for method in [Method::PUT, Method::DELETE, Method::POST] {
        assert_eq!(part(&cloud, &keys, method, README, None).await.outcome().0, 501);
    }
    assert_eq!(cloud.s3(&keys, "/").await.outcome().0, 501);
    assert_eq!(cloud.s3(&keys, "/fps-case-files?prefix=family-benefits/").await.outcome().0, 501);
}
