//! Settings that an operator's check must find wrong: each changes one part of one answer.

use serde_json::Value;

use super::not_found;
use crate::aws::fail::Fail;
use crate::user_pool::{CASE_WORKERS_CLIENT_ID, CLIENT_ID};

/// A setting that is not as it should be.
#[derive(Debug)]
pub struct WrongSetting {
    /// Its name, such as `pool-registration-open`.
    pub name: &'static str,
    /// The operation whose answer has it.
    operation: &'static str,
    /// What the answer must be about: the id or the name of a client, a provider, a table or a key. Empty for all.
    about: &'static str,
    /// Where it is in the answer (RFC 6901). The whole answer: there is nothing of this name.
    pointer: &'static str,
    /// The value, as JSON. `null` removes it.
    value: &'static str,
}

impl WrongSetting {
    /// The one with this name.
    pub fn find(name: &str) -> Option<&'static Self> {
        WRONG_SETTINGS.iter().find(|wrong| wrong.name == name)
    }

    /// Whether it hides other settings: what they belong to does not exist.
    pub fn hides_others(&self) -> bool {
        self.pointer.is_empty() || self.pointer == "/UserPool/Domain"
    }

    /// The answer of `operation` to `input`, with this setting wrong.
    pub(super) fn change(&self, operation: &str, input: &Value, answer: Value) -> Result<Value, Fail> {
        let is_about = |value: &Value| value.as_str().is_some_and(|text| text.contains(self.about));
        let inputs = input.as_object().into_iter().flat_map(|members| members.values());
        if operation != self.operation || !inputs.into_iter().any(is_about) {
            return Ok(answer);
        }
        let mut answer = answer;
        let Some((parent, name)) = self.pointer.rsplit_once('/') else { return Err(not_found()) };
        let value = serde_json::from_str(self.value).unwrap_or_default();
        match answer.pointer_mut(parent) {
            Some(Value::Object(members)) if Value::is_null(&value) => _ = members.remove(name),
            Some(Value::Object(members)) => _ = members.insert(name.to_owned(), value),
            Some(Value::Array(items)) => items.push(value),
            _ => {}
        }
        Ok(answer)
    }
}

const RECORDS: &str = "mydata-records";
const SESSIONS: &str = "mydata-sessions";

macro_rules! wrong {
    ($($name:literal: $operation:literal of $about:expr, $pointer:literal = $value:literal;)+) => {
        /// Every wrong setting that can be tried.
        pub const WRONG_SETTINGS: &[WrongSetting] = &[$(WrongSetting {
            name: $name,
            operation: $operation,
            about: $about,
            pointer: $pointer,
            value: $value,
        },)+];
    };
}

wrong! {
    // The user pool.
    "pool-unknown": "DescribeUserPool" of "", "" = "null";
    "pool-registration-open": "DescribeUserPool" of "", "/UserPool/AdminCreateUserConfig/AllowAdminCreateUserOnly" = "false";
    "pool-clients-register-openly": "DescribeUserPool" of "", "/UserPool/DcrConfiguration" = r#"{ "EnableStatus": "Enabled", "OpenDcrEnabled": true }"#;
    "pool-clients-register-with-token": "DescribeUserPool" of "", "/UserPool/DcrConfiguration" = r#"{ "EnableStatus": "Enabled" }"#;
    "pool-clients-by-document": "ListCIMDPolicies" of "", "/CIMDPolicies/-" = r#"{ "CIMDPolicyId": "1" }"#;
    "pool-without-number": "DescribeUserPool" of "", "/UserPool/SchemaAttributes" = "[]";
    "pool-number-immutable": "DescribeUserPool" of "", "/UserPool/SchemaAttributes/12/Mutable" = "false";
    "pool-number-required": "DescribeUserPool" of "", "/UserPool/SchemaAttributes/12/Required" = "true";
    "pool-number-no-text": "DescribeUserPool" of "", "/UserPool/SchemaAttributes/12/AttributeDataType" = r#""Number""#;
    "pool-number-short": "DescribeUserPool" of "", "/UserPool/SchemaAttributes/12/StringAttributeConstraints" = r#"{ "MaxLength": "11" }"#;
    "pool-issuer-updated": "DescribeUserPool" of "", "/UserPool/IssuerConfiguration/Type" = r#""UPDATED""#;
    "pool-plan-lite": "DescribeUserPool" of "", "/UserPool/UserPoolTier" = r#""LITE""#;
    "pool-unprotected": "DescribeUserPool" of "", "/UserPool/DeletionProtection" = r#""INACTIVE""#;
    "pool-one-time-codes": "DescribeUserPool" of "", "/UserPool/Policies/SignInPolicy/AllowedFirstAuthFactors" = r#"["PASSWORD", "EMAIL_OTP"]"#;
    "pool-recovery-by-mail": "DescribeUserPool" of "", "/UserPool/AccountRecoverySetting/RecoveryMechanisms" = r#"[{ "Priority": 1, "Name": "verified_email" }]"#;
    "pool-alias-by-name": "DescribeUserPool" of "", "/UserPool/AliasAttributes" = r#"["preferred_username"]"#;
    "pool-attribute-immutable": "DescribeUserPool" of "", "/UserPool/SchemaAttributes/9/Mutable" = "false";
    "pool-attribute-required": "DescribeUserPool" of "", "/UserPool/SchemaAttributes/1/Required" = "true";
    "pool-trigger": "DescribeUserPool" of "", "/UserPool/LambdaConfig/PreTokenGeneration" = r#""arn:aws:lambda:eu-west-1:123456789012:function:claims""#;
    "pool-without-domain": "DescribeUserPool" of "", "/UserPool/Domain" = "null";
    "domain-of-another-pool": "DescribeUserPoolDomain" of "", "/DomainDescription/UserPoolId" = r#""eu-west-1_Another""#;
    "domain-failed": "DescribeUserPoolDomain" of "", "/DomainDescription/Status" = r#""FAILED""#;
    "domain-classic": "DescribeUserPoolDomain" of "", "/DomainDescription/ManagedLoginVersion" = "1";
    "client-without-branding": "DescribeManagedLoginBrandingByClient" of CLIENT_ID, "" = "null";
    "firewall-missing": "GetWebACLForResource" of "", "/WebACL" = "null";
    "firewall-empty": "GetWebACLForResource" of "", "/WebACL/Rules" = "[]";
    // The app clients.
    "client-unknown": "DescribeUserPoolClient" of CLIENT_ID, "" = "null";
    "client-of-local-users": "DescribeUserPoolClient" of CLIENT_ID, "/UserPoolClient/SupportedIdentityProviders/-" = r#""COGNITO""#;
    "client-without-providers": "DescribeUserPoolClient" of CLIENT_ID, "/UserPoolClient/SupportedIdentityProviders" = "[]";
    "client-with-passwords": "DescribeUserPoolClient" of CLIENT_ID, "/UserPoolClient/ExplicitAuthFlows/-" = r#""ALLOW_USER_PASSWORD_AUTH""#;
    "client-with-default-flows": "DescribeUserPoolClient" of CLIENT_ID, "/UserPoolClient/ExplicitAuthFlows" = "[]";
    "client-implicit": "DescribeUserPoolClient" of CLIENT_ID, "/UserPoolClient/AllowedOAuthFlows/-" = r#""implicit""#;
    "client-tells-who-exists": "DescribeUserPoolClient" of CLIENT_ID, "/UserPoolClient/PreventUserExistenceErrors" = r#""LEGACY""#;
    "client-changes-numbers": "DescribeUserPoolClient" of CLIENT_ID, "/UserPoolClient/AllowedOAuthScopes/-" = r#""aws.cognito.signin.user.admin""#;
    "client-lacks-scope": "DescribeUserPoolClient" of CLIENT_ID, "/UserPoolClient/AllowedOAuthScopes" = r#"["openid"]"#;
    "client-callback-differs": "DescribeUserPoolClient" of CLIENT_ID, "/UserPoolClient/CallbackURLs" = r#"["https://mydata.example/auth/callback/"]"#;
    "client-callback-of-another": "DescribeUserPoolClient" of CLIENT_ID, "/UserPoolClient/CallbackURLs/-" = r#""http://localhost:3000""#;
    "client-logout-missing": "DescribeUserPoolClient" of CLIENT_ID, "/UserPoolClient/LogoutURLs" = "[]";
    "client-cannot-write-number": "DescribeUserPoolClient" of CLIENT_ID, "/UserPoolClient/WriteAttributes" = "null";
    "client-cannot-write-mapped": "DescribeUserPoolClient" of CLIENT_ID, "/UserPoolClient/WriteAttributes" = r#"["custom:eid", "email", "name"]"#;
    "client-cannot-read-number": "DescribeUserPoolClient" of CLIENT_ID, "/UserPoolClient/ReadAttributes" = r#"["email", "name"]"#;
    "client-long-tokens": "DescribeUserPoolClient" of CLIENT_ID, "/UserPoolClient/IdTokenValidity" = "1440";
    "client-without-units": "DescribeUserPoolClient" of CLIENT_ID, "/UserPoolClient/TokenValidityUnits" = "null";
    "client-without-revocation": "DescribeUserPoolClient" of CLIENT_ID, "/UserPoolClient/EnableTokenRevocation" = "false";
    "client-secret-unexpected": "DescribeUserPoolClient" of CLIENT_ID, "/UserPoolClient/ClientSecret" = r#""51g0sm8vq2example""#;
    "client-secret-rotated": "DescribeUserPoolClient" of CASE_WORKERS_CLIENT_ID, "/UserPoolClient/ClientSecretArn" = r#""arn:aws:secretsmanager:eu-west-1:123456789012:secret:cognito-1""#;
    "client-secret-differs": "DescribeUserPoolClient" of CASE_WORKERS_CLIENT_ID, "/UserPoolClient/ClientSecret" = r#""51g0sm8vq2example""#;
    "client-secret-missing": "DescribeUserPoolClient" of CASE_WORKERS_CLIENT_ID, "/UserPoolClient/ClientSecret" = "null";
    "client-two-secrets": "ListUserPoolClientSecrets" of CASE_WORKERS_CLIENT_ID, "/ClientSecrets/-" = r#"{ "ClientSecretId": "2" }"#;
    "case-workers-with-citizens": "DescribeUserPoolClient" of CASE_WORKERS_CLIENT_ID, "/UserPoolClient/SupportedIdentityProviders/-" = r#""itsme""#;
    "case-workers-refresh-rotates": "DescribeUserPoolClient" of CASE_WORKERS_CLIENT_ID, "/UserPoolClient/RefreshTokenRotation" = r#"{ "Feature": "ENABLED" }"#;
    "case-workers-refresh-short": "DescribeUserPoolClient" of CASE_WORKERS_CLIENT_ID, "/UserPoolClient/RefreshTokenValidity" = "60";
    // The providers.
    "provider-unknown": "DescribeIdentityProvider" of "itsme", "" = "null";
    "provider-type": "DescribeIdentityProvider" of "Auth0", "/IdentityProvider/ProviderType" = r#""SAML""#;
    "provider-issuer": "DescribeIdentityProvider" of "Auth0", "/IdentityProvider/ProviderDetails/oidc_issuer" = r#""https://tenant.eu.auth0.com""#;
    "provider-client-id": "DescribeIdentityProvider" of "BeyondIdentity", "/IdentityProvider/ProviderDetails/client_id" = r#""another""#;
    "provider-without-openid": "DescribeIdentityProvider" of "Auth0", "/IdentityProvider/ProviderDetails/authorize_scopes" = r#""profile email""#;
    "provider-without-service": "DescribeIdentityProvider" of "itsme", "/IdentityProvider/ProviderDetails/authorize_scopes" = r#""openid profile email address phone eid""#;
    "provider-method": "DescribeIdentityProvider" of "Auth0", "/IdentityProvider/ProviderDetails/attributes_request_method" = r#""PATCH""#;
    "provider-at-a-bridge": "DescribeIdentityProvider" of "Auth0", "/IdentityProvider/ProviderDetails/token_url" = r#""http://idp.example/token""#;
    "provider-number-unmapped": "DescribeIdentityProvider" of "itsme", "/IdentityProvider/AttributeMapping/custom:eid" = "null";
    "provider-number-from-sub": "DescribeIdentityProvider" of "itsme", "/IdentityProvider/AttributeMapping/custom:eid" = r#""sub""#;
    "provider-number-from-mail": "DescribeIdentityProvider" of "Auth0", "/IdentityProvider/AttributeMapping/custom:eid" = r#""email""#;
    "provider-attribute-unknown": "DescribeIdentityProvider" of "Auth0", "/IdentityProvider/AttributeMapping/custom:team" = r#""https://mydata.example/team""#;
    "provider-not-asked-for": "DescribeIdentityProvider" of "itsme", "/IdentityProvider/ProviderDetails/authorize_scopes" = r#""openid service:MYDATA_LOGIN profile email address eid""#;
    "provider-unsolicited": "DescribeIdentityProvider" of "IAMIdentityCenter", "/IdentityProvider/ProviderDetails/IDPInit" = r#""true""#;
    "provider-more": "ListIdentityProviders" of "", "/Providers/-" = r#"{ "ProviderName": "Google", "ProviderType": "Google" }"#;
    "bridge-bypassed": "DescribeIdentityProvider" of "LoginGov", "/IdentityProvider/ProviderDetails/token_url" = r#""https://idp.int.identitysandbox.gov/api/openid_connect/token""#;
    "bridge-keys": "DescribeIdentityProvider" of "LoginGov", "/IdentityProvider/ProviderDetails/jwks_uri" = r#""https://mydata.example/federation/login_gov/jwks.json""#;
    "bridge-secret": "DescribeIdentityProvider" of "LoginGov", "/IdentityProvider/ProviderDetails/client_secret" = r#""changed-at-one-side-only-0123456789abcdef""#;
    "bridge-attributes": "DescribeIdentityProvider" of "LoginGov", "/IdentityProvider/ProviderDetails/attributes_url" = r#""https://mydata.example/userinfo""#;
    // The tables, the key and the secrets.
    "table-unknown": "DescribeTable" of RECORDS, "" = "null";
    "table-unprotected": "DescribeTable" of SESSIONS, "/Table/DeletionProtectionEnabled" = "null";
    "table-without-backups": "DescribeContinuousBackups" of RECORDS, "/ContinuousBackupsDescription/PointInTimeRecoveryDescription" = r#"{ "PointInTimeRecoveryStatus": "DISABLED" }"#;
    "table-backups-short": "DescribeContinuousBackups" of RECORDS, "/ContinuousBackupsDescription/PointInTimeRecoveryDescription/RecoveryPeriodInDays" = "7";
    "table-without-key": "DescribeTable" of RECORDS, "/Table/SSEDescription" = "null";
    "table-provisioned": "DescribeTable" of RECORDS, "/Table/BillingModeSummary" = "null";
    "table-without-ceiling": "DescribeTable" of RECORDS, "/Table/OnDemandThroughput" = "null";
    "index-ceiling-lower": "DescribeTable" of SESSIONS, "/Table/GlobalSecondaryIndexes/0/OnDemandThroughput" = r#"{ "MaxReadRequestUnits": 4000, "MaxWriteRequestUnits": 10 }"#;
    "table-without-insights": "DescribeContributorInsights" of SESSIONS, "/ContributorInsightsStatus" = r#""DISABLED""#;
    "key-of-aws": "DescribeKey" of "", "/KeyMetadata/KeyManager" = r#""AWS""#;
    "key-ends": "DescribeKey" of "", "/KeyMetadata/KeyState" = r#""PendingDeletion""#;
    "secret-unknown": "DescribeSecret" of "pseudonym", "" = "null";
    "secret-ends": "DescribeSecret" of "pseudonym", "/DeletedDate" = "1764201600";
    "secret-rotates": "DescribeSecret" of "session", "/RotationLambdaARN" = r#""arn:aws:lambda:eu-west-1:123456789012:function:rotate""#;
    "secret-without-key": "DescribeSecret" of "pseudonym", "/KmsKeyId" = "null";
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use serde_json::{Value, json};

    use super::{WRONG_SETTINGS, WrongSetting};

    #[test]
    fn each_wrong_setting_has_its_own_name_and_a_value() {
        let names: HashSet<_> = WRONG_SETTINGS.iter().map(|wrong| wrong.name).collect();
        assert_eq!(names.len(), WRONG_SETTINGS.len());
        for wrong in WRONG_SETTINGS {
            assert!(serde_json::from_str::<Value>(wrong.value).is_ok(), "{}", wrong.name);
            assert_eq!(WrongSetting::find(wrong.name).unwrap().value, wrong.value);
        }
    }

    #[test]
    fn only_the_answer_that_it_is_about_changes() {
        let wrong = WrongSetting::find("table-unprotected").unwrap();
        let right = json!({ "Table": { "DeletionProtectionEnabled": true } });
        let of = |name: &str| json!({ "TableName": name });
        let change = |operation, name| wrong.change(operation, &of(name), right.clone()).unwrap();
        assert_eq!(change("DescribeTable", "mydata-sessions"), json!({ "Table": {} }));
        assert_eq!(change("DescribeTable", "mydata-records"), right);
        assert_eq!(change("UpdateTable", "mydata-sessions"), right);
    }
}
