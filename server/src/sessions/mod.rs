//! Sessions: opened by a sign-in, found by the cookie, kept alive by requests, ended by a sign-out or by time.

mod cookie;
mod ended;
mod id;
mod store;

use std::{fmt, sync::Arc};

use axum::http::HeaderMap;
use serde::Deserialize as _;
use time::{Duration, OffsetDateTime};
use tower_sessions::{
    SessionStore,
    session::{Id, Record},
    session_store::Error,
};
use tracing::{error, warn};

#[cfg(any(test, fuzzing))]
pub(crate) use self::cookie::properties;
pub use self::{
    cookie::{CookieJar, SetCookie},
    store::{CITIZEN, DynamoDbStore},
};
use self::{ended::Ended, id::SessionId};
use crate::{citizen::Citizen, config};

/// The entry of a session's data that holds the [`Citizen`].
const SIGNED_IN: &str = "signed_in";

/// The sessions table does not answer, or what it holds cannot be read.
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
        Self("the data is not that of a citizen".to_owned())
    }
}

/// A session that is open.
#[derive(Clone)]
pub struct OpenSession {
    /// Who signed in.
    pub citizen: Arc<Citizen>,
    record: Record,
}

// The record would print its id and all it holds.
impl fmt::Debug for OpenSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OpenSession(…)")
    }
}

/// The sessions of all citizens, with the rules for how long one lasts.
#[derive(Clone, Debug)]
pub struct Sessions {
    store: Arc<dyn SessionStore>,
    limits: config::Session,
    jar: CookieJar,
    ended: Ended,
}

impl Sessions {
    /// Sessions in `store` that last as `limits` says, with cookies as `jar` makes them.
    pub fn new(store: Arc<dyn SessionStore>, limits: config::Session, jar: CookieJar) -> Self {
        Self { store, limits, jar, ended: Ended::default() }
    }

    /// Opens a session under an id of its own, and gives the cookie that holds it.
    ///
    /// # Errors
    /// The store is out of reach.
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

    /// The open session that the request's cookie belongs to, if there is one.
    ///
    /// # Errors
    /// The store is out of reach.
    pub async fn find(&self, headers: &HeaderMap) -> Result<Option<OpenSession>, SessionError> {
        let Some(id) = self.id(headers).filter(|id| !self.ended.contains(*id)) else { return Ok(None) };
        let record = match self.store.load(id.expose()).await {
            Ok(record) => record,
            // What cannot be read is nobody's session: the way to sign in stays open.
            Err(Error::Decode(reason)) => {
                error!(reason, "a session cannot be read");
                None
            }
            Err(error) => return Err(error.into()),
        };
        let Some(record) = record else { return Ok(None) };
        let Some(Ok(citizen)) = record.data.get(SIGNED_IN).map(Citizen::deserialize) else {
            error!("a session holds no citizen that this version can read");
            return Ok(None);
        };
        // The limits may have been shortened since the session was written.
        if self.absolute_end(&citizen) <= OffsetDateTime::now_utc() {
            return Ok(None);
        }
        Ok(Some(OpenSession { citizen: Arc::new(citizen), record }))
    }

    /// Puts the end of an idle session off, if that moves it by a tenth of the idle time or more: a session is read on
    /// every request and written seldom. What goes wrong here only lets the session end sooner.
    pub async fn keep_alive(&self, session: &OpenSession) {
        let expiry_date = self.expiry(&session.citizen);
        if expiry_date - session.record.expiry_date < self.limits.idle / 10 {
            return;
        }
        let record = Record { expiry_date, ..session.record.clone() };
        if let Err(error) = self.store.save(&record).await {
            warn!(%error, "a session could not be kept alive");
        }
    }

    /// Ends the session that the request's cookie belongs to, whatever state it is in, and gives the cookie's removal.
    ///
    /// With the table out of reach the cookie is removed all the same, this server takes the session for ended from now on, and
    /// the deletion is tried again until the table is back.
    pub async fn end(&self, headers: &HeaderMap) -> SetCookie {
        if let Some(id) = self.id(headers)
            && let Err(error) = self.store.delete(id.expose()).await
        {
            error!(%error, "a session could not be deleted; trying again");
            self.ended.delete_later(id, &self.store);
        }
        self.jar.end_session()
    }

    fn id(&self, headers: &HeaderMap) -> Option<SessionId> {
        SessionId::parse(self.jar.session_in(headers)?)
    }

    /// When a session ends if nothing happens from now on.
    fn expiry(&self, citizen: &Citizen) -> OffsetDateTime {
        (OffsetDateTime::now_utc() + self.limits.idle).min(self.absolute_end(citizen))
    }

    fn absolute_end(&self, citizen: &Citizen) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(citizen.signed_in_at)
            .map_or(OffsetDateTime::UNIX_EPOCH, |at| at + self.limits.absolute)
    }
}

/// How long the cookies of a sign-in that is under way live.
pub const SIGN_IN_LIFETIME: Duration = Duration::minutes(10);

#[cfg(test)]
mod tests;
