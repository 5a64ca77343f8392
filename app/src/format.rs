//! Numbers, dates and names as a citizen reads them.

use time::{Date, OffsetDateTime, UtcOffset, format_description::well_known::Rfc3339, macros::format_description};

use crate::texts::Language;

/// `2000` as `2,000`.
pub(crate) fn number(value: usize) -> String {
    let digits = value.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A date such as `30 July 1985`.
pub(crate) fn date(language: Language, date: Date) -> String {
    let month = language.text(month_key(date.month()));
    language
        .text_with("date", &[("day", &date.day().to_string()), ("month", &month), ("year", &date.year().to_string())])
        .into_owned()
}

/// A moment such as `20 November 2026 at 18:07 UTC`.
pub(crate) fn moment(language: Language, moment: OffsetDateTime) -> String {
    let moment = moment.to_offset(UtcOffset::UTC);
    let time = format!("{:02}:{:02}", moment.hour(), moment.minute());
    language.text_with("date-time", &[("date", &date(language, moment.date())), ("time", &time)]).into_owned()
}

/// The machine's form of a moment, for the `datetime` attribute.
pub(crate) fn machine_moment(moment: OffsetDateTime) -> String {
    moment.format(&Rfc3339).unwrap_or_default()
}

/// A date as OpenID Connect writes it (`YYYY-MM-DD`), for reading; anything else stays as it is.
pub(crate) fn birthdate(language: Language, value: &str) -> String {
    Date::parse(value, format_description!("[year]-[month]-[day]"))
        .map_or_else(|_| value.to_owned(), |parsed| date(language, parsed))
}

/// A name of unknown writing direction inside a sentence (Unicode FSI … PDI).
pub(crate) fn isolated(name: &str) -> String {
    format!("\u{2068}{name}\u{2069}")
}

/// Text for the inside of an element whose content Leptos sets as it is (`inner_html`).
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

const fn month_key(month: time::Month) -> &'static str {
    use time::Month::*;
    match month {
        January => "month-1",
        February => "month-2",
        March => "month-3",
        April => "month-4",
        May => "month-5",
        June => "month-6",
        July => "month-7",
        August => "month-8",
        September => "month-9",
        October => "month-10",
        November => "month-11",
        December => "month-12",
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn digits_are_grouped_by_three() {
        assert_eq!([0, 999, 1_000, 2_000, 1_234_567].map(number), ["0", "999", "1,000", "2,000", "1,234,567"]);
    }

    #[test]
    fn moments_are_told_in_utc() {
        assert_eq!(moment(Language::En, datetime!(2026-11-20 00:07 +02:00)), "19 November 2026 at 22:07 UTC");
    }

    #[test]
    fn a_birthdate_that_is_no_date_stays_as_it_is() {
        assert_eq!(birthdate(Language::En, "1985-07-30"), "30 July 1985");
        assert_eq!(birthdate(Language::En, "0000"), "0000");
    }
}
