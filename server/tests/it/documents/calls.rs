use serde_json::{Value, json};
use server::documents::{Grant, Permission, Scope};

use super::{
    APPLICATION, ROLE, document,
    fake::{
        Answer,
        Call::{self, AssumeRole, CreateToken, FreshToken, GetDataAccess, GetObject, ListGrants, ListObjects},
        SERVER_KEY,
    },
    folder, person, start,
};

#[tokio::test]
async fn the_first_page_needs_four_calls_and_the_next_none() {
    let (documents, fake) = start().await;
    let lena = person("lena");
    let expected = Grant { scope: Scope::parse("s3://bucket/lena/*").unwrap(), permission: Permission::Read };
    assert_eq!(*documents.grants(&lena).await.unwrap(), [expected]);
    assert_eq!(fake.take_calls(), [FreshToken, CreateToken, AssumeRole, ListGrants]);
    documents.grants(&lena).await.unwrap();
    assert_eq!(fake.take_calls(), []);
}

#[tokio::test]
async fn a_folder_needs_two_calls_and_then_one_like_a_download() {
    let (documents, fake) = start().await;
    let lena = person("lena");
    documents.grants(&lena).await.unwrap();
    fake.take();
    documents.list(&lena, &folder("lena/"), "", None).await.unwrap();
    assert_eq!(fake.take_calls(), [GetDataAccess, ListObjects]);
    documents.list(&lena, &folder("lena/older/"), "", None).await.unwrap();
    assert_eq!(fake.take_calls(), [ListObjects]);
    documents.open(&lena, &document("lena/letter.pdf"), None).await.unwrap();
    assert_eq!(fake.take_calls(), [GetObject]);
}

#[tokio::test]
async fn each_call_has_what_aws_expects_and_its_own_kind_of_credentials() {
    let (documents, fake) = start().await;
    let lena = person("lena");
    documents.list(&lena, &folder("lena/"), "", None).await.unwrap();
    documents.open(&lena, &document("lena/letter.pdf"), None).await.unwrap();
    let [fresh, exchange, assume, grants, access, list, get] = &fake.take()[..] else { panic!("seven calls") };

    assert_eq!(fresh.body, "refresh/lena");

    assert_eq!((exchange.call, exchange.key.as_str()), (CreateToken, SERVER_KEY));
    assert_eq!(exchange.query["aws_iam"], "t");
    let body: Value = serde_json::from_str(&exchange.body).unwrap();
    let expected = json!({
        "clientId": APPLICATION,
        "grantType": "urn:ietf:params:oauth:grant-type:jwt-bearer",
        "assertion": "id-token/lena/1",
    });
    assert_eq!(body, expected);
    assert!(exchange.header("authorization").unwrap().contains("/eu-west-1/sso-oauth/"));

    assert_eq!((assume.call, assume.key.as_str()), (AssumeRole, SERVER_KEY));
    let mut form = assume.form();
    let name = form.remove("RoleSessionName").unwrap();
    assert!(name.len() == 32 && name.bytes().all(|byte| byte.is_ascii_hexdigit()), "{name}");
    let expected = [
        ("Action", "AssumeRole"),
        ("Version", "2011-06-15"),
        ("RoleArn", ROLE),
        ("DurationSeconds", "3600"),
        ("ProvidedContexts.member.1.ProviderArn", "arn:aws:iam::aws:contextProvider/IdentityCenter"),
        ("ProvidedContexts.member.1.ContextAssertion", "context/lena"),
    ];
    assert_eq!(form, expected.map(|(name, value)| (name.to_owned(), value.to_owned())).into());

    for (received, call) in [(grants, ListGrants), (access, GetDataAccess)] {
        assert_eq!((received.call, received.key.as_str()), (call, "CONTEXT-lena"));
        assert_eq!(received.header("x-amz-security-token"), Some("token-of-CONTEXT-lena"));
        assert_eq!(received.header("x-amz-account-id"), Some("123456789012"));
        assert!(received.header("authorization").unwrap().contains("/eu-west-1/s3/"));
        assert!(received.header("host").unwrap().starts_with("127.0.0.1:"), "the account is not part of the host");
    }
    assert_eq!(grants.query["allowedByApplication"], "true");
    assert_eq!(grants.query["maxResults"], "1000");
    let expected = [
        ("target", "s3://bucket/lena/*"),
        ("permission", "READ"),
        ("privilege", "Default"),
        ("durationSeconds", "900"),
        ("auditContext", "3F9A-12C7"),
    ];
    assert_eq!(access.query, expected.map(|(name, value)| (name.to_owned(), value.to_owned())).into());

    for (received, call, path) in [(list, ListObjects, "/bucket"), (get, GetObject, "/bucket/lena/letter.pdf")] {
        assert_eq!((received.call, received.key.as_str()), (call, "DATA-lena"));
        assert_eq!(received.header("x-amz-security-token"), Some("token-of-DATA-lena"));
        assert_eq!(received.path.trim_end_matches('/'), path);
    }
    for (name, value) in [("prefix", "lena/"), ("delimiter", "/"), ("max-keys", "200"), ("encoding-type", "url")] {
        assert_eq!(list.query[name], value);
    }
}

#[tokio::test]
async fn a_grant_of_one_object_is_asked_for_as_an_object() {
    let (documents, fake) = start().await;
    let lena = person("lena");
    fake.always(ListGrants, Answer::Body(super::aws::grants(&[("s3://bucket/one/letter.pdf", "READWRITE")], None)));
    documents.open(&lena, &document("one/letter.pdf"), None).await.unwrap();
    let received = fake.take();
    let access = received.iter().find(|received| received.call == GetDataAccess).unwrap();
    assert_eq!(access.query["target"], "s3://bucket/one/letter.pdf");
    assert_eq!(access.query["targetType"], "Object");
    assert_eq!(access.query["permission"], "READ", "nothing is written");
}

#[tokio::test]
async fn every_page_of_grants_is_read_and_each_scope_is_there_once() {
    let (documents, fake) = start().await;
    let first = [("s3://bucket/b/*", "READ"), ("s3://bucket*", "READ"), ("s3://bucket/drop/*", "WRITE")];
    let second = [("s3://bucket/b/*", "READWRITE"), ("s3://*", "READ"), ("s3://bucket/a/x", "READ")];
    fake.next(ListGrants, Answer::Body(super::aws::grants(&first, Some("page 2"))));
    fake.next(ListGrants, Answer::Body(super::aws::grants(&second, None)));
    let grants = documents.grants(&person("lena")).await.unwrap();
    let expected = [
        ("s3://bucket*", Permission::Read),
        ("s3://bucket/b/*", Permission::ReadWrite),
        ("s3://bucket/a/x", Permission::Read),
    ];
    let expected = expected.map(|(scope, permission)| Grant { scope: Scope::parse(scope).unwrap(), permission });
    assert_eq!(*grants, expected);
    let received = fake.take();
    let pages: Vec<_> = received.iter().filter(|received| received.call == ListGrants).collect();
    assert_eq!(pages.len(), 2);
    assert_eq!((pages[0].query.get("nextToken"), pages[1].query["nextToken"].as_str()), (None, "page 2"));
}

#[tokio::test]
async fn an_endless_list_of_grants_ends() {
    let (documents, fake) = start().await;
    fake.always(ListGrants, Answer::Body(super::aws::grants(&[("s3://bucket/*", "READ")], Some("more"))));
    assert_eq!(documents.grants(&person("lena")).await.unwrap().len(), 1);
    assert_eq!(fake.take_calls().iter().filter(|call| **call == ListGrants).count(), 50);
}

#[tokio::test]
async fn without_a_grant_nothing_is_asked_of_access_grants_or_s3() {
    let (documents, fake) = start().await;
    let lena = person("lena");
    documents.grants(&lena).await.unwrap();
    fake.take();
    for key in ["tom/letter.pdf", "lena", "len/", "../lena/letter.pdf", "Lena/letter.pdf"] {
        let error = documents.open(&lena, &document(key), None).await.unwrap_err();
        assert_eq!(error.problem, server::documents::Problem::NotGranted, "{key}");
    }
    for (prefix, filter) in [("", ""), ("tom/", ""), ("", "tom/"), ("lena", "")] {
        let error = documents.list(&lena, &folder(prefix), filter, None).await.unwrap_err();
        assert_eq!(error.problem, server::documents::Problem::NotGranted, "{prefix} {filter}");
    }
    let elsewhere = server::documents::Place::document("bucket-secret", "lena/letter.pdf").unwrap();
    documents.open(&lena, &elsewhere, None).await.unwrap_err();
    assert_eq!(fake.take_calls(), Vec::<Call>::new());
}

#[tokio::test]
async fn a_folder_above_a_grant_is_listed_only_with_a_filter_that_is_inside_it() {
    let (documents, fake) = start().await;
    let lena = person("lena");
    documents.list(&lena, &folder("len"), "a/let", None).await.unwrap();
    let received = fake.take();
    assert_eq!(received.last().unwrap().query["prefix"], "lena/let");
}

#[tokio::test]
async fn all_people_and_services_share_one_pool_of_connections() {
    let (documents, fake) = start().await;
    for number in 0..10 {
        let person = person(&format!("user{number}"));
        documents.list(&person, &folder(&format!("user{number}/")), "", None).await.unwrap();
    }
    assert_eq!(fake.connections(), 1, "one call after another");
}
