//! Amazon Q Business's ChatSync, for a person: answers from the documents that the person may read.
//!
//! Source: "ChatSync" in the Amazon Q Business API reference. No language model is at work here. An answer lists the documents
//! in which a word of the question occurs.

mod answer;
mod conversations;
mod refusal;
mod request;

pub(super) use conversations::Conversations;

use std::future::pending;
use std::sync::Arc;

use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use super::account::Account;
use super::credentials::Principal;
use super::fail::Fail;
use super::faults::AwsFault;
use super::names::{ACCOUNT_ID, ASSISTANT_ID};
use super::people::Person;
use super::service::Service;
use super::sigv4;
use crate::store;
use crate::user_pool::REGION;
use refusal::Refusal;
use request::ChatRequest;

const MAX_BYTES: usize = 64 * 1024;
const OPERATION: &str = "ChatSync";

/// Why there is no answer: a refusal at the door, or one of the assistant.
enum Refused {
    Fail(Fail),
    Assistant(Refusal),
}

impl From<Fail> for Refused {
    fn from(fail: Fail) -> Self {
        Self::Fail(fail)
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self::Assistant(refusal)
    }
}

/// `POST /applications/{id}/conversations?sync`.
pub(super) async fn call(State(account): State<Arc<Account>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Some(application) = application(&parts) else {
        return Fail::new(StatusCode::NOT_FOUND, "UnknownOperationException", "").response(Service::Assistant);
    };
    account.calls.count(OPERATION);
    if account.switch.get() == Some(AwsFault::AssistantHangs) {
        pending::<()>().await;
    }
    let Ok(body) = to_bytes(body, MAX_BYTES).await else {
        return Refusal::Validation("The request is too long.").response();
    };
    match chat(&account, application, &parts, &body) {
        Ok(answer) => ([(CONTENT_TYPE, "application/json")], answer.to_string()).into_response(),
        Err(Refused::Fail(fail)) => fail.response(Service::Assistant),
        Err(Refused::Assistant(refusal)) => refusal.response(),
    }
}

/// The application in the path, if the operation exists.
fn application(parts: &Parts) -> Option<&str> {
    let application = parts.uri.path().strip_prefix("/applications/")?.strip_suffix("/conversations")?;
    (parts.method == Method::POST).then_some(application)
}

fn chat(account: &Account, application: &str, parts: &Parts, body: &[u8]) -> Result<Value, Refused> {
    let (now, fault) = (store::now(), account.switch.get());
    let person = at_the_door(account, parts, body, now)?;
    match fault {
        _ if application != ASSISTANT_ID => return Err(Refusal::NotFound("application").into()),
        Some(AwsFault::AssistantNotSubscribed) => return Err(Refusal::NotSubscribed.into()),
        Some(AwsFault::AssistantNoLicence) => return Err(Refusal::NoLicence.into()),
        Some(AwsFault::AssistantThrottled) => return Err(Refusal::Throttling.into()),
        Some(AwsFault::AssistantFails) => return Err(Refusal::InternalServer.into()),
        _ => {}
    }
    let request = ChatRequest::parse(parts, body)?;
    // The same token is the same question, asked again after an unclear answer.
    let token = request.client_token.as_ref().map(|token| format!("{} {token}", person.user_id));
    if let Some(given) = token.as_ref().and_then(|token| account.conversations.answer(token, now)) {
        return Ok(given);
    }
    let turn = account.conversations.turn(&person.user_id, &request, now)?;
    let answer = answer::answer(account, &person, &request.user_message, &turn, fault);
    if let Some(token) = token {
        account.conversations.keep_answer(token, answer.clone(), now);
    }
    account.calls.record(OPERATION, &person.user_id, None);
    Ok(answer)
}

/// The person whose session signed the request.
fn at_the_door(account: &Account, parts: &Parts, body: &[u8], now: u64) -> Result<Person, Fail> {
    let principal = sigv4::verify(Service::Assistant, parts, body, &account.credentials, now)
        .map_err(|refusal| Fail::of_refusal(refusal, Service::Assistant))?;
    let person = match &principal {
        Principal::PersonRole { user: Some(user), .. } => account.people.with_id(user),
        _ => None,
    };
    person.ok_or_else(|| {
        let resource = format!("arn:aws:qbusiness:{REGION}:{ACCOUNT_ID}:application/{ASSISTANT_ID}");
        let because = "no identity-based policy allows the qbusiness:ChatSync action";
        let denied = Fail::not_authorized(&principal.arn(), "qbusiness:ChatSync", &resource, because);
        Fail { code: "AccessDeniedException", ..denied }
    })
}
