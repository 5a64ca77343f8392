//! What was granted, and no longer is.

use local::aws::{Aws, Grant, GrantId, Grantee, IssuedFor, Permission};
use reqwest::StatusCode;
use testkit::Browser;
use tower_sessions::SessionStore as _;

use super::{BUCKET, FILE, FOLDER, JOINT_CASE, LENA, LIST, calls_of, heading, later, links, sign_in, signed_in, start};

/// The user id of Ruben Claes, who has no grant.
const RUBEN: &str = "93a4b8c2-1001-70aa-8d10-6f2b1c0d0003";
/// How old a list of grants may be, in seconds.
const MINUTE: u64 = 60;
/// How long a session of the person role is used, in seconds.
const CONTEXT: u64 = 3_600 - 300;

/// The grant of the joint case.
fn grant_of_joint_case(aws: &Aws) -> GrantId {
    let grants = aws.grants();
    grants.into_iter().find(|(_, grant)| grant.scope.contains("joint case")).unwrap().0
}

async fn status(browser: &mut Browser, path: &str) -> u16 {
    browser.get(path).await.status.as_u16()
}

#[tokio::test]
async fn a_grant_that_was_taken_away_is_gone_after_a_minute() {
    let site = start().await;
    let aws = site.aws();
    let mut lena = signed_in(&site, "lena.dubois").await;
    assert!(links(&lena.get(LIST).await).contains(&JOINT_CASE.to_owned()));
    assert_eq!(status(&mut lena, JOINT_CASE).await, 200);
    assert!(aws.revoke(&grant_of_joint_case(aws)));
    // Until the list is old, it says what was granted, and no more.
    assert_eq!(links(&lena.get(LIST).await).len(), 3);
    assert_eq!(status(&mut lena, "/documents/file?bucket=fps-case-files&key=pensions/templates/letter.txt").await, 403);

    later(MINUTE + 1).await;
    let made = calls_of(aws, async {
        let page = lena.get(JOINT_CASE).await;
        assert_eq!((page.status, heading(&page)), (StatusCode::FORBIDDEN, "You do not have access to this"));
        assert!(!links(&lena.get(LIST).await).contains(&JOINT_CASE.to_owned()));
    })
    .await;
    // The credentials for it would still work: they are not used.
    assert_eq!(made.into_iter().collect::<Vec<_>>(), [("ListCallerAccessGrants", 1)]);
    assert_eq!(status(&mut lena, FILE).await, 200, "the other grants are as before");
}

#[tokio::test]
async fn a_grant_that_was_taken_away_before_its_first_use_is_gone_at_that_use() {
    let site = start().await;
    let aws = site.aws();
    let mut lena = signed_in(&site, "lena.dubois").await;
    assert_eq!(links(&lena.get(LIST).await).len(), 3);
    assert!(aws.revoke(&grant_of_joint_case(aws)));
    assert_eq!(status(&mut lena, JOINT_CASE).await, 403);
    assert_eq!(links(&lena.get(LIST).await).len(), 2);
}

#[tokio::test]
async fn a_new_grant_shows_after_a_minute() {
    let site = start().await;
    let mut ruben = signed_in(&site, "ruben.claes").await;
    assert!(links(&ruben.get(LIST).await).is_empty());
    let scope = format!("s3://{BUCKET}/inspection/*");
    site.aws().grant(Grant::new(Grantee::User(RUBEN.to_owned()), &scope, Permission::Read));
    later(MINUTE + 1).await;
    let folder = "/documents/folder?bucket=fps-case-files&prefix=inspection/";
    assert_eq!(links(&ruben.get(LIST).await), [folder]);
    assert_eq!(status(&mut ruben, folder).await, 200);
}

#[tokio::test]
async fn who_is_no_longer_assigned_is_refused_when_the_identity_context_ends() {
    let site = start().await;
    let aws = site.aws();
    let mut lena = signed_in(&site, "lena.dubois").await;
    assert_eq!(status(&mut lena, LIST).await, 200);
    assert!(aws.assign(LENA, false));
    later(MINUTE + 1).await;
    assert_eq!(status(&mut lena, LIST).await, 200, "AWS does not end what it has issued");
    later(CONTEXT).await;
    for path in [LIST, FOLDER, FILE] {
        let page = lena.get(path).await;
        assert_eq!((page.status, heading(&page)), (StatusCode::FORBIDDEN, "You cannot use documents here yet"));
    }
    assert!(aws.assign(LENA, true));
    assert_eq!(status(&mut lena, LIST).await, 200, "a refusal is not kept");
}

#[tokio::test]
async fn what_aws_ends_early_is_replaced_without_a_word() {
    let site = start().await;
    let aws = site.aws();
    let mut lena = signed_in(&site, "lena.dubois").await;
    assert_eq!(status(&mut lena, FILE).await, 200);
    aws.expire(IssuedFor::Data);
    let made = calls_of(aws, async { assert_eq!(status(&mut lena, FILE).await, 200) }).await;
    assert_eq!(made.into_iter().collect::<Vec<_>>(), [("GetDataAccess", 1), ("GetObject", 2)]);
    aws.expire(IssuedFor::Session);
    aws.expire(IssuedFor::Data);
    let made = calls_of(aws, async { assert_eq!(status(&mut lena, FOLDER).await, 200) }).await;
    let expected = [("AssumeRole", 1), ("CreateTokenWithIAM", 1), ("GetDataAccess", 2), ("ListObjectsV2", 2)];
    assert_eq!(made.into_iter().collect::<Vec<_>>(), expected);
}

#[tokio::test]
async fn a_sign_out_forgets_everything_of_the_session_and_nothing_of_another() {
    let site = start().await;
    let aws = site.aws();
    let (mut one, mut two) = (signed_in(&site, "lena.dubois").await, signed_in(&site, "lena.dubois").await);
    for browser in [&mut one, &mut two] {
        for path in [LIST, FOLDER, FILE] {
            assert_eq!(status(browser, path).await, 200, "{path}");
        }
    }
    let id = one.session().unwrap().parse().unwrap();
    let record = site.session_store().load(&id).await.unwrap().unwrap();
    let cookies = one.cookies().clone();
    assert_eq!(one.post("/logout", &[]).await.status, StatusCode::SEE_OTHER);

    // The old cookie leads to the sign-in.
    *one.cookies() = cookies;
    let made = calls_of(aws, async {
        for path in [LIST, FOLDER, FILE] {
            let answer = one.get(path).await;
            assert_eq!((answer.status, answer.target().path()), (StatusCode::SEE_OTHER, "/"), "{path}");
        }
        // Someone puts the session back into the table. What was kept in memory for it is gone, and its token is revoked.
        site.session_store().create(&mut record.clone()).await.unwrap();
        for path in [LIST, FOLDER, FILE] {
            let page = one.get(path).await;
            let expected = (StatusCode::UNAUTHORIZED, "Sign in again to open your documents");
            assert_eq!((page.status, heading(&page)), expected, "{path}");
        }
    })
    .await;
    assert!(made.is_empty(), "{made:?}");
    let made = calls_of(aws, async {
        for path in [LIST, FOLDER, FILE] {
            assert_eq!(status(&mut two, path).await, 200, "{path}");
        }
    })
    .await;
    assert_eq!(made.into_iter().collect::<Vec<_>>(), [("GetObject", 1), ("ListObjectsV2", 1)]);
}

#[tokio::test]
async fn a_session_that_was_ended_from_another_device_opens_nothing_more() {
    let site = start().await;
    let (mut one, mut two) = (signed_in(&site, "lena.dubois").await, signed_in(&site, "lena.dubois").await);
    assert_eq!(status(&mut one, LIST).await, 200);
    let [name] = &super::super::other_sessions(&two.get("/activity").await)[..] else { panic!("one other session") };
    assert_eq!(two.post("/api/end_session", &[("session", name)]).await.location(), "/activity?done=ended");
    let made = calls_of(site.aws(), async {
        for path in [LIST, FOLDER, FILE] {
            assert_eq!(one.get(path).await.status, StatusCode::SEE_OTHER, "{path}");
        }
    })
    .await;
    assert!(made.is_empty(), "{made:?}");
    assert_eq!(status(&mut two, LIST).await, 200, "the other goes on");
    // Lena can sign in again in that browser.
    sign_in(&mut one, "lena.dubois").await;
    assert_eq!(status(&mut one, LIST).await, 200);
}
