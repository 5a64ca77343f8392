use time::Duration;

use super::Source;

/// `[session]`: how long a session lasts.
///
/// Environment: `MYDATA_SESSION__IDLE_MINUTES`, `__ABSOLUTE_MINUTES`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Session {
    /// `idle_minutes`: the session ends after this time without a request.
    pub idle: Duration,
    /// `absolute_minutes`: the session ends this long after sign-in in any case.
    pub absolute: Duration,
}

impl Session {
    pub(super) fn read(source: &mut Source) -> Option<Self> {
        let minutes =
            |text: &str| text.parse().ok().filter(|minutes| (1..=44_640).contains(minutes)).map(Duration::minutes);
        let expected = "a whole number of minutes from 1 to 44640";
        let idle = source.with_default("session.idle_minutes", expected, "15", minutes);
        let absolute = source.with_default("session.absolute_minutes", expected, "480", minutes);
        Some(Self { idle: idle?, absolute: absolute? })
    }
}
