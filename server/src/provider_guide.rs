//! `server provider-guide KIND [ID]`: how a provider of this kind is set up, with the reader's own values.
//!
//! A guide is a page of `docs/providers`, which can be read as it stands: its values are those of the README's example. The
//! command prints that page with the configuration's values in their place, so the two cannot drift apart. It puts in
//! addresses, names and ids, never a secret.

use std::fmt::Write as _;

use crate::config::{Bridge, Cognito, Config, Kind, Provider, SigningKeySource};

/// A page, and the values that stand for the provider's own in it.
#[derive(Debug)]
pub struct Guide {
    /// As the configuration writes the kind.
    pub kind: &'static str,
    variant: Kind,
    page: &'static str,
    // What stands in the page for the provider's own; for its `id`, the kind.
    name: &'static str,
    namespace: &'static str,
    issuer: &'static str,
    client_id: &'static str,
    /// Below the issuer, where its kind has a way to sign out.
    sign_out: Option<&'static str>,
}

/// Every kind that has a guide.
pub const GUIDES: [Guide; 4] = [
    Guide {
        kind: "itsme",
        variant: Kind::Itsme,
        page: include_str!("../../docs/providers/itsme.md"),
        name: "itsme",
        namespace: "BE",
        issuer: "https://idp.e2e.itsme.services/v2",
        client_id: "itsme-client-id",
        sign_out: None,
    },
    Guide {
        kind: "login_gov",
        variant: Kind::LoginGov,
        page: include_str!("../../docs/providers/login_gov.md"),
        name: "LoginGov",
        namespace: "US-LOGIN",
        issuer: "https://idp.int.identitysandbox.gov/",
        client_id: "urn:gov:gsa:openidconnect.profiles:sp:sso:my_agency:my_data",
        sign_out: Some("/openid_connect/logout"),
    },
    Guide {
        kind: "auth0",
        variant: Kind::Auth0,
        page: include_str!("../../docs/providers/auth0.md"),
        name: "Auth0",
        namespace: "EXAMPLE-STAFF",
        issuer: "https://TENANT.eu.auth0.com/",
        client_id: "auth0-client-id",
        sign_out: Some("/v2/logout"),
    },
    Guide {
        kind: "beyond_identity",
        variant: Kind::BeyondIdentity,
        page: include_str!("../../docs/providers/beyond_identity.md"),
        name: "BeyondIdentity",
        namespace: "EXAMPLE-PASSKEY",
        issuer: "https://auth-us.beyondidentity.com/v1/tenants/TENANT/realms/REALM/applications/APPLICATION",
        client_id: "beyond-identity-client-id",
        sign_out: None,
    },
];

impl Guide {
    /// The guide for `kind`.
    pub fn of(kind: &str) -> Option<&'static Self> {
        GUIDES.iter().find(|guide| guide.kind == kind)
    }

    /// The page with the values of `config`, for the provider `id` or else the first one of this kind.
    ///
    /// # Errors
    /// No provider of this kind has that id; what to say about it.
    pub fn text(&self, config: &Config, id: Option<&str>) -> Result<String, String> {
        let ours: Vec<_> = config.providers.iter().enumerate().filter(|(_, one)| one.kind == self.variant).collect();
        let chosen = match id {
            None => ours.first(),
            Some(id) => Some(ours.iter().find(|(_, provider)| provider.id == id).ok_or_else(|| {
                let ids: Vec<_> = ours.iter().map(|(_, provider)| provider.id.as_str()).collect();
                let there = if ids.is_empty() { "none has".to_owned() } else { format!("there is {}", ids.join(", ")) };
                format!("no provider of the kind {} has the id {id}: {there}", self.kind)
            })?),
        };
        let mut values = shared(config);
        values.push((
            format!(
                "The values on this page are those of an example: `server provider-guide {} --config my.toml` prints it with \
                 your own.",
                self.kind
            ),
            if chosen.is_some() {
                "The values on this page are those of your configuration.".to_owned()
            } else {
                "The addresses and the user pool on this page are yours; the provider's own values are examples.".to_owned()
            },
        ));
        // A provider that is not there yet will be the last one.
        let place = chosen.map_or(config.providers.len(), |(place, _)| *place);
        values.push(("MYDATA_PROVIDERS__0__".to_owned(), format!("MYDATA_PROVIDERS__{place}__")));
        if let Some((_, provider)) = chosen {
            values.extend(self.own(provider));
        }
        let notes = self.notes(ours.len(), chosen.map(|(_, provider)| *provider));
        Ok(notes + &fill(self.page, values))
    }

    /// What the reader has to know about the values, above the page.
    fn notes(&self, how_many: usize, chosen: Option<&Provider>) -> String {
        let kind = self.kind;
        let Some(provider) = chosen else {
            return format!(
                "> The configuration has no provider of the kind {kind}: the provider's own values below are examples.\n\n"
            );
        };
        let mut notes = String::new();
        if how_many > 1 {
            let id = &provider.id;
            let _ = writeln!(
                notes,
                "> This is for `{id}`, one of {how_many} of its kind: server provider-guide {kind} ID has another.\n"
            );
        }
        let bridge = (self.variant == Kind::LoginGov).then_some(("[providers.bridge]", provider.bridge.is_some()));
        let own = [("issuer", provider.issuer().is_some()), ("client_id", provider.client_id().is_some())];
        for (key, _) in own.into_iter().chain(bridge).filter(|(_, there)| !there) {
            let _ =
                writeln!(notes, "> The configuration has no {key} for this provider: the one below is an example.\n");
        }
        notes
    }

    /// Examples and values of what is the provider's own.
    fn own(&self, provider: &Provider) -> Vec<(String, String)> {
        let (kind, name) = (self.kind, self.name);
        let mut values = vec![
            (format!("/login/{kind}"), format!("/login/{}", provider.id)),
            (format!("id        = {}", quoted(kind)), format!("id        = {}", quoted(&provider.id))),
            (format!("name      = {}", quoted(name)), format!("name      = {}", quoted(&provider.name))),
            // As an argument in the shell.
            (format!("'{name}'"), format!("'{}'", provider.name.replace('\'', r"'\''"))),
            (quoted(self.namespace), quoted(&provider.namespace)),
        ];
        let base = self.issuer.trim_end_matches('/');
        if let Some(issuer) = provider.issuer() {
            // By itself it is the issuer, with its last slash or without; otherwise the beginning of an address.
            values.push((quoted(self.issuer), quoted(issuer)));
            values.push((format!("`{}`", self.issuer), format!("`{issuer}`")));
            values.push((base.to_owned(), issuer.trim_end_matches('/').to_owned()));
        }
        let mut put = |example: &str, value: &str| {
            values.push((quoted(example), quoted(value)));
            values.push((example.to_owned(), value.to_owned()));
        };
        if let Some(client_id) = provider.client_id() {
            put(self.client_id, client_id);
        }
        if let (Some(path), Some(endpoint)) = (self.sign_out, &provider.sign_out_endpoint) {
            put(&format!("{base}{path}"), endpoint.as_str());
        }
        if let Some(bridge) = &provider.bridge {
            put(&format!("{base}/openid_connect/authorize"), bridge.authorization_endpoint.as_str());
            put(&format!("{base}/api/openid_connect/token"), bridge.token_endpoint.as_str());
            put(&format!("{base}/api/openid_connect/certs"), bridge.jwks_uri.as_str());
            values.push((format!("/federation/{kind}/"), format!("/federation/{}/", provider.id)));
            values.extend(lists(bridge));
        }
        values
    }
}

/// Examples and values of what every guide has.
fn shared(config: &Config) -> Vec<(String, String)> {
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

/// The lists of a bridge, each a line of the page.
fn lists(bridge: &Bridge) -> [(String, String); 2] {
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
        (
            r#"parameters             = ["acr_values=urn:acr.login.gov:verified", "prompt=select_account"]"#.to_owned(),
            list("parameters            ", parameters),
        ),
        (r#"signing_key_files      = ["login-gov-2026.pem"]"#.to_owned(), keys.join("\n")),
    ]
}

/// As TOML and JSON both write a text without control characters, of which a configuration has none.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', r"\\").replace('"', r#"\""#))
}

/// `page` with each example replaced by its value: in one pass, so that a value that was put in stays what it is, and the
/// longest example first, since one may be a part of another.
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
