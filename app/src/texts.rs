//! The sentences of the pages: Fluent resources in `app/locales`, formatted on the server.

use std::{borrow::Cow, sync::LazyLock};

use fluent_bundle::{FluentArgs, FluentResource, concurrent::FluentBundle};
use unic_langid::LanguageIdentifier;

/// A language that the pages are written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English.
    #[default]
    En,
}

impl Language {
    /// The language without a region, for the `lang` parameter of the authorization request.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
        }
    }

    /// The BCP 47 tag of the pages. Dates and numbers follow its region.
    pub const fn locale(self) -> &'static str {
        match self {
            Self::En => "en-GB",
        }
    }

    /// The sentence for `key` in `app/locales`. An unknown key comes back as it is; a test finds those.
    pub fn text(self, key: &'static str) -> Cow<'static, str> {
        self.text_with(key, &[])
    }

    /// The sentence for `key` with each `{ $name }` in it replaced by its value.
    pub fn text_with(self, key: &'static str, values: &[(&'static str, &str)]) -> Cow<'static, str> {
        let bundle = self.bundle();
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            return Cow::Borrowed(key);
        };
        let arguments: FluentArgs<'_> = values.iter().map(|(name, value)| (*name, *value)).collect();
        let arguments = (!values.is_empty()).then_some(&arguments);
        let mut errors = Vec::new();
        match bundle.format_pattern(pattern, arguments, &mut errors) {
            // The text lives in the bundle, which is static.
            Cow::Borrowed(text) if values.is_empty() => Cow::Borrowed(text),
            text => Cow::Owned(text.into_owned()),
        }
    }

    fn bundle(self) -> &'static FluentBundle<FluentResource> {
        static EN: LazyLock<FluentBundle<FluentResource>> =
            LazyLock::new(|| bundle(Language::En, include_str!("../locales/en.ftl")));
        match self {
            Self::En => &EN,
        }
    }
}

fn bundle(language: Language, source: &str) -> FluentBundle<FluentResource> {
    // A resource with a mistake keeps its good messages. A test below finds mistakes.
    let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(resource, _)| resource);
    let mut bundle =
        FluentBundle::new_concurrent(vec![language.tag().parse::<LanguageIdentifier>().unwrap_or_default()]);
    // Pages isolate names of people with `<bdi>` or `format::isolated`. Fluent would isolate every number too and put
    // invisible characters into each sentence.
    bundle.set_use_isolating(false);
    bundle.add_resource_overriding(resource);
    bundle
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use super::*;

    const EN: &str = include_str!("../locales/en.ftl");

    fn keys_in_resource() -> BTreeSet<String> {
        EN.lines()
            .filter(|line| !line.starts_with(['#', ' ']))
            .filter_map(|line| line.split_once(" = "))
            .map(|(key, _)| key.to_owned())
            .collect()
    }

    fn sources(folder: &Path, into: &mut String) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, into);
            } else if path.file_name().is_some_and(|name| name != "texts.rs") {
                into.push_str(&fs::read_to_string(&path).unwrap());
            }
        }
    }

    /// All source files of this crate except this one.
    fn source() -> String {
        let mut all = String::new();
        sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut all);
        all
    }

    #[test]
    fn the_resource_parses_without_mistakes() {
        assert!(FluentResource::try_new(EN.to_owned()).is_ok());
    }

    #[test]
    fn every_text_is_used() {
        let source = source();
        let unused: Vec<_> =
            keys_in_resource().into_iter().filter(|key| !source.contains(&format!("\"{key}\""))).collect();
        assert!(unused.is_empty(), "texts that no page uses: {unused:?}");
    }

    #[test]
    fn every_key_that_a_page_uses_exists() {
        let keys = keys_in_resource();
        let source = source();
        let used = ["text(\"", "text_with(\"", "explanation: \"", "eid: \""]
            .into_iter()
            .flat_map(|start| source.split(start).skip(1))
            .filter_map(|rest| rest.split('"').next());
        let missing: Vec<_> = used
            .filter(|key| key.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'))
            .filter(|key| !keys.contains(*key))
            .collect();
        assert!(missing.is_empty(), "texts that do not exist: {missing:?}");
    }

    #[test]
    fn values_are_inserted_and_unknown_keys_come_back() {
        assert_eq!(Language::En.text_with("reference", &[("reference", "A1")]), "Reference: A1");
        assert_eq!(Language::En.text("no-such-key"), "no-such-key");
    }
}
