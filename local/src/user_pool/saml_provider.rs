//! A SAML identity provider of the pool: the workforce directory.

use std::collections::BTreeMap;

use crate::workforce::{Answer, Connection};

/// A provider that the pool federates to with SAML, with the inputs of Cognito's `CreateIdentityProvider`. The connection
/// takes the place of its metadata.
#[derive(Clone)]
pub struct SamlProvider {
    /// Its name in the pool, for `identity_provider`.
    pub name: String,
    /// Another name, for `idp_identifier`.
    pub identifier: Option<String>,
    /// The connection to the directory.
    pub connection: Connection,
}

impl SamlProvider {
    /// A provider called `name`.
    pub fn new(name: &str, connection: Connection) -> Self {
        Self { name: name.to_owned(), identifier: None, connection }
    }
}

/// A person, as the pool stores users.
pub(super) struct Assertion {
    pub(super) name_id: String,
    pub(super) attributes: BTreeMap<&'static str, String>,
}

/// A SAML provider, seen from the pool.
pub(super) struct SamlUpstream {
    provider: SamlProvider,
    answer_url: String,
}

impl SamlUpstream {
    /// Registers `answer_url`, the assertion consumer service of the pool, with the directory.
    pub(super) fn new(provider: SamlProvider, answer_url: String) -> Self {
        provider.connection.add_answer_url(answer_url.clone());
        Self { provider, answer_url }
    }

    pub(super) fn name(&self) -> &str {
        &self.provider.name
    }

    pub(super) fn is_called(&self, identifier: &str) -> bool {
        self.provider.identifier.as_deref() == Some(identifier)
    }

    pub(super) fn entity_id(&self) -> String {
        self.provider.connection.entity_id()
    }

    pub(super) fn sign_in_url(&self, state: &str) -> String {
        self.provider.connection.sign_in_url(&self.answer_url, state)
    }

    /// The directory's answer to the request with this state: a person, or `None` if the person declined.
    ///
    /// # Errors
    /// It is not an answer of this directory to this request, or it was used before.
    pub(super) fn redeem(&self, answer: &str, state: &str) -> Result<Option<Assertion>, InvalidAnswer> {
        let connection = &self.provider.connection;
        match connection.redeem(answer, state).ok_or(InvalidAnswer)? {
            Answer::Declined => Ok(None),
            Answer::SignedIn { name_id, attributes: given } => {
                let mapped = |(attribute, name): &(&'static str, &str)| Some((*attribute, given.get(name)?.clone()));
                Ok(Some(Assertion { name_id, attributes: connection.mapping().iter().filter_map(mapped).collect() }))
            }
        }
    }
}

/// The answer is not valid.
#[derive(Clone, Copy, Debug)]
pub(super) struct InvalidAnswer;
