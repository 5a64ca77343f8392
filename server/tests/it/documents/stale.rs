//! What is taken away while it is kept in memory.

use server::documents::Problem;

use super::{
    aws, document,
    fake::{
        Answer,
        Call::{AssumeRole, CreateToken, FreshToken, GetDataAccess, GetObject, ListGrants, ListObjects},
    },
    folder, person, start,
};

#[tokio::test]
async fn a_session_of_the_role_that_aws_no_longer_accepts_is_replaced_once() {
    let (documents, fake) = start().await;
    let lena = person("lena");
    documents.grants(&lena).await.unwrap();
    fake.take();
    fake.next(GetDataAccess, Answer::Error(400, "ExpiredToken"));
    documents.list(&lena, &folder("lena/"), "", None).await.unwrap();
    let expected = [GetDataAccess, FreshToken, CreateToken, AssumeRole, GetDataAccess, ListObjects];
    assert_eq!(fake.take_calls(), expected);
}

#[tokio::test]
async fn credentials_that_are_never_accepted_end_in_an_error() {
    let (documents, fake) = start().await;
    fake.always(ListGrants, Answer::Error(403, "InvalidAccessKeyId"));
    let error = documents.grants(&person("lena")).await.unwrap_err();
    assert_eq!(error.problem, Problem::Misconfigured);
    let twice = [FreshToken, CreateToken, AssumeRole, ListGrants, FreshToken, CreateToken, AssumeRole, ListGrants];
    assert_eq!(fake.take_calls(), twice);
}

#[tokio::test]
async fn credentials_of_a_grant_that_s3_no_longer_accepts_are_replaced_once() {
    let (documents, fake) = start().await;
    let lena = person("lena");
    documents.list(&lena, &folder("lena/"), "", None).await.unwrap();
    fake.take();
    fake.next(GetObject, Answer::Error(400, "ExpiredToken"));
    documents.open(&lena, &document("lena/letter.pdf"), None).await.unwrap();
    assert_eq!(fake.take_calls(), [GetObject, GetDataAccess, GetObject]);
}

#[tokio::test]
async fn a_grant_that_was_taken_away_is_noticed_at_its_next_use() {
    let (documents, fake) = start().await;
    let lena = person("lena");
    documents.grants(&lena).await.unwrap();
    fake.always(GetDataAccess, Answer::Error(403, "AccessDenied"));
    fake.always(ListGrants, Answer::Body(aws::grants(&[], None)));
    let open = async || documents.open(&lena, &document("lena/letter.pdf"), None).await.unwrap_err();
    assert_eq!(open().await.problem, Problem::NotGranted);
    fake.take();
    assert_eq!(open().await.problem, Problem::NotGranted);
    assert_eq!(fake.take_calls(), [ListGrants], "the list of a minute ago is not used any more");
    assert!(documents.grants(&lena).await.unwrap().is_empty());
}

#[tokio::test]
async fn credentials_that_may_have_been_revoked_are_not_used_again() {
    let (documents, fake) = start().await;
    let lena = person("lena");
    // AWS refuses the sessions of a role that were revoked as it refuses a right that is missing.
    fake.next(ListGrants, Answer::Error(403, "AccessDenied"));
    documents.grants(&lena).await.unwrap_err();
    fake.take();
    documents.list(&lena, &folder("lena/"), "", None).await.unwrap();
    let expected = [FreshToken, CreateToken, AssumeRole, ListGrants, GetDataAccess, ListObjects];
    assert_eq!(fake.take_calls(), expected);
    fake.next(ListObjects, Answer::Error(403, "AccessDenied"));
    documents.list(&lena, &folder("lena/"), "", None).await.unwrap_err();
    fake.take();
    documents.list(&lena, &folder("lena/"), "", None).await.unwrap();
    assert_eq!(fake.take_calls(), [GetDataAccess, ListObjects]);
}
