//! An OIDC identity provider of the pool, with the inputs of Cognito's `CreateIdentityProvider`.

use std::fmt;

use crate::providers::Registration;

/// A provider that the pool federates to.
#[derive(Clone)]
pub struct OidcProvider {
    /// Its name in the pool, for `identity_provider`.
    pub name: String,
    /// Another name, for `idp_identifier`.
    pub identifier: Option<String>,
    /// The pool's registration at the provider.
    pub registration: Registration,
    /// `client_secret`: Cognito cannot authenticate in any other way.
    pub client_secret: String,
    /// `authorize_url` and `token_url`, if they differ from those in the discovery document.
    pub endpoints: Option<(String, String)>,
}

impl OidcProvider {
    /// A provider called `name`, with its own endpoints and secret.
    pub fn new(name: &str, registration: Registration) -> Self {
        let client_secret = registration.client_secret.clone().unwrap_or_default();
        Self { name: name.to_owned(), identifier: None, registration, client_secret, endpoints: None }
    }

    /// A provider called `name` behind the bridge at `bridge` (`{origin}/federation/{id}`). The pool authenticates there with
    /// `client_secret`.
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

// Secrets stay out of logs, even those of a stand-in.
impl fmt::Debug for OidcProvider {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("OidcProvider").field("name", &self.name).finish_non_exhaustive()
    }
}
