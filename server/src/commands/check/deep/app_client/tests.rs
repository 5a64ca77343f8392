use serde_json::json;
use testkit::Example;

use super::*;
use crate::config::Source;

fn config() -> Config {
    Config::read(Source::from_toml(&Example::aws().to_toml())).unwrap()
}

/// An app client as the template makes it, with changes.
fn client(changes: &Value) -> Client {
    let mut client = json!({
        "ClientSecret": "not read",
        "SupportedIdentityProviders": ["Staff"],
        "ExplicitAuthFlows": [REFRESH],
        "AllowedOAuthFlows": ["code"],
        "AllowedOAuthScopes": ["openid", "email", "profile"],
        "CallbackURLs": ["https://mydata.example/auth/callback"],
        "LogoutURLs": ["https://mydata.example/"],
        "ReadAttributes": ["custom:eid", "email", "name"],
        "WriteAttributes": ["custom:eid", "email", "name"],
        "RefreshTokenValidity": 8,
        "TokenValidityUnits": { "RefreshToken": "hours" },
    });
    for (name, value) in changes.as_object().unwrap() {
        client[name] = value.clone();
    }
    serde_json::from_value(client).unwrap()
}

#[test]
fn only_case_workers_can_sign_in_and_only_with_their_provider() {
    let config = config();
    let problems = |changes: Value| own_client_problems(&client(&changes), "Staff", &config);
    assert_eq!(problems(json!({})), Vec::<String>::new());
    for (changes, problem) in [
        (json!({ "SupportedIdentityProviders": ["Staff", "COGNITO"] }), "COGNITO can sign in too"),
        (json!({ "SupportedIdentityProviders": [] }), "Staff is not enabled"),
        (json!({ "ExplicitAuthFlows": [REFRESH, "ALLOW_USER_SRP_AUTH"] }), "allows ALLOW_USER_SRP_AUTH"),
        (json!({ "ExplicitAuthFlows": [] }), "allows the default flows"),
        (json!({ "RefreshTokenRotation": { "Feature": "ENABLED" } }), "RefreshTokenRotation is on"),
        (json!({ "AllowedOAuthFlows": ["code", "implicit"] }), "must be code alone"),
        (json!({ "AllowedOAuthScopes": ["openid", "email"] }), "lacks profile (cognito.scopes)"),
        (json!({ "AllowedOAuthScopes": ["openid", "email", "profile", SELF_SERVICE] }), "people can change custom:eid"),
        (
            json!({ "CallbackURLs": ["https://mydata.example/"] }),
            "CallbackURLs lacks https://mydata.example/auth/callback",
        ),
        (json!({ "LogoutURLs": [] }), "LogoutURLs lacks https://mydata.example/"),
        (json!({ "ReadAttributes": ["email"] }), "ReadAttributes lacks custom:eid"),
        (json!({ "WriteAttributes": ["custom:eid"] }), "WriteAttributes lacks email"),
        (json!({ "RefreshTokenValidity": 7 }), "end after 420 minutes"),
    ] {
        let found = problems(changes.clone());
        assert!(matches!(&found[..], [one] if one.contains(problem)), "{changes}: {found:?}");
    }
    assert_eq!(problems(json!({ "ExplicitAuthFlows": ["ALLOW_USER_AUTH"] })).len(), 2);
    assert_eq!(problems(json!({ "RefreshTokenValidity": 30, "TokenValidityUnits": null })), Vec::<String>::new());
}

#[test]
fn the_provider_is_one_of_saml_with_the_users_id() {
    let check = |kind: &str, attributes: &[(&str, &str)]| {
        let attribute_mapping =
            attributes.iter().map(|(name, from)| ((*name).to_owned(), (*from).to_owned())).collect();
        mapping(&IdentityProvider { provider_type: kind.to_owned(), attribute_mapping })
    };
    let (email, name) = (("email", "email"), ("name", "name"));
    assert!(!check("SAML", &[email, name, (EID, USER_ID_ATTRIBUTE)]).unwrap().contains("note"));
    assert!(check("SAML", &[email, name, (EID, "objectid")]).unwrap().contains("make sure that objectid"));
    for (kind, attributes, problem) in [
        ("OIDC", &[email, (EID, USER_ID_ATTRIBUTE)][..], "is of the type OIDC"),
        ("SAML", &[email], "custom:eid is not mapped"),
        ("SAML", &[(EID, USER_ID_ATTRIBUTE)], "email is not mapped"),
        ("SAML", &[email, (EID, "email")], "which is not the directory's user id"),
        ("SAML", &[email, name, (EID, "name")], "which is not the directory's user id"),
    ] {
        let found = check(kind, attributes).unwrap_err();
        assert!(found.contains(problem), "{found}");
    }
}
