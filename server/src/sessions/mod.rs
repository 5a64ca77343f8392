//! Sessions: opened at sign-in, found by cookie, extended by requests, ended by sign-out or expiry.

mod ended;
mod id;
mod store;

use std::{fmt, sync::Arc};

use axum::http::HeaderMap;
use serde::Deserialize as _;
use time::OffsetDateTime;
use tower_sessions::{
    SessionStore,
    session::{Id, Record},
    session_store::Error,
};
use tracing::{error, warn};

pub use self::store::{CITIZEN, DynamoDbStore};
use self::{ended::Ended, id::SessionId};
use crate::{
    citizen::Citizen,
    config,
    cookies::{CookieJar, SetCookie},
};

/// The entry of a session's data with the [`Citizen`].
const SIGNED_IN: &str = "signed_in";

/// The sessions table does not answer, or its content cannot be read.
#[derive(Clone, Debug, thiserror::Error)]
#[error("session: {0}")]
pub struct SessionError(String);

impl From<Error> for SessionError {
    fn from(error: Error) -> Self {
        Self(error.to_string())
    }
}

impl From<serde_json::Error> for SessionError {
    fn from(_: serde_json::Error) -> Self {
        Self("the data is not a citizen".to_owned())
    }
}

/// An open session.
#[derive(Clone)]
pub struct OpenSession {
    /// The citizen who signed in.
    pub citizen: Arc<Citizen>,
    record: Record,
}

// The record would print its id and all its data.
impl fmt::Debug for OpenSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OpenSession(…)")
    }
}

/// The sessions of all citizens, with their time limits.
#[derive(Clone, Debug)]
pub struct Sessions {
    store: Arc<dyn SessionStore>,
    limits: config::Session,
    jar: CookieJar,
    ended: Ended,
}

impl Sessions {
    /// Sessions in `store` with the time limits `limits` and the cookies of `jar`.
    pub fn new(store: Arc<dyn SessionStore>, limits: config::Session, jar: CookieJar) -> Self {
        Self { store, limits, jar, ended: Ended::default() }
    }

    /// Opens a session with a new id. Returns its cookie.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn open(&self, citizen: &Citizen) -> Result<SetCookie, SessionError> {
        let data = [(CITIZEN, serde_json::to_value(&citizen.pseudonym)?), (SIGNED_IN, serde_json::to_value(citizen)?)];
        let mut record = Record {
            id: Id::default(),
            data: data.into_iter().map(|(key, value)| (key.to_owned(), value)).collect(),
            expiry_date: self.expiry(citizen),
        };
        self.store.create(&mut record).await?;
        Ok(self.jar.session(&record.id.to_string()))
    }

    /// The open session of the request's cookie, if any.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn find(&self, headers: &HeaderMap) -> Result<Option<OpenSession>, SessionError> {
        let Some(id) = self.id(headers).filter(|id| !self.ended.contains(*id)) else { return Ok(None) };
        let record = match self.store.load(id.expose()).await {
            Ok(record) => record,
            // An unreadable session counts as none, so that the citizen can sign in again.
            Err(Error::Decode(reason)) => {
                error!(reason, "session cannot be read");
                None
            }
            Err(error) => return Err(error.into()),
        };
        let Some(record) = record else { return Ok(None) };
        let Some(Ok(citizen)) = record.data.get(SIGNED_IN).map(Citizen::deserialize) else {
            error!("session has no citizen that this version can read");
            return Ok(None);
        };
        // The limits may be shorter than when the session was written.
        if self.absolute_end(&citizen) <= OffsetDateTime::now_utc() {
            return Ok(None);
        }
        Ok(Some(OpenSession { citizen: Arc::new(citizen), record }))
    }

    /// Extends the session if that moves its end by at least a tenth of the idle time. Sessions are therefore read on
    /// every request, but rarely written. A failure here only makes the session end sooner.
    pub async fn keep_alive(&self, session: &OpenSession) {
        let expiry_date = self.expiry(&session.citizen);
        if expiry_date - session.record.expiry_date < self.limits.idle / 10 {
            return;
        }
        let record = Record { expiry_date, ..session.record.clone() };
        if let Err(error) = self.store.save(&record).await {
            warn!(%error, "session could not be extended");
        }
    }

    /// Ends the session of the request's cookie, whatever its state. Returns the removal of the cookie.
    ///
    /// If the table does not answer, the cookie is still removed. This server then refuses the session, and retries the
    /// deletion until it succeeds.
    pub async fn end(&self, headers: &HeaderMap) -> SetCookie {
        if let Some(id) = self.id(headers)
            && let Err(error) = self.store.delete(id.expose()).await
        {
            error!(%error, "session could not be deleted; retrying");
            self.ended.delete_later(id, &self.store);
        }
        self.jar.end_session()
    }

    fn id(&self, headers: &HeaderMap) -> Option<SessionId> {
        SessionId::parse(self.jar.session_in(headers)?)
    }

    /// When a session ends if no further request comes.
    fn expiry(&self, citizen: &Citizen) -> OffsetDateTime {
        (OffsetDateTime::now_utc() + self.limits.idle).min(self.absolute_end(citizen))
    }

    fn absolute_end(&self, citizen: &Citizen) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(citizen.signed_in_at)
            .map_or(OffsetDateTime::UNIX_EPOCH, |at| at + self.limits.absolute)
    }
}

#[cfg(test)]
mod tests;
