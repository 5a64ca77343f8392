//! The example configuration of the server, as TOML.
//!
//! ```
//! use testkit::example::{Example, Provider};
//!
//! let toml = Example::aws().provider(Provider::new("staff", "auth0").with("client_id = \"a\"")).to_toml();
//! assert!(toml.contains("user_pool_id = \"eu-west-1_AbCdEf123\""));
//! ```

use std::fmt::Write as _;
use std::path::Path;

use local::{AssistantSettings, DocumentsSettings, ProviderSettings, Settings, WorkforceSettings};

/// `pseudonym.key` of the example: the bytes 0 to 31.
pub const PSEUDONYM_KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

/// The section `[cognito]`.
#[derive(Clone, Debug)]
pub struct Cognito {
    /// `region`.
    pub region: String,
    /// `user_pool_id`.
    pub user_pool_id: String,
    /// `user_pool_web_client_id`.
    pub client_id: String,
    /// `client_secret`, of a confidential client.
    pub client_secret: Option<String>,
    /// Where the user pool is.
    pub addresses: Addresses,
    /// Further lines, such as `scopes`.
    pub more: String,
}

/// Where a user pool is.
#[derive(Clone, Debug)]
pub enum Addresses {
    /// `domain`, on AWS.
    Domain(String),
    /// `issuer` and `domain_url`, of a stand-in.
    StandIn {
        /// `issuer`.
        issuer: String,
        /// `domain_url`.
        domain_url: String,
    },
}

impl Cognito {
    /// The user pool of the README's example.
    pub fn aws() -> Self {
        Self {
            region: "eu-west-1".to_owned(),
            user_pool_id: "eu-west-1_AbCdEf123".to_owned(),
            client_id: "4u8example".to_owned(),
            client_secret: None,
            addresses: Addresses::Domain("mydata.auth.eu-west-1.amazoncognito.com".to_owned()),
            more: String::new(),
        }
    }

    /// A stand-in with the names of [`local::user_pool`], at these addresses.
    pub fn stand_in(issuer: &str, domain_url: &str) -> Self {
        Self {
            region: local::user_pool::REGION.to_owned(),
            user_pool_id: local::user_pool::USER_POOL_ID.to_owned(),
            client_id: local::user_pool::CLIENT_ID.to_owned(),
            client_secret: None,
            addresses: Addresses::StandIn { issuer: issuer.to_owned(), domain_url: domain_url.to_owned() },
            more: String::new(),
        }
    }
}

impl From<&Settings> for Cognito {
    fn from(settings: &Settings) -> Self {
        Self { client_secret: settings.client_secret.clone(), ..Self::stand_in(&settings.issuer, &settings.domain_url) }
    }
}

/// A section `[[providers]]`.
#[derive(Clone, Debug)]
pub struct Provider {
    /// `id`.
    pub id: String,
    /// `name`, in the user pool.
    pub name: String,
    /// `namespace` of its identifiers.
    pub namespace: String,
    /// `kind`.
    pub kind: String,
    /// Further lines, such as `issuer`, or a section `[providers.bridge]`.
    pub more: String,
}

impl Provider {
    /// The provider of the README's example.
    pub fn itsme() -> Self {
        Self::new("itsme", "itsme")
    }

    /// A provider with `id` as its name too, and the namespace `BE`.
    pub fn new(id: &str, kind: &str) -> Self {
        Self {
            id: id.to_owned(),
            name: id.to_owned(),
            namespace: "BE".to_owned(),
            kind: kind.to_owned(),
            more: String::new(),
        }
    }

    /// A stand-in with all its settings. If it is behind the bridge, the bridge signs with the first of `bridge_keys`
    /// and publishes all of them.
    pub fn stand_in(settings: &ProviderSettings, bridge_keys: &[&Path]) -> Self {
        let mut more = String::new();
        if settings.bridge.is_some() {
            more += "[providers.bridge]\n";
        }
        line(&mut more, "issuer", &settings.issuer);
        line(&mut more, "client_id", &settings.client_id);
        if let Some(bridge) = &settings.bridge {
            line(&mut more, "client_secret", &bridge.client_secret);
            line(&mut more, "authorization_endpoint", &settings.authorization_endpoint);
            line(&mut more, "token_endpoint", &settings.token_endpoint);
            line(&mut more, "jwks_uri", &settings.jwks_uri);
            list(&mut more, "parameters", bridge.parameters.iter().map(|&parameter| parameter.to_owned()));
            list(&mut more, "signing_key_files", bridge_keys.iter().map(|key| key.display().to_string()));
        }
        Self {
            id: settings.kind.to_owned(),
            name: settings.name.clone(),
            namespace: settings.namespace.to_owned(),
            kind: settings.kind.to_owned(),
            more,
        }
    }

    /// Every citizens' provider of the stand-ins, as [`Provider::stand_in`].
    pub fn all_stand_ins(settings: &Settings, bridge_keys: &[&Path]) -> Vec<Self> {
        settings.providers.iter().map(|provider| Self::stand_in(provider, bridge_keys)).collect()
    }

    /// The provider of case workers, with their own app client.
    pub fn workforce(settings: &WorkforceSettings) -> Self {
        let mut more = "eid_format = \"any\"\n[providers.client]\n".to_owned();
        line(&mut more, "client_id", &settings.client_id);
        line(&mut more, "client_secret", &settings.client_secret);
        Self {
            id: settings.kind.to_owned(),
            name: settings.name.clone(),
            namespace: settings.namespace.to_owned(),
            kind: settings.kind.to_owned(),
            more,
        }
    }

    /// Replaces the name in the user pool.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        name.clone_into(&mut self.name);
        self
    }

    /// Replaces the namespace.
    #[must_use]
    pub fn in_namespace(mut self, namespace: &str) -> Self {
        namespace.clone_into(&mut self.namespace);
        self
    }

    /// Adds lines at the end of its section.
    #[must_use]
    pub fn with(mut self, lines: &str) -> Self {
        self.more += lines;
        end_line(&mut self.more);
        self
    }
}

/// A configuration of the server. Start with [`Example::aws`] or [`Example::stand_ins`], change it, and render it.
#[derive(Clone, Debug)]
pub struct Example {
    public_url: String,
    listen: Option<String>,
    trusted_proxies: Option<Vec<String>>,
    site_root: Option<String>,
    cognito: Cognito,
    providers: Option<Vec<Provider>>,
    dynamodb: String,
    pseudonym_key: String,
    more: String,
}

impl Example {
    /// The README's example, for a deployment on AWS, with a pseudonym key in the place of a secret's ARN.
    pub fn aws() -> Self {
        Self::at("https://mydata.example", Cognito::aws()).listen("0.0.0.0:3000").trusted_proxies(&["10.0.0.0/16"])
    }

    /// For stand-ins that run together. The only provider is itsme, until others are added.
    pub fn stand_ins(public_url: &str, settings: &Settings) -> Self {
        Self::at(public_url, settings.into()).dynamodb_endpoint(&settings.dynamodb_endpoint)
    }

    /// For any user pool.
    pub fn at(public_url: &str, cognito: Cognito) -> Self {
        Self {
            public_url: public_url.to_owned(),
            listen: None,
            trusted_proxies: None,
            site_root: None,
            cognito,
            providers: None,
            dynamodb: String::new(),
            pseudonym_key: PSEUDONYM_KEY.to_owned(),
            more: String::new(),
        }
    }

    /// Replaces `public_url`.
    #[must_use]
    pub fn public_url(mut self, origin: &str) -> Self {
        origin.clone_into(&mut self.public_url);
        self
    }

    /// Sets `listen`.
    #[must_use]
    pub fn listen(mut self, address: &str) -> Self {
        self.listen = Some(address.to_owned());
        self
    }

    /// Sets `trusted_proxies`.
    #[must_use]
    pub fn trusted_proxies(mut self, networks: &[&str]) -> Self {
        self.trusted_proxies = Some(networks.iter().map(|&network| network.to_owned()).collect());
        self
    }

    /// Sets `site_root`.
    #[must_use]
    pub fn site_root(mut self, folder: &Path) -> Self {
        self.site_root = Some(folder.display().to_string());
        self
    }

    /// Replaces `[cognito]`.
    #[must_use]
    pub fn cognito(mut self, cognito: Cognito) -> Self {
        self.cognito = cognito;
        self
    }

    /// Sets `cognito.client_secret`, if there is one.
    #[must_use]
    pub fn client_secret(mut self, secret: Option<&str>) -> Self {
        self.cognito.client_secret = secret.map(str::to_owned);
        self
    }

    /// Replaces every provider.
    #[must_use]
    pub fn providers(mut self, providers: impl IntoIterator<Item = Provider>) -> Self {
        self.providers = Some(providers.into_iter().collect());
        self
    }

    /// Adds a provider after those that it has.
    #[must_use]
    pub fn provider(mut self, provider: Provider) -> Self {
        self.providers.get_or_insert_with(|| vec![Provider::itsme()]).push(provider);
        self
    }

    /// Sets `dynamodb.endpoint_url`.
    #[must_use]
    pub fn dynamodb_endpoint(mut self, url: &str) -> Self {
        line(&mut self.dynamodb, "endpoint_url", url);
        self
    }

    /// Sets `dynamodb.records_table` and `dynamodb.sessions_table`.
    #[must_use]
    pub fn tables(mut self, records: &str, sessions: &str) -> Self {
        line(&mut self.dynamodb, "records_table", records);
        line(&mut self.dynamodb, "sessions_table", sessions);
        self
    }

    /// Replaces `pseudonym.key`, the Base64 of 32 bytes.
    #[must_use]
    pub fn pseudonym_key(mut self, key: &str) -> Self {
        key.clone_into(&mut self.pseudonym_key);
        self
    }

    /// The documents of case workers, at the stand-ins.
    #[must_use]
    pub fn documents(self, settings: &DocumentsSettings) -> Self {
        let mut section = "[documents]\n".to_owned();
        line(&mut section, "application_arn", settings.application_arn);
        line(&mut section, "role_arn", settings.role_arn);
        line(&mut section, "oidc_endpoint_url", &settings.oidc_url);
        line(&mut section, "sts_endpoint_url", &settings.sts_url);
        line(&mut section, "s3control_endpoint_url", &settings.s3control_url);
        line(&mut section, "s3_endpoint_url", &settings.s3_url);
        line(&mut section, "admin_endpoint_url", &settings.admin_url);
        self.with(&section)
    }

    /// The assistant of case workers, at the stand-ins.
    #[must_use]
    pub fn assistant(self, settings: &AssistantSettings) -> Self {
        let mut section = "[assistant]\n".to_owned();
        line(&mut section, "application_id", settings.application_id);
        line(&mut section, "endpoint_url", &settings.url);
        self.with(&section)
    }

    /// Adds lines at the end, such as another section.
    #[must_use]
    pub fn with(mut self, lines: &str) -> Self {
        self.more += lines;
        end_line(&mut self.more);
        self
    }

    /// The TOML text: the sections `[cognito]`, `[[providers]]`, `[dynamodb]` and `[pseudonym]`, each present, in this order.
    pub fn to_toml(&self) -> String {
        let mut toml = String::new();
        line(&mut toml, "public_url", &self.public_url);
        optional(&mut toml, "listen", self.listen.as_deref());
        if let Some(networks) = &self.trusted_proxies {
            list(&mut toml, "trusted_proxies", networks.iter().cloned());
        }
        optional(&mut toml, "site_root", self.site_root.as_deref());
        let Cognito { region, user_pool_id, client_id, client_secret, addresses, more } = &self.cognito;
        toml += "[cognito]\n";
        line(&mut toml, "region", region);
        line(&mut toml, "user_pool_id", user_pool_id);
        line(&mut toml, "user_pool_web_client_id", client_id);
        match addresses {
            Addresses::Domain(domain) => line(&mut toml, "domain", domain),
            Addresses::StandIn { issuer, domain_url } => {
                line(&mut toml, "issuer", issuer);
                line(&mut toml, "domain_url", domain_url);
            }
        }
        optional(&mut toml, "client_secret", client_secret.as_deref());
        toml += more;
        end_line(&mut toml);
        let itsme = [Provider::itsme()];
        for Provider { id, name, namespace, kind, more } in self.providers.as_deref().unwrap_or(&itsme) {
            toml += "[[providers]]\n";
            line(&mut toml, "id", id);
            line(&mut toml, "name", name);
            line(&mut toml, "namespace", namespace);
            line(&mut toml, "kind", kind);
            toml += more;
            end_line(&mut toml);
        }
        toml += "[dynamodb]\n";
        toml += &self.dynamodb;
        toml += "[pseudonym]\n";
        line(&mut toml, "key", &self.pseudonym_key);
        toml += &self.more;
        toml
    }
}

fn line(toml: &mut String, key: &str, value: &str) {
    // Writing to a `String` does not fail.
    let _ = writeln!(toml, "{key} = {}", quoted(value));
}

fn optional(toml: &mut String, key: &str, value: Option<&str>) {
    if let Some(value) = value {
        line(toml, key, value);
    }
}

fn list(toml: &mut String, key: &str, values: impl Iterator<Item = String>) {
    let values: Vec<_> = values.map(|value| quoted(&value)).collect();
    let _ = writeln!(toml, "{key} = [{}]", values.join(", "));
}

fn quoted(value: &str) -> String {
    format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Further lines may lack the final line break.
fn end_line(toml: &mut String) {
    if !toml.is_empty() && !toml.ends_with('\n') {
        toml.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use local::{BridgeSettings, ProviderSettings, WorkforceSettings};

    use super::{Example, Provider};

    #[test]
    fn the_example_is_that_of_the_readme() {
        let expected = r#"public_url = "https://mydata.example"
listen = "0.0.0.0:3000"
trusted_proxies = ["10.0.0.0/16"]
[cognito]
region = "eu-west-1"
user_pool_id = "eu-west-1_AbCdEf123"
user_pool_web_client_id = "4u8example"
domain = "mydata.auth.eu-west-1.amazoncognito.com"
[[providers]]
id = "itsme"
name = "itsme"
namespace = "BE"
kind = "itsme"
[dynamodb]
[pseudonym]
key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
"#;
        assert_eq!(Example::aws().to_toml(), expected);
        let readme = include_str!("../../../README.md").split_whitespace().collect::<Vec<_>>().join(" ");
        for line in expected.lines().filter(|line| !line.starts_with("key") && *line != "[dynamodb]") {
            assert!(readme.contains(line), "{line}");
        }
    }

    #[test]
    fn the_provider_of_case_workers_has_its_own_client() {
        let settings = WorkforceSettings {
            kind: "kind",
            display_name: "Display name",
            name: "Name".to_owned(),
            namespace: "NS",
            client_id: "client".to_owned(),
            client_secret: "secret".to_owned(),
            url: "http://127.0.0.1:1".to_owned(),
        };
        let toml = Example::aws().providers([Provider::workforce(&settings)]).to_toml();
        assert!(
            toml.contains(
                r#"[[providers]]
id = "kind"
name = "Name"
namespace = "NS"
kind = "kind"
eid_format = "any"
[providers.client]
client_id = "client"
client_secret = "secret"
[dynamodb]"#
            ),
            "{toml}"
        );
    }

    #[test]
    fn a_provider_behind_the_bridge_has_its_section() {
        let address = |path: &str| format!("http://127.0.0.1:1{path}");
        let settings = ProviderSettings {
            kind: "kind",
            display_name: "Display name",
            name: "Name".to_owned(),
            namespace: "NS",
            url: address(""),
            issuer: address("/"),
            client_id: "client".to_owned(),
            authorization_endpoint: address("/a"),
            token_endpoint: address("/t"),
            jwks_uri: address("/k"),
            bridge: Some(BridgeSettings { client_secret: "s\"".to_owned(), parameters: &["a=b", "c=d"] }),
        };
        let provider = Provider::stand_in(&settings, &[Path::new("one.pem"), Path::new("two.pem")]);
        let toml = Example::aws().providers([provider]).with("[session]\nidle_minutes = 5").to_toml();
        assert!(
            toml.contains(
                r#"[[providers]]
id = "kind"
name = "Name"
namespace = "NS"
kind = "kind"
[providers.bridge]
issuer = "http://127.0.0.1:1/"
client_id = "client"
client_secret = "s\""
authorization_endpoint = "http://127.0.0.1:1/a"
token_endpoint = "http://127.0.0.1:1/t"
jwks_uri = "http://127.0.0.1:1/k"
parameters = ["a=b", "c=d"]
signing_key_files = ["one.pem", "two.pem"]
[dynamodb]"#
            ),
            "{toml}"
        );
        assert!(toml.ends_with("[session]\nidle_minutes = 5\n"), "{toml}");
    }
}
