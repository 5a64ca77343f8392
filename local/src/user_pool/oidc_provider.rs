//! An OIDC identity provider of the pool, by what Cognito's `CreateIdentityProvider` takes.

use crate::providers::Registration;

/// A provider that the pool federates to.
#[derive(Clone)]
pub struct OidcProvider {
    /// Its name in the pool, for `identity_provider`.
    pub name: String,
    /// Another name, for `idp_identifier`.
    pub identifier: Option<String>,
    /// What the provider told the pool at its registration.
    pub registration: Registration,
    /// `client_secret`: Cognito has no other way to prove itself.
    pub client_secret: String,
    /// `authorize_url` and `token_url` where they are not those of discovery.
    pub endpoints: Option<(String, String)>,
}

impl OidcProvider {
    /// The provider under `name`, with its own endpoints and its own secret.
    pub fn new(name: &str, registration: Registration) -> Self {
        let client_secret = registration.client_secret.clone().unwrap_or_default();
        Self { name: name.to_owned(), identifier: None, registration, client_secret, endpoints: None }
    }

    /// The provider under `name`, behind the bridge at `bridge` (`{origin}/federation/{id}`), which `client_secret` opens.
    pub fn behind(name: &str, registration: Registration, bridge: &str, client_secret: &str) -> Self {
        Self {
            client_secret: client_secret.to_owned(),
            endpoints: Some((format!("{bridge}/authorize"), format!("{bridge}/token"))),
            ..Self::new(name, registration)
        }
    }

    /// With another name, for `idp_identifier`.
    #[must_use]
    pub fn with_identifier(mut self, identifier: &str) -> Self {
        self.identifier = Some(identifier.to_owned());
        self
    }
}
