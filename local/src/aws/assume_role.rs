//! AssumeRole: who may assume which role, and with which person.

use super::account::Account;
use super::credentials::Principal;
use super::exchange::TOKEN_SECONDS;
use super::fail::Fail;
use super::faults::AwsFault;
use super::names::{CONTEXT_PROVIDER_ARN, PERSON_ROLE_ARN, SERVER_ROLE_ARN, session_arn};
use super::sts::{credentials, field};
use super::xml;
use crate::web::Params;

/// The most contexts that a request may have.
const MAX_CONTEXTS: usize = 5;
const DEFAULT_SECONDS: u64 = 3_600;
/// A session of a role that a role assumed ends within an hour, whatever the role's own maximum.
const MAX_CHAINED_SECONDS: u64 = 3_600;

/// The result of the operation, as XML.
pub(super) fn assume(account: &Account, principal: &Principal, form: &Params, now: u64) -> Result<String, Fail> {
    match account.switch.get() {
        Some(AwsFault::AssumeRoleThrottled) => return Err(Fail::bad("Throttling", "Rate exceeded")),
        Some(AwsFault::AssumeRoleFails) => return Err(internal_failure()),
        _ => {}
    }
    let role_arn = field(form, "RoleArn")?.ok_or_else(|| invalid("RoleArn is missing"))?;
    let session = field(form, "RoleSessionName")?.ok_or_else(|| invalid("RoleSessionName is missing"))?;
    if !is_session_name(session) {
        return Err(invalid("RoleSessionName does not match [\\w+=,.@-]{2,64}"));
    }
    let seconds = seconds(form)?;
    let contexts = contexts(form)?;
    let denied = |action| {
        let because = "no identity-based policy or trust policy allows it";
        Fail::not_authorized(&principal.arn(), action, role_arn, because)
    };
    // Only the server is trusted by the two roles. What AWS attaches to a session with a context allows no AssumeRole.
    if !matches!(principal, Principal::Server { .. }) || ![PERSON_ROLE_ARN, SERVER_ROLE_ARN].contains(&role_arn) {
        return Err(denied("sts:AssumeRole"));
    }
    if !contexts.is_empty() {
        let is_trusted = role_arn == PERSON_ROLE_ARN;
        if !is_trusted || account.switch.get() == Some(AwsFault::TrustWithoutSetContext) {
            return Err(denied("sts:SetContext"));
        }
    }
    let user = user(account, &contexts, now)?;
    if let Some(user) = &user {
        account.calls.record("AssumeRole", user, None);
    }
    let assumed = match role_arn {
        SERVER_ROLE_ARN => Principal::Server { session: session.to_owned() },
        _ => Principal::PersonRole { session: session.to_owned(), user },
    };
    let issued = account.credentials.issue(assumed, now, seconds.min(TOKEN_SECONDS));
    let id = xml::text("AssumedRoleId", &format!("AROALOCALSTANDIN00002:{session}"));
    let arn = xml::text("Arn", &session_arn(role_arn, session));
    Ok(credentials(&issued) + &xml::parent("AssumedRoleUser", &(id + &arn)))
}

/// The person of the contexts; `None` if there is no context.
fn user(account: &Account, contexts: &[(&str, &str)], now: u64) -> Result<Option<String>, Fail> {
    let invalid = || Fail::bad("InvalidContextAssertion", "The context assertion is not valid.");
    let mut user = None;
    for (provider_arn, assertion) in contexts {
        if *provider_arn != CONTEXT_PROVIDER_ARN || account.switch.get() == Some(AwsFault::InvalidContext) {
            return Err(invalid());
        }
        let found = account.contexts.user_id(assertion, now).ok_or_else(invalid)?;
        if user.replace(found).is_some() {
            return Err(invalid());
        }
    }
    Ok(user)
}

/// Each context: the provider's ARN and the assertion.
fn contexts(form: &Params) -> Result<Vec<(&str, &str)>, Fail> {
    let mut contexts = Vec::new();
    for number in 1..=MAX_CONTEXTS + 1 {
        let member = format!("ProvidedContexts.member.{number}");
        let provider_arn = field(form, &format!("{member}.ProviderArn"))?;
        let assertion = field(form, &format!("{member}.ContextAssertion"))?;
        match (provider_arn, assertion) {
            (None, None) => break,
            (Some(provider_arn), Some(assertion)) if (4..=3_072).contains(&assertion.len()) => {
                contexts.push((provider_arn, assertion));
            }
            _ => return Err(invalid("a member of ProvidedContexts is incomplete")),
        }
    }
    if contexts.len() > MAX_CONTEXTS { Err(invalid("ProvidedContexts has too many members")) } else { Ok(contexts) }
}

fn seconds(form: &Params) -> Result<u64, Fail> {
    let Some(text) = field(form, "DurationSeconds")? else { return Ok(DEFAULT_SECONDS) };
    match text.parse() {
        Ok(seconds @ 900..=MAX_CHAINED_SECONDS) => Ok(seconds),
        Ok(900..=43_200) => Err(invalid(
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining",
        )),
        _ => Err(invalid("DurationSeconds must be between 900 and 43200")),
    }
}

fn is_session_name(name: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte);
    (2..=64).contains(&name.len()) && name.bytes().all(is_allowed)
}

fn invalid(message: &str) -> Fail {
    Fail::bad("ValidationError", message)
}

fn internal_failure() -> Fail {
    Fail::new(axum::http::StatusCode::INTERNAL_SERVER_ERROR, "InternalFailure", "We encountered an internal error.")
}
