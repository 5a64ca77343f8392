//! Numbers, dates and names in the form that citizens read.

use icu_decimal::{DecimalFormatter, input::Decimal, options::DecimalFormatterOptions};
use icu_locale_core::Locale;
use time::{Date, OffsetDateTime, UtcOffset, format_description::well_known::Rfc3339, macros::format_description};

use crate::texts::{Language, Sentence, say};

/// A decimal number as the language writes it (CLDR), like `toLocaleString` in a browser: `2,000` in English.
pub(crate) fn number(language: Language, digits: &str) -> String {
    let locale = Locale::try_from_str(language.tag()).unwrap_or(Locale::UNKNOWN);
    let formatter = DecimalFormatter::try_new(locale.into(), DecimalFormatterOptions::default()).ok();
    let formatted = formatter.zip(Decimal::try_from_str(digits).ok());
    formatted.map_or_else(|| digits.to_owned(), |(formatter, number)| formatter.format(&number).to_string())
}

/// A date such as `30 July 1985`.
pub(crate) fn date(language: Language, date: Date) -> String {
    let month = language.text(month_name(date.month()));
    // The day as a number, for a language that says "1st". The year as a text: its digits are not grouped.
    say::date(language, date.day(), month, date.year().to_string())
}

/// A moment such as `20 November 2026 at 18:07 UTC`.
pub(crate) fn moment(language: Language, moment: OffsetDateTime) -> String {
    let moment = moment.to_offset(UtcOffset::UTC);
    let time = format!("{:02}:{:02}", moment.hour(), moment.minute());
    say::date_time(language, date(language, moment.date()), time)
}

/// A moment in RFC 3339, for the `datetime` attribute.
pub(crate) fn machine_moment(moment: OffsetDateTime) -> String {
    moment.format(&Rfc3339).unwrap_or_default()
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
    use time::macros::datetime;

    use super::*;

    #[test]
    fn digits_are_grouped_as_in_the_language() {
        let english = ["0", "999", "1000", "2000", "1234567"].map(|value| number(Language::En, value));
        assert_eq!(english, ["0", "999", "1,000", "2,000", "1,234,567"]);
    }

    #[test]
    fn moments_are_shown_in_utc() {
        assert_eq!(moment(Language::En, datetime!(2026-11-20 00:07 +02:00)), "19 November 2026 at 22:07 UTC");
    }

    #[test]
    fn a_birthdate_that_is_not_a_date_stays_as_it_is() {
        assert_eq!(birthdate(Language::En, "1985-07-30"), "30 July 1985");
        assert_eq!(birthdate(Language::En, "0000"), "0000");
    }
}
