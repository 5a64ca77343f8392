//! Claims whose values are codes, in the words of a language (OpenID Connect Core 1.0, 5.1). A value without words stays as it
//! is.

use std::borrow::Cow;

use crate::texts::{Language, Sentence, say};

/// `gender`: `female` and `male` are defined, and others are allowed.
pub(crate) fn gender(language: Language, value: &str) -> Cow<'_, str> {
    let sentence = match value.trim().to_ascii_lowercase().as_str() {
        "female" => Some(say::GENDER_FEMALE),
        "male" => Some(say::GENDER_MALE),
        _ => None,
    };
    word(language, sentence, value)
}

/// `locale`: a language tag, such as `nl-BE`, or as some providers write it `nl_BE`. The region does not change the language.
pub(crate) fn language_of(language: Language, tag: &str) -> Cow<'_, str> {
    let subtag = tag.trim().split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    let sentence = match subtag.as_str() {
        "nl" => Some(say::LANGUAGE_NL),
        "fr" => Some(say::LANGUAGE_FR),
        "de" => Some(say::LANGUAGE_DE),
        "en" => Some(say::LANGUAGE_EN),
        "lb" => Some(say::LANGUAGE_LB),
        "es" => Some(say::LANGUAGE_ES),
        _ => None,
    };
    word(language, sentence, tag)
}

/// `address` by its lines. A last line that is a country's code (ISO 3166-1 alpha-2) becomes its name.
pub(crate) fn address(language: Language, address: &str) -> String {
    let mut lines: Vec<_> = address.lines().map(str::trim).filter(|line| !line.is_empty()).map(Cow::Borrowed).collect();
    // A code alone is no address.
    if lines.len() > 1
        && let Some(last) = lines.last_mut()
        && let Some(country) = country(last)
    {
        *last = language.text(country);
    }
    lines.join("\n")
}

fn country(code: &str) -> Option<Sentence> {
    match code {
        "BE" => Some(say::COUNTRY_BE),
        "NL" => Some(say::COUNTRY_NL),
        "LU" => Some(say::COUNTRY_LU),
        "FR" => Some(say::COUNTRY_FR),
        "DE" => Some(say::COUNTRY_DE),
        _ => None,
    }
}

fn word(language: Language, sentence: Option<Sentence>, value: &str) -> Cow<'_, str> {
    sentence.map_or(Cow::Borrowed(value), |sentence| language.text(sentence))
}

#[cfg(test)]
mod tests {
    use super::*;

    const EN: Language = Language::En;

    #[test]
    fn genders_are_words() {
        for (value, shown) in [("female", "Female"), ("male", "Male"), ("Female", "Female"), ("x", "x"), ("", "")] {
            assert_eq!(gender(EN, value), shown);
        }
    }

    #[test]
    fn languages_are_words() {
        for (tag, shown) in [
            ("nl-BE", "Dutch"),
            ("nl", "Dutch"),
            ("fr_FR", "French"),
            ("DE-de", "German"),
            ("en-GB", "English"),
            ("lb", "Luxembourgish"),
            ("es-419", "Spanish"),
            ("sv-SE", "sv-SE"),
            ("nld", "nld"),
            ("", ""),
        ] {
            assert_eq!(language_of(EN, tag), shown, "{tag}");
        }
    }

    #[test]
    fn the_country_of_an_address_is_a_word() {
        for (value, shown) in [
            ("Voorbeeldstraat 1\n9000 Gent\nBE", "Voorbeeldstraat 1\n9000 Gent\nBelgium"),
            ("Voorbeeldstraat 1\r\n\r\n 9000 Gent \r\nNL\n", "Voorbeeldstraat 1\n9000 Gent\nNetherlands"),
            ("1, rue de l’Exemple\nL-1000 Luxembourg\nLU", "1, rue de l’Exemple\nL-1000 Luxembourg\nLuxembourg"),
            ("1 Main St\nSpringfield\nUS", "1 Main St\nSpringfield\nUS"),
            ("Voorbeeldstraat 1, 9000 Gent, BE", "Voorbeeldstraat 1, 9000 Gent, BE"),
            ("BE", "BE"),
            ("BE\n9000 Gent", "BE\n9000 Gent"),
        ] {
            assert_eq!(address(EN, value), shown);
        }
    }
}
