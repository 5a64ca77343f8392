//! The supported kinds of identity provider.
//!
//! [`KINDS`] is the only place in the server that names vendors. To add a kind, add an entry there, its look in
//! `app::look` and its stand-in in `local`.

mod catalogue;
mod context;
mod sign_out;

use std::fmt;

use app::look::Look;

pub use self::{
    catalogue::KINDS,
    context::{
        ASSOCIATE, ASSOCIATED_DIRECTORY, DIRECTORY, SET_UP_SCRIPT, SET_UP_TEMPLATE, USER_ID_ATTRIBUTE, context_provider,
    },
    sign_out::SignOut,
};

/// The properties of all providers of one kind.
pub struct ProviderKind {
    /// The value of `kind` in the configuration.
    pub id: &'static str,
    /// The name that citizens know. `None`: the provider's name in the user pool is shown.
    pub name: Option<&'static str>,
    /// The mark and colours of its button, and its texts.
    pub look: &'static Look,
    /// Whether `custom:eid` is a national number, which some users do not have.
    pub has_national_number: bool,
    /// Whether its people are those who work for the organisation, and not citizens. The user pool speaks SAML with it.
    pub is_workforce: bool,
    /// How a citizen signs out of the provider itself.
    pub sign_out: SignOut,
    /// How the bridge asks it for pages in a language.
    pub pages: PageLanguage,
    /// What its bridge needs to know, if Cognito cannot talk to it directly.
    pub bridge: Option<BridgeDefaults>,
    /// The guide for operators.
    pub guide: Option<Guide>,
}

/// The parameter of an authorization request that names the language of the provider's pages.
#[derive(Debug)]
pub struct PageLanguage {
    /// Its name.
    pub parameter: &'static str,
    /// Tags of our languages, and their values.
    pub values: &'static [(&'static str, &'static str)],
    /// The value for every other language. `None`: its tag.
    pub otherwise: Option<&'static str>,
}

impl PageLanguage {
    /// `ui_locales` (OpenID Connect Core 1.0, 3.1.2.1) with the tag (BCP 47). A provider without that language uses its own default.
    pub const STANDARD: Self = Self { parameter: "ui_locales", values: &[], otherwise: None };

    /// The value for the language with this tag.
    pub fn value<'a>(&self, tag: &'a str) -> &'a str {
        let own = self.values.iter().find(|(known, _)| *known == tag).map(|(_, value)| *value);
        own.or(self.otherwise).unwrap_or(tag)
    }
}

/// The defaults of `[providers.bridge]`: paths of the provider's endpoints below its issuer, and its `prompt`.
#[derive(Debug)]
pub struct BridgeDefaults {
    /// The default of `authorization_endpoint`.
    pub authorization: &'static str,
    /// The default of `token_endpoint`.
    pub token: &'static str,
    /// The default of `jwks_uri`.
    pub keys: &'static str,
    /// The only value of `prompt` that the provider accepts. It replaces any value that Cognito passes on, such as
    /// `login`. `None`: the value is passed on unchanged.
    pub prompt: Option<&'static str>,
}

/// A page of `docs/providers` and its example values. The guide command replaces them with the provider's own values.
/// The example of `id` is the kind.
#[derive(Debug)]
pub struct Guide {
    /// The text of the page.
    pub page: &'static str,
    /// The example of `name`.
    pub name: &'static str,
    /// The example of `namespace`.
    pub namespace: &'static str,
    /// The examples of `issuer` and `client_id`, for a provider that the user pool talks to with OpenID Connect.
    pub openid: Option<OpenIdExamples>,
    /// The examples of the bridge's lists.
    pub bridge: Option<BridgeExamples>,
    /// The examples of `[providers.client]` and `[documents]`, for a provider of case workers.
    pub documents: Option<DocumentsExamples>,
}

/// The examples of what an OpenID Connect provider and the user pool know of each other.
#[derive(Debug)]
pub struct OpenIdExamples {
    /// The example of `issuer`.
    pub issuer: &'static str,
    /// The example of `client_id`.
    pub client_id: &'static str,
}

/// The examples of what case workers need to open documents.
#[derive(Debug)]
pub struct DocumentsExamples {
    /// The example of `[providers.client]` `client_id`.
    pub client_id: &'static str,
    /// The example of its `client_secret_arn`.
    pub client_secret_arn: &'static str,
    /// The example of `[documents]` `application_arn`.
    pub application_arn: &'static str,
    /// The example of its `role_arn`.
    pub role_arn: &'static str,
    /// The lines that set its `region`, up to the value: in TOML, and in the shell.
    pub region: [&'static str; 2],
}

/// The lines of a guide with the lists of `[providers.bridge]`.
#[derive(Debug)]
pub struct BridgeExamples {
    /// The line of `parameters`.
    pub parameters: &'static str,
    /// The line of `signing_key_files`.
    pub signing_key_files: &'static str,
}

impl ProviderKind {
    /// The ids of the kinds whose people work for the organisation, for messages.
    pub fn workforce_ids() -> String {
        let ids = KINDS.iter().filter(|kind| kind.is_workforce).map(|kind| kind.id);
        ids.collect::<Vec<_>>().join(" or ")
    }

    /// The kind that the configuration calls `id`.
    pub fn find(id: &str) -> Option<&'static Self> {
        KINDS.iter().find(|kind| kind.id == id)
    }
}

// Every kind is one of `KINDS`, so its id identifies it.
impl PartialEq for ProviderKind {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for ProviderKind {}

impl fmt::Debug for ProviderKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id)
    }
}
