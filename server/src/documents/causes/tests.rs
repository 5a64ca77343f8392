use super::{super::Problem, *};

#[test]
fn each_code_says_what_the_person_can_do() {
    use Call::{AssumeRole, CreateToken, GetDataAccess, GetObject, ListGrants, ListObjects};
    use Problem::{Busy, Misconfigured, NotAssigned, NotFound, NotGranted, Range, Unavailable};
    for (call, code, status, problem) in [
        (CreateToken, "InvalidGrantException", 400, NotAssigned),
        (CreateToken, "AccessDeniedException", 400, NotAssigned),
        (CreateToken, "AccessDeniedException", 403, Misconfigured),
        (CreateToken, "UnrecognizedClientException", 403, Misconfigured),
        (CreateToken, "InvalidClientException", 401, Misconfigured),
        (CreateToken, "InvalidScopeException", 400, Misconfigured),
        (CreateToken, "InvalidRequestException", 400, Misconfigured),
        (CreateToken, "InvalidRequestRegionException", 400, Misconfigured),
        (CreateToken, "UnauthorizedClientException", 400, Misconfigured),
        (CreateToken, "UnsupportedGrantTypeException", 400, Misconfigured),
        (CreateToken, "ExpiredTokenException", 400, Misconfigured),
        (CreateToken, "SlowDownException", 400, Busy),
        (CreateToken, "InternalServerException", 500, Unavailable),
        (AssumeRole, "AccessDenied", 403, Misconfigured),
        (AssumeRole, "InvalidContextAssertion", 400, Misconfigured),
        (AssumeRole, "ValidationError", 400, Misconfigured),
        (AssumeRole, "InvalidClientTokenId", 403, Misconfigured),
        (AssumeRole, "Throttling", 400, Busy),
        (ListGrants, "AccessDenied", 403, Misconfigured),
        (ListGrants, "AccessGrantsInstanceNotExistsError", 404, Misconfigured),
        (ListGrants, "InternalError", 500, Unavailable),
        (GetDataAccess, "AccessDenied", 403, NotGranted),
        (GetDataAccess, "InvalidAccessGrant", 400, Misconfigured),
        (GetDataAccess, "SlowDown", 503, Busy),
        (ListObjects, "AccessDenied", 403, Misconfigured),
        (ListObjects, "InvalidArgument", 400, NotFound),
        (ListObjects, "NoSuchBucket", 404, Misconfigured),
        (ListObjects, "PermanentRedirect", 301, Misconfigured),
        (GetObject, "NoSuchKey", 404, NotFound),
        (GetObject, "AccessDenied", 403, NotFound),
        (GetObject, "InvalidRange", 416, Range),
        (GetObject, "InvalidObjectState", 403, Misconfigured),
        (GetObject, "RequestTimeTooSkewed", 403, Misconfigured),
        (GetObject, "TooNew", 418, Misconfigured),
        (GetObject, "TooNew", 429, Busy),
        (GetObject, "TooNew", 502, Unavailable),
    ] {
        let (found, causes) = diagnose(call, Some(code), Some(status));
        assert_eq!(found, problem, "{call} {code} {status}");
        let needs_causes = matches!(problem, Misconfigured | NotAssigned | NotGranted);
        assert!(!needs_causes || !causes.is_empty(), "{call} {code} has no cause");
    }
}

#[test]
fn a_code_with_several_causes_names_the_setting_of_each() {
    let causes = |code| diagnose(Call::CreateToken, Some(code), Some(400)).1;
    let settings = |code| causes(code).iter().map(|cause| cause.setting).collect::<Vec<_>>().join("; ");
    let unknown = settings("InvalidGrantException");
    for setting in ["users of the directory", "IssuerUrl", "AuthorizedAudiences", "attribute mapping"] {
        assert!(unknown.contains(setting), "{setting} in {unknown}");
    }
    let denied = settings("AccessDeniedException");
    assert!(denied.contains("assignments of documents.application_arn") && denied.contains("actor policy"), "{denied}");
    let role = diagnose(Call::AssumeRole, Some("AccessDenied"), Some(403)).1;
    assert!(role.iter().any(|cause| cause.what.contains("sts:SetContext")), "{role:?}");
}
