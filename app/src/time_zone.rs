//! The time zone that citizens read times in.

use std::borrow::Cow;

use jiff::{Timestamp, tz};
use time::{OffsetDateTime, UtcOffset};

use crate::texts::{Language, Sentence, say};

/// A time zone. Its rules come with the program, so that they do not depend on the machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeZone(tz::TimeZone);

impl TimeZone {
    /// The zone with this name in the IANA database, such as `Europe/Brussels`.
    pub fn named(name: &str) -> Option<Self> {
        tz::TimeZone::get(name).ok().map(Self)
    }

    /// `moment` as a clock in this zone shows it.
    pub(crate) fn local(&self, moment: OffsetDateTime) -> OffsetDateTime {
        let timestamp = Timestamp::from_second(moment.unix_timestamp()).unwrap_or_default();
        let offset = UtcOffset::from_whole_seconds(self.0.to_offset(timestamp).seconds()).unwrap_or(UtcOffset::UTC);
        moment.to_offset(offset)
    }

    /// What its time is called: a name, or for most zones the difference from UTC at `local`.
    pub(crate) fn name(&self, language: Language, local: OffsetDateTime) -> Cow<'static, str> {
        match self.sentence() {
            Some(sentence) => language.text(sentence),
            None => Cow::Owned(difference(local.offset())),
        }
    }

    /// The zones of the countries whose languages the pages have, as long as their citizens know them by that name.
    fn sentence(&self) -> Option<Sentence> {
        match self.0.iana_name()? {
            "Europe/Brussels" => Some(say::ZONE_BRUSSELS),
            "Europe/Amsterdam" => Some(say::ZONE_AMSTERDAM),
            "Europe/Luxembourg" => Some(say::ZONE_LUXEMBOURG),
            _ => None,
        }
    }
}

impl Default for TimeZone {
    fn default() -> Self {
        Self::named("Europe/Brussels").unwrap_or(Self(tz::TimeZone::UTC))
    }
}

/// `UTC−05:00`, with a minus sign.
fn difference(offset: UtcOffset) -> String {
    let (hours, minutes, _) = offset.as_hms();
    match offset.whole_seconds() {
        0 => "UTC".to_owned(),
        seconds => {
            let sign = if seconds < 0 { '−' } else { '+' };
            format!("UTC{sign}{:02}:{:02}", hours.unsigned_abs(), minutes.unsigned_abs())
        }
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;
    use crate::format::{moment, time_of_day};

    fn zone(name: &str) -> TimeZone {
        TimeZone::named(name).unwrap()
    }

    #[test]
    fn a_clock_is_changed_on_the_last_sundays_of_march_and_october() {
        for (at, shown) in [
            (datetime!(2026-03-29 00:59:59 UTC), "29 March 2026 at 01:59 (Belgian time)"),
            (datetime!(2026-03-29 01:00 UTC), "29 March 2026 at 03:00 (Belgian time)"),
            (datetime!(2026-10-25 00:59 UTC), "25 October 2026 at 02:59 (Belgian time)"),
            (datetime!(2026-10-25 01:00 UTC), "25 October 2026 at 02:00 (Belgian time)"),
            (datetime!(2026-10-25 01:59 UTC), "25 October 2026 at 02:59 (Belgian time)"),
            (datetime!(2026-11-20 23:30 UTC), "21 November 2026 at 00:30 (Belgian time)"),
            (datetime!(2027-03-28 01:00 UTC), "28 March 2027 at 03:00 (Belgian time)"),
        ] {
            assert_eq!(moment(Language::En, &TimeZone::default(), at), shown);
        }
    }

    #[test]
    fn a_zone_has_a_name_or_else_its_difference_from_utc() {
        let at = datetime!(2026-11-20 18:07 UTC);
        for (name, shown) in [
            ("Europe/Brussels", "19:07 (Belgian time)"),
            ("europe/brussels", "19:07 (Belgian time)"),
            ("Europe/Amsterdam", "19:07 (Dutch time)"),
            ("Europe/Luxembourg", "19:07 (Luxembourg time)"),
            ("Europe/Berlin", "19:07 (UTC+01:00)"),
            ("America/New_York", "13:07 (UTC−05:00)"),
            ("America/St_Johns", "14:37 (UTC−03:30)"),
            ("Asia/Kathmandu", "23:52 (UTC+05:45)"),
            ("UTC", "18:07 (UTC)"),
        ] {
            assert_eq!(time_of_day(Language::En, &zone(name), at), shown, "{name}");
        }
        for unknown in ["", "Brussels", "Europe/", "CET-1CEST", "../Europe/Brussels", "Europe/Brussels "] {
            assert_eq!(TimeZone::named(unknown), None, "{unknown:?}");
        }
    }
}
