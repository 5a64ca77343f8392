//! `Accept-Language` (RFC 9110, 12.5.4), looked up among the offered languages (RFC 4647, 3.4).

use app::{Languages, texts::Language};
use axum::http::{HeaderMap, header};

use crate::weight::thousandths;

/// Further parts of the field are ignored. Browsers send a handful.
pub(super) const MAX_PARTS: usize = 32;

/// Languages without texts, and a language that nearly all of their readers read too. It stands for them, unless the field itself
/// says how much the citizen likes it.
///
/// Luxembourgish: the state's own portal, guichet.lu, is in French first. Afrikaans and West Frisian: Dutch.
pub(super) const NEAR: [(&str, &str); 3] = [("lb", "fr"), ("af", "nl"), ("fy", "nl")];

/// A language range with its quality in thousandths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Range<'a> {
    tag: &'a str,
    quality: u16,
}

/// The offered language that the browser prefers. `None` if it names none that is offered.
pub(super) fn preferred(headers: &HeaderMap, languages: &Languages) -> Option<Language> {
    let lines = headers.get_all(header::ACCEPT_LANGUAGE).iter();
    // Part by part, so that one with bytes that are no text does not hide the others.
    let parts = lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b',')).take(MAX_PARTS);
    let mut ranges: Vec<_> = parts.filter_map(|part| range(std::str::from_utf8(part).ok()?)).collect();
    // The sort is stable: of equal qualities, the first one wins.
    ranges.sort_by_key(|range| std::cmp::Reverse(range.quality));
    let names = |language: Language| move |range: &Range<'_>| language.tag().eq_ignore_ascii_case(range.tag);
    let is_refused = |language| ranges.iter().any(|range| range.quality == 0 && names(language)(range));
    let is_named = |language| ranges.iter().any(|range| matches(range.tag, language));
    let offered = || languages.offered().iter().copied().filter(|&language| !is_refused(language));
    for &Range { tag, quality } in &ranges {
        let found = match (tag, quality) {
            // What is left has no preference. The default comes before the others.
            ("*", 1..) => offered()
                .filter(|&language| !is_named(language))
                .min_by_key(|&language| language != languages.default_one()),
            (tag, 1..) => offered()
                .find(|&language| matches(tag, language))
                .or_else(|| offered().find(|&language| is_near(tag, language) && !is_named(language))),
            // Everything that is not refused comes before what is.
            _ => {
                let default = languages.default_one();
                return is_refused(default).then(|| offered().next()).flatten();
            }
        };
        if found.is_some() {
            return found;
        }
    }
    None
}

/// Whether `language` is what is left of `tag` after cutting subtags from its end (RFC 4647, 3.4).
fn matches(tag: &str, language: Language) -> bool {
    starts_with_subtags(tag, language.tag())
}

fn is_near(tag: &str, language: Language) -> bool {
    NEAR.iter().any(|(far, near)| *near == language.tag() && starts_with_subtags(tag, far))
}

fn starts_with_subtags(tag: &str, start: &str) -> bool {
    tag.split_at_checked(start.len())
        .is_some_and(|(first, rest)| first.eq_ignore_ascii_case(start) && (rest.is_empty() || rest.starts_with('-')))
}

/// A part of the field: a basic language range (RFC 4647, 2.1), perhaps with a weight (RFC 9110, 12.4.2).
fn range(part: &str) -> Option<Range<'_>> {
    let blank = [' ', '\t'];
    let (tag, weight) = match part.split_once(';') {
        Some((tag, weight)) => (tag, Some(weight.trim_matches(blank))),
        None => (part, None),
    };
    let tag = tag.trim_matches(blank);
    let quality = match weight {
        Some(weight) => thousandths(weight)?,
        None => 1000,
    };
    is_range(tag).then_some(Range { tag, quality })
}

fn is_range(tag: &str) -> bool {
    let fits = |subtag: &str, is_letter: fn(&u8) -> bool| {
        (1..=8).contains(&subtag.len()) && subtag.as_bytes().iter().all(is_letter)
    };
    let mut subtags = tag.split('-');
    let is_first = subtags.next().is_some_and(|first| fits(first, u8::is_ascii_alphabetic));
    tag == "*" || (is_first && subtags.all(|subtag| fits(subtag, u8::is_ascii_alphanumeric)))
}

#[cfg(test)]
mod tests {
    use app::texts::Language::{De, En, Fr, Nl};
    use axum::http::HeaderValue;

    use super::*;

    fn chosen(lines: &[&[u8]], offered: &[Language], default: Language) -> Option<Language> {
        let lines = lines.iter().map(|line| (header::ACCEPT_LANGUAGE, HeaderValue::from_bytes(line).unwrap()));
        preferred(&lines.collect(), &Languages::new(offered.to_vec(), default).unwrap())
    }

    fn of_all(line: &str) -> Option<Language> {
        chosen(&[line.as_bytes()], &[Nl, Fr, De, En], En)
    }

    #[test]
    fn the_range_with_the_highest_quality_wins() {
        for (line, expected) in [
            ("fr", Some(Fr)),
            ("FR-be", Some(Fr)),
            ("nl-BE", Some(Nl)),
            ("de-Latn-LU-1996", Some(De)),
            ("nl-BE, fr", Some(Nl)),
            ("nl;q=0.5, fr;q=0.7, en;q=0.6", Some(Fr)),
            ("nl;q=0.5,fr;q=0.5", Some(Nl)),
            ("nl;q=0.501,fr;q=0.502", Some(Fr)),
            ("fr;q=0.9, nl", Some(Nl)),
            ("fr ;\tq=0.9 , nl; q=1.000", Some(Nl)),
            ("fr;Q=0.3, nl;Q=0.4", Some(Nl)),
            ("es-ES, pt;q=0.9, de;q=0.1", Some(De)),
            ("nl;q=0.1, nl;q=0.9, fr;q=0.5", Some(Nl)),
            ("nlx, nl-", None),
            ("dex, de-AT;q=0.001", Some(De)),
            ("es, pt", None),
            ("", None),
            (",, ,", None),
        ] {
            assert_eq!(of_all(line), expected, "{line}");
        }
    }

    #[test]
    fn a_quality_of_zero_excludes_a_language() {
        for (line, expected) in [
            ("nl;q=0", None),
            ("nl;q=0, fr", Some(Fr)),
            ("nl;q=0.000, nl-BE", None),
            ("nl-BE;q=0, nl", Some(Nl)),
            // The default itself is refused: the first of the others.
            ("en;q=0", Some(Nl)),
            ("en;q=0, nl;q=0", Some(Fr)),
            ("es, en;q=0, nl;q=0", Some(Fr)),
            ("en;q=0, nl;q=0, fr;q=0, de;q=0", None),
        ] {
            assert_eq!(of_all(line), expected, "{line}");
        }
    }

    #[test]
    fn a_star_stands_for_every_language_that_is_not_named() {
        for (line, expected) in [
            ("*", Some(En)),
            ("*;q=0.5, fr;q=0.4", Some(En)),
            ("*;q=0.5, fr;q=0.6", Some(Fr)),
            ("*, en;q=0.1", Some(Nl)),
            ("es, *;q=0.1", Some(En)),
            ("en;q=0, *", Some(Nl)),
            ("*;q=0", None),
            ("fr;q=0.1, *;q=0", Some(Fr)),
        ] {
            assert_eq!(of_all(line), expected, "{line}");
        }
    }

    #[test]
    fn a_near_language_stands_for_one_without_texts() {
        for (line, expected) in [
            ("lb", Some(Fr)),
            ("lb-LU, en;q=0.5", Some(Fr)),
            ("af-ZA", Some(Nl)),
            ("fy-NL,fy;q=0.9", Some(Nl)),
            // The citizen says how much each one is liked.
            ("lb, de;q=0.8, fr;q=0.7", Some(De)),
            ("fr;q=0, lb", None),
            ("lb;q=0", None),
            ("lbx", None),
        ] {
            assert_eq!(of_all(line), expected, "{line}");
        }
        assert_eq!(chosen(&[b"lb"], &[De, En], De), None);
    }

    #[test]
    fn only_offered_languages_are_chosen() {
        assert_eq!(chosen(&[b"en, fr;q=0.1"], &[Nl, Fr], Nl), Some(Fr));
        assert_eq!(chosen(&[b"en, es"], &[Nl, Fr], Nl), None);
        assert_eq!(chosen(&[b"es", b"fr;q=0.2"], &[Nl, Fr], Nl), Some(Fr), "two lines are one list");
    }

    #[test]
    fn a_part_that_is_malformed_is_ignored() {
        for bad in [
            "fr;q=1.1",
            "fr;q=2",
            "fr;q=-1",
            "fr;q=0.1234",
            "fr;q=.5",
            "fr;q=",
            "fr;q",
            "fr;level=1",
            "fr;q=0.5;a=b",
            "fr;q=NaN",
            "fr;q=1e0",
            "fr;q=١",
            "fr_BE",
            "fr be",
            "fr--be",
            "-fr",
            "franconian",
            "fr-toolongsubtag",
            "f/r",
            "*-fr",
            "**",
            "\"fr\"",
        ] {
            assert_eq!(of_all(bad), None, "{bad}");
            assert_eq!(of_all(&format!("{bad}, nl;q=0.1")), Some(Nl), "{bad}");
        }
        assert_eq!(chosen(&[b"fr\xff, \xe9, nl;q=0.1"], &[Nl, Fr], Fr), Some(Nl));
    }

    #[test]
    fn the_work_is_bounded() {
        let many = |count: usize| "es,".repeat(count) + "fr";
        assert_eq!(of_all(&many(MAX_PARTS - 1)), Some(Fr));
        assert_eq!(of_all(&many(MAX_PARTS)), None);
    }
}
