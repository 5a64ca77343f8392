//! The user pool's own settings.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{EID, Findings, Line, Operator, line};
use crate::{commands::check::caller::suffix, config::Cognito};

/// What the check reads of a user pool. A setting that is missing has AWS's default.
#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Pool {
    pub(super) arn: Option<String>,
    user_pool_tier: Option<String>,
    deletion_protection: Option<String>,
    mfa_configuration: Option<String>,
    policies: Policies,
    lambda_config: BTreeMap<String, Value>,
    pub(super) schema_attributes: Vec<Attribute>,
    alias_attributes: Vec<String>,
    username_attributes: Vec<String>,
    device_configuration: Option<Value>,
    pub(super) domain: Option<String>,
    pub(super) custom_domain: Option<String>,
    admin_create_user_config: AdminCreateUser,
    dcr_configuration: Option<Dcr>,
    account_recovery_setting: Option<Recovery>,
    issuer_configuration: Issuer,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Policies {
    password_policy: Password,
    sign_in_policy: SignIn,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Password {
    minimum_length: Option<u64>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct SignIn {
    allowed_first_auth_factors: Vec<String>,
}

/// An attribute of users.
#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Attribute {
    pub(super) name: String,
    attribute_data_type: String,
    pub(super) mutable: bool,
    pub(super) required: bool,
    string_attribute_constraints: Constraints,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Constraints {
    max_length: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct AdminCreateUser {
    allow_admin_create_user_only: bool,
}

/// Dynamic client registration (RFC 7591). AWS turns it on if there is a configuration without a status.
#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Dcr {
    enable_status: Option<String>,
    open_dcr_enabled: bool,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Recovery {
    recovery_mechanisms: Vec<Mechanism>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Mechanism {
    name: String,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Issuer {
    r#type: Option<String>,
}

#[derive(Deserialize)]
struct MetadataPolicies {
    #[serde(rename = "CIMDPolicies", default)]
    policies: Vec<Value>,
}

/// The length of a UUID, the longest identifier of a fixed length that a provider sends.
const MIN_EID_LENGTH: u64 = 36;
const UPDATED: &str = "UPDATED";

impl Operator<'_> {
    /// The lines about the settings of `pool`.
    pub(super) async fn settings(&self, pool: &Pool) -> Vec<Line> {
        let documents = self.pool::<MetadataPolicies>("ListCIMDPolicies", json!({ "MaxResults": 60 })).await;
        let mut registration = pool.registration();
        match documents {
            Ok(MetadataPolicies { policies }) => registration.need(policies.is_empty(), || {
                "applications of others can act as an app client by a document that they publish: delete the CIMD policies \
                 (delete-cimd-policy)"
                    .to_owned()
            }),
            Err(error) if error.is_unknown_operation() => {}
            Err(error) => registration.need(false, || error.explain("cognito-idp:ListCIMDPolicies")),
        }
        let closed = "no one can register a user or an app client";
        vec![
            line("user pool registration", registration.result(closed)),
            line(
                "user pool number",
                pool.number().result(&format!("{EID} is a text that can be written at each sign-in")),
            ),
            line("user pool issuer", pool.issuer(&self.config.cognito).result(self.config.cognito.issuer.as_str())),
            line(
                "user pool local users",
                pool.local_users().result("nothing makes signing in without a provider easier"),
            ),
            line("user pool protection", pool.protection().result("it cannot be deleted by mistake")),
            line("user pool triggers", pool.triggers().result("no function is needed")),
        ]
    }
}

impl Pool {
    /// What it is, in one sentence.
    pub(super) fn summary(&self, id: &str) -> String {
        format!("{id} exists, with the feature plan {}", self.plan())
    }

    /// The feature plan. New user pools have ESSENTIALS.
    pub(super) fn plan(&self) -> &str {
        self.user_pool_tier.as_deref().unwrap_or("ESSENTIALS")
    }

    fn registration(&self) -> Findings {
        let mut found = Findings::default();
        found.need(self.admin_create_user_config.allow_admin_create_user_only, || {
            "anyone can register a user, with a password (SignUp): set AdminCreateUserConfig.AllowAdminCreateUserOnly to true"
                .to_owned()
        });
        let dcr = self.dcr_configuration.as_ref().filter(|dcr| dcr.enable_status.as_deref() != Some("Disabled"));
        if let Some(dcr) = dcr {
            let who = if dcr.open_dcr_enabled { "anyone" } else { "whoever has an initial access token" };
            found.need(false, || {
                format!("{who} can register an app client at /oauth2/register: set DcrConfiguration.EnableStatus to Disabled")
            });
        }
        found
    }

    fn number(&self) -> Findings {
        let mut found = Findings::default();
        let Some(eid) = self.schema_attributes.iter().find(|attribute| attribute.name == EID) else {
            let is_for_developers =
                self.schema_attributes.iter().any(|attribute| attribute.name == format!("dev:{EID}"));
            let why = if is_for_developers {
                "; dev:custom:eid is another attribute, which app clients cannot read"
            } else {
                ""
            };
            found.need(false, || {
                format!("the user pool has no attribute {EID}{why}: add it (add-custom-attributes Name=eid,AttributeDataType=String,Mutable=true)")
            });
            return found;
        };
        let forever = "and this cannot be changed: make a new user pool (infra/user-pool.yaml)";
        found.need(eid.mutable, || format!("{EID} is immutable, so each person's second sign-in fails, {forever}"));
        found.need(!eid.required, || format!("{EID} is required, so no one without a number can sign in, {forever}"));
        found.need(eid.attribute_data_type == "String", || {
            format!("{EID} has the type {}, not String, {forever}", eid.attribute_data_type)
        });
        let max = eid.string_attribute_constraints.max_length.as_deref().and_then(|text| text.parse::<u64>().ok());
        found.need(max.is_none_or(|max| max >= MIN_EID_LENGTH), || {
            format!(
                "{EID} holds {} characters at most, and providers send up to {MIN_EID_LENGTH}, {forever}",
                max.unwrap_or_default()
            )
        });
        found
    }

    fn issuer(&self, cognito: &Cognito) -> Findings {
        let mut found = Findings::default();
        let kind = self.issuer_configuration.r#type.as_deref().unwrap_or("ORIGINAL");
        let host = if kind == UPDATED { "issuer-cognito-idp" } else { "cognito-idp" };
        let Cognito { region, user_pool_id, issuer, .. } = cognito;
        let own = format!("https://{host}.{region}.{}/{user_pool_id}", suffix(region));
        // A stand-in has an issuer of its own.
        let is_own = issuer.as_str() == own || (issuer.is_loopback() && kind != UPDATED);
        found.need(is_own, || {
            format!(
                "the user pool's issuer is of the type {kind}, so tokens have {own}, but the configuration has {}: set \
                 cognito.issuer to the first, or IssuerConfiguration.Type to ORIGINAL and remove cognito.issuer",
                issuer.as_str()
            )
        });
        found
    }

    /// Users of the pool itself. There should be none, so most of this is only noted.
    fn local_users(&self) -> Findings {
        let mut found = Findings::default();
        let factors = self.policies.sign_in_policy.allowed_first_auth_factors.iter();
        let factors: Vec<_> = factors.filter(|factor| *factor != "PASSWORD").cloned().collect();
        found.need(factors.is_empty(), || {
            format!(
                "SignInPolicy.AllowedFirstAuthFactors allows {}: leave only PASSWORD, which no app client allows",
                factors.join(", ")
            )
        });
        match &self.account_recovery_setting {
            None => found.advise(false, || {
                "AccountRecoverySetting is not set, so a user of the pool itself could reset a password: set admin_only".to_owned()
            }),
            Some(recovery) => {
                let names: Vec<_> = recovery.recovery_mechanisms.iter().map(|mechanism| mechanism.name.as_str()).collect();
                found.need(names == ["admin_only"], || {
                    format!("AccountRecoverySetting has {}, so people can set a password: leave only admin_only", names.join(", "))
                });
            }
        }
        found.need(!self.alias_attributes.iter().any(|alias| alias == "preferred_username"), || {
            "AliasAttributes has preferred_username, which two citizens may share, and then one cannot sign in. It cannot be \
             changed: make a new user pool"
                .to_owned()
        });
        let others: Vec<_> =
            self.alias_attributes.iter().filter(|alias| *alias != "preferred_username").cloned().collect();
        found.advise(others.is_empty(), || {
            format!("AliasAttributes has {}, which citizens may share", others.join(", "))
        });
        let names = &self.username_attributes;
        found.advise(names.is_empty(), || {
            format!("UsernameAttributes has {}, which only users of the pool itself need", names.join(", "))
        });
        let mfa = self.mfa_configuration.as_deref().unwrap_or("OFF");
        found.advise(mfa == "OFF", || {
            format!("MfaConfiguration is {mfa}; it is never asked for after a provider's sign-in")
        });
        let length = self.policies.password_policy.minimum_length.unwrap_or(8);
        found.advise(length >= 8, || {
            format!("PasswordPolicy.MinimumLength is {length}: set 99, as no one has a password")
        });
        let is_tracking =
            self.device_configuration.as_ref().is_some_and(|device| !device.is_null() && *device != json!({}));
        found.advise(!is_tracking, || {
            "DeviceConfiguration remembers devices, which only users of the pool itself have".to_owned()
        });
        found
    }

    fn protection(&self) -> Findings {
        let mut found = Findings::default();
        found.need(self.deletion_protection.as_deref() == Some("ACTIVE"), || {
            "one call deletes the user pool: set DeletionProtection to ACTIVE".to_owned()
        });
        found
    }

    fn triggers(&self) -> Findings {
        let mut found = Findings::default();
        let functions = self
            .lambda_config
            .iter()
            .filter(|(name, value)| *name != "KMSKeyID" && !value.is_null() && **value != json!({}));
        for (name, _) in functions {
            let what = match name.as_str() {
                "PreTokenGeneration" | "PreTokenGenerationConfig" => "can change claims in tokens",
                "InboundFederation" => "can change what a provider sends before it is stored",
                "UserMigration" => "can let people in by a password",
                _ => "runs during a sign-in",
            };
            found.advise(false, || {
                format!("the trigger {name} {what}: make sure that it keeps {EID} as the provider sent it")
            });
        }
        found
    }
}

#[cfg(test)]
mod tests;
