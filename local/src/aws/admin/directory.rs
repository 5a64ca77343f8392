//! The administration of IAM Identity Center: the application, the trusted token issuer, and what the application accepts.

use serde_json::{Value, json};

use super::{not_found, text, unknown_operation};
use crate::aws::account::Account;
use crate::aws::fail::Fail;
use crate::aws::faults::AwsFault;
use crate::aws::names::{ACCOUNT_ID, APPLICATION_ARN, INSTANCE_ARN, SERVER_ROLE_ARN, TRUSTED_ISSUER_ARN};
use crate::user_pool::REGION;

/// What the target of a request begins with.
pub(super) const TARGET: &str = "SWBExternalService";
const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const PER_PAGE: usize = 100;

pub(super) fn answer(account: &Account, operation: &str, input: &Value) -> Result<Value, Fail> {
    let fault = account.switch.get();
    match operation {
        "ListTrustedTokenIssuers" => {
            account.calls.count("ListTrustedTokenIssuers");
            require(text(input, "InstanceArn")? == INSTANCE_ARN)?;
            let issuer = json!({ "TrustedTokenIssuerArn": TRUSTED_ISSUER_ARN, "Name": "my-data", "TrustedTokenIssuerType": "OIDC_JWT" });
            return Ok(json!({ "TrustedTokenIssuers": [issuer] }));
        }
        "DescribeTrustedTokenIssuer" => {
            account.calls.count("DescribeTrustedTokenIssuer");
            require(text(input, "TrustedTokenIssuerArn")? == TRUSTED_ISSUER_ARN)?;
            return Ok(issuer(account, fault));
        }
        _ => {}
    }
    let is_known = text(input, "ApplicationArn")? == APPLICATION_ARN;
    require(is_known && !matches!(fault, Some(AwsFault::UnknownApplication | AwsFault::OtherRegion)))?;
    Ok(match operation {
        "DescribeApplication" => {
            account.calls.count("DescribeApplication");
            json!({
                "ApplicationArn": APPLICATION_ARN,
                "ApplicationProviderArn": "arn:aws:sso::aws:applicationProvider/custom",
                "Name": "my-data-documents",
                "ApplicationAccount": ACCOUNT_ID,
                "InstanceArn": INSTANCE_ARN,
                "Status": "ENABLED",
                "CreatedFrom": REGION,
            })
        }
        "GetApplicationGrant" => {
            account.calls.count("GetApplicationGrant");
            require(text(input, "GrantType")? == JWT_BEARER)?;
            let mut audiences = account.issuer.audiences().to_vec();
            if fault == Some(AwsFault::AudienceNotAuthorised) {
                audiences = vec!["6q0anotherclientofthispool".to_owned()];
            }
            let issuer = json!({ "TrustedTokenIssuerArn": TRUSTED_ISSUER_ARN, "AuthorizedAudiences": audiences });
            json!({ "Grant": { "JwtBearer": { "AuthorizedTokenIssuers": [issuer] } } })
        }
        "GetApplicationAuthenticationMethod" => {
            account.calls.count("GetApplicationAuthenticationMethod");
            require(text(input, "AuthenticationMethodType")? == "IAM")?;
            json!({ "AuthenticationMethod": { "Iam": { "ActorPolicy": actor_policy(fault) } } })
        }
        "ListApplicationAccessScopes" => {
            account.calls.count("ListApplicationAccessScopes");
            let is_missing = matches!(fault, Some(AwsFault::InvalidScope | AwsFault::NoIdentityContext));
            let scope = json!({ "Scope": "s3:access_grants:read_write" });
            json!({ "Scopes": if is_missing { vec![] } else { vec![scope] } })
        }
        "GetApplicationAssignmentConfiguration" => {
            account.calls.count("GetApplicationAssignmentConfiguration");
            json!({ "AssignmentRequired": true })
        }
        "ListApplicationAssignments" => {
            account.calls.count("ListApplicationAssignments");
            assignments(account, fault, input)?
        }
        _ => return Err(unknown_operation()),
    })
}

fn require(holds: bool) -> Result<(), Fail> {
    if holds { Ok(()) } else { Err(not_found()) }
}

fn issuer(account: &Account, fault: Option<AwsFault>) -> Value {
    let mut url = account.issuer.url().to_owned();
    if fault == Some(AwsFault::IssuerDiffers) {
        url.push('/');
    }
    json!({
        "TrustedTokenIssuerArn": TRUSTED_ISSUER_ARN,
        "Name": "my-data",
        "TrustedTokenIssuerType": "OIDC_JWT",
        "TrustedTokenIssuerConfiguration": {
            "OidcJwtConfiguration": {
                "IssuerUrl": url,
                "ClaimAttributePath": "email",
                "IdentityStoreAttributePath": "emails.value",
                "JwksRetrievalOption": "OPEN_ID_DISCOVERY",
            },
        },
    })
}

fn actor_policy(fault: Option<AwsFault>) -> Value {
    let actor = match fault {
        Some(AwsFault::NotInActorPolicy) => "arn:aws:iam::123456789012:role/another-server",
        _ => SERVER_ROLE_ARN,
    };
    let statement = json!({
        "Effect": "Allow",
        "Principal": { "AWS": actor },
        "Action": "sso-oauth:CreateTokenWithIAM",
        "Resource": APPLICATION_ARN,
    });
    json!({ "Version": "2012-10-17", "Statement": [statement] })
}

/// One page of the people who are assigned. A token is the number of those before it.
fn assignments(account: &Account, fault: Option<AwsFault>, input: &Value) -> Result<Value, Fail> {
    let skipped: usize = match input["NextToken"].as_str() {
        Some(token) => token.parse().map_err(|_| Fail::bad("ValidationException", "NextToken is not valid"))?,
        None => 0,
    };
    let mut assigned: Vec<_> = account.people.all().into_iter().filter(|person| person.is_assigned).collect();
    if fault == Some(AwsFault::NotAssigned) {
        assigned.clear();
    }
    let page = assigned.iter().skip(skipped).take(PER_PAGE).map(
        |person| json!({ "ApplicationArn": APPLICATION_ARN, "PrincipalId": person.user_id, "PrincipalType": "USER" }),
    );
    let mut answer = json!({ "ApplicationAssignments": page.collect::<Vec<_>>() });
    if assigned.len() > skipped + PER_PAGE {
        answer["NextToken"] = json!((skipped + PER_PAGE).to_string());
    }
    Ok(answer)
}
