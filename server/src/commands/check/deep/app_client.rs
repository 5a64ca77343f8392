//! How case workers sign in: their app client, the provider in the user pool, and the app client of citizens.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Deep, Line, line, with_notes};
use crate::{
    commands::check::caller::{CallError, Service},
    config::Config,
    providers::USER_ID_ATTRIBUTE,
};

/// The only flow that needs no password and no code of ours.
const REFRESH: &str = "ALLOW_REFRESH_TOKEN_AUTH";
/// With this scope, a person could change their own `custom:eid`.
const SELF_SERVICE: &str = "aws.cognito.signin.user.admin";
/// The attribute with the directory's user id.
const EID: &str = "custom:eid";
const TEMPLATE: &str = "the stack of phase 3 (server provider-guide)";

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ClientOutput {
    user_pool_client: Client,
}

/// An app client. The response also has its secret, which is not read.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", default)]
#[derive(Default)]
struct Client {
    supported_identity_providers: Vec<String>,
    explicit_auth_flows: Vec<String>,
    #[serde(rename = "AllowedOAuthFlows")]
    allowed_oauth_flows: Vec<String>,
    #[serde(rename = "AllowedOAuthScopes")]
    allowed_oauth_scopes: Vec<String>,
    #[serde(rename = "CallbackURLs")]
    callback_urls: Vec<String>,
    #[serde(rename = "LogoutURLs")]
    logout_urls: Vec<String>,
    read_attributes: Vec<String>,
    write_attributes: Vec<String>,
    refresh_token_validity: Option<u64>,
    token_validity_units: Option<Units>,
    refresh_token_rotation: Option<Rotation>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Units {
    refresh_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Rotation {
    feature: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ProviderOutput {
    identity_provider: IdentityProvider,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct IdentityProvider {
    provider_type: String,
    #[serde(default)]
    attribute_mapping: BTreeMap<String, String>,
}

impl Deep<'_> {
    /// The lines about the user pool.
    pub(super) async fn sign_in(&self, config: &Config) -> Vec<Line> {
        let pool = config.cognito.user_pool_id.as_str();
        let own = match self.client(pool, &self.client.client_id).await {
            Err(error) if error.is_not_found() => Err(format!(
                "the user pool {pool} has no app client {}: compare {}.client.client_id and cognito.user_pool_id",
                self.client.client_id, self.provider_key
            )),
            Err(error) => Err(error.explain("cognito-idp:DescribeUserPoolClient")),
            Ok(client) => self.own_client(&client, config),
        };
        let citizens = match self.client(pool, &config.cognito.client_id).await {
            Err(error) if error.is_not_found() => {
                Err(format!("the user pool {pool} has no such app client: compare cognito.user_pool_web_client_id"))
            }
            Err(error) => Err(error.explain("cognito-idp:DescribeUserPoolClient")),
            Ok(client) if client.supported_identity_providers.contains(&self.provider.name) => {
                Err(format!("{} can sign in there: disable it in the app client of citizens", self.provider.name))
            }
            Ok(_) => Ok(format!("does not have {}", self.provider.name)),
        };
        vec![
            line("app client of case workers", own),
            line("app client of citizens", citizens),
            line("provider in the user pool", self.in_pool(pool).await),
        ]
    }

    async fn client(&self, pool: &str, id: &str) -> Result<Client, CallError> {
        let input = json!({ "UserPoolId": pool, "ClientId": id });
        let output = self.cognito::<ClientOutput>("DescribeUserPoolClient", &input).await?;
        Ok(output.user_pool_client)
    }

    async fn cognito<T: serde::de::DeserializeOwned>(&self, operation: &str, input: &Value) -> Result<T, CallError> {
        self.pool.json(Service::Cognito, operation, input).await
    }

    fn own_client(&self, client: &Client, config: &Config) -> Result<String, String> {
        let name = &self.provider.name;
        let problems = own_client_problems(client, name, config);
        if problems.is_empty() {
            return Ok(format!("only {name} can sign in, without a password"));
        }
        Err(format!("{}. Update {TEMPLATE}", problems.join("; ")))
    }

    async fn in_pool(&self, pool: &str) -> Result<String, String> {
        let input = json!({ "UserPoolId": pool, "ProviderName": self.provider.name });
        let found = match self.cognito::<ProviderOutput>("DescribeIdentityProvider", &input).await {
            Err(error) if error.is_not_found() => {
                return Err(format!(
                    "the user pool has no provider {}: compare {}.name",
                    self.provider.name, self.provider_key
                ));
            }
            found => found.map_err(|error| error.explain("cognito-idp:DescribeIdentityProvider"))?.identity_provider,
        };
        mapping(&found)
    }
}

/// What is wrong with the app client of case workers.
fn own_client_problems(client: &Client, provider: &str, config: &Config) -> Vec<String> {
    let mut problems = Vec::new();
    let mut need = |holds: bool, problem: String| {
        if !holds {
            problems.push(problem);
        }
    };
    let others: Vec<_> = client.supported_identity_providers.iter().filter(|name| *name != provider).cloned().collect();
    need(client.supported_identity_providers.iter().any(|name| name == provider), format!("{provider} is not enabled"));
    need(
        others.is_empty(),
        format!(
            "{} can sign in too, and a person of theirs with a case worker's email address would become that case worker: disable \
             them",
            others.join(", ")
        ),
    );
    let flows: Vec<_> = client.explicit_auth_flows.iter().filter(|flow| *flow != REFRESH).cloned().collect();
    // Without a list, Cognito allows passwords.
    let passwords =
        if client.explicit_auth_flows.is_empty() { "the default flows".to_owned() } else { flows.join(", ") };
    need(
        passwords.is_empty(),
        format!("ExplicitAuthFlows allows {passwords}, so there are other ways in: leave only {REFRESH}"),
    );
    let has_refresh =
        client.explicit_auth_flows.iter().any(|flow| flow == REFRESH) || client.explicit_auth_flows.is_empty();
    need(has_refresh, format!("ExplicitAuthFlows lacks {REFRESH}, so there is no fresh ID token to exchange"));
    let rotates = client.refresh_token_rotation.as_ref().is_some_and(|rotation| rotation.feature == "ENABLED");
    need(!rotates, "RefreshTokenRotation is on, so a session's refresh token works once: turn it off".to_owned());
    need(client.allowed_oauth_flows == ["code"], "AllowedOAuthFlows must be code alone".to_owned());
    let scopes = &client.allowed_oauth_scopes;
    let missing: Vec<_> = config.cognito.scopes.iter().filter(|scope| !scopes.contains(scope)).cloned().collect();
    need(missing.is_empty(), format!("AllowedOAuthScopes lacks {} (cognito.scopes)", missing.join(", ")));
    let changes_eid = scopes.iter().any(|scope| scope == SELF_SERVICE);
    need(!changes_eid, format!("AllowedOAuthScopes has {SELF_SERVICE}, with which people can change {EID}: remove it"));
    for (list, name, url) in [
        (&client.callback_urls, "CallbackURLs", config.public_url.at("/auth/callback")),
        (&client.logout_urls, "LogoutURLs", config.public_url.at("/")),
    ] {
        need(list.contains(&url), format!("{name} lacks {url}"));
    }
    for (list, name) in [(&client.read_attributes, "ReadAttributes"), (&client.write_attributes, "WriteAttributes")] {
        for attribute in [EID, "email"] {
            // Without a list, every attribute is allowed, apart from custom ones in some old clients.
            need(list.is_empty() || list.iter().any(|known| known == attribute), format!("{name} lacks {attribute}"));
        }
    }
    if let Some(minutes) = refresh_minutes(client) {
        let session = config.session.absolute.whole_minutes().unsigned_abs();
        need(
            minutes >= session,
            format!(
                "refresh tokens end after {minutes} minutes, before session.absolute_minutes ({session}): set SessionHours"
            ),
        );
    }
    problems
}

/// How long refresh tokens live. The default unit is days.
fn refresh_minutes(client: &Client) -> Option<u64> {
    let units = client.token_validity_units.as_ref().and_then(|units| units.refresh_token.as_deref());
    let number = client.refresh_token_validity?;
    Some(match units.unwrap_or("days") {
        "seconds" => number / 60,
        "minutes" => number,
        "hours" => number * 60,
        _ => number * 24 * 60,
    })
}

/// Whether the provider is one of SAML, with the attributes that we need.
fn mapping(provider: &IdentityProvider) -> Result<String, String> {
    if provider.provider_type != "SAML" {
        return Err(format!("is of the type {}, not SAML: the server would refuse its people", provider.provider_type));
    }
    let mapped = |name: &str| provider.attribute_mapping.get(name).map(String::as_str);
    let Some(eid) = mapped(EID) else {
        return Err(format!("{EID} is not mapped: map {USER_ID_ATTRIBUTE} to it. Update {TEMPLATE}"));
    };
    let Some(email) = mapped("email") else {
        return Err(format!("email is not mapped, and the exchange finds people by it. Update {TEMPLATE}"));
    };
    if [Some(email), mapped("name")].contains(&Some(eid)) {
        return Err(format!(
            "{EID} is mapped from {eid}, which is not the directory's user id, so every answer of Access Grants would be refused: map \
             {USER_ID_ATTRIBUTE} to it. Update {TEMPLATE}"
        ));
    }
    let note =
        format!("the guide maps {EID} from {USER_ID_ATTRIBUTE}; make sure that {eid} is the directory's user id");
    let notes = if eid == USER_ID_ATTRIBUTE { &[] } else { std::slice::from_ref(&note) };
    Ok(with_notes(&format!("SAML, with {EID} from {eid} and email from {email}"), notes))
}

#[cfg(test)]
mod tests;
