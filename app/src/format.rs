//! Numbers, dates and names in the form that citizens read.

use icu_decimal::{DecimalFormatter, input::Decimal, options::DecimalFormatterOptions};
use icu_locale_core::Locale;
use time::{Date, OffsetDateTime, UtcOffset, format_description::well_known::Rfc3339, macros::format_description};

use crate::{
    texts::{Language, Sentence, say},
    time_zone::TimeZone,
};

/// A decimal number as the language writes it (CLDR), like `toLocaleString` in a browser: `2,000` in English.
pub(crate) fn number(language: Language, digits: &str) -> String {
    let locale = Locale::try_from_str(language.tag()).unwrap_or(Locale::UNKNOWN);
    let formatter = DecimalFormatter::try_new(locale.into(), DecimalFormatterOptions::default()).ok();
    let formatted = formatter.zip(Decimal::try_from_str(digits).ok());
    formatted.map_or_else(|| digits.to_owned(), |(formatter, number)| formatter.format(&number).to_string())
}

/// A size such as `1.2 MB`: in units of 1,000, with one decimal below ten.
pub(crate) fn size(language: Language, bytes: u64) -> String {
    const KILO: u128 = 1_000;
    const MEGA: u128 = 1_000 * KILO;
    const GIGA: u128 = 1_000 * MEGA;
    const TERA: u128 = 1_000 * GIGA;
    // What would be written as 1,000 of a unit is 1 of the next.
    match u128::from(bytes) {
        0..KILO => say::size_bytes(language, bytes),
        size @ KILO..999_500 => say::size_kilobytes(language, rounded(language, size, KILO)),
        size @ 999_500..999_500_000 => say::size_megabytes(language, rounded(language, size, MEGA)),
        size @ 999_500_000..999_500_000_000 => say::size_gigabytes(language, rounded(language, size, GIGA)),
        size => say::size_terabytes(language, rounded(language, size, TERA)),
    }
}

/// How often `unit` is in `size`.
fn rounded(language: Language, size: u128, unit: u128) -> String {
    let nearest = |size: u128| (size + unit / 2) / unit;
    let digits = match nearest(10 * size) {
        tenths @ ..100 if tenths % 10 > 0 => format!("{}.{}", tenths / 10, tenths % 10),
        _ => nearest(size).to_string(),
    };
    number(language, &digits)
}

/// A date such as `30 July 1985`.
pub(crate) fn date(language: Language, date: Date) -> String {
    let month = language.text(month_name(date.month()));
    // The day as a number, for a language that says "1st". The year as a text: its digits are not grouped.
    say::date(language, date.day(), month, date.year().to_string())
}

/// A moment such as `20 November 2026 at 19:07 (Belgian time)`.
pub(crate) fn moment(language: Language, zone: &TimeZone, moment: OffsetDateTime) -> String {
    let local = zone.local(moment);
    say::date_time(language, date(language, local.date()), clock(local), zone.name(language, local))
}

/// The time of a moment, such as `19:07 (Belgian time)`.
pub(crate) fn time_of_day(language: Language, zone: &TimeZone, moment: OffsetDateTime) -> String {
    let local = zone.local(moment);
    say::time(language, clock(local), zone.name(language, local))
}

fn clock(local: OffsetDateTime) -> String {
    format!("{:02}:{:02}", local.hour(), local.minute())
}

/// A moment in RFC 3339 and in UTC, for the `datetime` attribute.
pub(crate) fn machine_moment(moment: OffsetDateTime) -> String {
    moment.to_offset(UtcOffset::UTC).format(&Rfc3339).unwrap_or_default()
}

/// The readable form of a date from OpenID Connect (`YYYY-MM-DD`; Core 1.0, 5.1). Any other text stays as it is.
pub(crate) fn birthdate(language: Language, value: &str) -> String {
    Date::parse(value, format_description!("[year]-[month]-[day]"))
        .map_or_else(|_| value.to_owned(), |parsed| date(language, parsed))
}

/// A name for use inside a sentence, whatever its writing direction (Unicode FSI … PDI).
pub(crate) fn isolated(name: &str) -> String {
    format!("\u{2068}{name}\u{2069}")
}

/// `text` with its line ends as line feeds, and with U+FFFD for what is not seen but changes what is: control characters, and those
/// that turn the direction around (Unicode Technical Report 36, 3.5). Line feeds and tabs stay.
pub(crate) fn without_controls(text: &str) -> String {
    let is_hidden = |char: char| {
        char.is_control() && !matches!(char, '\n' | '\t')
            || matches!(char, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let text = text.replace("\r\n", "\n");
    text.chars().map(|char| if is_hidden(char) { char::REPLACEMENT_CHARACTER } else { char }).collect()
}

/// Text for `inner_html`, which Leptos does not escape.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

const fn month_name(month: time::Month) -> Sentence {
    use time::Month::*;
    match month {
        January => say::MONTH_1,
        February => say::MONTH_2,
        March => say::MONTH_3,
        April => say::MONTH_4,
        May => say::MONTH_5,
        June => say::MONTH_6,
        July => say::MONTH_7,
        August => say::MONTH_8,
        September => say::MONTH_9,
        October => say::MONTH_10,
        November => say::MONTH_11,
        December => say::MONTH_12,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_grouped_as_in_the_language() {
        let english = ["0", "999", "1000", "2000", "1234567"].map(|value| number(Language::En, value));
        assert_eq!(english, ["0", "999", "1,000", "2,000", "1,234,567"]);
    }

    #[test]
    fn a_size_has_one_decimal_below_ten() {
        for (bytes, expected) in [
            (0, "0 bytes"),
            (1, "1 byte"),
            (999, "999 bytes"),
            (1_000, "1 kB"),
            (1_049, "1 kB"),
            (1_050, "1.1 kB"),
            (9_949, "9.9 kB"),
            (9_950, "10 kB"),
            (10_499, "10 kB"),
            (999_499, "999 kB"),
            (999_500, "1 MB"),
            (1_234_567, "1.2 MB"),
            (999_500_000, "1 GB"),
            (5_497_558_138_880, "5.5 TB"),
            (u64::MAX, "18,446,744 TB"),
        ] {
            assert_eq!(size(Language::En, bytes).replace('\u{a0}', " "), expected, "{bytes}");
        }
        let shown = |language| size(language, 1_234_567).replace('\u{a0}', " ");
        assert_eq!([Language::Nl, Language::Fr, Language::De].map(shown), ["1,2 MB", "1,2 Mo", "1,2 MB"]);
    }

    #[test]
    fn a_birthdate_that_is_not_a_date_stays_as_it_is() {
        assert_eq!(birthdate(Language::En, "1985-07-30"), "30 July 1985");
        assert_eq!(birthdate(Language::En, "0000"), "0000");
    }
}
