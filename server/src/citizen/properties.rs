use proptest::{
    prelude::*,
    sample::{Index, select},
};

use super::*;
use crate::{properties::cases, secret::ServerKey};

const FORMATS: [EidFormat; 2] = [EidFormat::Belgian, EidFormat::Any];

fn parse(claim: &str, format: EidFormat) -> Result<Eid, EidError> {
    Eid::parse(claim, &EidRules { format, ..EidRules::default() })
}

/// The documented rule: white space is trimmed, and a Belgian number loses its punctuation. `None`: refused.
fn documented(claim: &str, format: EidFormat) -> Option<String> {
    let inner = claim.trim();
    let has_letter_or_digit = inner.chars().any(|it| it.is_alphanumeric() && it != '0');
    if inner.chars().count() > 256 || claim.chars().any(char::is_control) || !has_letter_or_digit {
        return None;
    }
    if inner.chars().any(|it| INVISIBLE.contains(&it)) || WORDS.iter().any(|word| inner.eq_ignore_ascii_case(word)) {
        return None;
    }
    if format == EidFormat::Any || inner.chars().any(char::is_alphabetic) {
        return Some(inner.to_owned());
    }
    let shape: String = inner.chars().map(|it| if it.is_ascii_digit() { '9' } else { it }).collect();
    let digits: String = inner.chars().filter(char::is_ascii_digit).collect();
    let is_number = ["99.99.99-999.99", "99999999999"].contains(&shape.as_str());
    (is_number && [false, true].iter().any(|later| with_check_digits(&digits[..9], *later) == digits)).then_some(digits)
}

/// What [`claim`] uses of each.
const INVISIBLE: [char; 4] = ['\u{200b}', '\u{feff}', '\u{2800}', '\u{202e}'];
const WORDS: [&str; 4] = ["null", "n/a", "undefined", "none"];

/// Nine digits with their check digits, for a birth before 2000 or a later one.
fn with_check_digits(nine: &str, later: bool) -> String {
    let number: u64 = format!("{}{nine}", if later { "2" } else { "" }).parse().unwrap();
    format!("{nine}{:02}", 97 - number % 97)
}

/// A Belgian number with its punctuation.
fn printed(digits: &str) -> String {
    format!("{}.{}.{}-{}.{}", &digits[..2], &digits[2..4], &digits[4..6], &digits[6..9], &digits[9..])
}

fn number() -> impl Strategy<Value = String> {
    ("[0-9]{9}", any::<bool>()).prop_map(|(nine, later)| with_check_digits(&nine, later))
}

fn claim() -> impl Strategy<Value = String> {
    prop_oneof![
        number(),
        number().prop_map(|digits| printed(&digits)),
        "[0-9]{11}",
        // Almost a number: one character is replaced.
        (
            number(),
            any::<bool>(),
            any::<Index>(),
            select(vec!['.', '-', '0', ' ', '٣', '．', '‐', '\0', 'é', '\u{200b}'])
        )
            .prop_map(|(digits, separated, at, other)| {
                let text = if separated { printed(&digits) } else { digits };
                let at = at.index(text.len());
                text.chars().enumerate().map(|(index, it)| if index == at { other } else { it }).collect()
            }),
        // Few characters, so that two values are often equal.
        "[ab1.-]{0,3}",
        "[\"' ]{0,2}[0.-]{0,3}[\"' ]{0,2}",
        "[ \u{a0}\u{3000}\t]{0,2}[Aa1é٣.-]{1,4}[ \u{2009}\n\u{85}]{0,2}",
        (select(&WORDS[..]), any::<bool>()).prop_map(|(word, upper)| if upper {
            word.to_uppercase()
        } else {
            word.to_owned()
        }),
        ("[a1]{0,2}", select(&INVISIBLE[..]), "[a1]{0,2}").prop_map(|(a, it, b)| format!("{a}{it}{b}")),
        (select(vec!['9', 'é', '🙂', ' ']), 250..262_usize)
            .prop_map(|(character, count)| String::from(character).repeat(count)),
    ]
}

proptest! {
    #![proptest_config(cases(2_000))]

    #[test]
    fn an_eid_is_accepted_and_normalised_as_documented(claim in claim(), format in select(&FORMATS[..])) {
        prop_assert_eq!(parse(&claim, format).ok().map(|eid| eid.0), documented(&claim, format));
    }

    #[test]
    fn an_accepted_eid_has_a_letter_or_a_digit_and_nothing_invisible(claim in any::<String>(), format in select(&FORMATS[..])) {
        if let Ok(eid) = parse(&claim, format) {
            prop_assert!(eid.0.chars().any(char::is_alphanumeric));
            prop_assert!(!eid.0.chars().any(|it| it.is_control() || is_invisible(it)));
            prop_assert!(eid.0 == claim.trim() || format == EidFormat::Belgian);
        }
    }

    #[test]
    fn white_space_around_an_eid_does_not_matter(
        claim in claim(),
        format in select(&FORMATS[..]),
        before in "[ \u{a0}\u{3000}\u{2009}]{0,300}",
        after in "[ \u{a0}\u{3000}\u{2009}]{0,4}",
    ) {
        prop_assert_eq!(parse(&format!("{before}{claim}{after}"), format), parse(&claim, format));
    }

    #[test]
    fn quotation_marks_and_case_do_not_hide_a_placeholder(
        word in select(&["null", "undefined", "none", "n/a", "nil", "nan", "[]", "{}", "0", "000", "-", ""][..]),
        cases in any::<u16>(),
        (open, close) in select(&[("\"", "\""), ("'", "'"), ("“", "”"), ("[\"", "\"]"), (" ", " "), ("(", ")"), ("-", "-")][..]),
        format in select(&FORMATS[..]),
    ) {
        let word: String = word.chars().enumerate()
            .map(|(index, it)| if cases >> index & 1 == 1 { it.to_ascii_uppercase() } else { it })
            .collect();
        let quoted = format!("{open}{word}{close}");
        prop_assert!(parse(&quoted, format).is_err());
    }

    #[test]
    fn two_eids_are_equal_only_if_their_normal_forms_are(
        one in claim(), other in claim(), format in select(&FORMATS[..]),
    ) {
        let (Ok(first), Ok(second)) = (parse(&one, format), parse(&other, format)) else { return Ok(()) };
        prop_assert_eq!(first == second, documented(&one, format) == documented(&other, format));
        let pseudonyms = Pseudonyms::new(1, &ServerKey::new([7; 32]).unwrap());
        prop_assert_eq!(pseudonyms.of("BE", &first) == pseudonyms.of("BE", &second), first == second);
    }

    #[test]
    fn a_national_number_is_the_same_with_and_without_punctuation_in_belgium_only(
        digits in number().prop_filter("a placeholder", |digits| digits.bytes().any(|byte| byte != b'0')),
    ) {
        let plain = parse(&digits, EidFormat::Belgian).unwrap();
        prop_assert_eq!(&plain.0, &digits);
        prop_assert_eq!(parse(&printed(&digits), EidFormat::Belgian), Ok(plain));
        prop_assert_ne!(parse(&printed(&digits), EidFormat::Any), parse(&digits, EidFormat::Any));
    }

    #[test]
    fn an_eid_is_never_printed(claim in claim(), format in select(&FORMATS[..])) {
        if let Ok(eid) = parse(&claim, format) {
            prop_assert_eq!(format!("{eid:?} {eid:#?}"), "Eid(…) Eid(…)");
        }
    }
}
