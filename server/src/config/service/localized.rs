//! A text or an address for all languages, or by language.

use app::{Localized, texts::Language};

use super::super::Source;

/// The value of `key`, and the values of the languages below it, such as `service.name.nl`. A language that is left out has the
/// value of `key`, or else the one of `default`. `None` if nothing is set, or for a fault.
pub(super) fn read(
    source: &mut Source,
    key: &str,
    expected: &str,
    default: Language,
    parse: &dyn Fn(&str) -> Option<String>,
) -> Option<Localized> {
    source.let_variable_replace_table(key);
    let of_tag = |tag: &str| Language::ALL.iter().copied().find(|language| language.tag() == tag);
    let mut names = source.names_below(key);
    // A table below a language is an unknown key, as everywhere.
    names.retain(|name| of_tag(name).is_none() || source.has(&format!("{key}.{name}")));
    let is_set = source.has(key);
    let common = source.optional(key, expected, parse);
    let mut is_good = common.is_some() == is_set;
    let mut own = Vec::new();
    for name in &names {
        let path = format!("{key}.{name}");
        match of_tag(name) {
            Some(language) => match source.optional(&path, expected, parse) {
                Some(value) => own.push((language, value)),
                None => is_good = false,
            },
            None => {
                source.refuse_table(
                    &path,
                    format!("is not a language; expected one of {}", Language::tags(Language::ALL)),
                );
                is_good = false;
            }
        }
    }
    let of = |language: Language| own.iter().find(|(other, _)| *other == language).map(|(_, value)| value.clone());
    let language = common.is_none().then_some(default);
    let fallback = common.or_else(|| of(default));
    if fallback.is_none() && is_good && !names.is_empty() {
        let tag = default.tag();
        source.fault(&format!("{key}.{tag}"), format!("is missing; expected {expected}, in the default language"));
    }
    let fallback = fallback.filter(|_| is_good)?;
    Some(Localized::with_fallback(of, &fallback, language))
}
