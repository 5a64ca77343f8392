//! The signed-in citizen, and the pseudonym that their items are stored under.

mod pseudonym;

use std::fmt;

use icu_properties::{
    CodePointMapData, CodePointSetData,
    props::{DefaultIgnorableCodePoint, GeneralCategory},
};
use serde::{Deserialize, Serialize};

pub use self::pseudonym::{Previous, Pseudonym, Pseudonyms, RecordKeys};
use crate::{
    config::{EidFormat, EidRules},
    return_to::ReturnTo,
    secret::Secret,
};

/// The number that identifies a citizen at a provider (`custom:eid`), in its normal form.
///
/// It is never printed, and stored only in the sealed session: records are stored under its [`Pseudonym`]. The value as
/// received is in the session too ([`Profile::eid`]).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Eid(String);

/// Why a value of `custom:eid` is refused. No variant contains any part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EidError {
    /// It is empty or blank.
    #[error("custom:eid is missing: check the attribute mapping of the provider in the user pool")]
    Missing,
    /// It has more than 256 characters, or control characters.
    #[error("custom:eid is too long or has control characters: check which claim it is mapped from")]
    Malformed,
    /// It has characters that are invisible or cannot be told apart.
    #[error(
        "custom:eid has invisible or unreadable characters: check the attribute mapping of the provider in the user pool"
    )]
    Invisible,
    /// It stands for a missing value. A broken mapping gives it to everyone, and they would share a record.
    #[error("custom:eid is a placeholder such as null: check the attribute mapping of the provider in the user pool")]
    Placeholder,
    /// It is not a Belgian national number.
    #[error(
        "custom:eid is not a Belgian national number: check the attribute mapping of the provider in the user pool, or \
         set providers.eid_format"
    )]
    NotBelgian,
    /// It does not match `eid_pattern`.
    #[error(
        "custom:eid does not match providers.eid_pattern: check the attribute mapping of the provider in the user pool"
    )]
    Pattern,
}

impl Eid {
    const MAX_CHARACTERS: usize = 256;

    /// Accepts a claim's value of 1 to 256 characters after trimming, all of them visible, with a letter or a digit.
    ///
    /// A Belgian national number is the same number with and without its punctuation (`85.07.30-033.28`). Every other
    /// value is only trimmed: in an unknown register, punctuation may distinguish two people.
    ///
    /// # Errors
    /// The first rule that it breaks.
    pub fn parse(claim: &str, rules: &EidRules) -> Result<Self, EidError> {
        let trimmed = claim.trim();
        if trimmed.is_empty() {
            return Err(EidError::Missing);
        }
        if trimmed.chars().count() > Self::MAX_CHARACTERS || claim.chars().any(char::is_control) {
            return Err(EidError::Malformed);
        }
        if trimmed.chars().any(is_invisible) {
            return Err(EidError::Invisible);
        }
        if is_placeholder(trimmed) {
            return Err(EidError::Placeholder);
        }
        if rules.pattern.as_ref().is_some_and(|pattern| !pattern.matches(trimmed)) {
            return Err(EidError::Pattern);
        }
        match rules.format {
            EidFormat::Belgian if !trimmed.chars().any(char::is_alphabetic) => {
                national_number(trimmed).map(Self).ok_or(EidError::NotBelgian)
            }
            EidFormat::Belgian | EidFormat::Any => Ok(Self(trimmed.to_owned())),
        }
    }
}

impl fmt::Debug for Eid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Eid(…)")
    }
}

/// Whether a character is invisible or has no fixed appearance. With such a character, two identifiers can look the same,
/// and one person can have two.
fn is_invisible(character: char) -> bool {
    /// A blank that counts as a symbol (braille), and what replaces a character that could not be decoded.
    const OTHERS: [char; 2] = ['\u{2800}', '\u{fffd}'];
    let category = CodePointMapData::<GeneralCategory>::new().get(character);
    OTHERS.contains(&character)
        || CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(character)
        || matches!(
            category,
            GeneralCategory::Control
                | GeneralCategory::Format
                | GeneralCategory::LineSeparator
                | GeneralCategory::ParagraphSeparator
                | GeneralCategory::PrivateUse
                | GeneralCategory::Unassigned
        )
}

/// Whether `text` stands for a missing value, in any case and with any punctuation around it: `"null"`, `N/A`, `[]`, `0`.
fn is_placeholder(text: &str) -> bool {
    /// How programs write a missing value, and the values of a claim that is a boolean or an object.
    const WORDS: [&str; 15] = [
        "null",
        "nil",
        "none",
        "undefined",
        "unknown",
        "unset",
        "empty",
        "missing",
        "na",
        "nan",
        "notavailable",
        "notapplicable",
        "true",
        "false",
        "objectobject",
    ];
    let essence: String = text.chars().filter(|character| character.is_alphanumeric()).collect();
    let essence = essence.to_lowercase();
    essence.bytes().all(|byte| byte == b'0') || WORDS.contains(&essence.as_str())
}

/// The eleven digits of a valid Belgian national number, written with or without punctuation.
fn national_number(text: &str) -> Option<String> {
    const SEPARATORS: [(usize, u8); 4] = [(2, b'.'), (5, b'.'), (8, b'-'), (12, b'.')];
    let separated =
        text.len() == 15 && SEPARATORS.iter().all(|(index, separator)| text.as_bytes()[*index] == *separator);
    let digits: String = if separated { text.replace(['.', '-'], "") } else { text.to_owned() };
    let is_number = digits.len() == 11 && digits.bytes().all(|byte| byte.is_ascii_digit());
    (is_number && has_valid_check_digits(&digits)).then_some(digits)
}

/// Whether the last two of eleven digits are 97 minus the remainder of the first nine. For births from 2000 on, a 2 is
/// added in front of the nine.
fn has_valid_check_digits(digits: &str) -> bool {
    let (number, check) = digits.split_at(9);
    let (Ok(number), Ok(check)) = (number.parse::<u64>(), check.parse::<u64>()) else { return false };
    [number, 2_000_000_000 + number].iter().any(|number| 97 - number % 97 == check)
}

/// The content of a session: the citizen, the provider and the details that it shared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Citizen {
    /// The register of the citizen's number. With the number it decides where the citizen's records are. The
    /// pseudonym itself is not kept, so that a session outlives a change of `pseudonym.key`.
    pub namespace: String,
    /// The citizen's number.
    pub eid: Eid,
    /// The id of the chosen provider.
    pub provider: String,
    /// The details that the provider shared.
    pub profile: Profile,
    /// Kept to revoke it at sign-out.
    pub refresh_token: Option<Secret>,
    /// When the sign-in completed, in seconds since 1970.
    pub signed_in_at: i64,
    /// The hash of the sign-in's state. A callback with that state, visited again, leads to the same page.
    #[serde(default)]
    pub state_hash: String,
    /// The page that the sign-in led to, if it was not the default.
    #[serde(default)]
    pub return_to: Option<ReturnTo>,
}

/// The claims about the citizen (OpenID Connect Core 1.0, 5.1), as the user pool maps them.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Profile {
    /// `name`
    pub name: Option<String>,
    /// `given_name`
    pub given_name: Option<String>,
    /// `family_name`
    pub family_name: Option<String>,
    /// `birthdate`
    pub birthdate: Option<String>,
    /// `gender`
    pub gender: Option<String>,
    /// `email`
    pub email: Option<String>,
    /// `phone_number`
    pub phone_number: Option<String>,
    /// `address` as one text.
    pub address: Option<String>,
    /// `locale`
    pub locale: Option<String>,
    /// `custom:eid`, as received.
    pub eid: Option<Secret>,
}

impl Profile {
    /// The name to show; empty if the claims contain neither a name nor an email address.
    pub fn display_name(&self) -> String {
        let parts = || {
            [&self.given_name, &self.family_name]
                .into_iter()
                .flatten()
                .map(String::as_str)
                .collect::<Vec<_>>()
                .join(" ")
        };
        self.name
            .clone()
            .filter(|name| !name.trim().is_empty())
            .or_else(|| Some(parts()).filter(|name| !name.is_empty()))
            .or_else(|| self.email.clone())
            .unwrap_or_default()
    }
}

// Personal data is never printed.
impl fmt::Debug for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Profile(…)")
    }
}

#[cfg(test)]
mod properties;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::EidPattern;

    fn rules(format: EidFormat) -> EidRules {
        EidRules { format, ..EidRules::default() }
    }

    fn any(claim: &str) -> Result<Eid, EidError> {
        Eid::parse(claim, &rules(EidFormat::Any))
    }

    fn belgian(claim: &str) -> Result<Eid, EidError> {
        Eid::parse(claim, &rules(EidFormat::Belgian))
    }

    #[test]
    fn a_national_number_is_the_same_with_and_without_punctuation() {
        for (separated, plain) in [("85.07.30-033.28", "85073003328"), ("01.03.09-042.50", "01030904250")] {
            let plain = belgian(plain).unwrap();
            assert_eq!(belgian(separated), Ok(plain.clone()));
            assert_eq!(belgian(&format!(" {} ", plain.0)), Ok(plain));
        }
    }

    #[test]
    fn an_eid_of_another_register_keeps_its_punctuation() {
        for (one, other) in [("85.07.30-033.28", "85073003328"), ("a-1", "a1"), ("AB", "ab"), ("01", "1")] {
            assert_ne!(any(one).unwrap(), any(other).unwrap(), "{one} {other}");
        }
        // A value with letters is not a national number. A pattern can refuse it.
        assert_ne!(belgian("a-1").unwrap(), belgian("a1").unwrap());
    }

    #[test]
    fn a_belgian_number_has_valid_check_digits() {
        // The first is of a birth before 2000, the second of a later one, the third of a temporary (bis) number.
        for good in ["85073003328", "01030904250", "85473003317"] {
            assert!(belgian(good).is_ok(), "{good}");
        }
        for bad in [
            "85073003329",
            "85.07.30-033.29",
            "99999999999",
            "8507300332",
            "850730033280",
            "8-5073003328",
            "85 07 30 033 28",
            "850730-033-28",
            "1",
            "٨٥073003328",
            "\"85073003328\"",
        ] {
            assert_eq!(belgian(bad), Err(EidError::NotBelgian), "{bad}");
            assert!(any(bad).is_ok(), "{bad}");
        }
    }

    #[test]
    fn an_invalid_eid_is_refused() {
        for (bad, error) in [
            ("", EidError::Missing),
            (" \u{a0}", EidError::Missing),
            ("a\u{0}b", EidError::Malformed),
            ("a\nb", EidError::Malformed),
            ("a\n", EidError::Malformed),
            ("\u{7f}1", EidError::Malformed),
            (&"9".repeat(257), EidError::Malformed),
        ] {
            assert_eq!(any(bad), Err(error), "{bad:?}");
        }
        assert!(any(&"9".repeat(256)).is_ok());
    }

    #[test]
    fn an_invisible_character_is_refused_anywhere() {
        for invisible in [
            '\u{200b}',
            '\u{200d}',
            '\u{feff}',
            '\u{ad}',
            '\u{2060}',
            '\u{34f}',
            '\u{3164}',
            '\u{fe0f}',
            '\u{e0041}',
            '\u{202e}',
            '\u{2028}',
            '\u{2800}',
            '\u{e000}',
            '\u{fffd}',
            '\u{ffff}',
            '\u{378}',
        ] {
            for claim in [
                format!("{invisible}"),
                format!("8507{invisible}3003328"),
                format!("{invisible}a"),
                format!("a{invisible}"),
            ] {
                let expected = if claim.trim() == "a" { Ok(Eid("a".to_owned())) } else { Err(EidError::Invisible) };
                let expected = if claim.trim().is_empty() { Err(EidError::Missing) } else { expected };
                assert_eq!(any(&claim), expected, "{claim:?}");
            }
        }
    }

    #[test]
    fn a_placeholder_is_refused() {
        for placeholder in [
            "null",
            "NULL",
            "Null",
            "undefined",
            "none",
            "None",
            "nil",
            "NaN",
            "n/a",
            "N/A",
            "n.a.",
            "NA",
            "#N/A",
            "unknown",
            "[]",
            "{}",
            "()",
            "[null]",
            "0",
            "000",
            "0.0",
            "00.00.00-000.00",
            "-",
            "--",
            "_",
            "?",
            ".",
            "\"\"",
            "''",
            "“”",
            "\"null\"",
            " 'undefined' ",
            "<none>",
            "[object Object]",
            "true",
            "FALSE",
            "€",
            "🙂",
            "not available",
        ] {
            for parse in [any, belgian] {
                assert_eq!(parse(placeholder), Err(EidError::Placeholder), "{placeholder:?}");
            }
        }
        for identifier in
            ["nullable", "none-1", "n0", "1", "-1", "a", "nan2", "[1]", "é", "李", "an.peeters@example.com"]
        {
            assert!(any(identifier).is_ok(), "{identifier}");
        }
    }

    #[test]
    fn a_pattern_applies_to_the_value_as_received() {
        let pattern = EidPattern::parse("[0-9]{2}[.][0-9]{2}[.][0-9]{2}-[0-9]{3}[.][0-9]{2}");
        let rules = EidRules { format: EidFormat::Belgian, pattern, ..EidRules::default() };
        assert_eq!(Eid::parse(" 85.07.30-033.28 ", &rules), belgian("85073003328"));
        assert_eq!(Eid::parse("85073003328", &rules), Err(EidError::Pattern));
        assert_eq!(Eid::parse("null", &rules), Err(EidError::Placeholder));
    }

    #[test]
    fn personal_data_is_not_printed() {
        let profile =
            Profile { eid: Some(Secret::new("85073003328")), name: Some("An".to_owned()), ..Profile::default() };
        let shown = format!("{profile:?} {:?}", belgian("85073003328"));
        assert_eq!(shown, "Profile(…) Ok(Eid(…))");
    }
}
