//! Log lines about connection limits and failed accepts: at most one a minute of each kind.

use std::mem;

use tracing::{error, warn};

use super::registry::{Admission, Ceiling};
use crate::{
    metrics::{ConnectionLimit, Connections},
    once_per_minute::OncePerMinute,
};

/// Counts that are reported at most once a minute.
#[derive(Debug)]
pub(super) struct Pressure {
    /// Of the ceilings, in all and for one address.
    settings: [&'static str; 2],
    total: Counts,
    per_address: Counts,
    accept: Counts,
    last_error: String,
    meter: Connections,
}

#[derive(Debug, Default)]
struct Counts {
    closed_idle: u64,
    refused: u64,
    reports: OncePerMinute,
}

impl Counts {
    /// The counts, if there are any and they may be reported now.
    fn take(&mut self) -> Option<(u64, u64)> {
        if (self.closed_idle, self.refused) == (0, 0) || !self.reports.is_due() {
            return None;
        }
        Some((mem::take(&mut self.closed_idle), mem::take(&mut self.refused)))
    }
}

impl Pressure {
    /// Nothing yet. The log names `settings`, and `meter` counts too.
    pub(super) fn of(settings: [&'static str; 2], meter: Connections) -> Self {
        let [total, per_address, accept] = [(); 3].map(|()| Counts::default());
        Self { settings, total, per_address, accept, last_error: String::new(), meter }
    }

    /// Counts a connection that reached a ceiling.
    pub(super) fn admitted(&mut self, admission: &Admission) {
        let (counts, limit) = match admission.reached {
            None => return,
            Some(Ceiling::Total) => (&mut self.total, ConnectionLimit::Total),
            Some(Ceiling::PerAddress) => (&mut self.per_address, ConnectionLimit::PerAddress),
        };
        if admission.is_reserve {
            counts.refused += 1;
            self.meter.refused(limit);
        } else {
            counts.closed_idle += 1;
            self.meter.evicted(limit);
        }
    }

    /// Counts an accept that failed.
    pub(super) fn failed(&mut self, error: &std::io::Error, has_closed_idle: bool) {
        self.accept.refused += 1;
        self.accept.closed_idle += u64::from(has_closed_idle);
        self.meter.refused(ConnectionLimit::Descriptors);
        if has_closed_idle {
            self.meter.evicted(ConnectionLimit::Descriptors);
        }
        self.last_error = error.to_string();
    }

    /// Writes the lines that are due.
    pub(super) fn tell(&mut self, connections: usize) {
        for (setting, counts) in self.settings.into_iter().zip([&mut self.total, &mut self.per_address]) {
            if let Some((closed_idle, refused)) = counts.take() {
                warn!(setting, connections, closed_idle, refused, "connection limit reached");
            }
        }
        if let Some((closed_idle, count)) = self.accept.take() {
            let error = &self.last_error;
            error!(error, count, connections, closed_idle, "connections cannot be accepted");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::advance;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn counts_are_reported_immediately_and_then_once_a_minute() {
        const HALF_A_MINUTE: Duration = Duration::from_secs(30);
        let mut counts = Counts::default();
        assert_eq!(counts.take(), None, "nothing happened");
        counts.refused = 1;
        assert_eq!(counts.take(), Some((0, 1)));
        (counts.refused, counts.closed_idle) = (5, 7);
        advance(HALF_A_MINUTE).await;
        assert_eq!(counts.take(), None, "twice within a minute");
        advance(HALF_A_MINUTE).await;
        assert_eq!(counts.take(), Some((7, 5)));
        advance(2 * HALF_A_MINUTE).await;
        assert_eq!(counts.take(), None, "reported twice");
    }
}
