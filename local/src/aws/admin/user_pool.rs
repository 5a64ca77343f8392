//! The administration of the user pool: the pool itself, its domain, its providers and its app clients, as the templates make them.

use serde_json::{Value, json};

use super::{not_found, text, unknown_operation};
use crate::aws::account::Account;
use crate::aws::fail::Fail;
use crate::aws::faults::AwsFault;
use crate::aws::names::ACCOUNT_ID;
use crate::providers::UserInfoMethod;
use crate::user_pool::{CASE_WORKERS_CLIENT_ID, OidcProvider, REGION, USER_POOL_ID};

/// What the target of a request begins with.
pub(super) const TARGET: &str = "AWSCognitoIdentityProviderService";
/// The prefix of its domain.
const DOMAIN: &str = "mydata";
/// The attributes that Cognito has itself, and that providers send.
const STANDARD: [&str; 11] = [
    "name",
    "given_name",
    "family_name",
    "preferred_username",
    "email",
    "email_verified",
    "phone_number",
    "birthdate",
    "gender",
    "locale",
    "address",
];

/// A SAML provider of the user pool.
#[derive(Clone, Debug)]
pub struct SamlSettings {
    /// Its name.
    pub name: String,
    /// The user pool's attribute, and the provider's.
    pub mapping: Vec<(String, String)>,
}

/// The ARN of the user pool.
pub(super) fn arn() -> String {
    format!("arn:aws:cognito-idp:{REGION}:{ACCOUNT_ID}:userpool/{USER_POOL_ID}")
}

pub(super) fn answer(account: &Account, operation: &str, input: &Value) -> Result<Value, Fail> {
    if operation == "DescribeUserPoolDomain" {
        account.calls.count("DescribeUserPoolDomain");
        return Ok(domain(text(input, "Domain")?));
    }
    if text(input, "UserPoolId")? != USER_POOL_ID {
        return Err(not_found());
    }
    match operation {
        "DescribeUserPool" => {
            account.calls.count("DescribeUserPool");
            Ok(json!({ "UserPool": pool() }))
        }
        "ListCIMDPolicies" => {
            account.calls.count("ListCIMDPolicies");
            Ok(json!({ "CIMDPolicies": [] }))
        }
        "ListIdentityProviders" => {
            account.calls.count("ListIdentityProviders");
            let oidc = account.oidc_providers.iter().map(|provider| (&provider.name, "OIDC"));
            let saml = account.saml_providers.iter().map(|provider| (&provider.name, "SAML"));
            let all = oidc.chain(saml).map(|(name, kind)| json!({ "ProviderName": name, "ProviderType": kind }));
            Ok(json!({ "Providers": all.collect::<Vec<_>>() }))
        }
        "DescribeIdentityProvider" => {
            account.calls.count("DescribeIdentityProvider");
            provider(account, text(input, "ProviderName")?)
        }
        "DescribeUserPoolClient" => {
            account.calls.count("DescribeUserPoolClient");
            client(account, text(input, "ClientId")?)
        }
        "ListUserPoolClientSecrets" => {
            account.calls.count("ListUserPoolClientSecrets");
            let id = text(input, "ClientId")?;
            let has_secret = known_client(account, id)?.secret.is_some();
            let secret =
                json!({ "ClientSecretId": format!("{id}--1764115200"), "ClientSecretCreateDate": 1_764_115_200 });
            Ok(json!({ "ClientSecrets": if has_secret { vec![secret] } else { vec![] } }))
        }
        "DescribeManagedLoginBrandingByClient" => {
            account.calls.count("DescribeManagedLoginBrandingByClient");
            known_client(account, text(input, "ClientId")?)?;
            Ok(json!({ "ManagedLoginBranding": { "UserPoolId": USER_POOL_ID, "UseCognitoProvidedValues": true } }))
        }
        _ => Err(unknown_operation()),
    }
}

fn pool() -> Value {
    let attribute = |name: &str, is_mutable: bool, is_required: bool| {
        json!({
            "Name": name,
            "AttributeDataType": if name.ends_with("_verified") { "Boolean" } else { "String" },
            "DeveloperOnlyAttribute": false,
            "Mutable": is_mutable,
            "Required": is_required,
        })
    };
    let mut schema = vec![attribute("sub", false, true)];
    schema.extend(STANDARD.map(|name| attribute(name, true, false)));
    let mut eid = attribute("custom:eid", true, false);
    eid["StringAttributeConstraints"] = json!({ "MinLength": "1", "MaxLength": "256" });
    schema.push(eid);
    json!({
        "Id": USER_POOL_ID,
        "Name": "my-data",
        "Arn": arn(),
        "Domain": DOMAIN,
        "UserPoolTier": "ESSENTIALS",
        "DeletionProtection": "ACTIVE",
        "MfaConfiguration": "OFF",
        "Policies": {
            "PasswordPolicy": { "MinimumLength": 99, "RequireUppercase": true, "RequireLowercase": true, "RequireNumbers": true, "RequireSymbols": true },
            "SignInPolicy": { "AllowedFirstAuthFactors": ["PASSWORD"] },
        },
        "LambdaConfig": {},
        "SchemaAttributes": schema,
        "AdminCreateUserConfig": { "AllowAdminCreateUserOnly": true },
        "AccountRecoverySetting": { "RecoveryMechanisms": [{ "Priority": 1, "Name": "admin_only" }] },
        "UsernameConfiguration": { "CaseSensitive": true },
        "IssuerConfiguration": { "Type": "ORIGINAL" },
    })
}

/// AWS answers with an empty description if there is no such domain.
fn domain(name: &str) -> Value {
    let known = json!({
        "UserPoolId": USER_POOL_ID,
        "AWSAccountId": ACCOUNT_ID,
        "Domain": DOMAIN,
        "Status": "ACTIVE",
        "ManagedLoginVersion": 2,
    });
    json!({ "DomainDescription": if name == DOMAIN { known } else { json!({}) } })
}

fn known_client<'a>(account: &'a Account, id: &str) -> Result<&'a crate::user_pool::AppClient, Fail> {
    account.app_clients.iter().find(|client| client.id == id).ok_or_else(not_found)
}

fn client(account: &Account, id: &str) -> Result<Value, Fail> {
    let client = known_client(account, id)?;
    let mut attributes = STANDARD.to_vec();
    attributes.push("custom:eid");
    // Refresh tokens of case workers last as long as their sessions.
    let refresh = if id == CASE_WORKERS_CLIENT_ID { 480 } else { 60 };
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
        "ReadAttributes": attributes,
        "WriteAttributes": attributes,
        "AccessTokenValidity": 5,
        "IdTokenValidity": 5,
        "RefreshTokenValidity": refresh,
        "TokenValidityUnits": { "AccessToken": "minutes", "IdToken": "minutes", "RefreshToken": "minutes" },
        "EnableTokenRevocation": true,
        "PreventUserExistenceErrors": "ENABLED",
    });
    if let Some(secret) = &client.secret {
        found["ClientSecret"] = json!(secret);
    }
    Ok(json!({ "UserPoolClient": found }))
}

fn provider(account: &Account, name: &str) -> Result<Value, Fail> {
    let described = |kind: &str, details: Value, mapping: serde_json::Map<String, Value>| {
        let found = json!({
            "UserPoolId": USER_POOL_ID,
            "ProviderName": name,
            "ProviderType": kind,
            "ProviderDetails": details,
            "AttributeMapping": mapping,
        });
        json!({ "IdentityProvider": found })
    };
    if let Some(known) = account.oidc_providers.iter().find(|provider| provider.name == name) {
        let mapping =
            known.registration.mapping().iter().map(|(attribute, claim)| ((*attribute).to_owned(), json!(claim)));
        // Cognito adds this one.
        let mapping = mapping.chain([("username".to_owned(), json!("sub"))]);
        return Ok(described("OIDC", details(known), mapping.collect()));
    }
    let known = account.saml_providers.iter().find(|provider| provider.name == name).ok_or_else(not_found)?;
    let is_wrong = account.switch.get() == Some(AwsFault::AnotherGrantee);
    let mapping = known.mapping.iter().map(|(attribute, source)| {
        let source = if is_wrong && attribute == "custom:eid" { "email" } else { source };
        (attribute.clone(), json!(source))
    });
    Ok(described("SAML", json!({ "IDPSignout": "false", "IDPInit": "false" }), mapping.collect()))
}

/// The details, with the endpoints that Cognito has discovered.
fn details(provider: &OidcProvider) -> Value {
    let registration = &provider.registration;
    let discovered = (registration.authorization_endpoint.clone(), registration.token_endpoint.clone());
    let (authorize_url, token_url) = provider.endpoints.clone().unwrap_or(discovered);
    json!({
        "client_id": registration.client_id,
        "client_secret": provider.client_secret,
        "oidc_issuer": registration.issuer,
        "authorize_scopes": registration.scopes(),
        "attributes_request_method": match registration.user_info_method {
            UserInfoMethod::Get => "GET",
            UserInfoMethod::Post => "POST",
        },
        "attributes_url_add_attributes": "false",
        "authorize_url": authorize_url,
        "token_url": token_url,
        "attributes_url": registration.user_info_endpoint,
        "jwks_uri": registration.jwks_uri,
    })
}
