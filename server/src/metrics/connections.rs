use prometheus::IntGauge;

use super::{
    label::{Counters, Label as _},
    names::{ConnectionLimit, Pool, Unreadable},
    registration::Registration,
    set_count,
};

/// Counts connections. The default is on no page.
#[derive(Clone, Debug)]
pub struct Connections {
    open: [IntGauge; 2],
    limit: IntGauge,
    evicted: Counters<ConnectionLimit>,
    refused: Counters<ConnectionLimit>,
    unreadable: Counters<Unreadable>,
}

/// A connection that is open until this value is dropped.
#[derive(Debug)]
pub struct OpenConnection {
    open: IntGauge,
    unreadable: Counters<Unreadable>,
}

impl OpenConnection {
    /// It ends because the head of a request could not be read.
    pub fn unreadable(&self, reason: Unreadable) {
        self.unreadable.count(reason);
    }
}

impl Drop for OpenConnection {
    fn drop(&mut self) {
        self.open.dec();
    }
}

impl Default for Connections {
    fn default() -> Self {
        Self::new(&Registration(&prometheus::Registry::new()))
    }
}

impl Connections {
    pub(super) fn new(to: &Registration<'_>) -> Self {
        let open = to.whole_gauges(
            "mydata_connections_open",
            "Open connections: within the limits (main), and those over them that only health checks and sign-outs can use (reserve).",
            "pool",
        );
        Self {
            open: [Pool::Main, Pool::Reserve].map(|pool| open.with_label_values(&[pool.as_str()])),
            limit: to.gauge("mydata_connections_limit", "limits.connections, or what the file descriptors allow."),
            evicted: to.counters(
                "mydata_connections_evicted_total",
                "Idle connections that were closed because this limit was reached.",
                "limit",
            ),
            refused: to.counters(
                "mydata_connections_refused_total",
                "Connections that came while this limit was reached and none was idle, or that could not be accepted.",
                "limit",
            ),
            unreadable: to.counters(
                "mydata_unreadable_requests_total",
                "Requests whose head could not be read. They are in no other metric.",
                "reason",
            ),
        }
    }

    /// How many connections may be open.
    pub fn set_limit(&self, limit: usize) {
        set_count(&self.limit, limit);
    }

    /// A connection is open.
    pub fn opened(&self, pool: Pool) -> OpenConnection {
        let open = self.open[pool as usize].clone();
        open.inc();
        OpenConnection { open, unreadable: self.unreadable.clone() }
    }

    /// An idle connection was closed, because of `limit`.
    pub fn evicted(&self, limit: ConnectionLimit) {
        self.evicted.count(limit);
    }

    /// A connection came over `limit`, and none was idle.
    pub fn refused(&self, limit: ConnectionLimit) {
        self.refused.count(limit);
    }
}
