//! The signed-in citizen, and the pseudonym that their items are stored under.

mod pseudonym;

use std::fmt;

use app::Device;
use icu_normalizer::ComposingNormalizerBorrowed;
use icu_properties::{
    CodePointMapData, CodePointSetData,
    props::{DefaultIgnorableCodePoint, GeneralCategory},
};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

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
    /// It has more than 256 characters, or control characters between others.
    #[error("custom:eid is too long or has control characters: check which claim it is mapped from")]
    Malformed,
    /// It has characters that are invisible or cannot be told apart, or nothing but control characters.
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

    /// Accepts a claim's value of 1 to 256 characters after trimming, all of them visible, unless it stands for a missing
    /// value.
    ///
    /// In the format `belgian`, only a Belgian national number is accepted. It is the same number with and without its
    /// punctuation (`85.07.30-033.28`). In the format `any`, the value is only trimmed: in an unknown register,
    /// punctuation may distinguish two people.
    ///
    /// # Errors
    /// The first rule that it breaks.
    pub fn parse(claim: &str, rules: &EidRules) -> Result<Self, EidError> {
        let trimmed = claim.trim();
        if trimmed.is_empty() {
            return Err(EidError::Missing);
        }
        // Before the next check, because its error is for a value that is there.
        if trimmed.chars().all(|character| character.is_whitespace() || is_invisible(character)) {
            return Err(EidError::Invisible);
        }
        if trimmed.chars().count() > Self::MAX_CHARACTERS || claim.chars().any(char::is_control) {
            return Err(EidError::Malformed);
        }
        if trimmed.chars().any(is_invisible) {
            return Err(EidError::Invisible);
        }
        if !trimmed.chars().any(char::is_alphanumeric) || is_placeholder(trimmed) {
            return Err(EidError::Placeholder);
        }
        if rules.pattern.as_ref().is_some_and(|pattern| !pattern.matches(trimmed)) {
            return Err(EidError::Pattern);
        }
        let digits = eleven_digits(trimmed);
        match rules.format {
            EidFormat::Belgian => {
                digits.filter(|digits| is_national_number(digits)).map(Self).ok_or(EidError::NotBelgian)
            }
            EidFormat::BelgianUnchecked => Ok(Self(digits.unwrap_or_else(|| trimmed.to_owned()))),
            EidFormat::Any => Ok(Self(trimmed.to_owned())),
        }
    }
}

impl Eid {
    /// The value, for what must be compared with AWS's own: the id of a directory user. It must not be printed.
    pub fn expose(&self) -> &str {
        &self.0
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

/// Whether `text` stands for a missing value: `"null"`, `N/A`, `[]`, `0`, `${sub}`. Case, punctuation and compatible forms
/// of a character (`ＮＵＬＬ`) do not matter.
fn is_placeholder(text: &str) -> bool {
    /// How programs write a missing value, and the values of a claim that is a boolean or an object.
    const PHRASES: [&str; 42] = [
        "custom eid",
        "nullptr",
        "tbd",
        "anonymous",
        "null",
        "nil",
        "none",
        "undefined",
        "undef",
        "unknown",
        "unset",
        "unspecified",
        "unavailable",
        "empty",
        "blank",
        "missing",
        "void",
        "na",
        "n a",
        "nan",
        "not available",
        "notavailable",
        "not applicable",
        "notapplicable",
        "not set",
        "notset",
        "not provided",
        "notprovided",
        "not specified",
        "notspecified",
        "not known",
        "not found",
        "notfound",
        "no value",
        "no data",
        "true",
        "false",
        "yes",
        "no",
        "object",
        "objectobject",
        "not defined",
    ];
    let text = ComposingNormalizerBorrowed::new_nfkc().normalize(text).to_lowercase();
    if is_template_or_json(&text) {
        return true;
    }
    let parts: Vec<_> =
        text.split(|character: char| !character.is_alphanumeric()).filter(|part| !part.is_empty()).collect();
    let mut rest = parts.join(" ");
    while !rest.is_empty() {
        let (part, _) = rest.split_once(' ').unwrap_or((&rest, ""));
        // `nullnull`: two missing parts in one template. Short words are parts of other words and of names.
        let is_repeated =
            |phrase: &&str| phrase.len() >= 4 && part.len() > phrase.len() && part.replace(phrase, "").is_empty();
        let length = if part.chars().all(is_zero) || PHRASES.iter().any(is_repeated) {
            Some(part.len())
        } else {
            // `no value` before `no`.
            let is_start = |phrase: &&&str| {
                rest.strip_prefix(**phrase).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
            };
            PHRASES.iter().filter(is_start).map(|phrase| phrase.len()).max()
        };
        let Some(length) = length else { return false };
        rest = rest[length..].trim_start().to_owned();
    }
    true
}

/// Whether `text` has a template that was not filled in, or is a JSON object or list as a whole. A UUID in braces is an
/// identifier.
fn is_template_or_json(text: &str) -> bool {
    const TEMPLATES: [(&str, &str); 5] = [("${", "}"), ("{{", "}}"), ("%{", "}"), ("#{", "}"), ("<%", "%>")];
    let is_in = |(open, close): &(&str, &str)| text.split_once(open).is_some_and(|(_, rest)| rest.contains(close));
    let bare = text.trim_matches(|character: char| character.is_whitespace() || matches!(character, '"' | '\''));
    let is_within = |(open, close)| bare.starts_with(open) && bare.ends_with(close);
    TEMPLATES.iter().any(is_in)
        || [('{', '}'), ('[', ']')].into_iter().any(is_within) && !Uuid::try_parse(bare).is_ok_and(|id| !id.is_nil())
}

/// Whether a character is the digit zero of any script.
fn is_zero(character: char) -> bool {
    /// Zeros that are not decimal digits, because they are not used in a place-value system.
    const OTHERS: [char; 4] = ['〇', '⓿', '🄋', '🄌'];
    let is_digit = |code: u32| CodePointMapData::<GeneralCategory>::new().get32(code) == GeneralCategory::DecimalNumber;
    // Unicode places the ten decimal digits of a script next to each other, from zero up (The Unicode Standard, 4.6).
    let before = (0..u32::from(character)).rev().take_while(|code| is_digit(*code)).count();
    OTHERS.contains(&character) || is_digit(character.into()) && before % 10 == 0
}

/// The eleven digits of a value in the form of a Belgian national number, with or without punctuation.
fn eleven_digits(text: &str) -> Option<String> {
    const SEPARATORS: [(usize, u8); 4] = [(2, b'.'), (5, b'.'), (8, b'-'), (12, b'.')];
    let separated =
        text.len() == 15 && SEPARATORS.iter().all(|(index, separator)| text.as_bytes()[*index] == *separator);
    let digits: String = if separated { text.replace(['.', '-'], "") } else { text.to_owned() };
    (digits.len() == 11 && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(digits)
}

/// Whether the last two of eleven digits are 97 minus the remainder of the first nine, which are not all zero. For births
/// from 2000 on, a 2 is added in front of the nine.
///
/// The date is not checked: temporary (bis) numbers add 20 or 40 to the month, and unknown dates have zeros.
fn is_national_number(digits: &str) -> bool {
    let (number, check) = digits.split_at(9);
    let (Ok(number), Ok(check)) = (number.parse::<u64>(), check.parse::<u64>()) else { return false };
    number != 0 && [number, 2_000_000_000 + number].iter().any(|number| 97 - number % 97 == check)
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
    /// When the citizen was authenticated for it (`auth_time`), in seconds since 1970, if the user pool says so.
    #[serde(default)]
    pub authenticated_at: Option<i64>,
    /// The device of the browser.
    #[serde(default, with = "device")]
    pub device: Device,
    /// The number of the entry in the activity that tells of the sign-in.
    #[serde(default)]
    pub sign_in: Option<Uuid>,
    /// The hash of the sign-in's state. A callback with that state, visited again, leads to the same page.
    #[serde(default)]
    pub state_hash: String,
    /// The page that the sign-in led to, if it was not the default.
    #[serde(default)]
    pub return_to: Option<ReturnTo>,
}

impl Citizen {
    /// When the sign-in completed.
    pub fn signed_in(&self) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(self.signed_in_at).unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }
}

/// A device as text.
mod device {
    use app::Device;
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

    pub(super) fn serialize<S: Serializer>(device: &Device, serializer: S) -> Result<S::Ok, S::Error> {
        device.code().serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Device, D::Error> {
        Ok(Device::parse(&String::deserialize(deserializer)?))
    }
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
        match self.name_source() {
            Some(NameSource::Name) => self.name.clone().unwrap_or_default(),
            Some(NameSource::Parts) => self.parts(),
            Some(NameSource::Email) => self.email.clone().unwrap_or_default(),
            None => String::new(),
        }
    }

    /// The claims that the name to show comes from.
    pub fn name_source(&self) -> Option<NameSource> {
        if self.name.as_ref().is_some_and(|name| !name.trim().is_empty()) {
            Some(NameSource::Name)
        } else if !self.parts().trim().is_empty() {
            Some(NameSource::Parts)
        } else {
            self.email.as_ref().map(|_| NameSource::Email)
        }
    }

    /// The first and the last name.
    fn parts(&self) -> String {
        let parts: Vec<_> = [&self.given_name, &self.family_name].into_iter().flatten().map(String::as_str).collect();
        parts.join(" ")
    }
}

/// The claims that a citizen's shown name comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameSource {
    /// `name`
    Name,
    /// `given_name` and `family_name`
    Parts,
    /// `email`
    Email,
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
            // Other claims.
            "female",
            "nl-BE",
            "1985-07-30",
            "an.peeters@example.com",
            "BE85073003328",
            "85073003328a",
            // The check digits are valid, but it is the number of no person.
            "00000000097",
            "00.00.00-000.97",
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
            ("\u{7}", EidError::Invisible),
            ("\u{0}", EidError::Invisible),
            (" \u{7} \u{200b}\u{0}", EidError::Invisible),
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
            "NotAvailable",
            "not_set",
            "not set",
            "no value",
            "null, null",
            "nullnull",
            "undefinedundefined",
            "custom:eid",
            "nullptr",
            "㈀",
            "n/a (unknown)",
            "null 0",
            "void",
            "no",
            "ＮＵＬＬ",
            "𝐧𝐮𝐥𝐥",
            "Ｎ／Ａ",
            "٠",
            "०००",
            "０",
            "⓪",
            "〇",
            "𝟘𝟎",
            "00000000-0000-0000-0000-000000000000",
            "{00000000-0000-0000-0000-000000000000}",
            "${sub}",
            "user-${user.id}",
            "{{ user.app_metadata.eid }}",
            "%{eid}",
            "#{eid}",
            "<%= eid %>",
            "{sub}",
            "{\"id\":\"85073003328\"}",
            "\"{\"id\": 1}\"",
            "[\"85073003328\"]",
            "[1]",
            "｛a｝",
        ] {
            for parse in [any, belgian] {
                assert_eq!(parse(placeholder), Err(EidError::Placeholder), "{placeholder:?}");
            }
        }
        for identifier in [
            "nullable",
            "none-1",
            "n-one",
            "u/n/set",
            "n0",
            "n",
            "a",
            "a/n",
            "not",
            "1",
            "-1",
            "10",
            "A-1",
            "nan2",
            "0x1f",
            "é",
            "李",
            "李零",
            "Ψ",
            "Мария",
            "ليلى",
            "नीना",
            "०१",
            "٣",
            "an.peeters@example.com",
            "null@example.com",
            "auth0|64f1c0ffee00000000000000",
            "google-oauth2|000000000000000000001",
            "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
            "{3F2504E0-4F89-11D3-9A0C-0305E82C3301}",
            "cn=An,o={x}",
            "$5",
            "50%",
            "a[1]",
            "C:\\true\\an",
        ] {
            assert!(any(identifier).is_ok(), "{identifier}");
        }
    }

    #[test]
    fn the_rule_of_earlier_versions_removes_punctuation_and_checks_nothing_more() {
        let unchecked = |claim: &str| Eid::parse(claim, &rules(EidFormat::BelgianUnchecked));
        for (claim, stored) in [
            ("12.34.56-789.01", "12345678901"),
            (" 85.07.30-033.28 ", "85073003328"),
            ("12345678901", "12345678901"),
            ("123456-789-01", "123456-789-01"),
            ("12.34.56-789.0a", "12.34.56-789.0a"),
            ("AB.12", "AB.12"),
        ] {
            assert_eq!(unchecked(claim), Ok(Eid(stored.to_owned())), "{claim}");
        }
        assert_eq!(unchecked("null"), Err(EidError::Placeholder));
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
