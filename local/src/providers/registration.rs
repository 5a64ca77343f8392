//! The registration of the only relying party, seen from both sides.

use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError, RwLock};

use jsonwebtoken::DecodingKey;

use super::facts::{ClientAuthentication, Facts, UserInfoMethod};
use crate::random;

/// The provider issues the identifier and the secret. The relying party registers its addresses and its keys.
#[derive(Clone)]
pub struct Registration {
    /// The issuer, as in the discovery document.
    pub issuer: String,
    /// The address of the discovery document.
    pub discovery_url: String,
    pub(crate) authorization_endpoint: String,
    pub(crate) token_endpoint: String,
    pub(crate) jwks_uri: String,
    pub(crate) user_info_endpoint: String,
    /// The relying party's identifier.
    pub client_id: String,
    /// Its secret, new at every start; `None` if the client authenticates by a signed assertion.
    pub client_secret: Option<String>,
    scopes: &'static str,
    mapping: &'static [(&'static str, &'static str)],
    pub(crate) user_info_method: UserInfoMethod,
    registered: Arc<RwLock<Registered>>,
}

#[derive(Default)]
struct Registered {
    redirect_uris: BTreeSet<String>,
    sign_out_uris: BTreeSet<String>,
    certificates: Vec<(String, DecodingKey)>,
}

impl Registration {
    pub(super) fn new(facts: &Facts, url: &str) -> Self {
        let has_secret = facts.client_authentication == ClientAuthentication::SecretInForm;
        Self {
            issuer: format!("{url}{}", facts.issuer),
            discovery_url: format!("{url}{}", facts.paths.discovery),
            authorization_endpoint: format!("{url}{}", facts.paths.authorization),
            token_endpoint: format!("{url}{}", facts.paths.token),
            jwks_uri: format!("{url}{}", facts.paths.keys),
            user_info_endpoint: format!("{url}{}", facts.paths.user_info),
            client_id: facts.client_id.to_owned(),
            client_secret: has_secret.then(random::opaque),
            scopes: facts.scopes,
            mapping: facts.mapping,
            user_info_method: facts.user_info_method,
            registered: Arc::default(),
        }
    }

    /// The scopes that a user pool requests.
    pub fn scopes(&self) -> &'static str {
        self.scopes
    }

    /// The attribute mapping of a user pool: its attribute, the provider's claim.
    pub fn mapping(&self) -> &'static [(&'static str, &'static str)] {
        self.mapping
    }

    /// Registers a redirect URI; requests must name it character for character.
    pub fn add_redirect_uri(&self, uri: String) {
        self.change(|registered| _ = registered.redirect_uris.insert(uri));
    }

    /// Registers an address to which citizens may return after signing out of the provider.
    pub fn add_sign_out_uri(&self, uri: String) {
        self.change(|registered| _ = registered.sign_out_uris.insert(uri));
    }

    /// Adds the certificate (PEM) of a key that the relying party signs its assertions with. Returns whether the certificate
    /// has an RSA key; without one, nothing is added.
    pub fn add_certificate(&self, pem: &str) -> bool {
        let Ok(key) = DecodingKey::from_rsa_pem(pem.as_bytes()) else { return false };
        self.change(|registered| registered.certificates.push((pem.to_owned(), key)));
        true
    }

    /// Removes a certificate.
    pub fn remove_certificate(&self, pem: &str) {
        self.change(|registered| registered.certificates.retain(|(known, _)| known != pem));
    }

    pub(super) fn allows_redirect_to(&self, uri: &str) -> bool {
        self.read(|registered| registered.redirect_uris.contains(uri))
    }

    pub(super) fn allows_sign_out_to(&self, uri: &str) -> bool {
        self.read(|registered| registered.sign_out_uris.contains(uri))
    }

    pub(super) fn keys(&self) -> Vec<DecodingKey> {
        self.read(|registered| registered.certificates.iter().map(|(_, key)| key.clone()).collect())
    }

    fn read<T>(&self, read: impl FnOnce(&Registered) -> T) -> T {
        read(&self.registered.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn change(&self, change: impl FnOnce(&mut Registered)) {
        change(&mut self.registered.write().unwrap_or_else(PoisonError::into_inner));
    }
}
