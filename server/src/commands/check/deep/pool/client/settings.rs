//! The settings of an app client, and the rules for them.

use serde::Deserialize;

use super::{EID, Expected, Held, Line, line};
use crate::{commands::check::deep::Findings, config::Config, secret::Secret};

/// The only flow that needs no password and no code of ours.
const REFRESH: &str = "ALLOW_REFRESH_TOKEN_AUTH";
/// With this scope, a person could change their own `custom:eid`.
const SELF_SERVICE: &str = "aws.cognito.signin.user.admin";
/// AWS's default of access and ID tokens, which is long enough.
const MAX_TOKEN_MINUTES: u64 = 60;
/// AWS's default of refresh tokens.
const MAX_REFRESH_MINUTES: u64 = 30 * 24 * 60;
/// How long they may live where nothing uses them.
const MAX_UNUSED_REFRESH_MINUTES: u64 = 24 * 60;
/// AWS's shortest life of refresh tokens.
const ENOUGH_REFRESH_MINUTES: u64 = 60;

/// An app client. A setting that is missing has AWS's default.
#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Client {
    supported_identity_providers: Vec<String>,
    explicit_auth_flows: Vec<String>,
    #[serde(rename = "AllowedOAuthFlows")]
    allowed_oauth_flows: Vec<String>,
    #[serde(rename = "AllowedOAuthFlowsUserPoolClient")]
    has_oauth: Option<bool>,
    #[serde(rename = "AllowedOAuthScopes")]
    allowed_oauth_scopes: Vec<String>,
    #[serde(rename = "CallbackURLs")]
    callback_urls: Vec<String>,
    #[serde(rename = "LogoutURLs")]
    logout_urls: Vec<String>,
    read_attributes: Vec<String>,
    write_attributes: Vec<String>,
    access_token_validity: Option<u64>,
    id_token_validity: Option<u64>,
    refresh_token_validity: Option<u64>,
    token_validity_units: Option<Units>,
    refresh_token_rotation: Option<Rotation>,
    enable_token_revocation: Option<bool>,
    prevent_user_existence_errors: Option<String>,
    analytics_configuration: Option<Analytics>,
    client_secret: Option<Secret>,
    client_secret_arn: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Units {
    access_token: Option<String>,
    id_token: Option<String>,
    refresh_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Rotation {
    feature: String,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Analytics {
    user_data_shared: bool,
}

impl Client {
    /// The lines about everything but the secret.
    pub(super) fn lines(&self, expected: &Expected<'_>, config: &Config) -> Vec<Line> {
        let named = |part: &str| format!("{} {part}", expected.subject);
        let code = "the authorization code is the only way in";
        vec![
            line(
                expected.subject,
                self.providers(expected).result(&format!("only {} can sign in", expected.providers.join(", "))),
            ),
            line(&named("flows"), self.flows(expected).result(code)),
            line(&named("scopes"), self.scopes(config).result(&config.cognito.scopes.join(" "))),
            line(&named("addresses"), self.addresses(config).result("those of public_url alone")),
            line(&named("attributes"), self.attributes(expected).result("every mapped attribute can be written")),
            line(&named("tokens"), self.tokens(expected, config).result("they end in time, and can be revoked")),
        ]
    }

    fn providers(&self, expected: &Expected<'_>) -> Findings {
        let mut found = Findings::default();
        let enabled = &self.supported_identity_providers;
        let missing: Vec<_> =
            expected.providers.iter().filter(|name| !enabled.iter().any(|known| known == *name)).copied().collect();
        found.need(missing.is_empty(), || {
            format!("{} is not enabled: add it to SupportedIdentityProviders", missing.join(", "))
        });
        let others: Vec<_> =
            enabled.iter().filter(|name| !expected.providers.contains(&name.as_str())).cloned().collect();
        found.need(others.is_empty(), || {
            format!(
                "{} can sign in too, and {}: remove it from SupportedIdentityProviders",
                others.join(", "),
                expected.danger
            )
        });
        let shares = self.analytics_configuration.as_ref().is_some_and(|analytics| analytics.user_data_shared);
        found.need(!shares, || {
            "AnalyticsConfiguration shares what is known of people with Amazon Pinpoint: remove it".to_owned()
        });
        found
    }

    fn flows(&self, expected: &Expected<'_>) -> Findings {
        let mut found = Findings::default();
        let flows = &self.explicit_auth_flows;
        let others: Vec<_> = flows.iter().filter(|flow| *flow != REFRESH).cloned().collect();
        // Without a list, Cognito allows passwords.
        let others = if flows.is_empty() { "the default flows".to_owned() } else { others.join(", ") };
        found.need(others.is_empty(), || {
            format!("ExplicitAuthFlows allows {others}, so there are other ways in: leave only {REFRESH}")
        });
        let has_refresh = flows.is_empty() || flows.iter().any(|flow| flow == REFRESH);
        found.need(has_refresh || !expected.refreshes, || {
            format!("ExplicitAuthFlows lacks {REFRESH}, so there is no fresh ID token to exchange: add it")
        });
        found.need(self.allowed_oauth_flows == ["code"], || {
            format!("AllowedOAuthFlows is {}: leave only code", listed(&self.allowed_oauth_flows))
        });
        found.need(self.has_oauth != Some(false), || {
            "AllowedOAuthFlowsUserPoolClient is false, so no one can sign in: set it to true".to_owned()
        });
        let tells = self.prevent_user_existence_errors.as_deref() == Some("LEGACY");
        found.need(!tells, || {
            "PreventUserExistenceErrors is LEGACY, so anyone can ask who has signed in: set ENABLED".to_owned()
        });
        found
    }

    fn scopes(&self, config: &Config) -> Findings {
        let mut found = Findings::default();
        let (scopes, asked) = (&self.allowed_oauth_scopes, &config.cognito.scopes);
        let missing: Vec<_> = asked.iter().filter(|scope| !scopes.contains(scope)).cloned().collect();
        found.need(missing.is_empty(), || {
            format!(
                "AllowedOAuthScopes lacks {}, so no one can sign in: add it, or remove it from cognito.scopes",
                missing.join(", ")
            )
        });
        found.need(!scopes.iter().any(|scope| scope == SELF_SERVICE), || {
            format!("AllowedOAuthScopes has {SELF_SERVICE}, with which people can change {EID}, and so read another's record: remove it")
        });
        let others: Vec<_> =
            scopes.iter().filter(|scope| !asked.contains(scope) && *scope != SELF_SERVICE).cloned().collect();
        found.need(others.is_empty(), || {
            format!("AllowedOAuthScopes has {}, which cognito.scopes does not ask for: remove it", others.join(", "))
        });
        found
    }

    fn addresses(&self, config: &Config) -> Findings {
        let mut found = Findings::default();
        for (list, name, url) in [
            (&self.callback_urls, "CallbackURLs", config.public_url.at("/auth/callback")),
            (&self.logout_urls, "LogoutURLs", config.public_url.at("/")),
        ] {
            found.need(list.contains(&url), || format!("{name} lacks {url}: add it, character for character"));
            let others: Vec<_> = list.iter().filter(|known| **known != url).cloned().collect();
            found.need(others.is_empty(), || {
                format!("{name} has {} too: remove it, or give that site an app client of its own", others.join(", "))
            });
        }
        found
    }

    fn attributes(&self, expected: &Expected<'_>) -> Findings {
        let mut found = Findings::default();
        // Without a list, the standard attributes are allowed, and no custom ones.
        let lacks = |list: &[String], name: &str| {
            if list.is_empty() { name.starts_with("custom:") } else { !list.iter().any(|known| known == name) }
        };
        let unwritten: Vec<_> =
            expected.mapped.iter().filter(|name| lacks(&self.write_attributes, name)).copied().collect();
        found.need(unwritten.is_empty(), || {
            format!(
                "WriteAttributes lacks {}, so sign-ins fail when the provider sends it: add it",
                unwritten.join(", ")
            )
        });
        let unread: Vec<_> = expected.read.iter().filter(|name| lacks(&self.read_attributes, name)).copied().collect();
        found.need(unread.is_empty(), || {
            format!("ReadAttributes lacks {}, so it is not in ID tokens: add it", unread.join(", "))
        });
        let shown =
            expected.mapped.iter().filter(|name| !expected.read.contains(name) && lacks(&self.read_attributes, name));
        let shown: Vec<_> = shown.copied().collect();
        found.advise(shown.is_empty(), || {
            format!("ReadAttributes lacks {}, so the profile does not show it", shown.join(", "))
        });
        found
    }

    fn tokens(&self, expected: &Expected<'_>, config: &Config) -> Findings {
        let mut found = Findings::default();
        let no_units = Units::default();
        let units = self.token_validity_units.as_ref().unwrap_or(&no_units);
        let access = minutes(self.access_token_validity, units.access_token.as_deref().unwrap_or("hours"));
        let id = minutes(self.id_token_validity, units.id_token.as_deref().unwrap_or("hours"));
        let refresh = minutes(self.refresh_token_validity, units.refresh_token.as_deref().unwrap_or("days"));
        let refresh = refresh.unwrap_or(MAX_REFRESH_MINUTES);
        for (name, minutes) in [("AccessTokenValidity", access), ("IdTokenValidity", id)] {
            let minutes = minutes.unwrap_or(MAX_TOKEN_MINUTES);
            found.need(minutes <= MAX_TOKEN_MINUTES, || {
                format!("{name} is {minutes} minutes, and such a token works until its end, even after a sign-out: set 5 minutes")
            });
            found.need(refresh > minutes, || {
                format!("{name} is {minutes} minutes, not shorter than RefreshTokenValidity ({refresh}): set 5 minutes")
            });
        }
        if expected.refreshes {
            let session = config.session.absolute.whole_minutes().unsigned_abs();
            found.need(refresh >= session, || {
                format!("refresh tokens end after {refresh} minutes, before session.absolute_minutes ({session}): set RefreshTokenValidity")
            });
            let rotates = self.refresh_token_rotation.as_ref().is_some_and(|rotation| rotation.feature == "ENABLED");
            found.need(!rotates, || {
                "RefreshTokenRotation is on, so a session's refresh token works once: turn it off".to_owned()
            });
        } else {
            found.advise(refresh <= MAX_UNUSED_REFRESH_MINUTES, || {
                format!("refresh tokens live {refresh} minutes, and this server never uses them: {ENOUGH_REFRESH_MINUTES} are enough")
            });
        }
        found.need(refresh <= MAX_REFRESH_MINUTES, || {
            format!("RefreshTokenValidity is {refresh} minutes: set {ENOUGH_REFRESH_MINUTES}, or session.absolute_minutes for case workers")
        });
        found.need(self.enable_token_revocation != Some(false), || {
            "EnableTokenRevocation is false, so a sign-out cannot revoke tokens: set it to true".to_owned()
        });
        found
    }

    pub(super) fn secret(&self, expected: &Expected<'_>) -> Findings {
        let mut found = Findings::default();
        let key = &expected.secret_key;
        let own = self.client_secret.as_ref().filter(|secret| !secret.expose().is_empty());
        match (&self.client_secret_arn, own, &expected.secret) {
            (None, None, None) => {}
            (None, None, Some(_)) => found.need(false, || {
                format!("the app client is a public one, but the configuration has {key}: remove it, or use an app client with a secret")
            }),
            (Some(_), _, None) | (None, Some(_), None) => found.need(false, || {
                format!("the app client has a secret, but the configuration has none, so every sign-in fails: set {key}_arn")
            }),
            (Some(arn), _, Some(Held::Text(_))) => found.need(false, || {
                format!("Cognito keeps the secret in Secrets Manager, and changes it every 7 days: replace {key} by {key}_arn = {arn:?}")
            }),
            (Some(arn), _, Some(Held::Arn(held))) => found.need(arn == held, || {
                format!("Cognito keeps the secret at another place, and changes it every 7 days: set {key}_arn to {arn:?}")
            }),
            (None, Some(secret), Some(held)) => found.need(held.is(secret).unwrap_or(true), || {
                format!("{key} is not the secret of the app client, so every sign-in fails: replace it")
            }),
        }
        found
    }

    pub(super) fn secret_summary(&self) -> &'static str {
        match (&self.client_secret_arn, &self.client_secret) {
            (Some(_), _) => "Cognito keeps it in Secrets Manager, and the configuration names it",
            (None, Some(_)) => "the app client has one, and so has the configuration",
            (None, None) => "the app client has none, and neither has the configuration",
        }
    }
}

/// A time in minutes. AWS reads 0 as its default.
fn minutes(number: Option<u64>, unit: &str) -> Option<u64> {
    let number = number.filter(|number| *number > 0)?;
    Some(match unit {
        "seconds" => number.div_ceil(60),
        "minutes" => number,
        "hours" => number.saturating_mul(60),
        _ => number.saturating_mul(24 * 60),
    })
}

fn listed(items: &[String]) -> String {
    if items.is_empty() { "empty".to_owned() } else { items.join(", ") }
}

#[cfg(test)]
mod tests;
