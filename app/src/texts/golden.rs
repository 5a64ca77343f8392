//! Dates and numbers, as `Intl` of Node 20 writes them (ICU 78, CLDR 48; `dateStyle: "long"`), with two differences: French public
//! texts write `1er`, and no line breaks after a French or German day.

use time::{Date, macros::date};

use super::Language;
use crate::format;

const DATES: [Date; 6] = [
    date!(2026 - 01 - 01),
    date!(2026 - 02 - 28),
    date!(2024 - 02 - 29),
    date!(2026 - 03 - 01),
    date!(2026 - 08 - 15),
    date!(2026 - 12 - 31),
];
const NUMBERS: [&str; 6] = ["0", "999", "1000", "2000", "12345", "1234567"];

#[rustfmt::skip]
const EXPECTED: [(&str, [&str; 6], [&str; 6]); 4] = [
    (
        "nl",
        ["1 januari 2026", "28 februari 2026", "29 februari 2024", "1 maart 2026", "15 augustus 2026", "31 december 2026"],
        ["0", "999", "1.000", "2.000", "12.345", "1.234.567"],
    ),
    (
        "fr",
        ["1er\u{a0}janvier 2026", "28\u{a0}février 2026", "29\u{a0}février 2024", "1er\u{a0}mars 2026", "15\u{a0}août 2026", "31\u{a0}décembre 2026"],
        ["0", "999", "1\u{202f}000", "2\u{202f}000", "12\u{202f}345", "1\u{202f}234\u{202f}567"],
    ),
    (
        "de",
        ["1.\u{a0}Januar 2026", "28.\u{a0}Februar 2026", "29.\u{a0}Februar 2024", "1.\u{a0}März 2026", "15.\u{a0}August 2026", "31.\u{a0}Dezember 2026"],
        ["0", "999", "1.000", "2.000", "12.345", "1.234.567"],
    ),
    (
        "en",
        ["1 January 2026", "28 February 2026", "29 February 2024", "1 March 2026", "15 August 2026", "31 December 2026"],
        ["0", "999", "1,000", "2,000", "12,345", "1,234,567"],
    ),
];

#[test]
fn dates_and_numbers_are_written_as_in_the_language() {
    for (tag, dates, numbers) in EXPECTED {
        let language = Language::of_tag(tag).unwrap_or_else(|| panic!("no language {tag}"));
        assert_eq!(NUMBERS.map(|number| format::number(language, number)), numbers, "{tag}");
        assert_eq!(DATES.map(|date| format::date(language, date)), dates, "{tag}");
    }
}
