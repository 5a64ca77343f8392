//! Sessions: opened at sign-in, found by cookie, extended by requests, ended by sign-out or expiry.

mod ended;
mod id;
mod seen;
mod store;

use std::{collections::HashMap, fmt, sync::Arc};

use axum::http::HeaderMap;
use serde::Deserialize as _;
use serde_json::Value;
use time::{Duration, OffsetDateTime};
use tower_sessions::{
    session::{Id, Record},
    session_store::Error,
};
use tracing::{error, warn};

pub use self::store::{CITIZEN, DynamoDbStore, ExpiringStore, Found};
use self::{
    ended::{Ended, EndedBy, Known},
    id::SessionId,
    seen::Seen,
};
use crate::{
    citizen::{Citizen, Pseudonym, Pseudonyms, RecordKeys},
    config,
    cookies::{CookieJar, SetCookie},
    request_context::RequestContext,
    security_log::{Event, Outcome, SecurityLog},
    tasks::Tasks,
};

/// How long before its end a session is warned about. A session that is idle for only a few minutes has less.
const WARNING: Duration = Duration::minutes(2);

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
    /// When it ends, once the request that found it has extended it.
    pub end: End,
    /// When it ends if that request does not extend it.
    pub end_unless_extended: End,
    record: Record,
    /// Where the request that found it moves its end, if it does.
    extended_to: Option<OffsetDateTime>,
}

/// The end of a session, if no further request comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct End {
    /// The moment.
    pub at: OffsetDateTime,
    /// How long before that the citizen is warned.
    pub warning: Duration,
    /// Whether no request can move it.
    pub is_final: bool,
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
}

/// The sessions of all citizens, with their time limits. The end of each session is recorded in the security log.
///
/// It is shared, and cannot be cloned: a copy for each request would cost more than the rest of a small page.
#[derive(Debug)]
pub struct Sessions {
    store: Arc<dyn ExpiringStore>,
    limits: config::Session,
    jar: CookieJar,
    pseudonyms: Arc<Pseudonyms>,
    security: SecurityLog,
    ended: Ended,
    seen: Seen,
}

impl Sessions {
    /// Sessions in `store` with the time limits `limits` and the cookies of `jar`. Each is indexed by the pseudonym of
    /// its citizen. Late deletions run in `tasks`.
    pub fn new(
        store: Arc<dyn ExpiringStore>,
        limits: config::Session,
        jar: CookieJar,
        pseudonyms: Arc<Pseudonyms>,
        tasks: Tasks,
        security: SecurityLog,
    ) -> Self {
        let ended = Ended::new(Arc::clone(&store), tasks, security.clone());
        Self { store, limits, jar, pseudonyms, security, ended, seen: Seen::default() }
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
    pub async fn find(
        &self,
        headers: &HeaderMap,
        context: &RequestContext,
    ) -> Result<Option<OpenSession>, SessionError> {
        let Some(id) = self.id(headers).filter(|id| !self.ended.contains(*id)) else { return Ok(None) };
        let record = match self.load(id, context).await {
            Ok(record) => record,
            // An unreadable session counts as none, so that the citizen can sign in again.
            Err(Error::Decode(reason)) => {
                warn!(reason, "session cannot be read");
                None
            }
            Err(error) => return Err(error.into()),
        };
        let Some(record) = record else { return Ok(None) };
        let Some(citizen) = citizen_in(&record.data) else {
            error!("session has no citizen that this version can read");
            return Ok(None);
        };
        // The limits may be shorter than when the session was written.
        let absolute_end = self.absolute_end(&citizen);
        if absolute_end <= OffsetDateTime::now_utc() {
            return Ok(None);
        }
        self.seen.insert(id);
        let extended_to =
            Some(self.expiry(&citizen)).filter(|end| *end - record.expiry_date >= self.shortest_extension());
        let end_at = |at: OffsetDateTime| {
            let at = at.min(absolute_end);
            let is_final = absolute_end - at < self.shortest_extension();
            End { at, warning: WARNING.min(self.limits.idle / 3), is_final }
        };
        let end_unless_extended = end_at(record.expiry_date);
        let end = extended_to.map_or(end_unless_extended, end_at);
        Ok(Some(OpenSession { citizen: Arc::new(citizen), end, end_unless_extended, record, extended_to }))
    }

    /// A session is extended only if that moves its end by at least this much. Sessions are therefore read on every request, but
    /// rarely written.
    fn shortest_extension(&self) -> Duration {
        self.limits.idle / 10
    }

    /// Extends the session to the end that it was found with.
    ///
    /// # Errors
    /// The store does not answer. The session then ends sooner.
    pub async fn extend(&self, session: &OpenSession) -> Result<(), SessionError> {
        let Some(expiry_date) = session.extended_to else { return Ok(()) };
        let mut record = Record { expiry_date, ..session.record.clone() };
        // The session may have been opened before a change of the pseudonym key.
        record.data.insert(CITIZEN.to_owned(), self.index_of(&session.citizen));
        self.store.save(&record).await.map_err(|error| {
            warn!(%error, "session could not be extended");
            error.into()
        })
    }

    /// Ends the session of the request's cookie, whatever its state. `reason` is for the security log.
    ///
    /// A session that really exists always ends. If the table does not answer, this server refuses the session, and
    /// retries the deletion until it succeeds. Each client has a share of the list of pending deletions.
    ///
    /// An id that this server has not seen open may be invented. `may_look_up` decides whether it is worth a read now. If
    /// not, the id is added to that list.
    pub async fn end(
        &self,
        headers: &HeaderMap,
        context: &RequestContext,
        reason: &'static str,
        may_look_up: impl FnOnce() -> bool,
    ) -> Ending {
        let citizen = match self.id(headers).filter(|id| !self.ended.contains(*id)) {
            Some(id) => self.end_session(id, context, reason, may_look_up).await,
            None => None,
        };
        Ending { cookie: self.jar.end_session(), citizen }
    }

    async fn end_session(
        &self,
        id: SessionId,
        context: &RequestContext,
        reason: &'static str,
        may_look_up: impl FnOnce() -> bool,
    ) -> Option<Citizen> {
        let is_seen = self.seen.contains(id);
        if !is_seen && !may_look_up() {
            self.ended.delete_later(id, context, Known::Unknown);
            return None;
        }
        let citizen = match self.load(id, context).await {
            Ok(Some(record)) => citizen_in(&record.data),
            Ok(None) => {
                self.seen.remove(id);
                return None;
            }
            // It exists, but cannot be read.
            Err(Error::Decode(_)) => None,
            // The list of pending deletions logs this for all of them.
            Err(_) => {
                let known = if is_seen { self.known_open(context, None) } else { Known::Unknown };
                self.ended.delete_later(id, context, known);
                return None;
            }
        };
        if self.store.delete(id.expose()).await.is_ok() {
            self.seen.remove(id);
            self.record_end(context, citizen.as_ref(), reason);
        } else {
            self.ended.delete_later(id, context, self.known_open(context, citizen.as_ref()));
        }
        citizen
    }

    /// The stored session. If it has expired, its end is recorded.
    async fn load(&self, id: SessionId, context: &RequestContext) -> Result<Option<Record>, Error> {
        match self.store.find(id.expose()).await? {
            Found::Open(record) => Ok(Some(record)),
            Found::Expired(data) => {
                self.record_end(context, citizen_in(&data).as_ref(), "expired");
                Ok(None)
            }
            Found::Nothing => Ok(None),
        }
    }

    fn record_end(&self, context: &RequestContext, citizen: Option<&Citizen>, reason: &'static str) {
        let (provider, actor) = self.who(citizen);
        let event = Event::session_ended(provider.as_deref(), actor.as_ref(), Outcome::Success, reason);
        self.security.record(context, &event);
    }

    fn known_open(&self, context: &RequestContext, citizen: Option<&Citizen>) -> Known {
        let (provider, actor) = self.who(citizen);
        Known::Open(Box::new(EndedBy { context: *context, provider, citizen: actor }))
    }

    /// Who a citizen is in the security log.
    pub fn actor(&self, citizen: &Citizen) -> Pseudonym {
        self.record_keys(citizen).current
    }

    /// The pseudonyms of a citizen.
    pub fn record_keys(&self, citizen: &Citizen) -> RecordKeys {
        self.pseudonyms.of(&citizen.namespace, &citizen.eid)
    }

    /// The provider and the actor of a citizen, if there is one.
    fn who(&self, citizen: Option<&Citizen>) -> (Option<String>, Option<Pseudonym>) {
        citizen.map(|citizen| (citizen.provider.clone(), self.actor(citizen))).unzip()
    }

    /// The value of the index for all sessions of a citizen.
    fn index_of(&self, citizen: &Citizen) -> Value {
        Value::String(self.record_keys(citizen).for_new().as_str().to_owned())
    }

    fn id(&self, headers: &HeaderMap) -> Option<SessionId> {
        SessionId::parse(self.jar.session_in(headers)?)
    }

    /// When a session ends if a request extends it now and no further one comes. Whole seconds, as they are stored.
    fn expiry(&self, citizen: &Citizen) -> OffsetDateTime {
        let now = OffsetDateTime::now_utc();
        (now.replace_nanosecond(0).unwrap_or(now) + self.limits.idle).min(self.absolute_end(citizen))
    }

    fn absolute_end(&self, citizen: &Citizen) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(citizen.signed_in_at)
            .map_or(OffsetDateTime::UNIX_EPOCH, |at| at + self.limits.absolute)
    }
}

fn citizen_in(data: &HashMap<String, Value>) -> Option<Citizen> {
    Citizen::deserialize(data.get(SIGNED_IN)?).ok()
}

#[cfg(test)]
mod tests;
