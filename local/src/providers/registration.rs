//! The registration of the one relying party, as two sides see it.

use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError, RwLock};

use jsonwebtoken::DecodingKey;

use super::rules::{Rules, UserInfoMethod};
use crate::random;

/// The provider's desk gives out identifier and secret; the relying party names its addresses and its keys.
#[derive(Clone)]
pub struct Registration {
    /// The issuer, as discovery has it.
    pub issuer: String,
    /// Where the discovery document is.
    pub discovery_url: String,
    pub(crate) authorization_endpoint: String,
    pub(crate) token_endpoint: String,
    pub(crate) jwks_uri: String,
    /// The relying party's identifier.
    pub client_id: String,
    /// Its secret, new at every start; `None` where the client proves itself by a signed assertion.
    pub client_secret: Option<String>,
    scopes: &'static str,
    mapping: &'static [(&'static str, &'static str)],
    pub(crate) user_info_method: UserInfoMethod,
    desk: Arc<RwLock<Desk>>,
}

#[derive(Default)]
struct Desk {
    redirect_uris: BTreeSet<String>,
    sign_out_uris: BTreeSet<String>,
    certificates: Vec<(String, DecodingKey)>,
}

impl Registration {
    pub(super) fn new(rules: &dyn Rules, url: &str) -> Self {
        let facts = rules.facts();
        Self {
            issuer: format!("{url}{}", facts.issuer),
            discovery_url: format!("{url}{}", facts.paths.discovery),
            authorization_endpoint: format!("{url}{}", facts.paths.authorization),
            token_endpoint: format!("{url}{}", facts.paths.token),
            jwks_uri: format!("{url}{}", facts.paths.keys),
            client_id: facts.client_id.to_owned(),
            client_secret: facts.has_secret.then(random::opaque),
            scopes: facts.scopes,
            mapping: facts.mapping,
            user_info_method: facts.user_info_method,
            desk: Arc::default(),
        }
    }

    /// The scopes that a user pool asks for.
    pub fn scopes(&self) -> &'static str {
        self.scopes
    }

    /// The attribute mapping of a user pool: its attribute, the provider's claim.
    pub fn mapping(&self) -> &'static [(&'static str, &'static str)] {
        self.mapping
    }

    /// Registers a redirect URI; requests must name it character for character.
    pub fn add_redirect_uri(&self, uri: String) {
        self.change(|desk| _ = desk.redirect_uris.insert(uri));
    }

    /// Registers an address where citizens may go after signing out of the provider.
    pub fn add_sign_out_uri(&self, uri: String) {
        self.change(|desk| _ = desk.sign_out_uris.insert(uri));
    }

    /// Registers the certificate (PEM) of a key that the relying party signs its assertions with, beside those that are there.
    /// Gives whether it holds an RSA key.
    pub fn add_certificate(&self, pem: &str) -> bool {
        let Ok(key) = DecodingKey::from_rsa_pem(pem.as_bytes()) else { return false };
        self.change(|desk| desk.certificates.push((pem.to_owned(), key)));
        true
    }

    /// Takes a certificate back.
    pub fn remove_certificate(&self, pem: &str) {
        self.change(|desk| desk.certificates.retain(|(known, _)| known != pem));
    }

    pub(super) fn allows_redirect_to(&self, uri: &str) -> bool {
        self.read(|desk| desk.redirect_uris.contains(uri))
    }

    pub(super) fn allows_sign_out_to(&self, uri: &str) -> bool {
        self.read(|desk| desk.sign_out_uris.contains(uri))
    }

    pub(super) fn keys(&self) -> Vec<DecodingKey> {
        self.read(|desk| desk.certificates.iter().map(|(_, key)| key.clone()).collect())
    }

    fn read<T>(&self, look: impl FnOnce(&Desk) -> T) -> T {
        look(&self.desk.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn change(&self, change: impl FnOnce(&mut Desk)) {
        change(&mut self.desk.write().unwrap_or_else(PoisonError::into_inner));
    }
}
