//! The signed-in citizen, and the pseudonym that their items are stored under.

mod pseudonym;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use self::pseudonym::{Previous, Pseudonym, Pseudonyms, RecordKeys};
use crate::secret::Secret;

/// The number that identifies a citizen at a provider (`custom:eid`), in its normal form.
///
/// It is never printed, and stored only in the sealed session: records are stored under its [`Pseudonym`]. The value as
/// received is in the session too ([`Profile::eid`]).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Eid(String);

impl Eid {
    const MAX_CHARACTERS: usize = 256;

    /// Accepts a claim's value of 1 to 256 characters after trimming, without control characters.
    ///
    /// A Belgian national number is the same number with and without its punctuation (`85.07.30-033.28`). Every other
    /// value is only trimmed: in an unknown register, punctuation may distinguish two people.
    pub fn parse(claim: &str) -> Option<Self> {
        let trimmed = claim.trim();
        if trimmed.is_empty() || trimmed.chars().count() > Self::MAX_CHARACTERS || claim.chars().any(char::is_control) {
            return None;
        }
        Some(Self(national_number(trimmed).unwrap_or_else(|| trimmed.to_owned())))
    }
}

impl fmt::Debug for Eid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Eid(…)")
    }
}

/// The eleven digits of a Belgian national number, written with or without punctuation.
fn national_number(text: &str) -> Option<String> {
    const SEPARATORS: [(usize, u8); 4] = [(2, b'.'), (5, b'.'), (8, b'-'), (12, b'.')];
    let separated =
        text.len() == 15 && SEPARATORS.iter().all(|(index, separator)| text.as_bytes()[*index] == *separator);
    let digits: String = if separated { text.replace(['.', '-'], "") } else { text.to_owned() };
    (digits.len() == 11 && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(digits)
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

    #[test]
    fn a_national_number_is_the_same_with_and_without_punctuation() {
        let plain = Eid::parse("85073003328").unwrap();
        assert_eq!(Eid::parse("85.07.30-033.28"), Some(plain.clone()));
        assert_eq!(Eid::parse(" 85073003328 "), Some(plain));
    }

    #[test]
    fn an_eid_of_another_register_keeps_its_punctuation() {
        assert_ne!(Eid::parse("a-1"), Eid::parse("a1"));
        assert_ne!(Eid::parse("AB"), Eid::parse("ab"));
        assert_ne!(Eid::parse("8-5073003328"), Eid::parse("85073003328"));
        assert_ne!(Eid::parse("éééééééa"), Eid::parse("a"), "15 bytes that are not a number");
    }

    #[test]
    fn an_invalid_eid_is_refused() {
        for bad in ["", " ", "a\u{0}b", "a\nb", "\u{7f}1", &"9".repeat(257)] {
            assert_eq!(Eid::parse(bad), None, "{bad:?}");
        }
        assert!(Eid::parse(&"9".repeat(256)).is_some());
    }

    #[test]
    fn personal_data_is_not_printed() {
        let profile =
            Profile { eid: Some(Secret::new("85073003328")), name: Some("An".to_owned()), ..Profile::default() };
        let shown = format!("{profile:?} {:?}", Eid::parse("85073003328"));
        assert_eq!(shown, "Profile(…) Some(Eid(…))");
    }
}
