//! Documents of case workers. AWS sees the person who signed in: the server has no right to any document.
//!
//! | step | with whose credentials | file |
//! |---|---|---|
//! | a new ID token from the user pool | the session's refresh token | [`FreshTokens`] |
//! | `CreateTokenWithIAM`: the ID token becomes an identity context | the server's | `exchange.rs` |
//! | `AssumeRole`: a session of the person role that carries the context | the server's | `context.rs` |
//! | `ListCallerAccessGrants`: what the person may open | the session's of the person role | `grants.rs` |
//! | `GetDataAccess`: credentials for one grant | the session's of the person role | `data_access.rs` |
//! | `ListObjectsV2`, `GetObject` | those of the grant | `listing.rs`, `objects.rs` |
//!
//! Nothing is written anywhere. What is kept in memory belongs to one session and one directory user, and is removed when the
//! session ends.
//!
//! - **There is no fallback.** If a step fails, the person sees nothing.
//! - **The three kinds of credentials have types of their own.** A client is made from only one of them, so code that confuses them
//!   does not compile. No client looks for credentials by itself.
//! - **An ID token is exchanged once.** The SDK would repeat a request that failed, with the same token. If it is not clear whether
//!   AWS has seen a token, a new one is requested from the user pool and exchanged, once.
//! - **Every listing and download needs a grant in a list that is at most a minute old**, although AWS's credentials live longer. So
//!   a grant that was taken away works for at most another minute.
//! - **Each value is got by a task of its own**, and all requests of the session wait for it (`cache.rs`). A browser that disconnects
//!   stops nothing, and errors are not kept.
//! - **One error code has several causes.** The page says what the person can do (`error.rs`). The log lists the causes with their
//!   settings (`causes.rs`).
//! - **A download that is cut ends with an error**, so that the connection to the browser is cut too. The bytes are counted, because
//!   a shorter document looks complete.

mod cache;
mod causes;
mod chain;
mod clients;
mod context;
mod credentials;
mod data_access;
mod download;
mod error;
mod exchange;
mod grants;
mod listing;
mod objects;
mod other_service;
mod person;
mod place;
mod routes;
mod scope;
mod settings;
mod start;

use std::{fmt, sync::Arc};

use self::{
    cache::{Cache, Key},
    clients::Clients,
    credentials::{ContextCredentials, DataCredentials},
};
pub use self::{
    causes::Cause,
    credentials::ServerCredentials,
    error::{DocumentsError, Problem},
    grants::{Grant, Permission},
    listing::{Document, Listing},
    objects::{CutShort, Download, DownloadBody},
    other_service::PersonCredentials,
    person::{FreshTokenError, FreshTokens, Person, SharedFreshTokens},
    place::Place,
    routes::{DocumentPages, routes},
    scope::Scope,
    settings::Settings,
};

/// How many people's contexts, and lists of grants, are kept.
const MAX_PEOPLE: usize = 10_000;
/// How many credentials of grants are kept.
const MAX_DATA_CREDENTIALS: usize = 30_000;

/// What people may open. Clones share what they keep in memory.
#[derive(Clone)]
pub struct Documents(Arc<Inner>);

struct Inner {
    settings: Settings,
    clients: Clients,
    tokens: SharedFreshTokens,
    contexts: Cache<(), Arc<ContextCredentials>>,
    grants: Cache<(), Arc<[Grant]>>,
    data: Cache<Scope, Arc<DataCredentials>>,
}

impl Documents {
    /// Asks AWS as `settings` say. `server` exchanges tokens and assumes the person role, and nothing else.
    pub fn new(settings: Settings, server: &ServerCredentials, tokens: SharedFreshTokens) -> Self {
        let clients = Clients::new(&settings, server);
        Self(Arc::new(Inner {
            settings,
            clients,
            tokens,
            contexts: Cache::new(MAX_PEOPLE),
            grants: Cache::new(MAX_PEOPLE),
            data: Cache::new(MAX_DATA_CREDENTIALS),
        }))
    }

    /// What `person` may open, at most a minute old, in the order of names.
    ///
    /// # Errors
    /// It cannot be found out.
    pub async fn grants(&self, person: &Person) -> Result<Arc<[Grant]>, DocumentsError> {
        self.0.grants.get(Key::new(person, ()), self.clone().load_grants(person.clone())).await
    }

    /// One page of `folder`: what starts with its key and `filter`, up to the next `/`. `page` is [`Listing::next`] of the page
    /// before.
    ///
    /// # Errors
    /// No grant of `person` covers it, or it cannot be listed.
    pub async fn list(
        &self,
        person: &Person,
        folder: &Place,
        filter: &str,
        page: Option<&str>,
    ) -> Result<Listing, DocumentsError> {
        let prefix = Place::folder(folder.bucket(), &format!("{}{filter}", folder.key()));
        let prefix = prefix.ok_or(DocumentsError::not_granted())?;
        let grants = self.grants(person).await?;
        let scope = &grants::for_folder(&grants, &prefix).ok_or(DocumentsError::not_granted())?.scope;
        self.with_data(person, scope, async |credentials| {
            listing::list(&self.0.clients, &credentials, &prefix, page).await
        })
        .await
    }

    /// `document`, or the part of it that `range`, a `Range` header, asks for.
    ///
    /// # Errors
    /// No grant of `person` covers it, or it cannot be opened.
    pub async fn open(
        &self,
        person: &Person,
        document: &Place,
        range: Option<&str>,
    ) -> Result<Download, DocumentsError> {
        let grants = self.grants(person).await?;
        let scope = &grants::for_document(&grants, document).ok_or(DocumentsError::not_granted())?.scope;
        self.with_data(person, scope, async |credentials| {
            objects::open(&self.0.clients, &credentials, document, range).await
        })
        .await
    }

    /// Removes everything of a session that has ended from memory.
    pub fn forget(&self, session: &str) {
        self.0.contexts.forget(session);
        self.0.grants.forget(session);
        self.0.data.forget(session);
    }
}

impl fmt::Debug for Documents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Documents(…)")
    }
}
