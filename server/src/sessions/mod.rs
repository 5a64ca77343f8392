//! Sessions: opened at sign-in, found by cookie, extended by requests, ended by sign-out or expiry.

mod ended;
mod id;
mod seen;
mod store;

use std::{fmt, net::IpAddr, sync::Arc};

use axum::http::HeaderMap;
use serde::Deserialize as _;
use serde_json::Value;
use time::OffsetDateTime;
use tower_sessions::{
    SessionStore,
    session::{Id, Record},
    session_store::Error,
};
use tracing::{error, warn};

pub use self::store::{CITIZEN, DynamoDbStore};
use self::{
    ended::{Ended, Known},
    id::SessionId,
    seen::Seen,
};
use crate::{
    citizen::{Citizen, Pseudonyms},
    config,
    cookies::{CookieJar, SetCookie},
    security_log::Outcome,
    tasks::Tasks,
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

/// The end of a session.
#[derive(Debug)]
pub struct Ending {
    /// Removes the session's cookie.
    pub cookie: SetCookie,
    /// The citizen of the session, if it was open and could be read.
    pub citizen: Option<Citizen>,
    /// Whether the session is deleted. `None` if there was none.
    pub outcome: Option<Outcome>,
}

/// The sessions of all citizens, with their time limits.
#[derive(Clone, Debug)]
pub struct Sessions {
    store: Arc<dyn SessionStore>,
    limits: config::Session,
    jar: CookieJar,
    pseudonyms: Arc<Pseudonyms>,
    tasks: Tasks,
    ended: Ended,
    seen: Seen,
}

impl Sessions {
    /// Sessions in `store` with the time limits `limits` and the cookies of `jar`. Each is indexed by the pseudonym of
    /// its citizen. Late deletions run in `tasks`.
    pub fn new(
        store: Arc<dyn SessionStore>,
        limits: config::Session,
        jar: CookieJar,
        pseudonyms: Arc<Pseudonyms>,
        tasks: Tasks,
    ) -> Self {
        Self { store, limits, jar, pseudonyms, tasks, ended: Ended::default(), seen: Seen::default() }
    }

    /// Opens a session with a new id. Returns its cookie.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn open(&self, citizen: &Citizen) -> Result<SetCookie, SessionError> {
        let data = [(CITIZEN, self.index_of(citizen)), (SIGNED_IN, serde_json::to_value(citizen)?)];
        let mut record = Record {
            id: Id::default(),
            data: data.into_iter().map(|(key, value)| (key.to_owned(), value)).collect(),
            expiry_date: self.expiry(citizen),
        };
        self.store.create(&mut record).await?;
        self.seen.insert(SessionId::of(&record));
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
                warn!(reason, "session cannot be read");
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
        self.seen.insert(id);
        Ok(Some(OpenSession { citizen: Arc::new(citizen), record }))
    }

    /// Extends the session if that moves its end by at least a tenth of the idle time. Sessions are therefore read on
    /// every request, but rarely written. A failure here only makes the session end sooner.
    pub async fn keep_alive(&self, session: &OpenSession) {
        let expiry_date = self.expiry(&session.citizen);
        if expiry_date - session.record.expiry_date < self.limits.idle / 10 {
            return;
        }
        let mut record = Record { expiry_date, ..session.record.clone() };
        // The session may have been opened before a change of the pseudonym key.
        record.data.insert(CITIZEN.to_owned(), self.index_of(&session.citizen));
        if let Err(error) = self.store.save(&record).await {
            warn!(%error, "session could not be extended");
        }
    }

    /// Ends the session of the request's cookie, whatever its state.
    ///
    /// A session that really exists always ends. If the table does not answer, this server refuses the session, and
    /// retries the deletion until it succeeds. `client` sent the request; each client has a share of the list of pending
    /// deletions.
    ///
    /// An id that this server has not seen open may be invented. `may_look_up` decides whether it is worth a read now. If
    /// not, the id is added to that list.
    pub async fn end(&self, headers: &HeaderMap, client: Option<IpAddr>, may_look_up: impl FnOnce() -> bool) -> Ending {
        let (citizen, outcome) = match self.id(headers).filter(|id| !self.ended.contains(*id)) {
            Some(id) => self.end_session(id, client, may_look_up).await,
            None => (None, None),
        };
        Ending { cookie: self.jar.end_session(), citizen, outcome }
    }

    async fn end_session(
        &self,
        id: SessionId,
        client: Option<IpAddr>,
        may_look_up: impl FnOnce() -> bool,
    ) -> (Option<Citizen>, Option<Outcome>) {
        let known = if self.seen.contains(id) { Known::Open } else { Known::Unknown };
        let delete_later = || self.ended.delete_later(id, client, known, &self.store, &self.tasks);
        if known == Known::Unknown && !may_look_up() {
            delete_later();
            return (None, None);
        }
        let citizen = match self.store.load(id.expose()).await {
            Ok(Some(record)) => record.data.get(SIGNED_IN).and_then(|value| Citizen::deserialize(value).ok()),
            Ok(None) => {
                self.seen.remove(id);
                return (None, None);
            }
            // It exists, but cannot be read.
            Err(Error::Decode(_)) => None,
            // The list of pending deletions logs this for all of them.
            Err(_) => {
                delete_later();
                return (None, (known == Known::Open).then_some(Outcome::Failure));
            }
        };
        match self.store.delete(id.expose()).await {
            Ok(()) => {
                self.seen.remove(id);
                (citizen, Some(Outcome::Success))
            }
            Err(_) => {
                self.ended.delete_later(id, client, Known::Open, &self.store, &self.tasks);
                (citizen, Some(Outcome::Failure))
            }
        }
    }

    /// The value of the index for all sessions of a citizen.
    fn index_of(&self, citizen: &Citizen) -> Value {
        Value::String(self.pseudonyms.of(&citizen.namespace, &citizen.eid).for_new().as_str().to_owned())
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
