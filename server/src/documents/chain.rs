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
    /// Calls S3 with credentials for what `scope`, a scope of a grant of `person`, covers. Once more, with others, if S3 no longer
    /// accepts those in memory.
    pub(super) async fn with_data<T, F: Future<Output = Result<T, DocumentsError>>>(
        &self,
        person: &Person,
        scope: &Scope,
        call: impl Fn(Arc<DataCredentials>) -> F,
    ) -> Result<T, DocumentsError> {
        let credentials = self.data(person, scope).await?;
        match call(Arc::clone(&credentials)).await {
            Err(error) if error.doubts_credentials() => {
                self.0.data.remove_if(&Key::new(person, scope.clone()), |kept| Arc::ptr_eq(kept, &credentials));
                if error.has_stale_credentials() { call(self.data(person, scope).await?).await } else { Err(error) }
            }
            done => done,
        }
    }

    /// Calls Access Grants as `person`. Once more, with another session of the person role, if AWS no longer accepts that in memory.
    async fn with_context<T, F: Future<Output = Result<T, DocumentsError>>>(
        &self,
        person: &Person,
        call: impl Fn(Arc<ContextCredentials>) -> F,
    ) -> Result<T, DocumentsError> {
        let credentials = self.context(person).await?;
        match call(Arc::clone(&credentials)).await {
            Err(error) if error.doubts_credentials() => {
                self.0.contexts.remove_if(&Key::new(person, ()), |kept| Arc::ptr_eq(kept, &credentials));
                if error.has_stale_credentials() { call(self.context(person).await?).await } else { Err(error) }
            }
            done => done,
        }
    }

    pub(super) async fn context(&self, person: &Person) -> Result<Arc<ContextCredentials>, DocumentsError> {
        self.0.contexts.get(Key::new(person, ()), self.clone().load_context(person.clone())).await
    }

    async fn data(&self, person: &Person, scope: &Scope) -> Result<Arc<DataCredentials>, DocumentsError> {
        let load = self.clone().load_data(person.clone(), scope.clone());
        let credentials = self.0.data.get(Key::new(person, scope.clone()), load).await;
        if credentials.as_ref().is_err_and(|error| error.problem == Problem::NotGranted) {
            // The list of grants is out of date.
            self.0.grants.remove_if(&Key::new(person, ()), |_| true);
        }
        credentials
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
        let list = async |context: Arc<ContextCredentials>| {
            // From before the call: a grant that is removed during it may still be in the answer.
            let until = Instant::now() + grants::KEPT;
            let value = grants::list(&inner.clients, &inner.settings, &context).await?;
            Ok(Fresh { value: value.into(), until })
        };
        self.with_context(&person, list).await
    }

    async fn load_data(self, person: Person, scope: Scope) -> Result<Fresh<Arc<DataCredentials>>, DocumentsError> {
        let (inner, person, scope) = (&*self.0, &person, &scope);
        let vend = async |context: Arc<ContextCredentials>| {
            let Fresh { value, until } =
                data_access::vend(&inner.clients, &inner.settings, &context, person, scope).await?;
            Ok(Fresh { value: Arc::new(value), until })
        };
        self.with_context(person, vend).await
    }
}
