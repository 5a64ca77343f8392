//! The operations of administration that only read: what an operator's check compares. Nothing can be changed here.
//!
//! All services share one listener, which tells them apart by how they are called. The answers are made from the account's own state
//! and its fault, so a setting that a fault stands for looks wrong here too.
//!
//! Source: the API references of IAM Identity Center, IAM, Amazon S3 (S3 Control) and Amazon Cognito user pools.

mod access_grants;
mod directory;
mod iam;
mod user_pool;

use std::sync::Arc;

use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use serde_json::Value;

pub use user_pool::SamlSettings;

use super::access_grants::INSTANCE;
use super::account::Account;
use super::credentials::Principal;
use super::fail::Fail;
use super::faults::AwsFault;
use super::service::Service;
use super::sigv4;
use crate::store;

/// The longest accepted body.
const MAX_BYTES: usize = 64 * 1024;

/// Any request to the listener.
pub(super) async fn call(State(account): State<Arc<Account>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let service = service(&parts);
    let answer = match to_bytes(body, MAX_BYTES).await {
        Ok(body) => answer(&account, service, &parts, &body),
        Err(_) => Err(Fail::bad("RequestEntityTooLarge", "The request is too long.")),
    };
    let kind = match service {
        Service::Directory | Service::UserPool => "application/x-amz-json-1.1",
        Service::S3Control => "application/xml",
        _ => "text/xml",
    };
    match answer {
        Ok(document) => ([(CONTENT_TYPE, kind)], document).into_response(),
        Err(fail) => fail.response(service),
    }
}

/// The service that a request is for.
fn service(parts: &Parts) -> Service {
    match target(parts).and_then(|target| target.split_once('.')) {
        Some((directory::TARGET, _)) => Service::Directory,
        Some((user_pool::TARGET, _)) => Service::UserPool,
        _ if parts.uri.path().starts_with(INSTANCE) => Service::S3Control,
        _ => Service::Iam,
    }
}

fn target(parts: &Parts) -> Option<&str> {
    parts.headers.get("x-amz-target")?.to_str().ok()
}

fn answer(account: &Account, service: Service, parts: &Parts, body: &[u8]) -> Result<String, Fail> {
    let operation = target(parts).and_then(|target| target.split_once('.')).map(|(_, operation)| operation);
    let principal = sigv4::verify(service, parts, body, &account.credentials, store::now())
        .map_err(|refusal| Fail::of_refusal(refusal, service))?;
    if principal != Principal::Operator || account.switch.get() == Some(AwsFault::OperatorNotAllowed) {
        let denied = Fail::denied(format!("User: {} is not authorized to perform this action", principal.arn()));
        return Err(match service {
            Service::Directory | Service::UserPool => Fail::bad("AccessDeniedException", denied.message),
            _ => denied,
        });
    }
    let input = || serde_json::from_slice::<Value>(body).map_err(|_| Fail::bad("SerializationException", ""));
    match (service, operation) {
        (Service::Directory, Some(operation)) => Ok(directory::answer(account, operation, &input()?)?.to_string()),
        (Service::UserPool, Some(operation)) => Ok(user_pool::answer(account, operation, &input()?)?.to_string()),
        (Service::S3Control, _) => access_grants::answer(account, parts),
        _ => iam::answer(account, parts, body),
    }
}

/// A text of the input.
fn text<'a>(input: &'a Value, name: &str) -> Result<&'a str, Fail> {
    input[name].as_str().ok_or_else(|| Fail::bad("ValidationException", format!("{name} is missing")))
}

fn not_found() -> Fail {
    Fail::bad("ResourceNotFoundException", "The specified resource does not exist.")
}

fn unknown_operation() -> Fail {
    Fail::bad("UnknownOperationException", "There is no such operation here.")
}
