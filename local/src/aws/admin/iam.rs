//! IAM: GetRole and SimulatePrincipalPolicy.

use axum::http::StatusCode;
use axum::http::request::Parts;
use serde_json::{Value, json};

use crate::aws::account::Account;
use crate::aws::fail::Fail;
use crate::aws::faults::AwsFault;
use crate::aws::names::{
    ACCOUNT_ID, APPLICATION_ARN, CONTEXT_PROVIDER_ARN, LOCATION_ROLE_ARN, PERSON_ROLE_ARN, SERVER_ROLE_ARN,
    grants_instance_arn, role_name,
};
use crate::aws::sts::field;
use crate::aws::{percent, xml};
use crate::random;
use crate::web::Params;

const NAMESPACE: &str = "https://iam.amazonaws.com/doc/2010-05-08/";
/// How many actions a simulation may have here.
const MAX_ACTIONS: usize = 10;

pub(super) fn answer(account: &Account, parts: &Parts, body: &[u8]) -> Result<String, Fail> {
    let form = std::str::from_utf8(body).ok().and_then(|body| Params::from_form(&parts.headers, body));
    let form = form.ok_or_else(|| Fail::bad("MalformedQueryString", "The request is not a form."))?;
    if field(&form, "Version")? != Some("2010-05-08") {
        return Err(Fail::bad("InvalidAction", "Could not find this operation for this version"));
    }
    let (operation, result) = match field(&form, "Action")?.unwrap_or_default() {
        "GetRole" => {
            account.calls.count("GetRole");
            ("GetRole", role(account.switch.get(), required(&form, "RoleName")?)?)
        }
        "SimulatePrincipalPolicy" => {
            account.calls.count("SimulatePrincipalPolicy");
            ("SimulatePrincipalPolicy", simulate(account.switch.get(), &form)?)
        }
        _ => return Err(Fail::bad("InvalidAction", "Could not find this operation for version 2010-05-08")),
    };
    let inner = xml::parent(&format!("{operation}Result"), &result)
        + &xml::parent("ResponseMetadata", &xml::text("RequestId", &random::uuid()));
    Ok(xml::document(&format!("{operation}Response"), Some(NAMESPACE), &inner))
}

fn required<'a>(form: &'a Params, name: &str) -> Result<&'a str, Fail> {
    field(form, name)?.ok_or_else(|| Fail::bad("ValidationError", format!("{name} is missing")))
}

fn no_such_role() -> Fail {
    Fail::new(StatusCode::NOT_FOUND, "NoSuchEntity", "The role cannot be found.")
}

fn role(fault: Option<AwsFault>, name: &str) -> Result<String, Fail> {
    let known = [SERVER_ROLE_ARN, PERSON_ROLE_ARN, LOCATION_ROLE_ARN];
    let arn = known.into_iter().find(|arn| role_name(arn) == name).ok_or_else(no_such_role)?;
    let trust = trust(fault, arn).to_string();
    let inner = xml::text("Path", "/")
        + &xml::text("RoleName", name)
        + &xml::text("RoleId", "AROALOCALSTANDIN00001")
        + &xml::text("Arn", arn)
        + &xml::text("CreateDate", "2026-11-26T00:00:00Z")
        + &xml::text("AssumeRolePolicyDocument", &percent::encode(trust.as_bytes(), b""))
        + &xml::text("MaxSessionDuration", "3600");
    Ok(xml::parent("Role", &inner))
}

/// The trust policy of a role, as the template writes it.
fn trust(fault: Option<AwsFault>, arn: &str) -> Value {
    let condition = json!({
        "ForAllValues:ArnEquals": { "sts:RequestContextProviders": [CONTEXT_PROVIDER_ARN] },
        "Null": { "sts:RequestContextProviders": "false" },
    });
    let (principal, actions, has_context) = match arn {
        PERSON_ROLE_ARN => {
            let has_context = fault != Some(AwsFault::TrustWithoutSetContext);
            (json!({ "AWS": SERVER_ROLE_ARN }), json!("sts:AssumeRole"), has_context)
        }
        LOCATION_ROLE_ARN => {
            let actions = match fault {
                Some(AwsFault::DataAccessDenied) => json!(["sts:SetSourceIdentity"]),
                _ => json!(["sts:AssumeRole", "sts:SetSourceIdentity"]),
            };
            let principal = json!({ "Service": "access-grants.s3.amazonaws.com" });
            (principal, actions, fault != Some(AwsFault::NoGrants))
        }
        _ => (json!({ "Service": "ec2.amazonaws.com" }), json!("sts:AssumeRole"), false),
    };
    let mut statements = vec![json!({ "Effect": "Allow", "Principal": principal, "Action": actions })];
    if has_context {
        let action = "sts:SetContext";
        statements.push(json!({ "Effect": "Allow", "Principal": principal, "Action": action, "Condition": condition }));
    }
    if arn == LOCATION_ROLE_ARN {
        for statement in &mut statements {
            statement["Condition"]["StringEquals"] = json!({ "aws:SourceAccount": ACCOUNT_ID });
            statement["Condition"]["ArnEquals"] = json!({ "aws:SourceArn": grants_instance_arn() });
        }
    }
    json!({ "Version": "2012-10-17", "Statement": statements })
}

/// Whether the policies of a role allow each action.
fn simulate(fault: Option<AwsFault>, form: &Params) -> Result<String, Fail> {
    let role = required(form, "PolicySourceArn")?;
    if ![SERVER_ROLE_ARN, PERSON_ROLE_ARN, LOCATION_ROLE_ARN].contains(&role) {
        return Err(no_such_role());
    }
    let resource = field(form, "ResourceArns.member.1")?.unwrap_or("*");
    let mut results = String::new();
    for number in 1..=MAX_ACTIONS {
        let Some(action) = field(form, &format!("ActionNames.member.{number}"))? else { break };
        let decision = if may(fault, role, action, resource) { "allowed" } else { "implicitDeny" };
        let result = xml::text("EvalActionName", action)
            + &xml::text("EvalResourceName", resource)
            + &xml::text("EvalDecision", decision)
            + "<MatchedStatements/><MissingContextValues/>";
        results += &xml::parent("member", &result);
    }
    Ok(xml::text("IsTruncated", "false") + &xml::parent("EvaluationResults", &results))
}

fn may(fault: Option<AwsFault>, role: &str, action: &str, resource: &str) -> bool {
    match (role, action) {
        (SERVER_ROLE_ARN, "sso-oauth:CreateTokenWithIAM") => {
            resource == APPLICATION_ARN && fault != Some(AwsFault::ExchangeNotAllowed)
        }
        (SERVER_ROLE_ARN, "sts:AssumeRole" | "sts:SetContext") => resource == PERSON_ROLE_ARN,
        (PERSON_ROLE_ARN, "s3:ListCallerAccessGrants" | "s3:GetDataAccess") => {
            resource == grants_instance_arn() && fault != Some(AwsFault::GrantsNotAllowed)
        }
        _ => false,
    }
}
