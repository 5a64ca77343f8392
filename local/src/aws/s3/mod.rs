//! S3, with its addresses in path style: ListObjectsV2, GetObject and HeadObject, for vended credentials only.
//!
//! Source: the Amazon S3 API reference. Nothing else can read a document: neither the server's own credentials, which no
//! policy allows it, nor a person's session. To that one AWS attaches a list of what it may do
//! (`AWSIAMIdentityCenterAllowListForIdentityContext`), and reading objects is not on the list.

mod body;
mod get;
mod list;
mod range;

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderName, Method, StatusCode};
use axum::response::Response;

use super::account::Account;
use super::credentials::Principal;
use super::fail::Fail;
use super::faults::AwsFault;
use super::query::Query;
use super::scope::Access;
use super::service::Service;
use super::{percent, sigv4};
use crate::random;
use crate::store;

const MAX_BYTES: usize = 1024;

/// What a request wants.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Operation {
    List { bucket: String },
    Read { bucket: String, key: String, with_body: bool },
}

impl Operation {
    fn of(parts: &Parts) -> Result<Self, Fail> {
        let path = String::from_utf8(percent::decode(parts.uri.path()))
            .map_err(|_| Fail::bad("InvalidURI", "Couldn't parse the specified URI."))?;
        let path = path.strip_prefix('/').unwrap_or(&path);
        let (bucket, key) = path.split_once('/').unwrap_or((path, ""));
        let (bucket, key) = (bucket.to_owned(), key.to_owned());
        match (&parts.method, key.is_empty()) {
            _ if bucket.is_empty() => {}
            (&Method::GET, true) => return Ok(Self::List { bucket }),
            (&Method::GET, false) => return Ok(Self::Read { bucket, key, with_body: true }),
            (&Method::HEAD, false) => return Ok(Self::Read { bucket, key, with_body: false }),
            _ => {}
        }
        let message = "A header or the method that you provided implies functionality that is not implemented.";
        Err(Fail::new(StatusCode::NOT_IMPLEMENTED, "NotImplemented", message))
    }

    const fn name(&self) -> &'static str {
        match self {
            Self::List { .. } => "ListObjectsV2",
            Self::Read { with_body: true, .. } => "GetObject",
            Self::Read { with_body: false, .. } => "HeadObject",
        }
    }

    /// The action that IAM looks for, and on what.
    fn action(&self) -> (&'static str, String) {
        match self {
            Self::List { bucket } => ("s3:ListBucket", format!("\"arn:aws:s3:::{bucket}\"")),
            Self::Read { bucket, key, .. } => ("s3:GetObject", format!("\"arn:aws:s3:::{bucket}/{key}\"")),
        }
    }
}

/// `GET /{bucket}`, `GET /{bucket}/{key}` and `HEAD /{bucket}/{key}`.
pub(super) async fn call(State(account): State<Arc<Account>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let answer = match to_bytes(body, MAX_BYTES).await {
        Ok(body) => answer(&account, &parts, &body),
        Err(_) => Err(Fail::bad("EntityTooLarge", "The request is too long.")),
    };
    let mut response = answer.unwrap_or_else(|fail| fail.response(Service::S3));
    if let Ok(id) = random::uuid().parse() {
        response.headers_mut().insert(HeaderName::from_static("x-amz-request-id"), id);
    }
    if parts.method == Method::HEAD {
        *response.body_mut() = Body::empty();
    }
    response
}

fn answer(account: &Account, parts: &Parts, body: &[u8]) -> Result<Response, Fail> {
    let operation = Operation::of(parts)?;
    account.calls.count(operation.name());
    match account.switch.get() {
        Some(AwsFault::S3Throttled) => {
            return Err(Fail::new(StatusCode::SERVICE_UNAVAILABLE, "SlowDown", "Please reduce your request rate."));
        }
        Some(AwsFault::S3Fails) => {
            let message = "We encountered an internal error. Please try again.";
            return Err(Fail::new(StatusCode::INTERNAL_SERVER_ERROR, "InternalError", message));
        }
        Some(AwsFault::DataExpired) => return Err(Fail::of_refusal(sigv4::Refusal::Expired, Service::S3)),
        _ => {}
    }
    let principal = sigv4::verify(Service::S3, parts, body, &account.credentials, store::now())
        .map_err(|refusal| Fail::of_refusal(refusal, Service::S3))?;
    let (action, resource) = operation.action();
    let denied = |because: &str| Fail::not_authorized(&principal.arn(), action, &resource, because);
    let (user, access) = match &principal {
        Principal::Data { user, access } => (user, access),
        Principal::PersonRole { user: Some(_), .. } => return Err(denied("no session policy allows it")),
        Principal::Server { .. } | Principal::PersonRole { user: None, .. } | Principal::Operator => {
            return Err(denied("no identity-based policy allows it"));
        }
    };
    if account.switch.get() == Some(AwsFault::BucketPolicyDenies) {
        return Err(denied("of an explicit deny in a resource-based policy"));
    }
    let query = Query::parse(parts.uri.query())?;
    if !is_covered(&operation, access, &query) {
        return Err(denied("no session policy allows it"));
    }
    account.calls.record(operation.name(), user, None);
    match &operation {
        Operation::List { bucket } => list::list(account, bucket, &query),
        Operation::Read { bucket, key, with_body } => match account.documents.get(bucket, key) {
            Some(document) => get::get(account, &document, &parts.headers, *with_body),
            None if account.switch.get() == Some(AwsFault::MissingIsDenied) => {
                Err(denied("no policy allows s3:ListBucket"))
            }
            None => Err(Fail::new(StatusCode::NOT_FOUND, "NoSuchKey", "The specified key does not exist.")),
        },
    }
}

/// Whether credentials are for this part of the bucket.
fn is_covered(operation: &Operation, access: &Access, query: &Query) -> bool {
    match operation {
        Operation::List { bucket } => access.may_list(bucket, query.get("prefix").unwrap_or_default()),
        Operation::Read { bucket, key, .. } => access.may_read(bucket, key),
    }
}
