use server::documents::{DocumentsError, FreshTokenError, Problem};

use super::{
    document,
    fake::{
        Answer,
        Call::{self, AssumeRole, CreateToken, FreshToken, GetDataAccess, GetObject, ListGrants, ListObjects},
    },
    folder, person, start,
};

/// The failure if `call` is always answered with `answer`, and how often the call was made.
async fn failure(call: Call, answer: Answer) -> (DocumentsError, usize) {
    let (documents, fake) = start().await;
    let lena = person("lena");
    fake.always(call, answer);
    let error = if call == ListObjects {
        documents.list(&lena, &folder("lena/"), "", None).await.unwrap_err()
    } else {
        documents.open(&lena, &document("lena/letter.pdf"), None).await.unwrap_err()
    };
    (error, fake.take_calls().iter().filter(|made| **made == call).count())
}

#[tokio::test]
async fn each_error_says_what_the_person_can_do_and_the_log_which_settings_to_look_at() {
    use Problem::{Busy, Misconfigured, NotAssigned, NotFound, NotGranted, Range, Unavailable};
    #[rustfmt::skip]
    let rows = [
        (CreateToken, 400, "InvalidGrantException", NotAssigned, 1, &["AuthorizedAudiences", "IssuerUrl", "users of the directory"][..]),
        (CreateToken, 400, "AccessDeniedException", NotAssigned, 1, &["assignments of documents.application_arn", "actor policy"]),
        (CreateToken, 403, "AccessDeniedException", Misconfigured, 1, &["sso-oauth:CreateTokenWithIAM"]),
        (CreateToken, 403, "UnrecognizedClientException", Misconfigured, 1, &["credentials"]),
        (CreateToken, 401, "InvalidClientException", Misconfigured, 1, &["documents.application_arn", "documents.region"]),
        (CreateToken, 400, "InvalidScopeException", Misconfigured, 1, &["put-application-access-scope"]),
        (CreateToken, 400, "SlowDownException", Busy, 1, &["quotas"]),
        (CreateToken, 500, "InternalServerException", Unavailable, 2, &["health"]),
        (AssumeRole, 403, "AccessDenied", Misconfigured, 1, &["sts:SetContext", "documents.role_arn"]),
        (AssumeRole, 400, "InvalidContextAssertion", Misconfigured, 1, &["clock"]),
        (ListGrants, 403, "AccessDenied", Misconfigured, 1, &["s3:ListCallerAccessGrants", "documents.account_id"]),
        (ListGrants, 404, "AccessGrantsInstanceNotExistsError", Misconfigured, 1, &["documents.account_id", "documents.region"]),
        (GetDataAccess, 403, "AccessDenied", NotGranted, 1, &["s3:GetDataAccess", "sts:SetContext"]),
        (GetDataAccess, 400, "InvalidAccessGrant", Misconfigured, 1, &["documents.region"]),
        (GetDataAccess, 503, "SlowDown", Busy, 3, &["quotas"]),
        (ListObjects, 403, "AccessDenied", Misconfigured, 1, &["bucket policy", "kms:Decrypt"]),
        (ListObjects, 400, "InvalidArgument", NotFound, 1, &[]),
        (GetObject, 404, "NoSuchKey", NotFound, 1, &[]),
        (GetObject, 403, "AccessDenied", NotFound, 1, &["kms:Decrypt"]),
        (GetObject, 416, "InvalidRange", Range, 1, &[]),
        (GetObject, 404, "NoSuchBucket", Misconfigured, 1, &["grants of the Access Grants instance"]),
        (GetObject, 500, "InternalError", Unavailable, 3, &["health"]),
    ];
    for (call, status, code, problem, times, settings) in rows {
        let (error, made) = failure(call, Answer::Error(status, code)).await;
        assert_eq!((error.problem, made), (problem, times), "{call:?} {code}");
        let log = error.to_string();
        assert!(log.contains(code), "{log}");
        for setting in settings {
            assert!(log.contains(setting), "{setting} in {log}");
        }
        for word in ["lena", "letter", "bucket/", "names someone"] {
            assert!(!log.contains(word) && !format!("{error:?}").contains(word), "{word} in {log}");
        }
    }
}

#[tokio::test]
async fn a_failure_of_the_user_pool_is_told_apart() {
    for (answer, problem) in [
        (FreshTokenError::Unavailable, Problem::Unavailable),
        (FreshTokenError::Ended, Problem::SignInAgain),
        (FreshTokenError::Refused("a reason of ours"), Problem::Misconfigured),
    ] {
        let (error, made) = failure(FreshToken, Answer::NoToken(answer)).await;
        assert_eq!((error.problem, made), (problem, 1), "{answer}");
        assert_eq!(error.to_string().contains("a reason of ours"), problem == Problem::Misconfigured, "{error}");
    }
}

#[tokio::test]
async fn an_id_token_is_never_exchanged_twice() {
    let (documents, fake) = start().await;
    // AWS may have seen each of these: a new token is exchanged, once.
    for answer in [Answer::Error(500, "InternalServerException"), Answer::Dropped] {
        let lena = person("lena");
        fake.next(CreateToken, answer);
        documents.grants(&lena).await.unwrap();
        documents.forget(&lena.session);
        let received = fake.take();
        let calls: Vec<_> = received.iter().map(|received| received.call).collect();
        assert_eq!(calls, [FreshToken, CreateToken, FreshToken, CreateToken, AssumeRole, ListGrants]);
        assert_ne!(received[1].body, received[3].body, "another ID token");
    }
    // A clear refusal is final.
    let (error, made) = failure(CreateToken, Answer::Error(400, "InvalidGrantException")).await;
    assert_eq!((error.problem, made), (Problem::NotAssigned, 1));
}

#[tokio::test]
async fn a_response_without_an_identity_context_or_credentials_is_not_used() {
    let no_context = r#"{"accessToken":"x","tokenType":"Bearer","expiresIn":3600}"#.to_owned();
    let (error, made) = failure(CreateToken, Answer::Body(no_context)).await;
    assert_eq!((error.problem, made), (Problem::Misconfigured, 1));
    assert!(error.to_string().contains("s3:access_grants"), "{error}");
    let no_credentials = "<GetDataAccessResult><Grantee><GranteeType>DIRECTORY_USER</GranteeType><GranteeIdentifier>lena\
                          </GranteeIdentifier></Grantee></GetDataAccessResult>";
    let (error, _) = failure(GetDataAccess, Answer::Body(no_credentials.to_owned())).await;
    assert_eq!(error.problem, Problem::Unavailable);
}

#[tokio::test]
async fn an_error_is_forgotten_at_once() {
    let (documents, fake) = start().await;
    let lena = person("lena");
    fake.next(AssumeRole, Answer::Error(403, "AccessDenied"));
    documents.grants(&lena).await.unwrap_err();
    documents.grants(&lena).await.unwrap();
}

#[tokio::test]
async fn services_that_cannot_be_reached_are_unavailable() {
    for call in [CreateToken, AssumeRole, ListGrants, GetDataAccess, ListObjects, GetObject] {
        let (error, _) = failure(call, Answer::Dropped).await;
        assert_eq!(error.problem, Problem::Unavailable, "{call:?}");
    }
}
