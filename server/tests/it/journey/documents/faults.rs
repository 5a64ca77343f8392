//! What case workers are told, and what operators read, for each fault between a sign-in and a document.

use std::collections::HashSet;

use local::{aws::AwsFault, user_pool::Fault};
use serde_json::Value;
use testkit::{Answer, until};

use super::{FILE, FOLDER, LIST, heading, links, sign_in, start};
use crate::support::{
    process::{Process, serve},
    site::Site,
};

const NOT_ASSIGNED: (u16, &str) = (403, "You cannot use documents here yet");
const NOT_GRANTED: (u16, &str) = (403, "You do not have access to this");
const NOT_FOUND: (u16, &str) = (404, "Document not found");
const SET_UP: (u16, &str) = (502, "We cannot show your documents");
const UNAVAILABLE: (u16, &str) = (503, "Your documents are not available right now");
const SIGN_IN_AGAIN: (u16, &str) = (401, "Sign in again to open your documents");
const MISSING: &str = "/documents/file?bucket=fps-case-files&key=family-benefits/no-such-document.txt";

/// A fault, the page that is asked for, its status and heading, the beginning of the reason in the log, and settings that it names.
type Row = (AwsFault, &'static str, (u16, &'static str), &'static str, &'static [&'static str]);

#[rustfmt::skip]
const REJECTED: &[Row] = &[
    (AwsFault::IssuerDiffers, LIST, NOT_ASSIGNED, "CreateTokenWithIAM: InvalidGrantException", &["IssuerUrl of the trusted token issuer"]),
    (AwsFault::AudienceNotAuthorised, LIST, NOT_ASSIGNED, "CreateTokenWithIAM: InvalidGrantException", &["AuthorizedAudiences", "providers.client.client_id"]),
    (AwsFault::UnknownUser, LIST, NOT_ASSIGNED, "CreateTokenWithIAM: InvalidGrantException", &["users of the directory"]),
    (AwsFault::UnknownUserDenied, LIST, NOT_ASSIGNED, "CreateTokenWithIAM: AccessDeniedException", &["users of the directory"]),
    (AwsFault::AlreadyExchanged, LIST, NOT_ASSIGNED, "CreateTokenWithIAM: InvalidGrantException", &["exchanged before"]),
    (AwsFault::NotAssigned, LIST, NOT_ASSIGNED, "CreateTokenWithIAM: AccessDeniedException", &["assignments of documents.application_arn"]),
    (AwsFault::NotInActorPolicy, LIST, NOT_ASSIGNED, "CreateTokenWithIAM: AccessDeniedException", &["actor policy"]),
    (AwsFault::UnknownApplication, LIST, SET_UP, "CreateTokenWithIAM: InvalidClientException", &["documents.application_arn", "documents.region"]),
    (AwsFault::OtherRegion, LIST, SET_UP, "CreateTokenWithIAM: InvalidRequestRegionException", &["documents.region"]),
    (AwsFault::InvalidScope, LIST, SET_UP, "CreateTokenWithIAM: InvalidScopeException", &["put-application-access-scope"]),
    (AwsFault::ExchangeNotAllowed, LIST, SET_UP, "CreateTokenWithIAM: AccessDeniedException", &["sso-oauth:CreateTokenWithIAM on documents.application_arn"]),
    (AwsFault::ExchangeFails, LIST, UNAVAILABLE, "CreateTokenWithIAM: InternalServerException", &["health of the region"]),
    (AwsFault::ExchangeSlowDown, LIST, UNAVAILABLE, "CreateTokenWithIAM: SlowDownException", &["quotas"]),
    (AwsFault::ExchangeThrottled, LIST, UNAVAILABLE, "CreateTokenWithIAM: ThrottlingException", &["quotas"]),
    (AwsFault::NoIdentityContext, LIST, SET_UP, "CreateTokenWithIAM: the response has no identity context", &["put-application-access-scope"]),
    (AwsFault::CredentialsRefused, LIST, SET_UP, "CreateTokenWithIAM: UnrecognizedClientException", &["environment or role of the server"]),
    (AwsFault::TrustWithoutSetContext, LIST, SET_UP, "AssumeRole: AccessDenied", &["sts:SetContext", "documents.role_arn"]),
    (AwsFault::InvalidContext, LIST, SET_UP, "AssumeRole: InvalidContextAssertion", &["clocks"]),
    (AwsFault::AssumeRoleThrottled, LIST, UNAVAILABLE, "AssumeRole: Throttling", &["quotas"]),
    (AwsFault::AssumeRoleFails, LIST, UNAVAILABLE, "AssumeRole: InternalFailure", &["health of the region"]),
    (AwsFault::GrantsNotAllowed, LIST, SET_UP, "ListCallerAccessGrants: AccessDenied", &["s3:ListCallerAccessGrants", "documents.account_id"]),
    (AwsFault::DataAccessDenied, FOLDER, NOT_GRANTED, "GetDataAccess: AccessDenied", &["grants of the Access Grants instance", "s3:GetDataAccess", "sts:SetContext"]),
    (AwsFault::IamGrantee, FOLDER, SET_UP, "GetDataAccess: ", &["grants to documents.role_arn"]),
    (AwsFault::AnotherGrantee, FILE, SET_UP, "GetDataAccess: ", &["attribute mapping of custom:eid"]),
    (AwsFault::SessionExpired, LIST, SET_UP, "ListCallerAccessGrants: ExpiredToken", &[]),
    (AwsFault::AccessGrantsThrottled, LIST, UNAVAILABLE, "ListCallerAccessGrants: SlowDown", &["quotas"]),
    (AwsFault::AccessGrantsFail, LIST, UNAVAILABLE, "ListCallerAccessGrants: InternalError", &["health of the region"]),
    (AwsFault::BucketPolicyDenies, FOLDER, SET_UP, "ListObjectsV2: AccessDenied", &["bucket policy", "policy of the location's role", "kms:Decrypt"]),
    (AwsFault::BucketPolicyDenies, FILE, NOT_FOUND, "GetObject: AccessDenied", &["bucket policy", "kms:Decrypt"]),
    (AwsFault::MissingIsDenied, MISSING, NOT_FOUND, "GetObject: AccessDenied", &["deleted"]),
    (AwsFault::DataExpired, FOLDER, SET_UP, "ListObjectsV2: ExpiredToken", &[]),
    (AwsFault::S3Throttled, FOLDER, UNAVAILABLE, "ListObjectsV2: SlowDown", &["quotas"]),
    (AwsFault::S3Fails, FILE, UNAVAILABLE, "GetObject: InternalError", &["health of the region"]),
];

/// These are no failures for the server. The page is empty, and says why it may be.
const EMPTY: &[AwsFault] = &[AwsFault::NoGrants];

/// These change how the bytes of a download come: `downloads.rs`.
const BODIES: &[AwsFault] = &[AwsFault::BodyCut, AwsFault::BodySlow, AwsFault::BodyStalls];

/// Faults of the user pool, when it is asked for a new ID token of someone who is signed in.
type PoolRow = (Fault, (u16, &'static str), &'static str, &'static [&'static str]);

#[rustfmt::skip]
const POOL: &[PoolRow] = &[
    (Fault::RefreshTokenRevoked, SIGN_IN_AGAIN, "refresh of the ID token: invalid_grant", &["refresh token validity of the app client", "the user pool's users"]),
    (Fault::RefreshOtherUser, SET_UP, "refresh of the ID token: custom:eid has changed since the sign-in", &["linked accounts"]),
    (Fault::InvalidProviderType, SET_UP, "refresh of the ID token: identities does not name this provider alone", &["linked accounts"]),
    (Fault::LinkedIdentities, SET_UP, "refresh of the ID token: identities does not name this provider alone", &["linked accounts"]),
    (Fault::InvalidSigRs256, SET_UP, "refresh of the ID token: the ID token failed a check", &["providers.client"]),
    (Fault::Token500, UNAVAILABLE, "refresh of the ID token: unreachable", &["cognito.domain"]),
    (Fault::MissingEmail, NOT_ASSIGNED, "CreateTokenWithIAM: InvalidGrantException", &["attribute mapping of the provider in the user pool"]),
];

/// What may be on no failure page, and in no log: mail addresses, user ids, names of documents and tokens.
const PERSONAL: [&str; 10] = [
    "fps.example",
    "93a4b8c2",
    "fps-case-files",
    "family-benefits",
    "payments",
    "READ ME",
    "no-such-document",
    "eyJ",
    "joint case",
    "ASIA",
];
/// What may be in no log either.
const NAMES: [&str; 4] = ["Dubois", "lena.dubois", "Verlinden", "tom.verlinden"];

/// The binary at the log level trace.
struct Subject<'a> {
    site: &'a Site,
    process: Process,
}

impl<'a> Subject<'a> {
    async fn start(site: &'a Site) -> Self {
        let mut command = serve(site);
        command.env("RUST_LOG", "trace");
        Self { site, process: Process::start_ready(command, site.scratch.path()).await }
    }

    /// Asks for a page in a new session of Lena, while a fault is on.
    async fn ask(&self, path: &str, fault: impl FnOnce(&Site)) -> Answer {
        let mut browser = self.process.browser(self.site);
        sign_in(&mut browser, "lena.dubois").await;
        fault(self.site);
        let answer = browser.get(path).await;
        self.site.aws().misbehave(None);
        self.site.user_pool().misbehave(None);
        answer
    }

    /// The record of the security log with this reference.
    async fn record_with(&self, reference: &str) -> Value {
        let found = || {
            let log = self.process.log();
            let records = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
            records
                .filter(|record| record["event"]["category"][0] == "file" || record["event"]["category"] == "file")
                .find(|record| record["http"]["request"]["id"] == reference)
        };
        until("the event is recorded", async || found().is_some()).await;
        found().unwrap()
    }

    async fn assert_refused(
        &self,
        name: &str,
        answer: &Answer,
        (status, title): (u16, &str),
        reason: &str,
        settings: &[&str],
    ) {
        assert_eq!((answer.status.as_u16(), heading(answer)), (status, title), "{name}");
        assert_eq!(answer.header("cache-control"), "no-store", "{name}");
        for personal in PERSONAL {
            assert!(!answer.body.contains(personal), "{name}: {personal} in {}", answer.body);
        }
        let reference = answer.reference().unwrap_or_else(|| panic!("{name}: no reference in {}", answer.body));
        let line = self.process.line_with(reference).await;
        let logged = line["reason"].as_str().unwrap();
        assert!(logged.starts_with(reason), "{name}: {line}");
        for setting in settings {
            assert!(logged.contains(setting), "{name}: {setting} in {line}");
        }
        assert_eq!(
            (line["status"].as_u64(), line["provider"].as_str()),
            (Some(status.into()), Some("identity_center"))
        );
        let record = self.record_with(reference).await;
        assert_eq!(
            (record["event"]["outcome"].as_str(), record["event"]["reason"].as_str()),
            (Some("failure"), Some(logged))
        );
        assert!(record["user"]["hash"].is_string(), "{name}: {record}");
    }

    fn assert_log_has_no_details(&self) {
        let log = self.process.log();
        assert!(log.contains("\"level\":\"DEBUG\""), "{log}");
        for word in PERSONAL.iter().chain(&NAMES) {
            let line = log.lines().find(|line| line.contains(word));
            assert_eq!(line, None, "{word} is in the log");
        }
    }
}

#[tokio::test]
async fn a_fault_of_aws_has_its_page_and_its_causes_in_the_log() {
    let site = start().await;
    let subject = Subject::start(&site).await;
    for (fault, path, page, reason, settings) in REJECTED {
        let answer = subject.ask(path, |site| site.aws().misbehave(*fault)).await;
        subject.assert_refused(fault.name(), &answer, *page, reason, settings).await;
    }
    for fault in EMPTY {
        let answer = subject.ask(LIST, |site| site.aws().misbehave(*fault)).await;
        assert_eq!(links(&answer).len(), 0, "{}", fault.name());
        assert!(answer.body.contains("This may be why:"), "{}: {}", fault.name(), answer.body);
    }
    let answer = subject.ask(FILE, |_| ()).await;
    assert_eq!(answer.status, 200, "without a fault: {}", answer.body);
    subject.assert_log_has_no_details();
}

#[tokio::test]
async fn a_fault_of_the_user_pool_has_its_page_and_its_causes_in_the_log() {
    let site = start().await;
    let subject = Subject::start(&site).await;
    // Another user, whose tokens the pool can give.
    sign_in(&mut subject.process.browser(&site), "tom.verlinden").await;
    for (fault, page, reason, settings) in POOL {
        let before = site.aws().calls().get("CreateTokenWithIAM").copied();
        let answer = subject.ask(LIST, |site| site.user_pool().misbehave(*fault)).await;
        subject.assert_refused(fault.name(), &answer, *page, reason, settings).await;
        let is_exchanged = site.aws().calls().get("CreateTokenWithIAM").copied() != before;
        assert_eq!(is_exchanged, *fault == Fault::MissingEmail, "{}", fault.name());
    }
    assert_eq!(subject.ask(LIST, |_| ()).await.status, 200, "without a fault");
    subject.assert_log_has_no_details();
}

/// No case worker who opens documents meets them: what an operator may read (`server check --deep`), and the assistant.
const ELSEWHERE: &[AwsFault] = &[
    AwsFault::OperatorNotAllowed,
    AwsFault::AssistantNotSubscribed,
    AwsFault::AssistantNoLicence,
    AwsFault::AssistantThrottled,
    AwsFault::AssistantFails,
    AwsFault::AssistantHangs,
    AwsFault::AssistantHostile,
];

#[test]
fn every_fault_of_aws_has_a_row() {
    let all: HashSet<_> =
        REJECTED.iter().map(|row| row.0).chain([EMPTY, BODIES, ELSEWHERE].into_iter().flatten().copied()).collect();
    let missing: Vec<_> = AwsFault::ALL.iter().filter(|fault| !all.contains(fault)).map(|fault| fault.name()).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
