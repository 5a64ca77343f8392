//! IAM Identity Center's token endpoint: CreateTokenWithIAM with a JWT of a trusted token issuer (RFC 7523, section 2.1).
//!
//! Source: "CreateTokenWithIAM" in the IAM Identity Center OIDC API reference, and "Using applications with a trusted token
//! issuer" in the IAM Identity Center user guide.

mod contexts;
mod refusal;
mod request;
mod trusted_issuer;

pub(super) use contexts::Contexts;
pub(super) use trusted_issuer::TrustedIssuer;

use std::sync::Arc;

use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::account::Account;
use super::credentials::Principal;
use super::fail::Fail;
use super::faults::AwsFault;
use super::names::APPLICATION_ARN;
use super::people::Person;
use super::service::Service;
use super::sigv4;
use crate::{random, store};
use refusal::Refusal;
use request::ExchangeRequest;

/// The longest accepted body.
const MAX_BYTES: usize = 64 * 1024;
/// The lifetime of a token, and of its identity context: 1 hour.
pub(super) const TOKEN_SECONDS: u64 = 60 * 60;
/// Its name in the account's counts and trail.
const OPERATION: &str = "CreateTokenWithIAM";

/// Why there is no token: a refusal at the door, or one of OAuth.
enum Refused {
    Fail(Fail),
    OAuth(Refusal),
}

impl From<Fail> for Refused {
    fn from(fail: Fail) -> Self {
        Self::Fail(fail)
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self::OAuth(refusal)
    }
}

/// `POST /token?aws_iam=t`.
pub(super) async fn token(State(account): State<Arc<Account>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    if parts.method != Method::POST || parts.uri.path() != "/token" {
        return Fail::new(StatusCode::NOT_FOUND, "UnknownOperationException", "").response(Service::Oidc);
    }
    account.calls.count(OPERATION);
    let Ok(body) = to_bytes(body, MAX_BYTES).await else {
        return Refusal::InvalidRequest("The request is too long.").response();
    };
    match exchange(&account, &parts, &body).await {
        Ok(answer) => {
            let headers = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-store")];
            (headers, answer.to_string()).into_response()
        }
        Err(Refused::Fail(fail)) => fail.response(Service::Oidc),
        Err(Refused::OAuth(refusal)) => refusal.response(),
    }
}

async fn exchange(account: &Account, parts: &Parts, body: &[u8]) -> Result<Value, Refused> {
    let (now, fault) = (store::now(), account.switch.get());
    at_the_door(account, parts, body, now)?;
    let request = ExchangeRequest::parse(parts, body)?;
    if request.client_id != APPLICATION_ARN || fault == Some(AwsFault::UnknownApplication) {
        return Err(Refusal::InvalidClient.into());
    }
    match fault {
        Some(AwsFault::NotInActorPolicy) => return Err(Refusal::AccessDenied.into()),
        Some(AwsFault::OtherRegion) => return Err(Refusal::InvalidRequestRegion.into()),
        Some(AwsFault::InvalidScope) => return Err(Refusal::InvalidScope.into()),
        Some(AwsFault::ExchangeSlowDown) => return Err(Refusal::SlowDown.into()),
        _ => {}
    }
    let person = person(account, &request.assertion, now, fault).await?;
    if fault == Some(AwsFault::ExchangeFails) {
        return Err(Refusal::InternalServer.into());
    }
    account.calls.record(OPERATION, &person.user_id, None);
    Ok(answer(account, person, now, fault))
}

/// The signature, and what IAM says about the caller.
fn at_the_door(account: &Account, parts: &Parts, body: &[u8], now: u64) -> Result<(), Fail> {
    let fault = account.switch.get();
    if fault == Some(AwsFault::CredentialsRefused) {
        return Err(Fail::of_refusal(sigv4::Refusal::UnknownKey, Service::Oidc));
    }
    if fault == Some(AwsFault::ExchangeThrottled) {
        return Err(Fail::bad("ThrottlingException", "Rate exceeded"));
    }
    let principal = sigv4::verify(Service::Oidc, parts, body, &account.credentials, now)
        .map_err(|refusal| Fail::of_refusal(refusal, Service::Oidc))?;
    let is_allowed = matches!(principal, Principal::Server { .. }) && fault != Some(AwsFault::ExchangeNotAllowed);
    if is_allowed {
        return Ok(());
    }
    let because = "no identity-based policy allows the sso-oauth:CreateTokenWithIAM action";
    let denied = Fail::not_authorized(&principal.arn(), "sso-oauth:CreateTokenWithIAM", APPLICATION_ARN, because);
    Err(Fail { code: "AccessDeniedException", ..denied })
}

/// The assigned person whom a token of the trusted issuer names. Takes the token: it does not work again.
async fn person(account: &Account, assertion: &str, now: u64, fault: Option<AwsFault>) -> Result<Person, Refusal> {
    let claims = account.issuer.verify(assertion).await.ok_or(Refusal::InvalidGrant)?;
    if let Some(AwsFault::IssuerDiffers | AwsFault::AudienceNotAuthorised | AwsFault::AlreadyExchanged) = fault {
        return Err(Refusal::InvalidGrant);
    }
    if !account.exchanged.insert_new(claims.jti, (), now) {
        return Err(Refusal::InvalidGrant);
    }
    let email = claims.email.ok_or(Refusal::InvalidGrant)?;
    let person = account.people.with_email(&email).ok_or(Refusal::InvalidGrant)?;
    match fault {
        Some(AwsFault::UnknownUser) => Err(Refusal::InvalidGrant),
        Some(AwsFault::UnknownUserDenied | AwsFault::NotAssigned) => Err(Refusal::AccessDenied),
        _ if !person.is_assigned => Err(Refusal::AccessDenied),
        _ => Ok(person),
    }
}

fn answer(account: &Account, person: Person, now: u64, fault: Option<AwsFault>) -> Value {
    let mut answer = json!({
        "accessToken": random::opaque(),
        "tokenType": "Bearer",
        "expiresIn": TOKEN_SECONDS,
        // On AWS a JWT with the identity context in it. A caller has no use for it: the context is below, too.
        "idToken": random::opaque(),
        "issuedTokenType": "urn:ietf:params:oauth:token-type:access_token",
        "scope": ["s3:access_grants:read_write", "openid", "aws"],
    });
    if fault != Some(AwsFault::NoIdentityContext) {
        let context = account.contexts.issue(person.user_id, now);
        answer["scope"] = json!(["s3:access_grants:read_write", "openid", "aws", "sts:identity_context"]);
        answer["awsAdditionalDetails"] = json!({ "identityContext": context });
    }
    answer
}
