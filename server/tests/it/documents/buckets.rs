//! Folders and documents of a real bucket, as far as there is one: see [`Engine`].

use std::sync::Arc;

use aws_sdk_s3::config::Credentials;
use futures_util::TryStreamExt as _;
use http::StatusCode;
use server::documents::{Documents, DocumentsError, Place, Problem, ServerCredentials, Settings};

use super::{
    aws,
    engine::{Engine, Parts},
    fake::{
        Answer,
        Call::{CreateToken, GetDataAccess, ListGrants},
        Fake, SERVER_KEY,
    },
    person, settings,
};

/// Names that a signature, an address or XML can get wrong.
const NAMES: [&str; 9] = [
    "a.pdf",
    "décision n° 1+2.pdf",
    "two  spaces.txt",
    "100%.txt",
    "50%25.txt",
    "a&b=c?d#e;f.txt",
    "<\"quoted\">'.txt",
    "ليلى.txt",
    "~!*()_,:@$.txt",
];

struct Bucket {
    engine: Engine,
    documents: Documents,
    fake: Fake,
}

impl Bucket {
    /// A bucket with documents of Lena and of Tom. Lena has a grant for all of it, but her credentials are only for `lena/`.
    async fn start() -> Self {
        let engine = Engine::start().await;
        let bucket = Self::with(engine).await;
        for name in NAMES {
            bucket.engine.put(&format!("lena/{name}"), "0123456789").await;
        }
        bucket.engine.put("lena/older/b.pdf", "older").await;
        bucket.engine.put("tom/letter.pdf", "of tom").await;
        let parts = bucket.engine.vend("lena/").await;
        bucket.vended(&parts);
        bucket
    }

    async fn with(engine: Engine) -> Self {
        let (documents, fake) = start_at(&engine, None).await;
        let scope = format!("s3://{}/*", engine.bucket);
        fake.always(ListGrants, Answer::Body(aws::grants(&[(&scope, "READ")], None)));
        Self { engine, documents, fake }
    }

    /// Access Grants gives these from now on.
    fn vended(&self, [key, secret, token]: &Parts) {
        let answer = aws::data_access_with([key, secret, token], "lena");
        self.fake.always(GetDataAccess, Answer::Body(answer));
    }

    /// Forgets the credentials in memory.
    fn vended_anew(&self, parts: &Parts) {
        self.documents.forget(&person("lena").session);
        self.vended(parts);
    }

    fn folder(&self, prefix: &str) -> Place {
        Place::folder(&self.engine.bucket, prefix).unwrap()
    }

    /// The status, the content range and the text.
    async fn open(
        &self,
        key: &str,
        range: Option<&str>,
    ) -> Result<(StatusCode, Option<String>, String), DocumentsError> {
        let document = Place::document(&self.engine.bucket, key).unwrap();
        let download = self.documents.open(&person("lena"), &document, range).await?;
        let body: Vec<_> = download.body.try_collect().await.unwrap();
        Ok((download.status, download.content_range, String::from_utf8(body.concat()).unwrap()))
    }
}

/// Identity Center and Access Grants are the fake's. So is STS if that of the engine wants a real context, unless the server has
/// this `wrong` secret.
async fn start_at(engine: &Engine, wrong: Option<&str>) -> (Documents, Fake) {
    let (fake, url) = Fake::start().await;
    let mut settings = Settings { s3_endpoint_url: Some(engine.s3_url.clone()), ..settings(&url) };
    let mut key = [SERVER_KEY, "secret"];
    if engine.takes_any_context() || wrong.is_some() {
        settings.sts_endpoint_url = Some(engine.sts_url.clone());
        settings.role_arn = engine.role_arn.clone();
        key = engine.server_key.each_ref().map(String::as_str);
    }
    let server = Credentials::new(key[0], wrong.unwrap_or(key[1]), None, None, "test");
    let documents = Documents::new(settings, &ServerCredentials::new(server), Arc::new(fake.clone()));
    fake.always(CreateToken, Answer::Body(aws::token("context/lena")));
    (documents, fake)
}

#[tokio::test]
async fn every_name_is_listed_and_opened() {
    let bucket = Bucket::start().await;
    let listing = bucket.documents.list(&person("lena"), &bucket.folder("lena/"), "", None).await.unwrap();
    let mut expected = NAMES.map(|name| format!("lena/{name}"));
    expected.sort_unstable();
    assert_eq!(listing.documents.iter().map(|document| document.key.clone()).collect::<Vec<_>>(), expected);
    assert_eq!((listing.folders, listing.next), (vec!["lena/older/".to_owned()], None));
    assert!(listing.documents.iter().all(|document| document.size == 10 && document.modified.is_some()));
    for key in expected {
        let opened = bucket.open(&key, None).await.unwrap_or_else(|error| panic!("{key}: {error}"));
        assert_eq!(opened, (StatusCode::OK, None, "0123456789".to_owned()), "{key}");
    }
}

#[tokio::test]
async fn a_folder_and_a_start_have_any_name() {
    let bucket = Bucket::start().await;
    bucket.engine.put("lena/é + ü/a b.txt", "x").await;
    for (prefix, starts) in [("lena/é + ü/", ""), ("lena/é + ü/", "a b"), ("lena/é + ü/", "a ")] {
        let listing = bucket.documents.list(&person("lena"), &bucket.folder(prefix), starts, None).await.unwrap();
        let keys: Vec<_> = listing.documents.into_iter().map(|document| document.key).collect();
        assert_eq!(keys, ["lena/é + ü/a b.txt"], "{prefix}{starts}");
    }
}

#[tokio::test]
async fn a_long_folder_has_pages() {
    let bucket = Bucket::start().await;
    for number in 0..201 {
        bucket.engine.put(&format!("lena/many/é {number:03}.txt"), "x").await;
    }
    let (lena, folder) = (person("lena"), bucket.folder("lena/many/"));
    let first = bucket.documents.list(&lena, &folder, "", None).await.unwrap();
    assert_eq!((first.documents.len(), first.documents[199].key.as_str()), (200, "lena/many/é 199.txt"));
    let second = bucket.documents.list(&lena, &folder, "", first.next.as_deref()).await.unwrap();
    let keys: Vec<_> = second.documents.iter().map(|document| document.key.as_str()).collect();
    assert_eq!((keys, second.next.as_deref()), (vec!["lena/many/é 200.txt"], None));
}

#[tokio::test]
async fn a_part_of_a_document_is_opened() {
    let bucket = Bucket::start().await;
    for (range, part, text) in
        [("bytes=2-4", "bytes 2-4/10", "234"), ("bytes=7-", "bytes 7-9/10", "789"), ("bytes=-1", "bytes 9-9/10", "9")]
    {
        let opened = bucket.open("lena/a.pdf", Some(range)).await.unwrap();
        assert_eq!(opened, (StatusCode::PARTIAL_CONTENT, Some(part.to_owned()), text.to_owned()), "{range}");
    }
    assert_eq!(bucket.open("lena/a.pdf", Some("bytes=10-")).await.unwrap_err().problem, Problem::Range);
}

#[tokio::test]
async fn credentials_for_one_folder_open_nothing_else() {
    let bucket = Bucket::start().await;
    let error = bucket.open("tom/letter.pdf", None).await.unwrap_err();
    assert_eq!(error.problem, Problem::NotFound);
    assert!(error.to_string().starts_with("GetObject: AccessDenied"), "{error}");
    for (prefix, starts) in [("tom/", ""), ("", ""), ("", "lena"), ("len", "")] {
        let error = bucket.documents.list(&person("lena"), &bucket.folder(prefix), starts, None).await.unwrap_err();
        assert!(error.to_string().starts_with("ListObjectsV2: AccessDenied"), "{prefix} {starts}: {error}");
    }
    let error = bucket.open("lena/missing.pdf", None).await.unwrap_err();
    assert_eq!(error.problem, Problem::NotFound, "{error}");
    assert_eq!(bucket.open("lena/a.pdf", None).await.unwrap().2, "0123456789", "they still work");
}

#[tokio::test]
async fn credentials_that_are_not_whole_are_refused() {
    let bucket = Bucket::start().await;
    let right = bucket.engine.vend("lena/").await;
    let other = bucket.engine.vend("lena/").await;
    let [key, secret, token] = &right;
    for (what, parts, code) in [
        ("the secret of others", [key, &other[1], token], "SignatureDoesNotMatch"),
        ("the token of others", [key, secret, &other[2]], "InvalidToken"),
        ("a made-up token", [key, secret, &"made-up".to_owned()], "InvalidToken"),
        ("an unknown key", [&"ASIAAAAAAAAAAAAAAAAA".to_owned(), secret, token], "InvalidAccessKeyId"),
    ] {
        bucket.vended_anew(&parts.map(Clone::clone));
        let error = bucket.open("lena/a.pdf", None).await.unwrap_err();
        assert_eq!(error.problem, Problem::Misconfigured, "{what}: {error}");
        assert!(error.to_string().starts_with(&format!("GetObject: {code}")), "{what}: {error}");
    }
    bucket.vended_anew(&right);
    assert_eq!(bucket.open("lena/a.pdf", None).await.unwrap().2, "0123456789");
}

#[tokio::test]
async fn credentials_that_s3_no_longer_accepts_are_replaced() {
    let bucket = Bucket::start().await;
    let [key, secret, _] = bucket.engine.vend("lena/").await;
    let stale = aws::data_access_with([&key, &secret, "ended"], "lena");
    bucket.fake.next(GetDataAccess, Answer::Body(stale));
    assert_eq!(bucket.open("lena/a.pdf", None).await.unwrap().2, "0123456789");
}

#[tokio::test]
async fn sts_refuses_a_server_with_the_wrong_secret() {
    let engine = Engine::start().await;
    let (documents, _fake) = start_at(&engine, Some("wrong")).await;
    let error = documents.grants(&person("lena")).await.unwrap_err();
    assert_eq!(error.problem, Problem::Misconfigured);
    assert!(error.to_string().starts_with("AssumeRole: SignatureDoesNotMatch"), "{error}");
}
