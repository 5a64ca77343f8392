//! The operations of administration that only read: what an operator's check compares. Nothing can be changed here.
//!
//! All services share one listener, which tells them apart by how they are called. The answers are made from the account's own state
//! and its fault, so a setting that a fault stands for looks wrong here too.
//!
//! Source: the API references of IAM Identity Center, IAM, Amazon S3 (S3 Control), Amazon Cognito user pools, AWS WAF, Amazon DynamoDB,
//! AWS KMS and AWS Secrets Manager.

mod access_grants;
mod directory;
mod firewall;
mod iam;
mod keys;
mod secrets;
mod tables;
mod user_pool;
mod wrong;

use std::sync::Arc;

use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use serde_json::Value;

pub use user_pool::SamlSettings;
pub use wrong::{WRONG_SETTINGS, WrongSetting};

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
        Service::DynamoDb => "application/x-amz-json-1.0",
        Service::S3Control => "application/xml",
        Service::Iam => "text/xml",
        _ => "application/x-amz-json-1.1",
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
        Some((tables::TARGET, _)) => Service::DynamoDb,
        Some((keys::TARGET, _)) => Service::Kms,
        Some((secrets::TARGET, _)) => Service::SecretsManager,
        Some((firewall::TARGET, _)) => Service::Waf,
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
    let is_allowed = match (service, operation) {
        (Service::SecretsManager, Some(operation)) => secrets::allows(&principal, operation),
        _ => principal == Principal::Operator,
    };
    if !is_allowed || account.switch.get() == Some(AwsFault::OperatorNotAllowed) {
        let denied = Fail::denied(format!("User: {} is not authorized to perform this action", principal.arn()));
        return Err(match service {
            Service::S3Control | Service::Iam => denied,
            _ => Fail::bad("AccessDeniedException", denied.message),
        });
    }
    let answer = match (service, operation) {
        (Service::S3Control, _) => return access_grants::answer(account, parts),
        (Service::Directory, Some(_)) => directory::answer,
        (Service::UserPool, Some(_)) => user_pool::answer,
        (Service::DynamoDb, Some(_)) => tables::answer,
        (Service::Kms, Some(_)) => keys::answer,
        (Service::SecretsManager, Some(_)) => secrets::answer,
        (Service::Waf, Some(_)) => firewall::answer,
        _ => return iam::answer(account, parts, body),
    };
    let operation = operation.unwrap_or_default();
    let input = serde_json::from_slice::<Value>(body).map_err(|_| Fail::bad("SerializationException", ""))?;
    let mut answer = answer(account, operation, &input)?;
    for wrong in account.wrong_settings() {
        answer = wrong.change(operation, &input, answer)?;
    }
    Ok(answer.to_string())
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
