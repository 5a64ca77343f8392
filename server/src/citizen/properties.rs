use proptest::{
    collection::vec,
    prelude::*,
    sample::{Index, select},
};

use super::*;
use crate::{properties::cases, secret::ServerKey};

const FORMATS: [EidFormat; 3] = [EidFormat::Belgian, EidFormat::BelgianUnchecked, EidFormat::Any];

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
    let shape: String = inner.chars().map(|it| if it.is_ascii_digit() { '9' } else { it }).collect();
    let digits: String = inner.chars().filter(char::is_ascii_digit).collect();
    let has_form = ["99.99.99-999.99", "99999999999"].contains(&shape.as_str());
    match format {
        EidFormat::Any => Some(inner.to_owned()),
        EidFormat::BelgianUnchecked => Some(if has_form { digits } else { inner.to_owned() }),
        EidFormat::Belgian => {
            let is_valid = |nine: &str| [false, true].iter().any(|later| with_check_digits(nine, *later) == digits);
            (has_form && !digits.starts_with("000000000") && is_valid(&digits[..9])).then_some(digits)
        }
    }
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
            prop_assert!(eid.0 == claim.trim() || format != EidFormat::Any);
            prop_assert!(format != EidFormat::Belgian || eid.0.len() == 11);
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
    fn a_placeholder_is_refused_in_any_characters_and_with_any_separators(
        parts in vec(select(&["null", "none", "n/a", "not set", "missing", "0", "٠٠", "००", "𝟎", "〇"][..]), 1..5),
        separator in "[ ,;:/|_.-]{1,3}",
        is_wide in any::<bool>(),
        cases in any::<u16>(),
        format in select(&FORMATS[..]),
    ) {
        let placeholder: String = parts.join(&separator).chars().enumerate()
            .map(|(index, it)| if cases >> (index % 16) & 1 == 1 { it.to_ascii_uppercase() } else { it })
            // Full width.
            .map(|it| if is_wide && it.is_ascii_graphic() { char::from_u32(u32::from(it) + 0xfee0).unwrap() } else { it })
            .collect();
        prop_assert_eq!(parse(&placeholder, format), Err(EidError::Placeholder));
    }

    #[test]
    fn a_template_or_a_json_container_is_refused(
        (open, close) in select(&[("${", "}"), ("{{", "}}"), ("%{", "}"), ("{", "}"), ("[", "]"), ("\"[", "]\""), ("{\"a\":\"", "\"}")][..]),
        inner in "[a-z.\", :0-9]{1,20}",
        format in select(&FORMATS[..]),
    ) {
        prop_assert_eq!(parse(&format!("{open}{inner}{close}"), format), Err(EidError::Placeholder));
    }

    #[test]
    fn an_identifier_is_not_mistaken_for_a_placeholder(identifier in prop_oneof![
        "[a-z]{2,9}[|][0-9a-f]{23}[1-9]",
        "[a-z]{1,8}([.][a-z]{1,8})?@[a-z]{1,8}[.](com|be|example)",
        "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
        "[{][0-9A-F]{8}-[0-9A-F]{4}-4[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}[}]",
        "[A-Z]{1,2}-?[0-9]{0,3}[1-9]",
        "0{0,3}[1-9][0-9]{0,12}",
        "[А-Я][а-я]{1,8}( [А-Я][а-я]{1,8})?",
        "[一-龥]{1,4}",
        "[אבגדהוז]{1,6}",
        "[०-९]{0,4}[१-९]",
    ]) {
        prop_assert_eq!(parse(&identifier, EidFormat::Any), Ok(Eid(identifier)));
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
    fn a_national_number_is_the_same_with_and_without_punctuation_unless_every_character_counts(
        digits in number().prop_filter("a placeholder", |digits| !digits.starts_with("000000000")),
    ) {
        let plain = parse(&digits, EidFormat::Belgian).unwrap();
        prop_assert_eq!(&plain.0, &digits);
        prop_assert_eq!(parse(&printed(&digits), EidFormat::Belgian), Ok(plain.clone()));
        prop_assert_eq!(parse(&printed(&digits), EidFormat::BelgianUnchecked), Ok(plain));
        prop_assert_ne!(parse(&printed(&digits), EidFormat::Any), parse(&digits, EidFormat::Any));
    }

    #[test]
    fn an_eid_is_never_printed(claim in claim(), format in select(&FORMATS[..])) {
        if let Ok(eid) = parse(&claim, format) {
            prop_assert_eq!(format!("{eid:?} {eid:#?}"), "Eid(…) Eid(…)");
        }
    }
}
