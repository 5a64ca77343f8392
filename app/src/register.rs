//! The register that a citizen's number comes from: what the number is called there, and how it is written.

use std::borrow::Cow;

use crate::texts::{Sentence, say};

/// A register of persons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Register {
    /// The Belgian National Register.
    Belgium,
    /// The Dutch register of persons (BRP).
    Netherlands,
    /// The Luxembourg national register of natural persons (RNPP).
    Luxembourg,
    /// Any other, such as an organisation's list of its staff.
    Other,
}

impl Register {
    /// The register that a provider's `namespace` stands for, in any case.
    pub fn of(namespace: &str) -> Self {
        match namespace.to_ascii_uppercase().as_str() {
            "BE" => Self::Belgium,
            "NL" => Self::Netherlands,
            "LU" => Self::Luxembourg,
            _ => Self::Other,
        }
    }

    /// What its number is called.
    pub(crate) const fn label(self) -> Sentence {
        match self {
            Self::Belgium => say::PROFILE_NUMBER_BELGIUM,
            Self::Netherlands => say::PROFILE_NUMBER_NETHERLANDS,
            Self::Luxembourg => say::PROFILE_NUMBER_LUXEMBOURG,
            Self::Other => say::PROFILE_NUMBER,
        }
    }

    /// `number` as the register writes it: `85.07.30-033.28` in Belgium, digits alone in the Netherlands and in Luxembourg. A
    /// number that does not have the register's length stays as it is.
    pub(crate) fn written(self, number: &str) -> Cow<'_, str> {
        let number = number.trim();
        let is_digits = number.bytes().all(|byte| byte.is_ascii_digit());
        match self {
            Self::Belgium if is_digits && number.len() == 11 => {
                let part = |range| &number[range];
                Cow::Owned(format!("{}.{}.{}-{}.{}", part(0..2), part(2..4), part(4..6), part(6..9), part(9..11)))
            }
            _ => Cow::Borrowed(number),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::Language;

    #[test]
    fn the_label_of_a_number_follows_its_namespace() {
        for (namespace, label) in [
            ("BE", "National Register number"),
            ("be", "National Register number"),
            ("NL", "Citizen service number (BSN)"),
            ("LU", "National identification number"),
            ("US-LOGIN", "Identifier"),
            ("EXAMPLE-STAFF", "Identifier"),
            ("BEL", "Identifier"),
            ("", "Identifier"),
        ] {
            assert_eq!(Language::En.text(Register::of(namespace).label()), label, "{namespace}");
        }
    }

    #[test]
    fn a_number_is_written_as_in_its_register() {
        for (namespace, number, written) in [
            ("BE", "85073003328", "85.07.30-033.28"),
            ("BE", " 85073003328 ", "85.07.30-033.28"),
            ("BE", "85.07.30-033.28", "85.07.30-033.28"),
            ("BE", "8507300332", "8507300332"),
            ("BE", "٨٥٠٧٣٠", "٨٥٠٧٣٠"),
            ("BE", "8507300332a", "8507300332a"),
            ("NL", "123456782", "123456782"),
            ("LU", "1893120105732", "1893120105732"),
            // Eleven digits of another register are not a Belgian number.
            ("EXAMPLE-STAFF", "85073003328", "85073003328"),
        ] {
            assert_eq!(Register::of(namespace).written(number), written, "{namespace} {number}");
        }
    }
}
