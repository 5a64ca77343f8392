//! Roles: whom they trust.

use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::{
    Deep,
    policy::{Principal, Request, Verdict, decide},
};
use crate::commands::check::{
    caller::{CallError, Service, first_text},
    role::last,
};

/// What the check needs of a role.
pub(super) struct Role {
    pub(super) arn: String,
    /// The longest session, in seconds.
    pub(super) max_session: Option<u64>,
    trust: Value,
}

impl Role {
    /// Whether the role lets `principal` do each of `actions`. Returns notes, or the first problem.
    pub(super) fn trusts(
        &self,
        principal: Principal<'_>,
        actions: &[&str],
        context: &[(&str, &str)],
    ) -> Result<Vec<String>, String> {
        let mut all = Vec::new();
        for action in actions {
            match decide(&self.trust, &Request { principal, action, context }) {
                Verdict::Allowed(notes) => all.extend(notes.into_iter().filter(|note| !note.is_empty())),
                Verdict::Denied(reason) => return Err(format!("{action} ({reason})")),
            }
        }
        all.dedup();
        Ok(all)
    }
}

impl Deep<'_> {
    /// The role with this ARN, from the account of the credentials.
    pub(super) async fn role(&self, arn: &str) -> Result<Role, CallError> {
        let answer = self.caller.query(Service::Iam, "GetRole", &[("RoleName", last(arn))]).await?;
        read(&answer).ok_or(CallError::Unreadable)
    }
}

fn read(answer: &str) -> Option<Role> {
    let trust = first_text(answer, "AssumeRolePolicyDocument")?;
    let trust = percent_decode_str(&trust).decode_utf8().ok()?;
    Some(Role {
        arn: first_text(answer, "Arn")?,
        max_session: first_text(answer, "MaxSessionDuration").and_then(|text| text.parse().ok()),
        trust: serde_json::from_str(&trust).ok()?,
    })
}
