use proptest::{
    prelude::*,
    sample::{Index, select},
};

use super::*;
use crate::{properties::cases, secret::ServerKey};

/// The documented rule: white space is trimmed, and a Belgian number loses its punctuation.
fn documented(claim: &str) -> Option<String> {
    let inner = claim.trim();
    if inner.is_empty() || inner.chars().count() > 256 || claim.chars().any(char::is_control) {
        return None;
    }
    let shape: String =
        inner.chars().map(|character| if character.is_ascii_digit() { '9' } else { character }).collect();
    Some(match shape.as_str() {
        "99.99.99-999.99" => inner.chars().filter(char::is_ascii_digit).collect(),
        _ => inner.to_owned(),
    })
}

/// A Belgian number with its punctuation.
fn printed(digits: &str) -> String {
    format!("{}.{}.{}-{}.{}", &digits[..2], &digits[2..4], &digits[4..6], &digits[6..9], &digits[9..])
}

fn claim() -> impl Strategy<Value = String> {
    let number = "[0-9]{11}";
    prop_oneof![
        number,
        number.prop_map(|digits| printed(&digits)),
        // Almost a number: one character is replaced.
        (number, any::<bool>(), any::<Index>(), select(vec!['.', '-', '0', ' ', '٣', '．', '‐', '\0', 'é'])).prop_map(
            |(digits, separated, at, other)| {
                let text = if separated { printed(&digits) } else { digits };
                let at = at.index(text.len());
                text.chars().enumerate().map(|(index, it)| if index == at { other } else { it }).collect()
            }
        ),
        // Few characters, so that two values are often equal.
        "[ab1.-]{0,3}",
        "[ \u{a0}\u{3000}\t]{0,2}[Aa1é٣.-]{1,4}[ \u{2009}\n\u{85}]{0,2}",
        (select(vec!['9', 'é', '🙂', ' ']), 250..262_usize)
            .prop_map(|(character, count)| String::from(character).repeat(count)),
        any::<String>(),
    ]
}

proptest! {
    #![proptest_config(cases(2_000))]

    #[test]
    fn an_eid_is_accepted_and_normalised_as_documented(claim in claim()) {
        prop_assert_eq!(Eid::parse(&claim).map(|eid| eid.0), documented(&claim));
    }

    #[test]
    fn white_space_around_an_eid_does_not_matter(
        claim in claim(),
        before in "[ \u{a0}\u{3000}\u{2009}]{0,300}",
        after in "[ \u{a0}\u{3000}\u{2009}]{0,4}",
    ) {
        prop_assert_eq!(Eid::parse(&format!("{before}{claim}{after}")), Eid::parse(&claim));
    }

    #[test]
    fn two_eids_are_equal_only_if_their_normal_forms_are(one in claim(), other in claim()) {
        let (Some(first), Some(second)) = (Eid::parse(&one), Eid::parse(&other)) else { return Ok(()) };
        prop_assert_eq!(first == second, documented(&one) == documented(&other));
        let pseudonyms = Pseudonyms::new(1, &ServerKey::new([7; 32]).unwrap());
        prop_assert_eq!(pseudonyms.of("BE", &first) == pseudonyms.of("BE", &second), first == second);
    }

    #[test]
    fn a_national_number_is_the_same_with_and_without_punctuation(digits in "[0-9]{11}") {
        let plain = Eid::parse(&digits).unwrap();
        prop_assert_eq!(&plain.0, &digits);
        prop_assert_eq!(Eid::parse(&printed(&digits)), Some(plain));
    }

    #[test]
    fn an_eid_is_never_printed(claim in claim()) {
        if let Some(eid) = Eid::parse(&claim) {
            prop_assert_eq!(format!("{eid:?} {eid:#?}"), "Eid(…) Eid(…)");
        }
    }
}
