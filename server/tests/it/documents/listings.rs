use server::documents::Problem;
use time::macros::datetime;

use super::{
    aws,
    fake::{
        Answer,
        Call::{ListGrants, ListObjects},
    },
    folder, person, start,
};

#[tokio::test]
async fn a_folder_shows_its_folders_and_documents() {
    let (documents, fake) = start().await;
    let page = aws::listing(
        &[("lena/", 0), ("lena/d%C3%A9cision+1%2B2.pdf", 5_000_000_000), ("lena/letter.pdf", 0)],
        &["lena/older/", "lena/t%C3%A9/"],
        Some("page 2"),
    );
    fake.next(ListObjects, Answer::Body(page));
    let listing = documents.list(&person("lena"), &folder("lena/"), "", None).await.unwrap();
    assert_eq!(listing.folders, ["lena/older/", "lena/té/"]);
    let found: Vec<_> = listing.documents.iter().map(|document| (document.key.as_str(), document.size)).collect();
    let expected = [("lena/décision 1+2.pdf", 5_000_000_000), ("lena/letter.pdf", 0)];
    assert_eq!(found, expected, "without the object that stands for the folder");
    assert_eq!(listing.documents[0].modified, Some(datetime!(2026-11-20 08:30 UTC)));
    assert_eq!(listing.next.as_deref(), Some("page 2"));
    assert_eq!(format!("{listing:?}"), "Listing(2 folders, 2 documents)");
}

#[tokio::test]
async fn the_next_page_and_a_filter_are_passed_on() {
    let (documents, fake) = start().await;
    let lena = person("lena");
    documents.list(&lena, &folder("lena/"), "dé c+1", Some("a token/+=")).await.unwrap();
    let received = fake.take().pop().unwrap();
    assert_eq!(received.query["prefix"], "lena/dé c+1");
    assert_eq!(received.query["continuation-token"], "a token/+=");
    let listing = documents.list(&lena, &folder("lena/"), "", None).await.unwrap();
    assert_eq!(listing.next, None, "the last page");
    fake.take();
    let error = documents.list(&lena, &folder("lena/"), "", Some(&"a".repeat(2049))).await.unwrap_err();
    assert_eq!((error.problem, fake.take_calls()), (Problem::NotFound, Vec::new()), "no page has such a token");
}

#[tokio::test]
async fn a_whole_bucket_is_listed_without_a_prefix() {
    let (documents, fake) = start().await;
    fake.always(ListGrants, Answer::Body(aws::grants(&[("s3://bucket*", "READ")], None)));
    documents.list(&person("lena"), &folder(""), "", None).await.unwrap();
    let received = fake.take().pop().unwrap();
    assert_eq!(received.query["prefix"], "");
    assert_eq!(received.path.trim_end_matches('/'), "/bucket");
}

#[tokio::test]
async fn names_that_were_not_asked_for_are_not_shown() {
    let (documents, fake) = start().await;
    for page in [aws::listing(&[("tom/letter.pdf", 1)], &[], None), aws::listing(&[], &["tom/"], None)] {
        fake.next(ListObjects, Answer::Body(page));
        let error = documents.list(&person("lena"), &folder("lena/"), "", None).await.unwrap_err();
        assert_eq!(error.problem, Problem::Unavailable);
    }
}
