//! The Security Token Service: AssumeRole with an identity context, and GetCallerIdentity.
//!
//! Source: the AWS STS API reference, and "Identity-enhanced IAM role sessions" in the IAM Identity Center user guide.

use std::sync::Arc;

use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};

use super::account::Account;
use super::assume_role;
use super::credentials::{Issued, Principal};
use super::fail::Fail;
use super::faults::AwsFault;
use super::names::ACCOUNT_ID;
use super::service::Service;
use super::{moments, sigv4, xml};
use crate::random;
use crate::store;
use crate::web::Params;

/// The longest accepted body.
const MAX_BYTES: usize = 64 * 1024;
const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";

/// `POST /`.
pub(super) async fn call(State(account): State<Arc<Account>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let answer = match to_bytes(body, MAX_BYTES).await {
        Ok(body) => answer(&account, &parts, &body),
        Err(_) => Err(Fail::bad("RequestEntityTooLarge", "The request is too long.")),
    };
    match answer {
        Ok(document) => ([(CONTENT_TYPE, "text/xml")], document).into_response(),
        Err(fail) => fail.response(Service::Sts),
    }
}

fn answer(account: &Account, parts: &Parts, body: &[u8]) -> Result<String, Fail> {
    if parts.method != Method::POST || parts.uri.path() != "/" {
        return Err(Fail::new(StatusCode::NOT_FOUND, "InvalidAction", "Only POST / exists here."));
    }
    let form = std::str::from_utf8(body).ok().and_then(|body| Params::from_form(&parts.headers, body));
    let form = form.ok_or_else(|| Fail::bad("MalformedQueryString", "The request is not a form."))?;
    let action = field(&form, "Action")?.unwrap_or_default();
    let operation = match action {
        "AssumeRole" => "AssumeRole",
        "GetCallerIdentity" => "GetCallerIdentity",
        _ => return Err(Fail::bad("InvalidAction", "Could not find this operation for version 2011-06-15")),
    };
    account.calls.count(operation);
    if field(&form, "Version")? != Some("2011-06-15") {
        return Err(Fail::bad("InvalidAction", "Could not find this operation for this version"));
    }
    let now = store::now();
    if account.switch.get() == Some(AwsFault::CredentialsRefused) {
        return Err(Fail::of_refusal(sigv4::Refusal::UnknownKey, Service::Sts));
    }
    let principal = sigv4::verify(Service::Sts, parts, body, &account.credentials, now)
        .map_err(|refusal| Fail::of_refusal(refusal, Service::Sts))?;
    let result = match operation {
        "AssumeRole" => assume_role::assume(account, &principal, &form, now)?,
        _ => identity(&principal),
    };
    let inner = xml::parent(&format!("{operation}Result"), &result)
        + &xml::parent("ResponseMetadata", &xml::text("RequestId", &random::uuid()));
    Ok(xml::document(&format!("{operation}Response"), Some(NAMESPACE), &inner))
}

/// One field of the form.
pub(super) fn field<'a>(form: &'a Params, name: &str) -> Result<Option<&'a str>, Fail> {
    form.get(name).map_err(|_| Fail::bad("MalformedQueryString", "A parameter is there twice."))
}

/// New credentials, as a part of an answer.
pub(super) fn credentials(issued: &Issued) -> String {
    let inner = xml::text("AccessKeyId", &issued.access_key_id)
        + &xml::text("SecretAccessKey", &issued.secret_access_key)
        + &xml::text("SessionToken", &issued.session_token)
        + &xml::text("Expiration", &moments::iso(issued.expires_at));
    xml::parent("Credentials", &inner)
}

fn identity(principal: &Principal) -> String {
    xml::text("Arn", &principal.arn())
        + &xml::text("UserId", "AROALOCALSTANDIN00001:session")
        + &xml::text("Account", ACCOUNT_ID)
}
