//! How a session ends: the session, its row in the record and its entry in the activity, in one transaction.

use std::{
    collections::HashMap,
    sync::{Arc, OnceLock},
};

use app::pages::activity::{Act, Actor, EndedBy};
use serde::Deserialize as _;
use serde_json::Value;
use tower_sessions::{session::Record, session_store::Error};
use uuid::Uuid;

use super::{
    id::SessionId,
    store::{CitizensStore, Found, partition_key},
};
use crate::{
    citizen::{Citizen, Pseudonyms, RecordKeys},
    metrics::{self, SessionEnd},
    records::{Activity, By, OpenSession, OpenSessions},
    request_context::RequestContext,
};

/// The entry of a session's data with the [`Citizen`].
pub(super) const SIGNED_IN: &str = "signed_in";

/// Why a browser's own session ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Because {
    /// The citizen signed out.
    SignedOut,
    /// The browser has signed in again.
    NewSignIn,
    /// No request came for too long.
    Expired,
}

impl Because {
    /// For the security log.
    pub(super) const fn reason(self) -> &'static str {
        match self {
            Self::SignedOut => "signed out",
            Self::NewSignIn => reason(EndedBy::NewSignIn),
            Self::Expired => reason(EndedBy::Expiry),
        }
    }

    /// For the metrics.
    const fn end(self) -> SessionEnd {
        match self {
            Self::SignedOut => SessionEnd::SignedOut,
            Self::NewSignIn => SessionEnd::NewSignIn,
            Self::Expired => SessionEnd::Expired,
        }
    }

    const fn act(self) -> Act {
        match self {
            Self::SignedOut => Act::SignedOut,
            Self::NewSignIn => Act::SessionEnded(EndedBy::NewSignIn),
            Self::Expired => Act::SessionEnded(EndedBy::Expiry),
        }
    }
}

/// What the security log says of a session that ended in another way than by its own sign-out.
pub(super) const fn reason(ended_by: EndedBy) -> &'static str {
    match ended_by {
        EndedBy::OtherDevice => "ended by the citizen on another device",
        EndedBy::NewSignIn => "replaced by a new sign-in",
        EndedBy::Expiry => "expired",
        EndedBy::Operator => "ended by the operator",
    }
}

/// What the metrics say of it. The operator's command has none: it is a process of its own.
pub(super) const fn end(ended_by: EndedBy) -> Option<SessionEnd> {
    match ended_by {
        EndedBy::OtherDevice => Some(SessionEnd::OtherDevice),
        EndedBy::NewSignIn => Some(SessionEnd::NewSignIn),
        EndedBy::Expiry => Some(SessionEnd::Expired),
        EndedBy::Operator => None,
    }
}

/// What a session id led to.
pub(super) enum Ended {
    /// The session, which this call ended, and why: it may have expired before. `None` for the citizen if it could not be read.
    Now(Option<Box<Citizen>>, Because),
    /// No session, or one that another call ended at the same time.
    Nothing,
}

/// A session that could not be ended.
pub(super) struct NotEnded {
    pub(super) error: Error,
    /// Its citizen, if it could be read.
    pub(super) citizen: Option<Citizen>,
}

impl From<Error> for NotEnded {
    fn from(error: Error) -> Self {
        Self { error, citizen: None }
    }
}

/// Ends sessions.
#[derive(Debug)]
pub(super) struct Ender {
    pub(super) store: Arc<dyn CitizensStore>,
    pub(super) pseudonyms: Arc<Pseudonyms>,
    pub(super) activity: Activity,
    pub(super) rows: OpenSessions,
    /// Set once, at the start of the server.
    pub(super) meter: OnceLock<metrics::Sessions>,
}

impl Ender {
    /// The pseudonyms of a citizen.
    pub(super) fn record_keys(&self, citizen: &Citizen) -> RecordKeys {
        self.pseudonyms.of(&citizen.namespace, &citizen.eid)
    }

    /// Ends the session with this id, if there is one.
    ///
    /// # Errors
    /// The store does not answer.
    pub(super) async fn end(
        &self,
        id: SessionId,
        context: &RequestContext,
        because: Because,
    ) -> Result<Ended, NotEnded> {
        match self.store.find(id.expose()).await {
            Ok(Found::Open(record)) => self.end_found(id, citizen_in(&record.data), context, because, None).await,
            Ok(Found::Expired(record)) => self.end_expired(id, &record, context).await,
            Ok(Found::Nothing) => Ok(Ended::Nothing),
            // It exists, but cannot be read.
            Err(Error::Decode(_)) => self.end_found(id, None, context, because, None).await,
            Err(error) => Err(error.into()),
        }
    }

    /// Deletes a session that has expired, which DynamoDB may keep for days. Of several calls, only one ends it.
    ///
    /// # Errors
    /// The store does not answer. The next request with this session tries again.
    pub(super) async fn end_expired(
        &self,
        id: SessionId,
        record: &Record,
        context: &RequestContext,
    ) -> Result<Ended, NotEnded> {
        self.end_found(id, citizen_in(&record.data), context, Because::Expired, Some(record)).await
    }

    async fn end_found(
        &self,
        id: SessionId,
        citizen: Option<Citizen>,
        context: &RequestContext,
        because: Because,
        expired: Option<&Record>,
    ) -> Result<Ended, NotEnded> {
        let others = citizen.as_ref().map(|citizen| {
            let (keys, key) = (self.record_keys(citizen), partition_key(id.expose()));
            let mut others = self.rows.ended(&keys, &key);
            others.extend(self.activity.actions(&keys, Uuid::now_v7(), because.act(), &by(citizen, &key, context)));
            others
        });
        let expired_at = expired.map(|record| record.expiry_date);
        match self.store.end(id.expose(), others.unwrap_or_default(), expired_at).await {
            Ok(true) => {
                if let Some(meter) = self.meter.get() {
                    meter.ended(because.end());
                }
                Ok(Ended::Now(citizen.map(Box::new), because))
            }
            Ok(false) => Ok(Ended::Nothing),
            Err(error) => Err(NotEnded { error, citizen }),
        }
    }
}

/// A citizen in the session with this partition key, as one who does something.
pub(super) fn by(citizen: &Citizen, key: &str, context: &RequestContext) -> By {
    By {
        provider: Some(citizen.provider.clone()),
        device: citizen.device,
        session: Some(OpenSession::name_of(key)),
        reference: context.reference,
        actor: Actor::Citizen,
    }
}

/// The citizen in the data of a session.
pub(super) fn citizen_in(data: &HashMap<String, Value>) -> Option<Citizen> {
    Citizen::deserialize(data.get(SIGNED_IN)?).ok()
}
