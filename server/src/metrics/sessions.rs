use prometheus::IntCounter;

use super::{
    label::{Counters, unread},
    names::SessionEnd,
    registration::Registration,
};

/// Counts sessions. The default is on no page.
#[derive(Clone, Debug)]
pub struct Sessions {
    opened: IntCounter,
    ended: Counters<SessionEnd>,
}

impl Default for Sessions {
    fn default() -> Self {
        Self { opened: unread(), ended: Counters::default() }
    }
}

impl Sessions {
    pub(super) fn new(to: &Registration<'_>) -> Self {
        Self {
            opened: to.counter("mydata_sessions_opened_total", "Sessions opened by a sign-in."),
            ended: to.counters(
                "mydata_sessions_ended_total",
                "Sessions ended by a request. One that is never used again, or that is deleted with all data, is not counted.",
                "reason",
            ),
        }
    }

    /// A session is open.
    pub fn opened(&self) {
        self.opened.inc();
    }

    /// A session has ended.
    pub fn ended(&self, reason: SessionEnd) {
        self.ended.count(reason);
    }
}
