//! ListCallerAccessGrants and GetDataAccess.

use local::aws::{APPLICATION_ARN, Application, Grant, Grantee, Permission};

use super::{Answer, Cloud, LENA, Signed, TOM};

const LENA_ID: &str = "93a4b8c2-1001-70aa-8d10-6f2b1c0d0001";
const FAMILY_BENEFITS: &str = "93a4b8c2-1001-70aa-8d10-6f2b1c0d1002";
const FOLDER: &str = "s3://fps-case-files/family-benefits/*";
const JOINT_CASE: &str = "s3://fps-case-files/pensions/2026/joint case 0815.txt";

fn denied() -> (u16, String) {
    (403, "AccessDenied".to_owned())
}

fn rows(answer: &Answer) -> Vec<(String, String)> {
    answer.all("GrantScope").into_iter().zip(answer.all("Permission")).collect()
}

#[tokio::test]
async fn each_person_sees_their_own_grants_and_those_of_their_groups() {
    let cloud = Cloud::demo().await;
    let answer = cloud.grants(&cloud.session(LENA).await, &[("allowedByApplication", "true")]).await;
    let row = |scope: &str, permission: &str| (scope.to_owned(), permission.to_owned());
    let shared = row("s3://fps-case-files/shared/*", "READ");
    assert_eq!(rows(&answer), [row(FOLDER, "READ"), shared.clone(), row(JOINT_CASE, "READ")]);
    assert_eq!(answer.all("ApplicationArn"), [APPLICATION_ARN; 3]);
    let answer = cloud.grants(&cloud.session(TOM).await, &[]).await;
    assert_eq!(rows(&answer), [row("s3://fps-case-files/pensions/*", "READWRITE"), shared]);
    let ruben = cloud.session("ruben.claes@fps.example").await;
    assert_eq!(rows(&cloud.grants(&ruben, &[]).await), []);
}

#[tokio::test]
async fn the_list_has_pages_and_filters() {
    let cloud = Cloud::with(|options| options.grants_per_page = 2).await;
    let session = cloud.session(LENA).await;
    let first = cloud.grants(&session, &[]).await;
    assert_eq!(rows(&first).len(), 2);
    let token = first.first("NextToken").unwrap();
    let second = cloud.grants(&session, &[("nextToken", &token)]).await;
    assert_eq!((rows(&second).len(), second.first("NextToken")), (1, None));
    assert_eq!(rows(&cloud.grants(&session, &[("maxResults", "1")]).await).len(), 1);
    assert_eq!(rows(&cloud.grants(&session, &[("grantscope", "joint case")]).await).len(), 1);
    assert_eq!(cloud.grants(&session, &[("maxResults", "1001")]).await.outcome().0, 400);
    assert_eq!(cloud.grants(&session, &[("nextToken", "made-up")]).await.outcome().0, 400);

    let other = Application::Only(APPLICATION_ARN.replace("apl-2", "apl-3"));
    let grant = |scope: &str, application| Grant {
        application,
        ..Grant::new(Grantee::User(LENA_ID.to_owned()), scope, Permission::Read)
    };
    cloud.aws.grant(grant("s3://other/*", other));
    cloud.aws.grant(grant("s3://all/*", Application::All));
    let only = |query: &'static [(&str, &str)]| cloud.grants(&session, query);
    assert_eq!(rows(&only(&[("grantscope", "s3://other")]).await).len(), 1);
    assert!(rows(&only(&[("grantscope", "s3://other"), ("allowedByApplication", "true")]).await).is_empty());
    assert_eq!(
        only(&[("grantscope", "s3://all"), ("allowedByApplication", "true")]).await.all("ApplicationArn"),
        ["ALL"]
    );
    let query = [("target", "s3://other/*"), ("permission", "READ")];
    assert_eq!(cloud.data_access(&session, &query).await.outcome(), denied());
}

#[tokio::test]
async fn a_grant_vends_credentials_and_says_whose_it_is() {
    let cloud = Cloud::demo().await;
    let session = cloud.session(LENA).await;
    let query = [("target", FOLDER), ("permission", "READ"), ("durationSeconds", "900"), ("auditContext", "ref 1")];
    let answer = cloud.data_access(&session, &query).await;
    assert_eq!(answer.outcome(), (200, String::new()));
    let field = |answer: &Answer, name| answer.first(name).unwrap();
    assert_eq!(field(&answer, "MatchedGrantTarget"), FOLDER);
    assert_eq!(field(&answer, "GranteeType"), "DIRECTORY_GROUP");
    assert_eq!(field(&answer, "GranteeIdentifier"), FAMILY_BENEFITS);
    let last = cloud.aws.trail().pop().unwrap();
    assert_eq!((last.operation, last.user_id.as_str()), ("GetDataAccess", LENA_ID));
    assert_eq!(last.audit_context.as_deref(), Some("ref 1"));

    let object = [("target", JOINT_CASE), ("permission", "READ"), ("targetType", "Object")];
    let answer = cloud.data_access(&session, &object).await;
    assert_eq!(
        (field(&answer, "GranteeType"), field(&answer, "GranteeIdentifier")),
        ("DIRECTORY_USER".to_owned(), LENA_ID.to_owned())
    );
    assert_eq!(field(&answer, "MatchedGrantTarget"), JOINT_CASE);
}

#[tokio::test]
async fn without_a_grant_there_are_no_credentials() {
    let cloud = Cloud::demo().await;
    let session = cloud.session(LENA).await;
    for (target, permission, is_object) in [
        ("s3://fps-case-files/pensions/*", "READ", false),
        ("s3://fps-case-files/*", "READ", false),
        ("s3://fps-case-files*", "READ", false),
        (FOLDER, "WRITE", false),
        (FOLDER, "READWRITE", false),
        // The grant of one document covers no prefix.
        (JOINT_CASE, "READ", false),
        ("s3://fps-case-files/pensions/2026/joint case 0815.txt2", "READ", true),
        ("s3://fps-case-files-closed/minutes.txt", "READ", true),
    ] {
        let mut query = vec![("target", target), ("permission", permission)];
        query.extend(is_object.then_some(("targetType", "Object")));
        let answer = cloud.data_access(&session, &query).await;
        assert_eq!(answer.outcome(), denied(), "{target}");
        let message = format!("You do not have {permission} permissions to the requested S3 Prefix: {target}");
        assert_eq!(answer.first("Message"), Some(message));
    }
    for query in [
        vec![("permission", "READ")],
        vec![("target", FOLDER)],
        vec![("target", FOLDER), ("permission", "LIST")],
        vec![("target", FOLDER), ("permission", "READ"), ("targetType", "Object")],
        vec![("target", FOLDER), ("permission", "READ"), ("privilege", "Maximal")],
        vec![("target", FOLDER), ("permission", "READ"), ("durationSeconds", "899")],
        vec![("target", FOLDER), ("permission", "READ"), ("durationSeconds", "43201")],
        vec![("target", FOLDER), ("permission", "READ"), ("auditContext", "")],
    ] {
        assert_eq!(cloud.data_access(&session, &query).await.outcome().0, 400, "{query:?}");
    }
}

#[tokio::test]
async fn a_grant_can_be_made_and_taken_away() {
    let cloud = Cloud::demo().await;
    let session = cloud.session("ruben.claes@fps.example").await;
    let query = [("target", "s3://fps-case-files/inspection/*"), ("permission", "READ")];
    assert_eq!(cloud.data_access(&session, &query).await.outcome(), denied());
    let grantee = Grantee::User("93a4b8c2-1001-70aa-8d10-6f2b1c0d0003".to_owned());
    let grant = cloud.aws.grant(Grant::new(grantee, "s3://fps-case-files/inspection/*", Permission::Read));
    let keys = cloud.data_access(&session, &query).await.keys();
    assert!(cloud.aws.revoke(&grant) && !cloud.aws.revoke(&grant));
    assert_eq!(cloud.data_access(&session, &query).await.outcome(), denied());
    // What was vended lives on.
    assert_eq!(cloud.s3(&keys, "/fps-case-files/inspection/report.txt").await.outcome().0, 200);
}

#[tokio::test]
async fn only_a_persons_session_may_ask_and_only_in_this_account() {
    let cloud = Cloud::demo().await;
    let vended = cloud.vended(&cloud.session(LENA).await, FOLDER).await;
    for keys in [cloud.server(), vended] {
        assert_eq!(cloud.grants(&keys, &[]).await.outcome(), denied());
        assert_eq!(cloud.data_access(&keys, &[("target", FOLDER), ("permission", "READ")]).await.outcome(), denied());
    }
    let session = cloud.session(LENA).await;
    let url = format!("{}/v20180820/accessgrantsinstance/caller/grants", cloud.aws.s3control_url());
    let with = async |headers: &[(&'static str, &str)]| {
        let mut request = Signed::get(&session, "s3", url.clone());
        request.headers = headers.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        cloud.send(request.request()).await.outcome()
    };
    let (ours, sum) = (("x-amz-account-id", "123456789012"), ("x-amz-checksum-crc32", "AAAAAA=="));
    assert_eq!(with(&[ours, sum]).await.0, 200);
    assert_eq!(with(&[("x-amz-account-id", "210987654321"), sum]).await, denied());
    assert_eq!(with(&[sum]).await.0, 400);
    assert_eq!(with(&[ours]).await.0, 400);
    assert_eq!(with(&[ours, ("content-md5", "AAAA")]).await, (400, "BadDigest".to_owned()));
}

#[tokio::test]
async fn the_most_specific_grant_is_used() {
    let cloud = Cloud::demo().await;
    let session = cloud.session(LENA).await;
    let lena = || Grantee::User(LENA_ID.to_owned());
    cloud.aws.grant(Grant::new(lena(), "s3://fps-case-files/family-benefits/2026/*", Permission::ReadWrite));
    cloud.aws.grant(Grant::new(lena(), "s3://fps-case-files*", Permission::Read));
    for (target, matched) in [
        ("s3://fps-case-files/family-benefits/2026/0417/*", "s3://fps-case-files/family-benefits/2026/*"),
        ("s3://fps-case-files/family-benefits/archive/*", FOLDER),
        ("s3://fps-case-files/inspection/*", "s3://fps-case-files*"),
    ] {
        let answer = cloud.data_access(&session, &[("target", target), ("permission", "READ")]).await;
        assert_eq!(answer.first("MatchedGrantTarget").as_deref(), Some(matched), "{target}");
    }
    // A bucket whose name begins in the same way is another one.
    let query = [("target", "s3://fps-case-files-closed/*"), ("permission", "READ")];
    assert_eq!(cloud.data_access(&session, &query).await.outcome(), denied());
}
