//! How a session ends without its id: from another device of the citizen, or by the operator.

use app::pages::activity::{Act, EndedBy};
use uuid::Uuid;

use super::ender::{end, reason};
use crate::{
    aws::Unavailable,
    citizen::RecordKeys,
    metrics,
    records::{Activity, By, OpenSession, OpenSessions, Table},
    request_context::RequestContext,
    security_log::{Event, Outcome, SecurityLog},
};

/// Ends sessions by the keys of their items.
#[derive(Clone, Debug)]
pub struct RemoteEnd {
    rows: OpenSessions,
    activity: Activity,
    security: SecurityLog,
    meter: metrics::Sessions,
}

/// How many sessions were to be ended, and how many of them still had to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EndedSessions {
    /// Those that were found.
    pub found: usize,
    /// Those that this call has ended. The others ended at the same time.
    pub ended: usize,
}

impl RemoteEnd {
    /// For the sessions with rows in `table`. Each end is recorded in the security log.
    pub fn new(table: &Table, security: SecurityLog) -> Self {
        let (rows, activity) = (OpenSessions::new(table.clone()), Activity::new(table.clone()));
        Self { rows, activity, security, meter: metrics::Sessions::default() }
    }

    /// The same, counted by `meter`.
    pub fn counted_by(self, meter: metrics::Sessions) -> Self {
        Self { meter, ..self }
    }

    /// Ends those open sessions of `citizen` that `selects`, on every server.
    ///
    /// # Errors
    /// A table does not answer. Some of the sessions may have ended.
    pub async fn end(
        &self,
        citizen: &RecordKeys,
        selects: impl Fn(&OpenSession) -> bool,
        ended_by: EndedBy,
        by: &By,
        context: &RequestContext,
    ) -> Result<EndedSessions, Unavailable> {
        let mut count = EndedSessions::default();
        let mut sessions = self.rows.list(citizen).await?;
        sessions.retain(|session| selects(session));
        for OpenSession { key, provider, .. } in sessions {
            count.found += 1;
            let provider = (!provider.is_empty()).then_some(&*provider);
            let record = |outcome, reason| {
                let event = Event::session_ended(provider, Some(&citizen.current), outcome, reason);
                self.security.record(context, &event);
            };
            match end_by_key(&self.rows, &self.activity, citizen, &key, ended_by, by).await {
                Ok(true) => {
                    count.ended += 1;
                    if let Some(end) = end(ended_by) {
                        self.meter.ended(end);
                    }
                    record(Outcome::Success, reason(ended_by));
                }
                Ok(false) => (),
                Err(error) => {
                    record(Outcome::Failure, "the tables did not answer: it may have ended");
                    return Err(error);
                }
            }
        }
        Ok(count)
    }
}

/// Ends the session of `citizen` with the partition key `session`, without its id, on every server. False if it has ended already.
///
/// # Errors
/// A table does not answer.
pub async fn end_by_key(
    rows: &OpenSessions,
    activity: &Activity,
    citizen: &RecordKeys,
    session: &str,
    ended_by: EndedBy,
    by: &By,
) -> Result<bool, Unavailable> {
    let ended = By { session: Some(OpenSession::name_of(session)), ..by.clone() };
    let entry = activity.actions(citizen, Uuid::now_v7(), Act::SessionEnded(ended_by), &ended);
    rows.end(citizen, session, entry.into()).await
}
