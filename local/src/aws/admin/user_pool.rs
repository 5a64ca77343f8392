//! The administration of the user pool: DescribeUserPoolClient and DescribeIdentityProvider.

use serde_json::{Value, json};

use super::{not_found, text, unknown_operation};
use crate::aws::account::Account;
use crate::aws::fail::Fail;
use crate::aws::faults::AwsFault;
use crate::user_pool::USER_POOL_ID;

/// What the target of a request begins with.
pub(super) const TARGET: &str = "AWSCognitoIdentityProviderService";

/// A SAML provider of the user pool.
#[derive(Clone, Debug)]
pub struct SamlSettings {
    /// Its name.
    pub name: String,
    /// The user pool's attribute, and the provider's.
    pub mapping: Vec<(String, String)>,
}

pub(super) fn answer(account: &Account, operation: &str, input: &Value) -> Result<Value, Fail> {
    if text(input, "UserPoolId")? != USER_POOL_ID {
        return Err(not_found());
    }
    match operation {
        "DescribeUserPoolClient" => {
            account.calls.count("DescribeUserPoolClient");
            client(account, text(input, "ClientId")?)
        }
        "DescribeIdentityProvider" => {
            account.calls.count("DescribeIdentityProvider");
            provider(account, text(input, "ProviderName")?)
        }
        _ => Err(unknown_operation()),
    }
}

fn client(account: &Account, id: &str) -> Result<Value, Fail> {
    let client = account.app_clients.iter().find(|client| client.id == id).ok_or_else(not_found)?;
    let mut found = json!({
        "UserPoolId": USER_POOL_ID,
        "ClientName": "my-data",
        "ClientId": id,
        "ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH"],
        "SupportedIdentityProviders": client.providers,
        "CallbackURLs": client.redirect_uris,
        "LogoutURLs": client.logout_uris,
        "AllowedOAuthFlows": ["code"],
        "AllowedOAuthScopes": ["openid", "email", "profile"],
        "AllowedOAuthFlowsUserPoolClient": true,
        "EnableTokenRevocation": true,
    });
    if let Some(secret) = &client.secret {
        found["ClientSecret"] = json!(secret);
    }
    Ok(json!({ "UserPoolClient": found }))
}

fn provider(account: &Account, name: &str) -> Result<Value, Fail> {
    let known = account.saml_providers.iter().find(|provider| provider.name == name).ok_or_else(not_found)?;
    let is_wrong = account.switch.get() == Some(AwsFault::AnotherGrantee);
    let mapping = known.mapping.iter().map(|(attribute, source)| {
        let source = if is_wrong && attribute == "custom:eid" { "email" } else { source };
        (attribute.clone(), json!(source))
    });
    let mapping: serde_json::Map<_, _> = mapping.collect();
    Ok(json!({
        "IdentityProvider": {
            "UserPoolId": USER_POOL_ID,
            "ProviderName": name,
            "ProviderType": "SAML",
            "ProviderDetails": { "IDPSignout": "false" },
            "AttributeMapping": mapping,
        },
    }))
}
