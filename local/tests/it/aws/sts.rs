//! AssumeRole and GetCallerIdentity.

use local::aws::{IssuedFor, PERSON_ROLE_ARN, SERVER_ROLE_ARN};

use super::{Cloud, Keys, LENA};

const PROVIDER: &str = "arn:aws:iam::aws:contextProvider/IdentityCenter";

type Fields<'a> = Vec<(&'a str, &'a str)>;

/// A good request with this context, in which these fields are replaced.
fn fields<'a>(context: &'a str, changed: &[(&'a str, &'a str)]) -> Fields<'a> {
    let mut fields = vec![
        ("Action", "AssumeRole"),
        ("RoleArn", PERSON_ROLE_ARN),
        ("RoleSessionName", "0123456789abcdef"),
        ("DurationSeconds", "3600"),
        ("ProvidedContexts.member.1.ProviderArn", PROVIDER),
        ("ProvidedContexts.member.1.ContextAssertion", context),
    ];
    fields.retain(|(name, _)| changed.iter().all(|(other, _)| other != name));
    fields.extend(changed.iter().filter(|(_, value)| !value.is_empty()));
    fields
}

async fn outcome(cloud: &Cloud, keys: &Keys, fields: &Fields<'_>) -> (u16, String) {
    cloud.sts(keys, fields).await.outcome()
}

#[tokio::test]
async fn a_context_becomes_a_session_that_carries_the_person() {
    let cloud = Cloud::demo().await;
    let answer = cloud.assume(&cloud.context(LENA).await).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.first("Expiration").unwrap().len(), "2026-11-26T13:00:00Z".len());
    let keys = answer.keys();
    assert!(keys.id.starts_with("ASIA"));
    let identity = cloud.sts(&keys, &[("Action", "GetCallerIdentity")]).await;
    let arn = "arn:aws:sts::123456789012:assumed-role/my-data-person/0123456789abcdef";
    assert_eq!(identity.first("Arn").as_deref(), Some(arn));
    assert_eq!(identity.first("Account").as_deref(), Some("123456789012"));
    let trail: Vec<_> = cloud.aws.trail().iter().map(|entry| (entry.operation, entry.user_id.clone())).collect();
    let lena = "93a4b8c2-1001-70aa-8d10-6f2b1c0d0001".to_owned();
    assert_eq!(trail, [("CreateTokenWithIAM", lena.clone()), ("AssumeRole", lena)]);
}

#[tokio::test]
async fn a_request_must_be_well_formed() {
    let cloud = Cloud::demo().await;
    let context = cloud.context(LENA).await;
    let server = cloud.server();
    let long = "x".repeat(3_073);
    for (changed, code) in [
        (("DurationSeconds", "899"), "ValidationError"),
        (("DurationSeconds", "3601"), "ValidationError"),
        (("DurationSeconds", "43201"), "ValidationError"),
        (("RoleSessionName", "a b"), "ValidationError"),
        (("RoleSessionName", "a"), "ValidationError"),
        (("RoleSessionName", ""), "ValidationError"),
        (("RoleArn", ""), "ValidationError"),
        (("ProvidedContexts.member.1.ProviderArn", ""), "ValidationError"),
        (("ProvidedContexts.member.1.ContextAssertion", long.as_str()), "ValidationError"),
        (("ProvidedContexts.member.1.ContextAssertion", "made up"), "InvalidContextAssertion"),
        (
            ("ProvidedContexts.member.1.ProviderArn", "arn:aws:iam:aws::contextProvider/IdentityCenter"),
            "InvalidContextAssertion",
        ),
        (("Action", "GetSessionToken"), "InvalidAction"),
    ] {
        let found = outcome(&cloud, &server, &fields(&context, &[changed])).await;
        assert_eq!(found, (400, code.to_owned()), "{changed:?}");
    }
    assert_eq!(outcome(&cloud, &server, &fields(&context, &[])).await.0, 200);
    assert_eq!(outcome(&cloud, &server, &fields(&context, &[("DurationSeconds", "")])).await.0, 200);
    cloud.aws.expire(IssuedFor::Context);
    let expired = outcome(&cloud, &server, &fields(&context, &[])).await;
    assert_eq!(expired, (400, "InvalidContextAssertion".to_owned()));
}

#[tokio::test]
async fn only_the_server_assumes_roles_and_only_the_person_role_takes_a_person() {
    let cloud = Cloud::demo().await;
    let context = cloud.context(LENA).await;
    let denied = (403, "AccessDenied".to_owned());
    let server = cloud.server();
    let other = [("RoleArn", "arn:aws:iam::123456789012:role/administrator")];
    assert_eq!(outcome(&cloud, &server, &fields(&context, &other)).await, denied);
    let own = [("RoleArn", SERVER_ROLE_ARN)];
    assert_eq!(outcome(&cloud, &server, &fields(&context, &own)).await, denied);
    let session = cloud.session(LENA).await;
    assert_eq!(outcome(&cloud, &session, &fields(&context, &[])).await, denied);
    let wrong = Keys { secret: "wrong".to_owned(), ..cloud.server() };
    let mismatch = (403, "SignatureDoesNotMatch".to_owned());
    assert_eq!(outcome(&cloud, &wrong, &fields(&context, &[])).await, mismatch);
    let unknown = Keys { token: None, ..session };
    assert_eq!(outcome(&cloud, &unknown, &fields(&context, &[])).await, (403, "InvalidClientTokenId".to_owned()));
}

#[tokio::test]
async fn a_session_without_a_person_has_no_grants() {
    let cloud = Cloud::demo().await;
    let fields = [("Action", "AssumeRole"), ("RoleArn", PERSON_ROLE_ARN), ("RoleSessionName", "nobody")];
    let keys = cloud.sts(&cloud.server(), &fields).await.keys();
    assert_eq!(cloud.grants(&keys, &[]).await.all("AccessGrant"), Vec::<String>::new());
    let query = [("target", "s3://fps-case-files/shared/*"), ("permission", "READ")];
    assert_eq!(cloud.data_access(&keys, &query).await.outcome(), (403, "AccessDenied".to_owned()));
}
