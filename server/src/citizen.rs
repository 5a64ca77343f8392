//! Who is signed in, and the pseudonym that keys what is kept for them.

use std::fmt;

use aws_lc_rs::hmac;
use serde::{Deserialize, Serialize};

use crate::{config::Provider, secret::Secret};

/// The number that a provider knows a citizen by (`custom:eid`), in its normal form.
///
/// It never prints and is never stored: records are kept under its [`Pseudonym`].
#[derive(Clone, PartialEq, Eq)]
pub struct Eid(String);

impl Eid {
    const LONGEST: usize = 256;

    /// Takes a claim's value: 1 to 256 characters without the white space around them, and no control character anywhere.
    ///
    /// A Belgian national number is written with or without its points and dashes (`85.07.30-033.28`); both are the same
    /// number. Every other value is taken as it is but for white space around it, because what looks like punctuation in
    /// an unknown register may tell two people apart.
    pub fn parse(claim: &str) -> Option<Self> {
        let trimmed = claim.trim();
        if trimmed.is_empty() || trimmed.chars().count() > Self::LONGEST || claim.chars().any(char::is_control) {
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

/// The eleven digits of a Belgian national number, with or without the points and dashes that it is printed with.
fn national_number(text: &str) -> Option<String> {
    const SEPARATORS: [(usize, u8); 4] = [(2, b'.'), (5, b'.'), (8, b'-'), (12, b'.')];
    let separated =
        text.len() == 15 && SEPARATORS.iter().all(|(index, separator)| text.as_bytes()[*index] == *separator);
    let digits: String = if separated { text.replace(['.', '-'], "") } else { text.to_owned() };
    (digits.len() == 11 && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(digits)
}

/// What a citizen's items are kept under: `v1#` and the hex of HMAC-SHA-256(key, namespace, 0x00, eid).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Pseudonym(String);

impl Pseudonym {
    /// The partition key.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Pseudonym {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pseudonym(…)")
    }
}

/// Makes pseudonyms; holds the key `pseudonym.key`.
pub struct Pseudonyms(hmac::Key);

impl Pseudonyms {
    /// With `key`, which has 32 random bytes or more.
    pub fn new(key: &[u8]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, key))
    }

    /// The pseudonym of `eid` in `namespace`: the same number in two registers is two citizens.
    pub fn of(&self, namespace: &str, eid: &Eid) -> Pseudonym {
        let mut context = hmac::Context::with_key(&self.0);
        context.update(namespace.as_bytes());
        context.update(&[0]);
        context.update(eid.0.as_bytes());
        Pseudonym(format!("v1#{}", hex::encode(context.sign())))
    }
}

impl fmt::Debug for Pseudonyms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pseudonyms(…)")
    }
}

/// What a session holds: who signed in, how, and what the provider handed over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Citizen {
    /// Under which the records are kept.
    pub pseudonym: Pseudonym,
    /// The id of the provider chosen.
    pub provider: String,
    /// What it handed over.
    pub profile: Profile,
    /// For revocation at sign-out.
    pub refresh_token: Option<Secret>,
    /// When the sign-in was complete, in seconds since 1970.
    pub signed_in_at: i64,
}

impl Citizen {
    /// The configured provider that this citizen came from.
    pub fn provider_in<'a>(&self, providers: &'a [Provider]) -> Option<&'a Provider> {
        providers.iter().find(|provider| provider.id == self.provider)
    }
}

/// The claims about the citizen (OpenID Connect Core 1.0, 5.1), each as the user pool mapped it.
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
    /// `address`, written out.
    pub address: Option<String>,
    /// `locale`
    pub locale: Option<String>,
    /// `custom:eid`, as it was handed over.
    pub eid: Option<Secret>,
}

impl Profile {
    /// The name to greet the citizen by.
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

// Personal data never prints.
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
    fn a_national_number_is_one_number_however_it_is_written() {
        let plain = Eid::parse("85073003328").unwrap();
        assert_eq!(Eid::parse("85.07.30-033.28"), Some(plain.clone()));
        assert_eq!(Eid::parse(" 85073003328 "), Some(plain));
    }

    #[test]
    fn an_eid_of_another_register_keeps_its_punctuation() {
        assert_ne!(Eid::parse("a-1"), Eid::parse("a1"));
        assert_ne!(Eid::parse("AB"), Eid::parse("ab"));
        assert_ne!(Eid::parse("8-5073003328"), Eid::parse("85073003328"));
        assert_ne!(Eid::parse("éééééééa"), Eid::parse("a"), "15 bytes that are no number");
    }

    #[test]
    fn an_eid_that_is_none_is_refused() {
        for bad in ["", " ", "a\u{0}b", "a\nb", "\u{7f}1", &"9".repeat(257)] {
            assert_eq!(Eid::parse(bad), None, "{bad:?}");
        }
        assert!(Eid::parse(&"9".repeat(256)).is_some());
    }

    #[test]
    fn the_pseudonym_is_the_documented_hmac() {
        // printf 'BE\x0085073003328' | openssl dgst -sha256 -mac HMAC -macopt hexkey:$(printf '00%.0s' {1..32})
        let pseudonym = Pseudonyms::new(&[0; 32]).of("BE", &Eid::parse("85073003328").unwrap());
        assert_eq!(pseudonym.as_str(), "v1#4513870f8a47d04c0428f4482c91b7f7b6278dc1d356b2a560b5733b38cbdd76");
    }

    #[test]
    fn one_number_in_two_namespaces_is_two_citizens() {
        let pseudonyms = Pseudonyms::new(&[1; 32]);
        let eid = Eid::parse("123").unwrap();
        assert_ne!(pseudonyms.of("BE", &eid), pseudonyms.of("NL", &eid));
        // The separator keeps the boundary: "B" + "E1" is not "BE" + "1".
        assert_ne!(pseudonyms.of("B", &Eid::parse("E1").unwrap()), pseudonyms.of("BE", &Eid::parse("1").unwrap()));
    }

    #[test]
    fn nothing_personal_prints() {
        let profile =
            Profile { eid: Some(Secret::new("85073003328")), name: Some("An".to_owned()), ..Profile::default() };
        let shown = format!(
            "{profile:?} {:?} {:?}",
            Eid::parse("85073003328"),
            Pseudonyms::new(&[0; 32]).of("BE", &Eid::parse("1").unwrap())
        );
        assert_eq!(shown, "Profile(…) Some(Eid(…)) Pseudonym(…)");
    }
}
