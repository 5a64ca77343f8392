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
    /// Whether a citizen can extend a session ten times before it ends in any case (WCAG 2.2, 2.2.1).
    pub fn allows_ten_extensions(&self) -> bool {
        self.absolute >= self.idle * 11
    }

    pub(super) fn read(source: &mut Source) -> Option<Self> {
        let minutes =
            |text: &str| text.parse().ok().filter(|minutes| (1..=44_640).contains(minutes)).map(Duration::minutes);
        let expected = "a whole number of minutes from 1 to 44640";
        let idle = source.with_default("session.idle_minutes", expected, "15", minutes);
        let absolute = source.with_default("session.absolute_minutes", expected, "480", minutes);
        Some(Self { idle: idle?, absolute: absolute? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_can_be_extended_ten_times_if_it_lasts_eleven_times_its_idle_time() {
        for (idle, absolute, expected) in
            [(15, 480, true), (15, 165, true), (15, 164, false), (60, 480, false), (1, 1, false)]
        {
            let session = Session { idle: Duration::minutes(idle), absolute: Duration::minutes(absolute) };
            assert_eq!(session.allows_ten_extensions(), expected, "{idle} {absolute}");
        }
    }
}
