//! The security log: who signed in or was refused, what was saved or ended, and what changed. It is separate from the log of
//! requests, so that it can be kept longer and read by other people.
//!
//! Each record is one line of JSON with the field names of the Elastic Common Schema (ECS 8). `docs/LOGGING.md` lists
//! every event. A record holds nothing that identifies a person: a citizen is a keyed hash, an address only a network.

mod check;
mod event;
mod record;
mod repeats;
mod writer;

use std::{
    fmt,
    io::Write as _,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
};

use aws_lc_rs::hmac;
use time::OffsetDateTime;

pub use self::{
    check::check,
    event::{DELETED_LATER, DocumentAction, Event, Outcome, Repeated},
    writer::{Guard, queue_beside_output, queue_to},
};
use self::{record::Record, repeats::Repeats};
use crate::{
    citizen::Pseudonym,
    request_context::{Reference, RequestContext},
    telemetry::Queue,
};

/// Writes records. Clones write to the same log.
#[derive(Clone)]
pub struct SecurityLog(Arc<Inner>);

struct Inner {
    /// `None`: the log is off.
    queue: Option<Queue>,
    /// Makes the hashes of citizens.
    key: hmac::Key,
    /// The number of the next record. Its lock keeps the numbers in the order of the lines.
    next: Mutex<u64>,
    repeats: Repeats,
}

impl SecurityLog {
    /// Writes to `queue`, or nothing without one. `key` makes the hashes of citizens: without it, no one can compute
    /// them.
    pub fn new(queue: Option<Queue>, key: hmac::Key) -> Self {
        Self(Arc::new(Inner { queue, key, next: Mutex::new(0), repeats: Repeats::default() }))
    }

    /// Records an event of a request.
    pub fn record(&self, context: &RequestContext, event: &Event<'_>) {
        self.write(event, context.client, Some(context.reference), None);
    }

    /// Records an event that no request caused.
    pub fn record_own(&self, event: &Event<'_>) {
        self.write(event, None, None, None);
    }

    /// Records an event that anyone can cause as often as they like. The first ones of a minute and network have a
    /// record each; [`tell_repeats`](Self::tell_repeats) reports the number of the others.
    pub fn record_repeated(&self, context: &RequestContext, event: Repeated) {
        if self.0.queue.is_some() && self.0.repeats.has_record(context.client, event) {
            self.write(&event.into(), context.client, Some(context.reference), None);
        }
    }

    /// Records how often each repeated event happened again since the last call. To be called once a minute.
    pub fn tell_repeats(&self) {
        for (client, event, count) in self.0.repeats.take() {
            self.write(&event.into(), client, None, Some(count));
        }
    }

    /// Returns when all records so far are written, after a second at the latest.
    pub async fn written(&self) {
        if let Some(queue) = &self.0.queue {
            queue.written().await;
        }
    }

    fn write(&self, event: &Event<'_>, client: Option<IpAddr>, reference: Option<Reference>, count: Option<u64>) {
        let Some(queue) = &self.0.queue else { return };
        let mut next = self.0.next.lock().unwrap_or_else(PoisonError::into_inner);
        let record = Record {
            at: OffsetDateTime::now_utc(),
            sequence: *next,
            event,
            actor: event.citizen.map(|citizen| self.actor(citizen)),
            client,
            reference,
            count,
        };
        *next += 1;
        // The queue accepts each line, and reports any that it drops.
        let _ = queue.clone().write_all(&record.line());
    }

    /// The hash of a citizen: the same in each record, and useless without the key.
    fn actor(&self, citizen: &Pseudonym) -> String {
        hex::encode(&hmac::sign(&self.0.key, citizen.as_str().as_bytes()).as_ref()[..16])
    }
}

impl fmt::Debug for SecurityLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecurityLog(…)")
    }
}
