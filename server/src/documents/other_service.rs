//! For the one other service that answers as a person: the assistant.

use std::{fmt, sync::Arc};

use aws_sdk_sts::config::SharedCredentialsProvider;

use super::{Documents, DocumentsError, Person, cache::Key, credentials::ContextCredentials};

/// Those of a person's session of the person role. The role and AWS decide which services they may ask.
#[derive(Clone)]
pub struct PersonCredentials(Arc<ContextCredentials>);

impl PersonCredentials {
    /// For a client of the AWS SDK.
    pub fn provider(&self) -> SharedCredentialsProvider {
        self.0.provider()
    }
}

impl fmt::Debug for PersonCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonCredentials(…)")
    }
}

impl Documents {
    /// Credentials with which another service sees `person`.
    ///
    /// # Errors
    /// There are none, for the same reasons as for documents.
    pub async fn credentials_of(&self, person: &Person) -> Result<PersonCredentials, DocumentsError> {
        self.context(person).await.map(PersonCredentials)
    }

    /// Removes `refused` from memory: AWS no longer accepts them.
    pub fn discard(&self, person: &Person, refused: &PersonCredentials) {
        self.0.contexts.remove_if(&Key::new(person, ()), |kept| Arc::ptr_eq(kept, &refused.0));
    }
}
