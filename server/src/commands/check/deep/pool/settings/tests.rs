use testkit::Example;

use super::*;
use crate::config::{Config, Source};

/// A user pool as the template makes it, with changes.
fn pool(changes: &Value) -> Pool {
    let mut pool = json!({
        "UserPoolTier": "ESSENTIALS",
        "DeletionProtection": "ACTIVE",
        "MfaConfiguration": "OFF",
        "Policies": { "PasswordPolicy": { "MinimumLength": 99 }, "SignInPolicy": { "AllowedFirstAuthFactors": ["PASSWORD"] } },
        "LambdaConfig": {},
        "SchemaAttributes": [{
            "Name": EID, "AttributeDataType": "String", "Mutable": true, "Required": false,
            "StringAttributeConstraints": { "MinLength": "1", "MaxLength": "256" },
        }],
        "AdminCreateUserConfig": { "AllowAdminCreateUserOnly": true },
        "AccountRecoverySetting": { "RecoveryMechanisms": [{ "Priority": 1, "Name": "admin_only" }] },
        "IssuerConfiguration": { "Type": "ORIGINAL" },
    });
    for (name, value) in changes.as_object().unwrap() {
        pool[name] = value.clone();
    }
    serde_json::from_value(pool).unwrap()
}

fn cognito(more: &str) -> Cognito {
    let mut cognito = testkit::example::Cognito::aws();
    more.clone_into(&mut cognito.more);
    Config::read(Source::from_toml(&Example::aws().cognito(cognito).to_toml())).unwrap().cognito
}

fn findings(pool: &Pool) -> (Vec<String>, Vec<String>) {
    let all = [
        pool.registration(),
        pool.number(),
        pool.issuer(&cognito("")),
        pool.local_users(),
        pool.protection(),
        pool.triggers(),
    ];
    let (mut problems, mut notes) = (Vec::new(), Vec::new());
    for found in all {
        problems.extend(found.problems);
        notes.extend(found.notes);
    }
    (problems, notes)
}

#[test]
fn each_wrong_setting_is_a_problem() {
    assert_eq!(findings(&pool(&json!({}))), (Vec::new(), Vec::new()));
    let attribute = |changes: Value| {
        let mut eid = json!({ "Name": EID, "AttributeDataType": "String", "Mutable": true, "Required": false });
        for (name, value) in changes.as_object().unwrap() {
            eid[name] = value.clone();
        }
        json!({ "SchemaAttributes": [eid] })
    };
    for (changes, problem) in [
        (json!({ "AdminCreateUserConfig": {} }), "anyone can register a user"),
        (json!({ "DcrConfiguration": { "OpenDcrEnabled": true } }), "anyone can register an app client"),
        (json!({ "DcrConfiguration": { "EnableStatus": "Enabled" } }), "whoever has an initial access token"),
        (json!({ "SchemaAttributes": [] }), "has no attribute custom:eid: add it"),
        (attribute(json!({ "Name": "dev:custom:eid" })), "dev:custom:eid is another attribute"),
        (attribute(json!({ "Mutable": false })), "custom:eid is immutable"),
        (attribute(json!({ "Required": true })), "custom:eid is required"),
        (attribute(json!({ "AttributeDataType": "Number" })), "has the type Number"),
        (attribute(json!({ "StringAttributeConstraints": { "MaxLength": "11" } })), "holds 11 characters at most"),
        (
            json!({ "IssuerConfiguration": { "Type": "UPDATED" } }),
            "tokens have https://issuer-cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEf123",
        ),
        (
            json!({ "Policies": { "SignInPolicy": { "AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"] } } }),
            "allows EMAIL_OTP",
        ),
        (
            json!({ "AccountRecoverySetting": { "RecoveryMechanisms": [{ "Name": "verified_email" }] } }),
            "has verified_email",
        ),
        (json!({ "AliasAttributes": ["preferred_username"] }), "AliasAttributes has preferred_username"),
        (json!({ "DeletionProtection": "INACTIVE" }), "set DeletionProtection to ACTIVE"),
    ] {
        let (problems, _) = findings(&pool(&changes));
        assert!(matches!(&problems[..], [one] if one.contains(problem)), "{changes}: {problems:?}");
    }
    assert_eq!(
        findings(&pool(&json!({ "DcrConfiguration": { "EnableStatus": "Disabled", "OpenDcrEnabled": true } }))).0,
        Vec::<String>::new()
    );
}

#[test]
fn what_matters_only_to_users_of_the_pool_itself_is_noted() {
    for (changes, note) in [
        (json!({ "AccountRecoverySetting": null }), "AccountRecoverySetting is not set"),
        (json!({ "AliasAttributes": ["email"] }), "AliasAttributes has email"),
        (json!({ "UsernameAttributes": ["email"] }), "UsernameAttributes has email"),
        (json!({ "MfaConfiguration": "ON" }), "MfaConfiguration is ON"),
        (json!({ "Policies": { "PasswordPolicy": { "MinimumLength": 6 } } }), "MinimumLength is 6"),
        (json!({ "DeviceConfiguration": { "ChallengeRequiredOnNewDevice": true } }), "DeviceConfiguration remembers"),
        (
            json!({ "LambdaConfig": { "PreTokenGenerationConfig": { "LambdaArn": "arn:a" } } }),
            "PreTokenGenerationConfig can change claims",
        ),
    ] {
        let (problems, notes) = findings(&pool(&changes));
        assert!(
            problems.is_empty() && matches!(&notes[..], [one] if one.contains(note)),
            "{changes}: {problems:?} {notes:?}"
        );
    }
}

#[test]
fn the_issuer_of_a_pool_with_updated_addresses_must_be_configured() {
    let updated = pool(&json!({ "IssuerConfiguration": { "Type": "UPDATED" } }));
    let own = "issuer = \"https://issuer-cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEf123\"";
    assert!(updated.issuer(&cognito(own)).problems.is_empty());
    assert_eq!(pool(&json!({})).issuer(&cognito(own)).problems.len(), 1);
    let stand_in = cognito("issuer = \"http://127.0.0.1:1/pool\"");
    assert!(pool(&json!({})).issuer(&stand_in).problems.is_empty());
    assert_eq!(updated.issuer(&stand_in).problems.len(), 1);
}
