//! The sentences of the pages: the Fluent files in `app/locales`, formatted on the server.
//!
//! `app/build.rs` makes the modules below from the files. Sentences without values are constants of [`say`], for
//! [`Language::text`]; those with values are functions.

use std::{borrow::Cow, sync::LazyLock};

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use unic_langid::LanguageIdentifier;

use crate::format;

include!(concat!(env!("OUT_DIR"), "/language.rs"));

/// A sentence without values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sentence(&'static str);

/// Every sentence.
pub(crate) mod say {
    #![deny(dead_code)]
    use super::{FluentValue, Language, Sentence};

    include!(concat!(env!("OUT_DIR"), "/sentences.rs"));
}

impl Language {
    /// The language with this tag, in any case (RFC 5646, 2.1.1).
    pub fn of_tag(tag: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|language| language.tag().eq_ignore_ascii_case(tag))
    }

    /// The tags of `languages`, as a list to read.
    pub fn tags(languages: &[Self]) -> String {
        languages.iter().map(|language| language.tag()).collect::<Vec<_>>().join(", ")
    }

    /// Its name in the language itself.
    pub fn name(self) -> Cow<'static, str> {
        self.text(say::LANGUAGE_NAME)
    }

    /// The sentence in this language.
    pub(crate) fn text(self, sentence: Sentence) -> Cow<'static, str> {
        self.resolve(sentence, None)
    }

    fn format<'a, const N: usize>(self, sentence: Sentence, values: [(&'static str, FluentValue<'a>); N]) -> String {
        self.resolve(sentence, Some(&values.into_iter().collect())).into_owned()
    }

    fn resolve<'a>(self, sentence: Sentence, values: Option<&'a FluentArgs<'_>>) -> Cow<'a, str> {
        let bundle = self.bundle();
        let pattern = bundle.get_message(sentence.0).and_then(|message| message.value());
        // `app/build.rs` has checked that each file has it.
        pattern.map_or(Cow::Borrowed(sentence.0), |pattern| bundle.format_pattern(pattern, values, &mut Vec::new()))
    }

    fn bundle(self) -> &'static FluentBundle<FluentResource> {
        static BUNDLES: LazyLock<Vec<FluentBundle<FluentResource>>> =
            LazyLock::new(|| Language::ALL.iter().map(|&language| bundle(language)).collect());
        &BUNDLES[self as usize]
    }
}

fn bundle(language: Language) -> FluentBundle<FluentResource> {
    // A resource with a mistake keeps its good messages. `app/build.rs` finds mistakes.
    let resource = |text: &str| FluentResource::try_new(text.to_owned()).unwrap_or_else(|(resource, _)| resource);
    let mut bundle =
        FluentBundle::new_concurrent(vec![language.tag().parse::<LanguageIdentifier>().unwrap_or_default()]);
    // Pages isolate names of people with `<bdi>` or `format::isolated`. Fluent would isolate every number too and put
    // invisible characters into each sentence.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(language.number_format()));
    bundle.add_resource_overriding(resource(&with_spaces(language, language.source())));
    bundle
}

/// A number as the language writes it. Fluent itself does not group digits.
fn number(language: Language, value: &FluentValue<'_>) -> Option<String> {
    match value {
        FluentValue::Number(number) => Some(format::number(language, &number.as_string())),
        _ => None,
    }
}

/// `source` with the spaces that French sets before and inside punctuation, which no line may break at (Imprimerie nationale,
/// Lexique des règles typographiques). Translators type plain spaces.
fn with_spaces(language: Language, source: &str) -> Cow<'_, str> {
    if language.tag() != "fr" {
        return Cow::Borrowed(source);
    }
    let mut text = source.to_owned();
    for (plain, spaced) in [
        (" ;", "\u{202f};"),
        (" ?", "\u{202f}?"),
        (" !", "\u{202f}!"),
        (" :", "\u{a0}:"),
        ("« ", "«\u{a0}"),
        (" »", "\u{a0}»"),
    ] {
        text = text.replace(plain, spaced);
    }
    Cow::Owned(text)
}

#[cfg(test)]
mod golden;
#[cfg(test)]
mod quality;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_inserted() {
        assert_eq!(say::reference(Language::En, "A1"), "Reference: A1");
    }

    #[test]
    fn french_punctuation_has_its_spaces() {
        let spaced = "Quoi\u{202f}? Ceci\u{202f}; cela\u{a0}: «\u{a0}oui\u{a0}»\u{202f}!";
        assert_eq!(with_spaces(Language::Fr, "Quoi ? Ceci ; cela : « oui » !"), spaced);
        assert_eq!(with_spaces(Language::Nl, "a ? b"), "a ? b");
    }
}
