//! S3 Access Grants for a person: ListCallerAccessGrants and GetDataAccess.
//!
//! Source: the Amazon S3 API reference (S3 Control), and "Access Grants" in the Amazon S3 user guide.

mod data_access;
mod list;

use std::sync::Arc;

use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};

use super::account::Account;
use super::credentials::Principal;
use super::fail::Fail;
use super::faults::AwsFault;
use super::names::{ACCOUNT_ID, grants_instance_arn};
use super::people::Person;
use super::query::Query;
use super::service::Service;
use super::sigv4;
use crate::store;

pub(super) const INSTANCE: &str = "/v20180820/accessgrantsinstance";
const MAX_BYTES: usize = 1024;
/// Checksums of an empty body. One of these headers must be there.
const CHECKSUMS: [(&str, &str); 5] = [
    ("content-md5", "1B2M2Y8AsgTpgAmY7PhCfg=="),
    ("x-amz-checksum-crc32", "AAAAAA=="),
    ("x-amz-checksum-crc32c", "AAAAAA=="),
    ("x-amz-checksum-crc64nvme", "AAAAAAAAAAA="),
    ("x-amz-checksum-sha256", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="),
];

/// An operation of a person.
#[derive(Clone, Copy)]
enum Operation {
    ListCallerAccessGrants,
    GetDataAccess,
}

impl Operation {
    fn of(parts: &Parts) -> Option<Self> {
        match (parts.method == Method::GET, parts.uri.path().strip_prefix(INSTANCE)?) {
            (true, "/caller/grants") => Some(Self::ListCallerAccessGrants),
            (true, "/dataaccess") => Some(Self::GetDataAccess),
            _ => None,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::ListCallerAccessGrants => "ListCallerAccessGrants",
            Self::GetDataAccess => "GetDataAccess",
        }
    }
}

/// `GET /v20180820/accessgrantsinstance/…`.
pub(super) async fn call(State(account): State<Arc<Account>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let answer = match to_bytes(body, MAX_BYTES).await {
        Ok(body) => answer(&account, &parts, &body),
        Err(_) => Err(Fail::bad("InvalidRequest", "The request is too long.")),
    };
    match answer {
        Ok(document) => ([(CONTENT_TYPE, "application/xml")], document).into_response(),
        Err(fail) => fail.response(Service::S3Control),
    }
}

fn answer(account: &Account, parts: &Parts, body: &[u8]) -> Result<String, Fail> {
    let Some(operation) = Operation::of(parts) else {
        return Err(Fail::new(StatusCode::NOT_FOUND, "NoSuchResource", "The specified resource does not exist."));
    };
    account.calls.count(operation.name());
    match account.switch.get() {
        Some(AwsFault::AccessGrantsThrottled) => {
            return Err(Fail::new(StatusCode::SERVICE_UNAVAILABLE, "SlowDown", "Please reduce your request rate."));
        }
        Some(AwsFault::AccessGrantsFail) => {
            let message = "We encountered an internal error. Please try again.";
            return Err(Fail::new(StatusCode::INTERNAL_SERVER_ERROR, "InternalError", message));
        }
        Some(AwsFault::SessionExpired) => return Err(Fail::of_refusal(sigv4::Refusal::Expired, Service::S3Control)),
        _ => {}
    }
    let principal = sigv4::verify(Service::S3Control, parts, body, &account.credentials, store::now())
        .map_err(|refusal| Fail::of_refusal(refusal, Service::S3Control))?;
    check_headers(parts)?;
    let person = person(account, &principal, operation)?;
    let query = Query::parse(parts.uri.query())?;
    match operation {
        Operation::ListCallerAccessGrants => list::list(account, person, &query),
        Operation::GetDataAccess => data_access::vend(account, person, &query),
    }
}

/// The account that is asked, and the checksum.
pub(super) fn check_headers(parts: &Parts) -> Result<(), Fail> {
    let header = |name: &str| parts.headers.get(name).map(|value| value.as_bytes());
    match header("x-amz-account-id") {
        Some(account_id) if account_id == ACCOUNT_ID.as_bytes() => {}
        Some(_) => return Err(Fail::denied("Access Denied")),
        None => return Err(Fail::bad("InvalidRequest", "Missing required header for this request: x-amz-account-id")),
    }
    let mut given = CHECKSUMS.iter().filter_map(|(name, of_nothing)| Some((header(name)?, of_nothing))).peekable();
    if given.peek().is_none() {
        return Err(Fail::bad(
            "InvalidRequest",
            "Missing required header for this request: Content-MD5 OR x-amz-checksum-*",
        ));
    }
    let all_match = given.all(|(value, of_nothing)| value == of_nothing.as_bytes());
    if all_match { Ok(()) } else { Err(Fail::bad("BadDigest", "The checksum did not match what we received.")) }
}

/// The person of an identity-enhanced session. `None` for a session without one: it is an IAM role, which has no grants.
fn person(account: &Account, principal: &Principal, operation: Operation) -> Result<Option<Person>, Fail> {
    let is_allowed = account.switch.get() != Some(AwsFault::GrantsNotAllowed);
    match principal {
        Principal::PersonRole { user, .. } if is_allowed => {
            Ok(user.as_deref().and_then(|user| account.people.with_id(user)))
        }
        _ => {
            let resource = grants_instance_arn();
            let action = format!("s3:{}", operation.name());
            let because = format!("no identity-based policy allows the {action} action");
            Err(Fail::not_authorized(&principal.arn(), &action, &resource, &because))
        }
    }
}
