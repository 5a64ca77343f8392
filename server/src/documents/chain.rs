//! From a person to credentials, through the caches.

use std::sync::Arc;

use tokio::time::Instant;

use super::{
    Documents, DocumentsError, Grant, Person, Problem, Scope,
    cache::{Fresh, Key},
    context,
    credentials::{ContextCredentials, DataCredentials},
    data_access, exchange, grants,
};

impl Documents {
    /// The session of the person role that carries the identity of `person`.
    async fn context(&self, person: &Person) -> Result<Arc<ContextCredentials>, DocumentsError> {
        self.0.contexts.get(Key::new(person, ()), self.clone().load_context(person.clone())).await
    }

    /// Another one than `old`, which AWS no longer accepts.
    async fn context_after(
        &self,
        person: &Person,
        old: &Arc<ContextCredentials>,
    ) -> Result<Arc<ContextCredentials>, DocumentsError> {
        self.0.contexts.remove_if(&Key::new(person, ()), |kept| Arc::ptr_eq(kept, old));
        self.context(person).await
    }

    /// Credentials for what `scope`, a scope of a grant of `person`, covers.
    pub(super) async fn data(&self, person: &Person, scope: &Scope) -> Result<Arc<DataCredentials>, DocumentsError> {
        let load = self.clone().load_data(person.clone(), scope.clone());
        let credentials = self.0.data.get(Key::new(person, scope.clone()), load).await;
        if credentials.as_ref().is_err_and(|error| error.problem == Problem::NotGranted) {
            // The list of grants is out of date.
            self.0.grants.remove_if(&Key::new(person, ()), |_| true);
        }
        credentials
    }

    /// Others than `old`, which S3 no longer accepts.
    pub(super) async fn data_after(
        &self,
        person: &Person,
        scope: &Scope,
        old: &Arc<DataCredentials>,
    ) -> Result<Arc<DataCredentials>, DocumentsError> {
        self.0.data.remove_if(&Key::new(person, scope.clone()), |kept| Arc::ptr_eq(kept, old));
        self.data(person, scope).await
    }

    async fn load_context(self, person: Person) -> Result<Fresh<Arc<ContextCredentials>>, DocumentsError> {
        let inner = &*self.0;
        let context =
            exchange::identity_context(&inner.clients, &inner.settings, inner.tokens.as_ref(), &person).await?;
        let Fresh { value, until } = context::assume(&inner.clients, &inner.settings, &context).await?;
        Ok(Fresh { value: Arc::new(value), until })
    }

    pub(super) async fn load_grants(self, person: Person) -> Result<Fresh<Arc<[Grant]>>, DocumentsError> {
        let inner = &*self.0;
        let context = self.context(&person).await?;
        let found = match grants::list(&inner.clients, &inner.settings, &context).await {
            Err(error) if error.has_stale_credentials() => {
                let context = self.context_after(&person, &context).await?;
                grants::list(&inner.clients, &inner.settings, &context).await?
            }
            found => found?,
        };
        Ok(Fresh { value: found.into(), until: Instant::now() + grants::KEPT })
    }

    async fn load_data(self, person: Person, scope: Scope) -> Result<Fresh<Arc<DataCredentials>>, DocumentsError> {
        let inner = &*self.0;
        let context = self.context(&person).await?;
        let vended = data_access::vend(&inner.clients, &inner.settings, &context, &person, &scope).await;
        let Fresh { value, until } = match vended {
            Err(error) if error.has_stale_credentials() => {
                let context = self.context_after(&person, &context).await?;
                data_access::vend(&inner.clients, &inner.settings, &context, &person, &scope).await?
            }
            vended => vended?,
        };
        Ok(Fresh { value: Arc::new(value), until })
    }
}
