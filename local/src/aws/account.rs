//! The account: everything that the services share.

use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};

use super::admin::{SamlSettings, WrongSetting};
use super::assistant::Conversations;
use super::calls::Calls;
use super::credentials::{Credentials, ServerKey};
use super::documents::Documents;
use super::exchange::{Contexts, TrustedIssuer};
use super::faults::Switch;
use super::grants::Grants;
use super::people::People;
use crate::store::Store;
use crate::user_pool::{AppClient, OidcProvider};

/// How long a `jti` is remembered.
const JTI_SECONDS: u64 = 24 * 60 * 60;

/// The state of the account.
pub(super) struct Account {
    pub(super) server_key: ServerKey,
    pub(super) issuer: TrustedIssuer,
    /// The app clients of the user pool and its providers, as an operator sees them.
    pub(super) app_clients: Vec<AppClient>,
    pub(super) oidc_providers: Vec<OidcProvider>,
    pub(super) saml_providers: Vec<SamlSettings>,
    /// The secrets, by their ARN.
    pub(super) secrets: RwLock<BTreeMap<String, String>>,
    /// The settings that an operator sees wrong.
    pub(super) wrong: RwLock<Vec<&'static WrongSetting>>,
    pub(super) people: People,
    pub(super) grants: Grants,
    pub(super) grants_per_page: usize,
    pub(super) documents: Documents,
    pub(super) credentials: Credentials,
    pub(super) contexts: Contexts,
    /// The `jti` of each exchanged token.
    pub(super) exchanged: Store<()>,
    pub(super) conversations: Conversations,
    pub(super) switch: Switch,
    pub(super) calls: Calls,
}

impl Account {
    pub(super) fn wrong_settings(&self) -> Vec<&'static WrongSetting> {
        self.wrong.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn secret(&self, arn: &str) -> Option<String> {
        self.secrets.read().unwrap_or_else(PoisonError::into_inner).get(arn).cloned()
    }

    pub(super) fn exchanged_tokens() -> Store<()> {
        Store::new(JTI_SECONDS)
    }
}
