//! The faults: each one has a row, with what the chain meets while it is on.

use std::collections::HashSet;

use local::aws::AwsFault;
use reqwest::{Method, StatusCode};
use testkit::client;

use super::{Cloud, LENA, Signed};

const FOLDER: &str = "s3://fps-case-files/family-benefits/*";
const LOG: &str = "/fps-case-files/family-benefits/archive/register%202025.log";
const LOG_BYTES: usize = 5_000_000;

/// The first call that fails, with its status and its code. The chain ends there.
type Failure = (&'static str, u16, &'static str);

const FAILURES: [(AwsFault, Failure); 27] = [
    (AwsFault::IssuerDiffers, ("exchange", 400, "InvalidGrantException")),
    (AwsFault::AudienceNotAuthorised, ("exchange", 400, "InvalidGrantException")),
    (AwsFault::UnknownUser, ("exchange", 400, "InvalidGrantException")),
    (AwsFault::UnknownUserDenied, ("exchange", 400, "AccessDeniedException")),
    (AwsFault::AlreadyExchanged, ("exchange", 400, "InvalidGrantException")),
    (AwsFault::NotAssigned, ("exchange", 400, "AccessDeniedException")),
    (AwsFault::NotInActorPolicy, ("exchange", 400, "AccessDeniedException")),
    (AwsFault::UnknownApplication, ("exchange", 401, "InvalidClientException")),
    (AwsFault::OtherRegion, ("exchange", 400, "InvalidRequestRegionException")),
    (AwsFault::InvalidScope, ("exchange", 400, "InvalidScopeException")),
    (AwsFault::ExchangeNotAllowed, ("exchange", 403, "AccessDeniedException")),
    (AwsFault::ExchangeFails, ("exchange", 500, "InternalServerException")),
    (AwsFault::ExchangeSlowDown, ("exchange", 400, "SlowDownException")),
    (AwsFault::ExchangeThrottled, ("exchange", 400, "ThrottlingException")),
    (AwsFault::CredentialsRefused, ("exchange", 403, "UnrecognizedClientException")),
    (AwsFault::TrustWithoutSetContext, ("assume", 403, "AccessDenied")),
    (AwsFault::InvalidContext, ("assume", 400, "InvalidContextAssertion")),
    (AwsFault::AssumeRoleThrottled, ("assume", 400, "Throttling")),
    (AwsFault::AssumeRoleFails, ("assume", 500, "InternalFailure")),
    (AwsFault::GrantsNotAllowed, ("grants", 403, "AccessDenied")),
    (AwsFault::SessionExpired, ("grants", 400, "ExpiredToken")),
    (AwsFault::AccessGrantsThrottled, ("grants", 503, "SlowDown")),
    (AwsFault::AccessGrantsFail, ("grants", 500, "InternalError")),
    (AwsFault::DataAccessDenied, ("data access", 403, "AccessDenied")),
    (AwsFault::BucketPolicyDenies, ("document", 403, "AccessDenied")),
    (AwsFault::DataExpired, ("document", 400, "ExpiredToken")),
    (AwsFault::S3Throttled, ("document", 503, "SlowDown")),
];

/// These leave the status of each call as it is, or show elsewhere. Each has a test of its own, below or beside the assistant's.
const OTHERS: [AwsFault; 16] = [
    AwsFault::OperatorNotAllowed,
    AwsFault::NoIdentityContext,
    AwsFault::NoGrants,
    AwsFault::IamGrantee,
    AwsFault::AnotherGrantee,
    AwsFault::MissingIsDenied,
    AwsFault::S3Fails,
    AwsFault::BodyCut,
    AwsFault::BodySlow,
    AwsFault::BodyStalls,
    AwsFault::AssistantNotSubscribed,
    AwsFault::AssistantNoLicence,
    AwsFault::AssistantThrottled,
    AwsFault::AssistantFails,
    AwsFault::AssistantHangs,
    AwsFault::AssistantHostile,
];

/// Goes through the chain up to the first failure.
async fn first_failure(cloud: &Cloud) -> Option<(&'static str, u16, String)> {
    let failed = |step, (status, code): (u16, String)| (status != 200).then_some((step, status, code));
    let answer = cloud.exchange(&cloud.issuer.sign(&cloud.issuer.claims(LENA))).await;
    if let Some(failure) = failed("exchange", answer.outcome()) {
        return Some(failure);
    }
    let context = answer.json()["awsAdditionalDetails"]["identityContext"].as_str().unwrap().to_owned();
    let answer = cloud.assume(&context).await;
    if let Some(failure) = failed("assume", answer.outcome()) {
        return Some(failure);
    }
    let session = answer.keys();
    if let Some(failure) = failed("grants", cloud.grants(&session, &[]).await.outcome()) {
        return Some(failure);
    }
    let answer = cloud.data_access(&session, &[("target", FOLDER), ("permission", "READ")]).await;
    if let Some(failure) = failed("data access", answer.outcome()) {
        return Some(failure);
    }
    failed("document", cloud.s3(&answer.keys(), LOG).await.outcome())
}

#[test]
fn each_fault_has_a_row() {
    let rows: HashSet<_> = FAILURES.iter().map(|(fault, _)| *fault).chain(OTHERS).collect();
    assert_eq!(rows, AwsFault::ALL.iter().copied().collect());
}

#[tokio::test]
async fn each_fault_shows_where_it_should() {
    let cloud = Cloud::demo().await;
    for (fault, (step, status, code)) in FAILURES {
        cloud.aws.misbehave(fault);
        assert_eq!(first_failure(&cloud).await, Some((step, status, code.to_owned())), "{}", fault.name());
    }
    cloud.aws.misbehave(None);
    assert_eq!(first_failure(&cloud).await, None);
}

#[tokio::test]
async fn a_failed_exchange_has_taken_the_token_and_a_throttled_one_has_not() {
    let cloud = Cloud::demo().await;
    for (fault, status) in
        [(AwsFault::ExchangeFails, 400), (AwsFault::ExchangeThrottled, 200), (AwsFault::ExchangeSlowDown, 200)]
    {
        let token = cloud.issuer.sign(&cloud.issuer.claims(LENA));
        cloud.aws.misbehave(fault);
        assert_ne!(cloud.exchange(&token).await.outcome().0, 200);
        cloud.aws.misbehave(None);
        assert_eq!(cloud.exchange(&token).await.outcome().0, status, "{}", fault.name());
    }
}

#[tokio::test]
async fn a_token_may_come_without_a_context() {
    let cloud = Cloud::demo().await;
    cloud.aws.misbehave(AwsFault::NoIdentityContext);
    let answer = cloud.exchange(&cloud.issuer.sign(&cloud.issuer.claims(LENA))).await;
    assert_eq!((answer.outcome().0, answer.json().get("awsAdditionalDetails")), (200, None));
}

#[tokio::test]
async fn grants_may_be_missing_or_those_of_others() {
    let cloud = Cloud::demo().await;
    let session = cloud.session(LENA).await;
    cloud.aws.misbehave(AwsFault::NoGrants);
    let answer = cloud.grants(&session, &[]).await;
    assert_eq!((answer.outcome().0, answer.all("AccessGrant").len()), (200, 0));
    for (fault, kind) in [(AwsFault::IamGrantee, "IAM"), (AwsFault::AnotherGrantee, "DIRECTORY_USER")] {
        cloud.aws.misbehave(fault);
        let answer = cloud.data_access(&session, &[("target", FOLDER), ("permission", "READ")]).await;
        assert_eq!((answer.outcome().0, answer.first("GranteeType").as_deref()), (200, Some(kind)));
        assert_ne!(answer.first("GranteeIdentifier").as_deref(), Some("93a4b8c2-1001-70aa-8d10-6f2b1c0d0001"));
    }
}

#[tokio::test]
async fn s3_may_fail_or_hide_that_a_document_is_missing() {
    let cloud = Cloud::demo().await;
    let keys = cloud.vended(&cloud.session(LENA).await, FOLDER).await;
    cloud.aws.misbehave(AwsFault::S3Fails);
    assert_eq!(cloud.s3(&keys, LOG).await.outcome(), (500, "InternalError".to_owned()));
    cloud.aws.misbehave(AwsFault::MissingIsDenied);
    let missing = cloud.s3(&keys, "/fps-case-files/family-benefits/no-such-key").await;
    assert_eq!(missing.outcome(), (403, "AccessDenied".to_owned()));
    assert_eq!(cloud.s3(&keys, LOG).await.outcome().0, 200);
}

#[tokio::test]
async fn a_body_may_be_cut_or_slow_or_stop() {
    let cloud = Cloud::demo().await;
    let keys = cloud.vended(&cloud.session(LENA).await, FOLDER).await;
    let open = async |fault| {
        cloud.aws.misbehave(fault);
        let request = Signed::get(&keys, "s3", format!("{}{LOG}", cloud.aws.s3_url())).request();
        client().execute(request.try_into().unwrap()).await.unwrap()
    };
    let mut cut = open(AwsFault::BodyCut).await;
    assert_eq!((cut.status(), cut.content_length()), (StatusCode::OK, Some(LOG_BYTES as u64)));
    let mut received = 0;
    let end = loop {
        match cut.chunk().await {
            Ok(Some(chunk)) => received += chunk.len(),
            end => break end,
        }
    };
    assert!(end.is_err() && received <= LOG_BYTES / 2, "{received}");

    let mut slow = open(AwsFault::BodySlow).await;
    assert!(slow.chunk().await.unwrap().unwrap().len() <= 1024);

    let mut stalled = open(AwsFault::BodyStalls).await;
    let mut received = 0;
    while received < LOG_BYTES / 2 {
        received += stalled.chunk().await.unwrap().unwrap().len();
    }
    assert_eq!(received, LOG_BYTES / 2);
}

/// A call of the fault switch.
async fn control(cloud: &Cloud, method: Method, path: &str) -> (StatusCode, String) {
    let response = client().request(method, format!("{}{path}", cloud.aws.oidc_url())).send().await.unwrap();
    (response.status(), response.text().await.unwrap())
}

#[cfg(not(feature = "faults"))]
#[tokio::test]
async fn without_the_feature_the_switch_does_not_exist() {
    let cloud = Cloud::demo().await;
    for (method, path) in [(Method::GET, "/faults"), (Method::PUT, "/faults/not-assigned"), (Method::DELETE, "/faults")]
    {
        assert_eq!(control(&cloud, method, path).await.0, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(first_failure(&cloud).await, None);
}

#[cfg(feature = "faults")]
#[tokio::test]
async fn the_switch_turns_faults_on_and_off() {
    let cloud = Cloud::demo().await;
    let (status, names) = control(&cloud, Method::GET, "/faults").await;
    assert_eq!((status, names.lines().count()), (StatusCode::OK, AwsFault::ALL.len()));
    assert_eq!(control(&cloud, Method::PUT, "/faults/no-such-fault").await.0, StatusCode::NOT_FOUND);
    assert_eq!(control(&cloud, Method::PUT, "/faults/not-assigned").await.0, StatusCode::NO_CONTENT);
    assert_eq!(first_failure(&cloud).await.unwrap().0, "exchange");
    assert_eq!(control(&cloud, Method::DELETE, "/faults").await.0, StatusCode::NO_CONTENT);
    assert_eq!(first_failure(&cloud).await, None);
}
