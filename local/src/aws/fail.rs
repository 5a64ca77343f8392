//! How the services refuse.

use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::service::Service;
use super::sigv4::Refusal;
use super::xml;
use crate::random;

/// The header with the code of an error in JSON.
pub(super) const ERROR_TYPE: HeaderName = HeaderName::from_static("x-amzn-errortype");
const STS_NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";
const IAM_NAMESPACE: &str = "https://iam.amazonaws.com/doc/2010-05-08/";

/// A refusal: a status, a code for programs and a sentence for people.
#[derive(Debug)]
pub(super) struct Fail {
    pub(super) status: StatusCode,
    pub(super) code: &'static str,
    pub(super) message: String,
}

impl Fail {
    pub(super) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into() }
    }

    /// 400 with this code.
    pub(super) fn bad(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }

    /// 403 `AccessDenied`.
    pub(super) fn denied(message: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "AccessDenied", message)
    }

    /// 403 `AccessDenied` in the words of IAM.
    pub(super) fn not_authorized(arn: &str, action: &str, resource: &str, because: &str) -> Self {
        Self::denied(format!(
            "User: {arn} is not authorized to perform: {action} on resource: {resource} because {because}"
        ))
    }

    /// The answer, in the format of the service.
    pub(super) fn response(self, service: Service) -> Response {
        let id = random::uuid();
        let Self { status, code, message } = self;
        if service.speaks_json() {
            let headers = [(ERROR_TYPE, code), (CONTENT_TYPE, "application/json")];
            return (status, headers, json!({ "message": message }).to_string()).into_response();
        }
        let error = xml::text("Code", code) + &xml::text("Message", &message);
        let side = if status.is_server_error() { "Receiver" } else { "Sender" };
        let request_id = xml::text("RequestId", &id);
        let host_id = xml::text("HostId", &random::opaque());
        let wrapped = |inner: &str| xml::parent("Error", inner);
        let (document, kind, header) = match service {
            Service::Sts | Service::Iam => {
                let namespace = if service == Service::Sts { STS_NAMESPACE } else { IAM_NAMESPACE };
                let inner = wrapped(&(xml::text("Type", side) + &error)) + &request_id;
                (xml::document("ErrorResponse", Some(namespace), &inner), "text/xml", "x-amzn-requestid")
            }
            Service::S3Control => {
                let inner = wrapped(&error) + &request_id + &host_id;
                (xml::document("ErrorResponse", None, &inner), "application/xml", "x-amz-request-id")
            }
            _ => {
                let inner = error + &request_id + &host_id;
                (xml::document("Error", None, &inner), "application/xml", "x-amz-request-id")
            }
        };
        let headers = [(CONTENT_TYPE, kind), (HeaderName::from_static(header), id.as_str())];
        (status, headers, document).into_response()
    }

    /// A request whose signature does not count, in the words of the service.
    pub(super) fn of_refusal(refusal: Refusal, service: Service) -> Self {
        let (status, code, message) = match service {
            Service::Sts | Service::Iam => sts_words(refusal),
            Service::S3Control | Service::S3 => s3_words(refusal),
            _ => json_words(refusal),
        };
        Self::new(status, code, message)
    }
}

const MISMATCH: &str = "The request signature we calculated does not match the signature you provided.";

fn json_words(refusal: Refusal) -> (StatusCode, &'static str, &'static str) {
    let (code, message) = match refusal {
        Refusal::NotSigned => ("MissingAuthenticationTokenException", "Missing Authentication Token"),
        Refusal::Malformed => ("IncompleteSignatureException", "The signature of the request is incomplete."),
        Refusal::Scope => ("InvalidSignatureException", "Credential should be scoped to a valid region and service."),
        Refusal::UnknownKey | Refusal::NoToken | Refusal::Token => {
            ("UnrecognizedClientException", "The security token included in the request is invalid.")
        }
        Refusal::Expired => ("ExpiredTokenException", "The security token included in the request is expired"),
        Refusal::Skewed => ("InvalidSignatureException", "Signature expired or not yet current."),
        Refusal::Payload | Refusal::Signature => ("InvalidSignatureException", MISMATCH),
    };
    (StatusCode::FORBIDDEN, code, message)
}

fn sts_words(refusal: Refusal) -> (StatusCode, &'static str, &'static str) {
    let (code, message) = match refusal {
        Refusal::NotSigned => ("MissingAuthenticationToken", "Request is missing Authentication Token"),
        Refusal::Malformed => {
            return (StatusCode::BAD_REQUEST, "IncompleteSignature", "The signature of the request is incomplete.");
        }
        Refusal::Scope => ("SignatureDoesNotMatch", "Credential should be scoped to a valid region and service."),
        Refusal::UnknownKey | Refusal::NoToken | Refusal::Token => {
            ("InvalidClientTokenId", "The security token included in the request is invalid")
        }
        Refusal::Expired => ("ExpiredToken", "The security token included in the request is expired"),
        Refusal::Skewed => ("SignatureDoesNotMatch", "Signature expired or not yet current."),
        Refusal::Payload | Refusal::Signature => ("SignatureDoesNotMatch", MISMATCH),
    };
    (StatusCode::FORBIDDEN, code, message)
}

fn s3_words(refusal: Refusal) -> (StatusCode, &'static str, &'static str) {
    let (bad, forbidden) = (StatusCode::BAD_REQUEST, StatusCode::FORBIDDEN);
    match refusal {
        Refusal::NotSigned => (forbidden, "AccessDenied", "Access Denied"),
        Refusal::Malformed => (bad, "AuthorizationHeaderMalformed", "The authorization header is malformed."),
        Refusal::Scope => {
            (bad, "AuthorizationHeaderMalformed", "The authorization header is malformed; the scope is wrong.")
        }
        Refusal::UnknownKey | Refusal::NoToken => {
            (forbidden, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.")
        }
        Refusal::Token => (bad, "InvalidToken", "The provided token is malformed or otherwise invalid."),
        Refusal::Expired => (bad, "ExpiredToken", "The provided token has expired."),
        Refusal::Skewed => (
            forbidden,
            "RequestTimeTooSkewed",
            "The difference between the request time and the current time is too large.",
        ),
        Refusal::Payload => (
            bad,
            "XAmzContentSHA256Mismatch",
            "The provided 'x-amz-content-sha256' header does not match what was computed.",
        ),
        Refusal::Signature => (forbidden, "SignatureDoesNotMatch", MISMATCH),
    }
}
