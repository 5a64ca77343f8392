use std::fmt;

use regex_lite::Regex;

use super::Source;

/// The namespace of the Belgian national register.
const BELGIAN_NAMESPACE: &str = "BE";

/// `eid_format` and `eid_pattern` of `[[providers]]`: which values of `custom:eid` are identifiers.
#[derive(Clone, Debug, Default)]
pub struct EidRules {
    /// `eid_format`. Default: `belgian` in the namespace `BE`, in any case; otherwise `any`.
    pub format: EidFormat,
    /// Whether `eid_format` is not set.
    pub is_format_assumed: bool,
    /// `eid_pattern`
    pub pattern: Option<EidPattern>,
}

/// The kind of identifiers that a provider sends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EidFormat {
    /// `belgian`: Belgian national numbers, which are the same with and without their punctuation.
    Belgian,
    /// `belgian_unchecked`: any text. What has the form of a Belgian national number loses its punctuation, whatever its
    /// check digits. Earlier versions did this in every namespace.
    BelgianUnchecked,
    /// `any`: any text. Each character counts.
    #[default]
    Any,
}

/// A regular expression that an identifier must match as a whole.
#[derive(Clone)]
pub struct EidPattern(Regex);

impl PartialEq for EidPattern {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_str() == other.0.as_str()
    }
}

impl EidPattern {
    /// `None` if `pattern` is not a regular expression.
    pub fn parse(pattern: &str) -> Option<Self> {
        // On its own first: `a)|(b` would be valid inside the parentheses.
        Regex::new(pattern).and_then(|_| Regex::new(&format!(r"\A(?:{pattern})\z"))).ok().map(Self)
    }

    /// Whether all of `text` matches.
    pub fn matches(&self, text: &str) -> bool {
        self.0.is_match(text)
    }
}

impl fmt::Debug for EidPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str())
    }
}

impl EidRules {
    /// Reads the rules of one provider, whose keys `key` names.
    pub(super) fn read(source: &mut Source, key: impl Fn(&str) -> String, namespace: Option<&str>) -> Option<Self> {
        let (format_key, pattern_key) = (key("eid_format"), key("eid_pattern"));
        let is_format_assumed = !source.has(&format_key);
        let is_belgian = namespace.is_some_and(|namespace| namespace.eq_ignore_ascii_case(BELGIAN_NAMESPACE));
        let default = if is_belgian { "belgian" } else { "any" };
        let format =
            source.with_default(&format_key, "belgian, belgian_unchecked or any", default, |text| match text {
                "belgian" => Some(EidFormat::Belgian),
                "belgian_unchecked" => Some(EidFormat::BelgianUnchecked),
                "any" => Some(EidFormat::Any),
                _ => None,
            });
        let has_pattern = source.has(&pattern_key);
        let pattern = source.optional(
            &pattern_key,
            "a regular expression that every identifier matches as a whole, such as [0-9]{11}",
            |text| EidPattern::parse(text).filter(|_| !text.is_empty()),
        );
        if has_pattern && pattern.is_none() {
            return None;
        }
        Some(Self { format: format?, is_format_assumed, pattern })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_matches_the_whole_text() {
        for (pattern, matching, other) in [
            ("[0-9]{11}", "85073003328", "850730033281"),
            ("[0-9]{11}", "85073003328", "x85073003328"),
            ("a|ab", "ab", "abc"),
            ("^a$", "a", "a\n"),
            ("(?i)staff-[0-9]+", "STAFF-1", "staff-1\nstaff-2"),
            (".*", "é", "a\nb"),
        ] {
            let pattern = EidPattern::parse(pattern).unwrap();
            assert!(pattern.matches(matching) && !pattern.matches(other), "{pattern:?}");
        }
    }

    #[test]
    fn an_invalid_expression_is_refused() {
        for bad in ["[", "(", "a)|(b", "*", "a{2,1}", "\\"] {
            assert!(EidPattern::parse(bad).is_none(), "{bad}");
        }
    }
}
