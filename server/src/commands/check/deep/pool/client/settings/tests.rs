use std::collections::BTreeSet;

use serde_json::{Value, json};
use testkit::Example;

use super::*;
use crate::config::Source;

const CALLBACK: &str = "https://mydata.example/auth/callback";
const HOME: &str = "https://mydata.example/";

fn config() -> Config {
    Config::read(Source::from_toml(&Example::aws().to_toml())).unwrap()
}

/// An app client as the template makes it, with changes.
fn client(changes: &Value) -> Client {
    let mut client = json!({
        "ClientSecret": "the right one",
        "SupportedIdentityProviders": ["Staff"],
        "ExplicitAuthFlows": [REFRESH],
        "AllowedOAuthFlows": ["code"],
        "AllowedOAuthFlowsUserPoolClient": true,
        "AllowedOAuthScopes": ["openid", "email", "profile"],
        "CallbackURLs": [CALLBACK],
        "LogoutURLs": [HOME],
        "ReadAttributes": [EID, "email", "name"],
        "WriteAttributes": [EID, "email", "name"],
        "AccessTokenValidity": 5,
        "IdTokenValidity": 5,
        "RefreshTokenValidity": 8,
        "TokenValidityUnits": { "AccessToken": "minutes", "IdToken": "minutes", "RefreshToken": "hours" },
        "EnableTokenRevocation": true,
        "PreventUserExistenceErrors": "ENABLED",
    });
    for (name, value) in changes.as_object().unwrap() {
        client[name] = value.clone();
    }
    serde_json::from_value(client).unwrap()
}

fn expected<'a>(refreshes: bool, secret: Option<Held<'a>>) -> Expected<'a> {
    Expected {
        subject: "app client of case workers",
        id: "7c9example",
        id_key: "providers.1.client.client_id".to_owned(),
        secret_key: "providers.1.client.client_secret".to_owned(),
        providers: vec!["Staff"],
        mapped: BTreeSet::from([EID, "email", "name"]),
        read: &[EID, "email"],
        secret,
        refreshes,
        danger: "would become that case worker",
    }
}

/// The text of each line that fails, and the notes of the others, with the part of the client that the line is about.
fn problems(changes: &Value, refreshes: bool) -> Vec<(String, String)> {
    let lines = client(changes).lines(&expected(refreshes, None), &config());
    let part = |line: &Line| line.subject.trim_start_matches("app client of case workers").trim().to_owned();
    lines.into_iter().filter_map(|line| Some((part(&line), line.result.err()?))).collect()
}

#[test]
fn only_its_people_can_sign_in_and_only_with_their_provider() {
    assert_eq!(problems(&json!({}), true), Vec::new());
    for (changes, part, problem) in [
        (json!({ "SupportedIdentityProviders": ["Staff", "COGNITO"] }), "", "COGNITO can sign in too"),
        (json!({ "SupportedIdentityProviders": [] }), "", "Staff is not enabled"),
        (json!({ "AnalyticsConfiguration": { "UserDataShared": true } }), "", "AnalyticsConfiguration shares"),
        (json!({ "ExplicitAuthFlows": [REFRESH, "ALLOW_USER_SRP_AUTH"] }), "flows", "allows ALLOW_USER_SRP_AUTH"),
        (json!({ "ExplicitAuthFlows": [] }), "flows", "allows the default flows"),
        (json!({ "ExplicitAuthFlows": ["ALLOW_USER_AUTH"] }), "flows", "lacks ALLOW_REFRESH_TOKEN_AUTH"),
        (json!({ "AllowedOAuthFlows": ["code", "implicit"] }), "flows", "leave only code"),
        (json!({ "AllowedOAuthFlows": [] }), "flows", "AllowedOAuthFlows is empty"),
        (json!({ "AllowedOAuthFlowsUserPoolClient": false }), "flows", "set it to true"),
        (json!({ "PreventUserExistenceErrors": "LEGACY" }), "flows", "set ENABLED"),
        (json!({ "AllowedOAuthScopes": ["openid", "email"] }), "scopes", "lacks profile"),
        (json!({ "AllowedOAuthScopes": ["openid", "email", "profile", "phone"] }), "scopes", "has phone, which"),
        (
            json!({ "AllowedOAuthScopes": ["openid", "email", "profile", SELF_SERVICE] }),
            "scopes",
            "people can change custom:eid",
        ),
        (json!({ "CallbackURLs": [HOME, CALLBACK] }), "addresses", "CallbackURLs has https://mydata.example/ too"),
        (json!({ "CallbackURLs": [] }), "addresses", "CallbackURLs lacks https://mydata.example/auth/callback"),
        (json!({ "LogoutURLs": ["https://mydata.example"] }), "addresses", "LogoutURLs lacks https://mydata.example/"),
        (json!({ "ReadAttributes": ["email", "name"] }), "attributes", "ReadAttributes lacks custom:eid"),
        (json!({ "ReadAttributes": [] }), "attributes", "ReadAttributes lacks custom:eid, so"),
        (json!({ "WriteAttributes": [EID, "name"] }), "attributes", "WriteAttributes lacks email"),
        (json!({ "WriteAttributes": null }), "attributes", "WriteAttributes lacks custom:eid, so"),
        (json!({ "RefreshTokenValidity": 7 }), "tokens", "end after 420 minutes"),
        (json!({ "RefreshTokenRotation": { "Feature": "ENABLED" } }), "tokens", "RefreshTokenRotation is on"),
        (json!({ "EnableTokenRevocation": false }), "tokens", "cannot revoke"),
        (json!({ "AccessTokenValidity": 61 }), "tokens", "AccessTokenValidity is 61 minutes"),
        // Without units, they are hours and days.
        (
            json!({ "IdTokenValidity": 5, "TokenValidityUnits": { "AccessToken": "minutes" } }),
            "tokens",
            "IdTokenValidity is 300 minutes",
        ),
        (
            json!({ "RefreshTokenValidity": 31, "TokenValidityUnits": { "AccessToken": "minutes", "IdToken": "minutes" } }),
            "tokens",
            "RefreshTokenValidity is 44640",
        ),
    ] {
        let changes = if changes["WriteAttributes"].is_null() && changes.get("WriteAttributes").is_some() {
            json!({ "WriteAttributes": [] })
        } else {
            changes
        };
        let found = problems(&changes, true);
        assert!(matches!(&found[..], [(of, text)] if of == part && text.contains(problem)), "{changes}: {found:?}");
    }
}

#[test]
fn an_app_client_that_is_never_refreshed_needs_no_long_tokens() {
    let notes = |changes: Value| {
        let expected = expected(false, None);
        let found = client(&changes).tokens(&expected, &config());
        (found.problems.len(), found.notes.len())
    };
    assert_eq!(notes(json!({ "RefreshTokenValidity": 1 })), (0, 0));
    assert_eq!(
        notes(
            json!({ "RefreshTokenValidity": 30, "TokenValidityUnits": { "AccessToken": "minutes", "IdToken": "minutes" } })
        ),
        (0, 1)
    );
    assert_eq!(notes(json!({ "RefreshTokenRotation": { "Feature": "ENABLED" } })), (0, 0));
    // Shorter than the others, which AWS refuses today.
    let changes = json!({ "RefreshTokenValidity": 30, "IdTokenValidity": 60, "TokenValidityUnits": { "AccessToken": "minutes", "IdToken": "minutes", "RefreshToken": "minutes" } });
    assert_eq!(notes(changes), (1, 0));
}

#[test]
fn the_secret_of_the_app_client_and_that_of_the_configuration_are_one() {
    let right = Secret::new("the right one");
    let wrong = Secret::new("another");
    let arn = "arn:aws:secretsmanager:eu-west-1:1:secret:a";
    let problem = |changes: Value, held| client(&changes).secret(&expected(true, held)).problems.into_iter().next();
    let published = json!({ "ClientSecret": null, "ClientSecretArn": arn });
    let public = json!({ "ClientSecret": null });
    assert_eq!(problem(json!({}), Some(Held::Text(&right))), None);
    assert_eq!(problem(json!({}), Some(Held::Arn(arn))), None);
    assert_eq!(problem(published.clone(), Some(Held::Arn(arn))), None);
    assert_eq!(problem(public.clone(), None), None);
    for (changes, held, text) in [
        (json!({}), Some(Held::Text(&wrong)), "is not the secret of the app client"),
        (json!({}), None, "the configuration has none"),
        (public, Some(Held::Text(&right)), "is a public one"),
        (published.clone(), Some(Held::Text(&right)), "every 7 days: replace"),
        (published.clone(), Some(Held::Arn("arn:other")), "at another place"),
        (published, None, "the configuration has none"),
    ] {
        let found = problem(changes, held).unwrap();
        assert!(found.contains(text) && !found.contains("the right one") && !found.contains("another\""), "{found}");
    }
}
