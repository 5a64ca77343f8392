//! Sessions: opened at sign-in, found by cookie, extended by requests, ended by sign-out or expiry.

mod ended;
mod ender;
mod id;
mod remote;
mod seen;
mod store;

use std::{
    fmt,
    sync::{Arc, OnceLock},
};

use app::pages::activity::Act;
use axum::http::HeaderMap;
use serde_json::Value;
use time::{Duration, OffsetDateTime};
use tower_sessions::{
    session::{Id, Record},
    session_store::Error,
};
use tracing::{error, warn};
use uuid::Uuid;

use self::{
    ended::{EndedLater, Known, Requested},
    ender::{Ended, Ender, NotEnded, SIGNED_IN, by, citizen_in},
    id::SessionId,
    seen::Seen,
    store::partition_key,
};
pub use self::{
    ender::Because,
    remote::{EndedSessions, RemoteEnd, end_by_key},
    store::{CITIZEN, CitizensStore, DynamoDbStore, Found, Opening},
};
use crate::{
    aws::Unavailable,
    citizen::{Citizen, Eid, Pseudonym, Pseudonyms, RecordKeys},
    config,
    cookies::{CookieJar, SetCookie},
    metrics,
    records::{Activity, By, OpenSessions, Table},
    request_context::RequestContext,
    security_log::{Event, Outcome, SecurityLog},
    tasks::Tasks,
};

/// How long before its end a session is warned about. A session that is idle for only a few minutes has less.
const WARNING: Duration = Duration::minutes(2);

/// The sessions table does not answer, or its content cannot be read.
#[derive(Clone, Debug, thiserror::Error)]
#[error("session: {0}")]
pub struct SessionError(String);

impl From<Error> for SessionError {
    fn from(error: Error) -> Self {
        Self(error.to_string())
    }
}

impl From<Unavailable> for SessionError {
    fn from(error: Unavailable) -> Self {
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
    /// Who that is to this site.
    pub person: Person,
    /// When it ends, once the request that found it has extended it.
    pub end: End,
    /// When it ends if that request does not extend it.
    pub end_unless_extended: End,
    record: Record,
    /// Where the request that found it moves its end, if it does.
    extended_to: Option<OffsetDateTime>,
}

impl OpenSession {
    /// The key of its item in the sessions table: a hash of its id.
    pub fn key(&self) -> String {
        partition_key(&self.record.id)
    }

    /// Its citizen, as one who does something by the request of `context`.
    pub fn by(&self, context: &RequestContext) -> By {
        by(&self.citizen, &self.key(), context)
    }
}

/// Who someone is to this site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Person {
    /// A citizen, who has a message.
    Citizen,
    /// Someone who works for the organisation, and opens documents.
    CaseWorker,
}

/// A session that was asked for.
#[derive(Debug)]
pub enum Opened {
    /// It is open. Its cookie.
    Session(SetCookie),
    /// It is not: the citizen's record is being deleted.
    BeingDeleted,
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
pub struct Sessions {
    ender: Arc<Ender>,
    limits: config::Session,
    jar: CookieJar,
    security: SecurityLog,
    ended: EndedLater,
    seen: Seen,
    /// The ids of the providers of case workers.
    of_case_workers: Vec<String>,
    when_ended: Option<WhenEnded>,
}

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sessions").field("limits", &self.limits).finish_non_exhaustive()
    }
}

/// Is told the key of a session that ends by a request to this server.
pub type WhenEnded = Box<dyn Fn(&str) + Send + Sync>;

impl Sessions {
    /// Sessions in `store` with the time limits `limits` and the cookies of `jar`. Each is indexed by the pseudonym of
    /// its citizen, and has a row and entries in the record in `table`. Late deletions run in `tasks`.
    pub fn new(
        store: Arc<dyn CitizensStore>,
        table: Table,
        limits: config::Session,
        jar: CookieJar,
        pseudonyms: Arc<Pseudonyms>,
        tasks: Tasks,
        security: SecurityLog,
    ) -> Self {
        let (activity, rows) = (Activity::new(table.clone()), OpenSessions::new(table));
        let ender = Arc::new(Ender { store, pseudonyms, activity, rows, meter: OnceLock::new() });
        let ended = EndedLater::new(Arc::clone(&ender), tasks, security.clone());
        Self {
            ender,
            limits,
            jar,
            security,
            ended,
            seen: Seen::default(),
            of_case_workers: Vec::new(),
            when_ended: None,
        }
    }

    /// The same, counted by `meter`.
    pub fn counted_by(self, meter: metrics::Sessions) -> Self {
        // It is not set yet: this is called once.
        let _ = self.ender.meter.set(meter);
        self
    }

    /// The same, where who signs in with one of these providers is a case worker.
    pub fn with_case_workers_of(self, providers: Vec<String>) -> Self {
        Self { of_case_workers: providers, ..self }
    }

    /// The same, with `when_ended` for what is kept in memory about a session.
    pub fn with_end(self, when_ended: Option<WhenEnded>) -> Self {
        Self { when_ended, ..self }
    }

    /// Who signs in with `provider`.
    pub fn person_of(&self, provider: &str) -> Person {
        if self.of_case_workers.iter().any(|id| id == provider) { Person::CaseWorker } else { Person::Citizen }
    }

    /// Opens a session with a new id for `citizen`, who has just signed in by the request of `context`.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn open(&self, citizen: Citizen, context: &RequestContext) -> Result<Opened, SessionError> {
        let sign_in = Uuid::now_v7();
        let citizen = Citizen { sign_in: Some(sign_in), ..citizen };
        let data = [(CITIZEN, self.index_of(&citizen)), (SIGNED_IN, serde_json::to_value(&citizen)?)];
        let record = Record {
            id: Id::default(),
            data: data.into_iter().map(|(key, value)| (key.to_owned(), value)).collect(),
            expiry_date: self.expiry(&citizen),
        };
        let (keys, key) = (self.record_keys(&citizen), partition_key(&record.id));
        let Citizen { provider, device, .. } = &citizen;
        let row = self.ender.rows.opened(&keys, &key, provider, *device, self.absolute_end(&citizen));
        let entry = self.ender.activity.actions(&keys, sign_in, Act::SignedIn, &by(&citizen, &key, context));
        let others = std::iter::once(row).chain(entry).collect();
        Ok(match self.ender.store.open(&record, others).await? {
            Opening::Done => {
                self.seen.insert(SessionId::of(&record));
                if let Some(meter) = self.ender.meter.get() {
                    meter.opened();
                }
                Opened::Session(self.jar.session(&record.id.to_string()))
            }
            Opening::Refused => Opened::BeingDeleted,
        })
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
        let Some(record) = record else {
            // It was ended elsewhere.
            if self.seen.contains(id) {
                self.seen.remove(id);
                self.tell_ended(id);
            }
            return Ok(None);
        };
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
        let person = self.person_of(&citizen.provider);
        Ok(Some(OpenSession { citizen: Arc::new(citizen), person, end, end_unless_extended, record, extended_to }))
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
        self.ender.store.save(&record).await.map_err(|error| {
            warn!(%error, "session could not be extended");
            error.into()
        })
    }

    /// Ends the session of the request's cookie, whatever its state.
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
        because: Because,
        may_look_up: impl FnOnce() -> bool,
    ) -> Ending {
        let citizen = match self.id(headers).filter(|id| !self.ended.contains(*id)) {
            Some(id) => self.end_session(id, context, because, may_look_up).await,
            None => None,
        };
        Ending { cookie: self.jar.end_session(), citizen }
    }

    async fn end_session(
        &self,
        id: SessionId,
        context: &RequestContext,
        because: Because,
        may_look_up: impl FnOnce() -> bool,
    ) -> Option<Citizen> {
        self.tell_ended(id);
        let is_seen = self.seen.contains(id);
        let later = |known, citizen: Option<&Citizen>| {
            self.ended.delete_later(id, Requested { context: *context, because, known }, citizen);
        };
        if !is_seen && !may_look_up() {
            later(Known::Unknown, None);
            return None;
        }
        match self.ender.end(id, context, because).await {
            Ok(ended) => {
                self.seen.remove(id);
                let Ended::Now(citizen, why) = ended else { return None };
                self.record_end(context, citizen.as_deref(), why.reason());
                // One that had expired was not ended by this request.
                citizen.filter(|_| why == because).map(|citizen| *citizen)
            }
            // The list of pending deletions logs this for all of them.
            Err(NotEnded { citizen, .. }) => {
                let known = if is_seen || citizen.is_some() { Known::Open } else { Known::Unknown };
                later(known, citizen.as_ref());
                citizen
            }
        }
    }

    /// The stored session. If it has expired, it ends now.
    async fn load(&self, id: SessionId, context: &RequestContext) -> Result<Option<Record>, Error> {
        match self.ender.store.find(id.expose()).await? {
            Found::Open(record) => Ok(Some(record)),
            Found::Expired(record) => {
                // If the table does not answer, the next request with this session tries again.
                if let Ok(Ended::Now(citizen, _)) = self.ender.end_expired(id, &record, context).await {
                    self.record_end(context, citizen.as_deref(), Because::Expired.reason());
                }
                Ok(None)
            }
            Found::Nothing => Ok(None),
        }
    }

    fn tell_ended(&self, id: SessionId) {
        if let Some(when_ended) = &self.when_ended {
            when_ended(&partition_key(id.expose()));
        }
    }

    fn record_end(&self, context: &RequestContext, citizen: Option<&Citizen>, reason: &'static str) {
        let (provider, actor) = citizen.map(|citizen| (citizen.provider.clone(), self.actor(citizen))).unzip();
        let event = Event::session_ended(provider.as_deref(), actor.as_ref(), Outcome::Success, reason);
        self.security.record(context, &event);
    }

    /// Who a citizen is in the security log.
    pub fn actor(&self, citizen: &Citizen) -> Pseudonym {
        self.record_keys(citizen).current
    }

    /// The pseudonyms of a citizen.
    pub fn record_keys(&self, citizen: &Citizen) -> RecordKeys {
        self.ender.record_keys(citizen)
    }

    /// The pseudonyms of the citizen with this number.
    pub fn pseudonyms_of(&self, namespace: &str, eid: &Eid) -> RecordKeys {
        self.ender.pseudonyms.of(namespace, eid)
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

#[cfg(test)]
mod tests;
