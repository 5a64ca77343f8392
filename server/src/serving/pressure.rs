//! Log lines about connection limits and failed accepts: at most one a minute of each kind.

use std::time::Duration;

use tokio::time::Instant;
use tracing::{error, warn};

use super::registry::{Admission, Ceiling};

/// How often a line of one kind may be written.
const INTERVAL: Duration = Duration::from_secs(60);

/// Counts that are reported at most once in an interval.
#[derive(Debug, Default)]
pub(super) struct Pressure {
    total: Counts,
    per_address: Counts,
    accept: Counts,
    last_error: String,
}

#[derive(Debug, Default)]
struct Counts {
    closed_idle: u64,
    refused: u64,
    told: Option<Instant>,
}

impl Counts {
    /// The counts, if there are any and they may be reported now.
    fn take(&mut self, now: Instant) -> Option<(u64, u64)> {
        let counts = (self.closed_idle, self.refused);
        let may_tell = self.told.is_none_or(|told| now - told >= INTERVAL);
        if counts == (0, 0) || !may_tell {
            return None;
        }
        *self = Self { told: Some(now), ..Self::default() };
        Some(counts)
    }
}

impl Pressure {
    /// Counts a connection that reached a ceiling.
    pub(super) const fn admitted(&mut self, admission: &Admission) {
        let counts = match admission.reached {
            None => return,
            Some(Ceiling::Total) => &mut self.total,
            Some(Ceiling::PerAddress) => &mut self.per_address,
        };
        if admission.is_reserve {
            counts.refused += 1;
        } else {
            counts.closed_idle += 1;
        }
    }

    /// Counts an accept that failed.
    pub(super) fn failed(&mut self, error: &std::io::Error, has_closed_idle: bool) {
        self.accept.refused += 1;
        self.accept.closed_idle += u64::from(has_closed_idle);
        self.last_error = error.to_string();
    }

    /// Writes the lines that are due.
    pub(super) fn tell(&mut self, connections: usize) {
        let now = Instant::now();
        let ceilings =
            [("limits.connections", &mut self.total), ("limits.connections_per_address", &mut self.per_address)];
        for (setting, counts) in ceilings {
            if let Some((closed_idle, refused)) = counts.take(now) {
                warn!(setting, connections, closed_idle, refused, "connection limit reached");
            }
        }
        if let Some((closed_idle, count)) = self.accept.take(now) {
            let error = &self.last_error;
            error!(error, count, connections, closed_idle, "connections cannot be accepted");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_reported_immediately_and_then_once_a_minute() {
        let (mut counts, start) = (Counts::default(), Instant::now());
        assert_eq!(counts.take(start), None, "nothing happened");
        counts.refused = 1;
        assert_eq!(counts.take(start), Some((0, 1)));
        (counts.refused, counts.closed_idle) = (5, 7);
        assert_eq!(counts.take(start + INTERVAL / 2), None, "twice within a minute");
        assert_eq!(counts.take(start + INTERVAL), Some((7, 5)));
        assert_eq!(counts.take(start + INTERVAL * 2), None, "reported twice");
    }
}
