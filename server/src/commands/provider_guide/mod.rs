//! `server provider-guide KIND [ID]`: how to set up a provider of this kind, with the reader's own values.
//!
//! A guide is a page of `docs/providers` with the values of the README's example. The command prints that page with the
//! values of the configuration instead, so there is only one text to maintain. It prints addresses, names and ids,
//! never a secret.

use std::{fmt::Write as _, path::PathBuf};

use clap::{Args, builder::PossibleValuesParser};

use super::{
    error::{CommandError, print},
    with_config::with_config,
};
use crate::{
    config::{BridgeSettings, ClientSecret, Cognito, Config, Provider, SigningKeySource},
    providers::{BridgeExamples, DocumentsExamples, Guide, KINDS, OpenIdExamples, ProviderKind},
};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The kind of provider
    #[arg(value_parser = PossibleValuesParser::new(kinds()))]
    kind: String,
    /// The provider's id in the configuration; the default is the first provider of this kind
    id: Option<String>,
}

/// The command's line in the help. It names the kinds, so that the answer to any mistake lists them.
pub(super) fn about() -> String {
    let kinds: Vec<_> = kinds().collect();
    format!("Print the set-up guide of a provider ({}), with the values of your configuration", kinds.join(", "))
}

/// The ids of the kinds that have a guide.
fn kinds() -> impl Iterator<Item = &'static str> {
    KINDS.iter().filter(|kind| kind.guide.is_some()).map(|kind| kind.id)
}

/// `server provider-guide KIND [ID]`
pub(super) async fn run(arguments: &Arguments, file: Option<PathBuf>) -> Result<(), CommandError> {
    with_config(file, async |config| {
        let filled =
            FilledGuide::of(&arguments.kind).ok_or_else(|| CommandError::usage("there is no guide for this kind"))?;
        print(filled.text(config, arguments.id.as_deref()).map_err(CommandError::Usage)?.as_bytes())
    })
    .await
}

/// The guide of a kind, to be filled with the values of a configuration.
#[derive(Clone, Copy, Debug)]
struct FilledGuide {
    kind: &'static ProviderKind,
    guide: &'static Guide,
}

impl FilledGuide {
    fn of(kind: &str) -> Option<Self> {
        let kind = ProviderKind::find(kind)?;
        Some(Self { kind, guide: kind.guide.as_ref()? })
    }

    /// The page with the values of `config`, for the provider `id` or, without an id, the first one of this kind.
    ///
    /// # Errors
    /// The message that no provider of this kind has that id.
    fn text(self, config: &Config, id: Option<&str>) -> Result<String, String> {
        let ours: Vec<_> = config.providers.iter().filter(|one| one.kind == self.kind).collect();
        let chosen = match id {
            None => ours.first(),
            Some(id) => Some(ours.iter().find(|provider| provider.id == id).ok_or_else(|| {
                let ids: Vec<_> = ours.iter().map(|provider| provider.id.as_str()).collect();
                let existing = if ids.is_empty() {
                    "none is configured".to_owned()
                } else {
                    format!("configured ids: {}", ids.join(", "))
                };
                format!("no provider of the kind {} has the id {id}: {existing}", self.kind.id)
            })?),
        };
        let mut values = shared_values(config);
        values.push((
            format!(
                "This page has example values: `server provider-guide {} --config my.toml` prints it with your own.",
                self.kind.id
            ),
            if chosen.is_some() {
                "This page has the values of your configuration.".to_owned()
            } else {
                "The addresses and the user pool on this page are yours. The provider's own values are examples."
                    .to_owned()
            },
        ));
        // A provider that is not configured yet will be the last one.
        let next = config.providers.iter().map(|provider| provider.index + 1).max().unwrap_or(0);
        let index = chosen.map_or(next, |provider| provider.index);
        values.push(("MYDATA_PROVIDERS__0__".to_owned(), format!("MYDATA_PROVIDERS__{index}__")));
        if let Some(provider) = chosen {
            values.extend(self.provider_values(provider));
        }
        if let Some(examples) = &self.guide.documents {
            values.extend(documents_values(examples, config, chosen.copied()));
        }
        let notes = self.notes(config, ours.len(), chosen.copied());
        Ok(notes + &fill(self.guide.page, values))
    }

    /// Notes about the values, printed above the page.
    fn notes(self, config: &Config, count: usize, chosen: Option<&Provider>) -> String {
        let kind = self.kind.id;
        let Some(provider) = chosen else {
            return format!(
                "> The configuration has no provider of the kind {kind}. The provider's values below are examples.\n\n"
            );
        };
        let mut notes = String::new();
        if count > 1 {
            let id = &provider.id;
            let _ = writeln!(
                notes,
                "> This is for `{id}`, one of {count} of its kind. For another: `server provider-guide {kind} ID`.\n"
            );
        }
        let openid = [("issuer", provider.issuer().is_some()), ("client_id", provider.client_id().is_some())];
        let bridge = [("[providers.bridge]", provider.bridge.is_some())];
        let client = [("[providers.client]", provider.client.is_some())];
        let has = [
            (self.guide.openid.is_some(), &openid[..]),
            (self.kind.bridge.is_some(), &bridge),
            (self.guide.documents.is_some(), &client),
        ];
        let settings = has.into_iter().filter(|(is_used, _)| *is_used).flat_map(|(_, settings)| settings);
        for (key, _) in settings.filter(|(_, is_configured)| !is_configured) {
            let _ =
                writeln!(notes, "> The configuration has no {key} for this provider. The one below is an example.\n");
        }
        if self.guide.documents.is_some() && config.documents.is_none() {
            notes.push_str("> The configuration has no [documents]. Those below are examples.\n\n");
        }
        notes
    }

    /// The examples of this provider's guide, each with its value.
    fn provider_values(self, provider: &Provider) -> Vec<(String, String)> {
        let (kind, name) = (self.kind.id, self.guide.name);
        let mut values = vec![
            (format!("/login/{kind}"), format!("/login/{}", provider.id)),
            (format!("id        = {}", quoted(kind)), format!("id        = {}", quoted(&provider.id))),
            (format!("name      = {}", quoted(name)), format!("name      = {}", quoted(&provider.name))),
            // As an argument in the shell.
            (format!("'{name}'"), format!("'{}'", provider.name.replace('\'', r"'\''"))),
            (quoted(self.guide.namespace), quoted(&provider.namespace)),
        ];
        values.extend(self.guide.openid.iter().flat_map(|examples| self.openid_values(examples, provider)));
        values
    }

    /// What an OpenID Connect provider and the user pool know of each other: the examples, each with its value.
    fn openid_values(self, examples: &OpenIdExamples, provider: &Provider) -> Vec<(String, String)> {
        let mut values = Vec::new();
        let base = examples.issuer.trim_end_matches('/');
        if let Some(issuer) = provider.issuer() {
            // In quotes it is the issuer, with or without its last slash. Elsewhere it is the start of another URL.
            values.push((quoted(examples.issuer), quoted(issuer)));
            values.push((format!("`{}`", examples.issuer), format!("`{issuer}`")));
            values.push((base.to_owned(), issuer.trim_end_matches('/').to_owned()));
        }
        let mut replace = |example: &str, value: &str| {
            values.push((quoted(example), quoted(value)));
            values.push((example.to_owned(), value.to_owned()));
        };
        if let Some(client_id) = provider.client_id() {
            replace(examples.client_id, client_id);
        }
        if let (Some(path), Some(endpoint)) = (self.kind.sign_out.path, &provider.sign_out_endpoint) {
            replace(&format!("{base}{path}"), endpoint.as_str());
        }
        if let (Some(paths), Some(bridge)) = (&self.kind.bridge, &provider.bridge) {
            replace(&format!("{base}{}", paths.authorization), bridge.authorization_endpoint.as_str());
            replace(&format!("{base}{}", paths.token), bridge.token_endpoint.as_str());
            replace(&format!("{base}{}", paths.keys), bridge.jwks_uri.as_str());
            values.push((format!("/federation/{}/", self.kind.id), format!("/federation/{}/", provider.id)));
            values.extend(self.guide.bridge.iter().flat_map(|examples| list_values(examples, bridge)));
        }
        values
    }
}

/// The examples that every guide has, each with its value.
fn shared_values(config: &Config) -> Vec<(String, String)> {
    let Cognito { region, user_pool_id, client_id, domain, scopes, .. } = &config.cognito;
    [
        ("https://mydata.example", config.public_url.origin().as_str()),
        ("https://mydata.auth.eu-west-1.amazoncognito.com", domain.as_str()),
        ("eu-west-1_AbCdEf123", user_pool_id.as_str()),
        ("4u8example", client_id),
        ("eu-west-1", region),
        ("OAuth scopes | `openid email profile`", &format!("OAuth scopes | `{}`", scopes.join(" "))),
    ]
    .map(|(example, value)| (example.to_owned(), value.to_owned()))
    .into()
}

/// The examples of what case workers need, each with its value. A secret is not among them.
fn documents_values(
    examples: &DocumentsExamples,
    config: &Config,
    provider: Option<&Provider>,
) -> Vec<(String, String)> {
    let mut values = Vec::new();
    if let Some(client) = provider.and_then(|provider| provider.client.as_ref()) {
        values.push((examples.client_id.to_owned(), client.client_id.clone()));
        if let ClientSecret::SecretArn(arn) = &client.secret {
            values.push((examples.client_secret_arn.to_owned(), arn.clone()));
        }
    }
    // Without the table, its region would be that of the user pool.
    let region = config.documents.as_ref().map_or(&config.cognito.region, |documents| &documents.region);
    let [toml, shell] = examples.region;
    values.push((format!("{toml}\"eu-west-1\""), format!("{toml}{}", quoted(region))));
    values.push((format!("{shell}'eu-west-1'"), format!("{shell}'{region}'")));
    if let Some(documents) = &config.documents {
        values.push((examples.application_arn.to_owned(), documents.application_arn.clone()));
        values.push((examples.role_arn.to_owned(), documents.role_arn.clone()));
    }
    values
}

/// The examples of a bridge's lists, each with its value.
fn list_values(examples: &BridgeExamples, bridge: &BridgeSettings) -> [(String, String); 2] {
    let list = |key: &str, items: Vec<String>| {
        let items: Vec<_> = items.iter().map(|item| quoted(item)).collect();
        format!("{key} = [{}]", items.join(", "))
    };
    let parameters = bridge.parameters.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let (mut files, mut arns) = (Vec::new(), Vec::new());
    for key in &bridge.signing_keys {
        match key {
            SigningKeySource::File(path) => files.push(path.display().to_string()),
            SigningKeySource::SecretArn(arn) => arns.push(arn.clone()),
        }
    }
    let keys = [("signing_key_files     ", files), ("signing_key_secret_arns", arns)];
    let keys: Vec<_> =
        keys.into_iter().filter(|(_, keys)| !keys.is_empty()).map(|(key, keys)| list(key, keys)).collect();
    [
        (examples.parameters.to_owned(), list("parameters            ", parameters)),
        (examples.signing_key_files.to_owned(), keys.join("\n")),
    ]
}

/// A string in TOML and in JSON. Values in a configuration have no control characters.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', r"\\").replace('"', r#"\""#))
}

/// Replaces each example in `page` with its value, in one pass, so that inserted values are not replaced again. Longer
/// examples are tried first, because one can be part of another.
fn fill(page: &str, mut values: Vec<(String, String)>) -> String {
    values.sort_by_key(|(example, _)| std::cmp::Reverse(example.len()));
    let mut text = String::with_capacity(page.len());
    let mut rest = page;
    while let Some(character) = rest.chars().next() {
        let here = values.iter().find_map(|(example, value)| Some((value, rest.strip_prefix(example.as_str())?)));
        rest = if let Some((value, after)) = here {
            text.push_str(value);
            after
        } else {
            text.push(character);
            &rest[character.len_utf8()..]
        };
    }
    text
}

#[cfg(test)]
mod tests;
