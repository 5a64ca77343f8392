use time::Duration;

use super::Source;

/// `[activity]`: what is told to citizens about what was done with their data.
///
/// Environment: `MYDATA_ACTIVITY__RETENTION_DAYS`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Activity {
    /// `retention_days`: how long an entry is kept.
    pub retention_days: u32,
}

impl Activity {
    /// How long an entry is kept.
    pub fn retention(self) -> Duration {
        Duration::days(self.retention_days.into())
    }

    pub(super) fn read(source: &mut Source) -> Option<Self> {
        let days = |text: &str| text.parse().ok().filter(|days| (1..=3_660).contains(days));
        let expected = "a whole number of days from 1 to 3660";
        let retention_days = source.with_default("activity.retention_days", expected, "365", days)?;
        Some(Self { retention_days })
    }
}
