//! The roles of the server and of people: whom they trust, and what they may do.

use super::{Deep, Line, NO_APPLICATION, line, policy::Principal, with_notes};
use crate::{
    commands::check::{
        caller::{CallError, Service, texts},
        role::{RoleName, account},
    },
    providers::{SET_UP_TEMPLATE, context_provider},
};

/// In place of a result that needs the server's role.
pub(super) const NO_SERVER: &str =
    "not compared: the server's role is not known. Fix documents identity, or add --server-role";
/// The longest session that the server asks for, in seconds.
const SESSION_SECONDS: u64 = 3_600;
const CONTEXT_KEY: &str = "sts:RequestContextProviders";

impl Deep<'_> {
    /// The lines about the two roles. `is_known` says whether the application exists.
    pub(super) async fn roles(&self, is_known: bool) -> Vec<Line> {
        let server = if is_known { self.server_rights().await } else { Ok(NO_APPLICATION.to_owned()) };
        vec![
            line("server role policy", server),
            line("person role trust", self.person_trust().await),
            line("person role policy", self.person_rights().await),
        ]
    }

    async fn server_rights(&self) -> Result<String, String> {
        let Some(server) = self.server else { return Ok(NO_SERVER.to_owned()) };
        let found = match self.full_arn(server).await {
            Ok(arn) => {
                let of_application = ["sso-oauth:CreateTokenWithIAM"];
                let of_role = ["sts:AssumeRole", "sts:SetContext"];
                let Deep { documents, .. } = self;
                match self.simulate(&arn, &of_application, &documents.application_arn).await {
                    Ok(denied) if denied.is_empty() => self.simulate(&arn, &of_role, &documents.role_arn).await,
                    found => found,
                }
            }
            Err(error) => Err(error),
        };
        let fix = format!("attach ServerPolicyArn of {SET_UP_TEMPLATE}, or give the template ServerRoleName");
        rights(found, server.arn(), &fix)
    }

    async fn person_trust(&self) -> Result<String, String> {
        let arn = &self.documents.role_arn;
        let role = match self.role(arn).await {
            Err(error) if error.is_not_found() => {
                return Err(format!(
                    "the account of these credentials has no role {arn}: compare documents.role_arn with the stack of \
                     {SET_UP_TEMPLATE}, and use credentials of the account {}",
                    account(arn)
                ));
            }
            role => role.map_err(|error| error.explain("iam:GetRole"))?,
        };
        if role.arn != *arn {
            return Err(format!("the role of this name is {}: set documents.role_arn to it", role.arn));
        }
        if let Some(seconds) = role.max_session.filter(|seconds| *seconds < SESSION_SECONDS) {
            return Err(format!(
                "MaxSessionDuration is {seconds}: set it to {SESSION_SECONDS} (stack of {SET_UP_TEMPLATE})"
            ));
        }
        let Some(server) = self.server else { return Ok(NO_SERVER.to_owned()) };
        let provider = context_provider(arn);
        let context = [(CONTEXT_KEY, provider.as_str()), ("aws:PrincipalArn", server.arn())];
        let trusted = role.trusts(Principal::Role(server), &["sts:AssumeRole", "sts:SetContext"], &context);
        match trusted {
            Ok(notes) => Ok(with_notes(&format!("{} may assume it with an identity context", server.arn()), &notes)),
            Err(problem) => Err(format!(
                "the trust policy of {arn} does not allow {} {problem}: update the stack of {SET_UP_TEMPLATE} with the right ServerRoleArn. \
                 If the server runs as another role, run this check with --server-role",
                server.arn()
            )),
        }
    }

    async fn person_rights(&self) -> Result<String, String> {
        let documents = self.documents;
        let actions = ["s3:ListCallerAccessGrants", "s3:GetDataAccess"];
        let found = self.simulate(&documents.role_arn, &actions, &self.grants_instance()).await;
        rights(found, &documents.role_arn, &format!("update the stack of {SET_UP_TEMPLATE}"))
    }

    /// The ARN of the Access Grants instance.
    pub(super) fn grants_instance(&self) -> String {
        let documents = self.documents;
        let partition = documents.role_arn.split(':').nth(1).unwrap_or_default();
        format!("arn:{partition}:s3:{}:{}:access-grants/default", documents.region, documents.account_id)
    }

    /// The ARN of the server's role with its path, which STS leaves out.
    async fn full_arn(&self, server: &RoleName) -> Result<String, CallError> {
        if server.is_exact() {
            return Ok(server.arn().to_owned());
        }
        Ok(self.role(server.arn()).await?.arn)
    }

    /// Those of `actions` on `resource` that the policies of the role `arn` do not allow.
    async fn simulate(&self, arn: &str, actions: &[&str], resource: &str) -> Result<Vec<String>, CallError> {
        let names: Vec<_> = (1..=actions.len()).map(|number| format!("ActionNames.member.{number}")).collect();
        let provider = context_provider(arn);
        let mut fields = vec![
            ("PolicySourceArn", arn),
            ("ResourceArns.member.1", resource),
            ("ContextEntries.member.1.ContextKeyName", CONTEXT_KEY),
            ("ContextEntries.member.1.ContextKeyType", "stringList"),
            ("ContextEntries.member.1.ContextKeyValues.member.1", provider.as_str()),
        ];
        fields.extend(names.iter().map(String::as_str).zip(actions.iter().copied()));
        let answer = self.caller.query(Service::Iam, "SimulatePrincipalPolicy", &fields).await?;
        let names = texts(&answer, "EvalActionName").ok_or(CallError::Unreadable)?;
        let decisions = texts(&answer, "EvalDecision").ok_or(CallError::Unreadable)?;
        let allowed: Vec<_> = names
            .into_iter()
            .zip(decisions)
            .filter(|(_, decision)| decision == "allowed")
            .map(|(name, _)| name)
            .collect();
        let is_denied = |action: &&&str| !allowed.iter().any(|name| name.eq_ignore_ascii_case(action));
        Ok(actions.iter().filter(is_denied).map(|action| (*action).to_owned()).collect())
    }
}

/// What a simulation means.
fn rights(found: Result<Vec<String>, CallError>, arn: &str, fix: &str) -> Result<String, String> {
    match found {
        Ok(denied) if denied.is_empty() => Ok(format!("{arn} may do what it needs")),
        Ok(denied) => Err(format!("{arn} may not call {}: {fix}", denied.join(" and "))),
        Err(error) if error.is_not_found() => Err(format!(
            "the account of these credentials has no role {arn}: use credentials of the account {}",
            account(arn)
        )),
        // IAM's simulator does not know every action.
        Err(CallError::Refused { code, .. }) if code == "InvalidInput" => {
            Ok(format!("not compared: IAM's policy simulator refuses the question. By hand: {fix}"))
        }
        Err(error) => Err(error.explain("iam:SimulatePrincipalPolicy")),
    }
}
