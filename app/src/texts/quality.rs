//! Rules for the texts of every language: typography, words, and signs that a text is not translated. `app/build.rs` checks which
//! sentences there are. `docs/TRANSLATING.md` is for translators.

use fluent_syntax::{
    ast::{Entry, Expression, InlineExpression, Pattern, PatternElement},
    parser,
    unicode::unescape_unicode_to_string,
};

use super::{Language, with_spaces};

/// Stands for a value in a text.
const VALUE: char = '\u{fffc}';

/// What is special in one language. A language without an entry has the general rules only.
struct Rules {
    tag: &'static str,
    /// Words and phrases that its texts do not use, in lower case.
    banned: &'static [&'static str],
    /// Its quotation marks, as pairs.
    quotes: &'static [(char, char)],
    /// Letters of its own.
    letters: &'static [char],
    /// Its most common words.
    common: &'static [&'static str],
}

#[rustfmt::skip]
const RULES: &[Rules] = &[
    Rules {
        tag: "en",
        // GOV.UK: say what happened and what to do. "Sign in" everywhere.
        banned: &[
            "log in", "log out", "login", "logout", "please", "sorry", "oops", "invalid", "forbidden", "illegal", "whilst", "e.g",
            "i.e", "technical difficulties", "identity provider", "user pool", "token",
        ],
        quotes: &[('‘', '’')],
        letters: &[],
        common: &["the", "a", "you", "your", "and", "not", "we", "to", "is", "it", "that"],
    },
    Rules {
        tag: "nl",
        banned: &[
            "je", "jij", "jou", "jouw", "jullie", "gelieve", "alstublieft", "sorry", "helaas", "aanmelden", "afmelden", "ongeldig",
        ],
        quotes: &[('‘', '’')],
        letters: &[],
        common: &["het", "een", "u", "uw", "is", "niet", "en", "van", "we", "dat", "die"],
    },
    Rules {
        tag: "fr",
        banned: &["tu", "ton", "ta", "tes", "toi", "veuillez", "désolé", "désolés", "svp", "invalide", "login"],
        quotes: &[('«', '»')],
        letters: &['é', 'è', 'ê', 'à', 'ç', '’'],
        common: &["le", "la", "les", "vous", "votre", "et", "pas", "nous", "est", "un", "que"],
    },
    Rules {
        tag: "de",
        banned: &["du", "dein", "deine", "deinen", "dir", "dich", "bitte", "leider", "ungültig", "login", "einloggen"],
        quotes: &[('„', '“'), ('‚', '‘')],
        letters: &['ä', 'ö', 'ü', 'ß'],
        common: &["der", "die", "das", "und", "sie", "ihre", "nicht", "wir", "ist", "es", "ein"],
    },
];

/// Texts that are the same word in another language too.
#[rustfmt::skip]
const SAME: &[&str] = &[
    "Contact", "Cookies", "Privacy", "Service", "Test", "Message", "Beta", "Website", "Information", "Date", "Pages", "April",
    "August", "September", "November", "France", "Luxembourg", "Computer", "Tablet", "Document", "Documents", "Name", "Assistant",
    "\u{fffc}…", "\u{fffc} byte", "\u{fffc} bytes", "\u{fffc} document", "\u{fffc} documents",
    "\u{fffc}\u{a0}kB", "\u{fffc}\u{a0}MB", "\u{fffc}\u{a0}GB", "\u{fffc}\u{a0}TB",
];

/// One text of a file, with [`VALUE`] for each value. Each variant of a selection is a text too.
struct Text {
    id: String,
    text: String,
}

fn texts(language: Language) -> Vec<Text> {
    texts_of(&with_spaces(language, language.source()))
}

fn texts_of(source: &str) -> Vec<Text> {
    let resource = parser::parse(source).unwrap_or_else(|(_, errors)| panic!("{errors:?}"));
    let mut all = Vec::new();
    for entry in resource.body {
        let Entry::Message(message) = entry else { continue };
        let Some(pattern) = &message.value else { continue };
        collect(message.id.name, pattern, &mut all);
    }
    all
}

fn collect(id: &str, pattern: &Pattern<&str>, all: &mut Vec<Text>) {
    let mut text = String::new();
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { value } => text.push_str(value),
            PatternElement::Placeable { expression: Expression::Inline(InlineExpression::StringLiteral { value }) } => {
                text.push_str(&unescape_unicode_to_string(value));
            }
            PatternElement::Placeable { expression } => {
                text.push(VALUE);
                if let Expression::Select { variants, .. } = expression {
                    variants.iter().for_each(|variant| collect(id, &variant.value, all));
                }
            }
        }
    }
    all.push(Text { id: id.to_owned(), text });
}

/// Calls `fault` with each text of each language, and fails with everything that it finds.
fn check(fault: impl Fn(Language, &str) -> Option<String>) {
    let mut faults = Vec::new();
    for &language in Language::ALL {
        for Text { id, text } in texts(language) {
            faults.extend(fault(language, &text).map(|fault| format!("{}.ftl: {id} {fault}: {text}", language.tag())));
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

fn rules(language: Language) -> Option<&'static Rules> {
    RULES.iter().find(|rules| rules.tag == language.tag())
}

/// The words of `text` in lower case, with one space around each. The name of a site is one word.
fn words(text: &str) -> String {
    let words = text.split(|letter: char| !letter.is_alphabetic() && letter != '.');
    let words = words.map(|word| word.trim_matches('.')).filter(|word| !word.is_empty());
    words.fold(" ".to_owned(), |all, word| all + &word.to_lowercase() + " ")
}

fn stray_space(text: &str) -> Option<String> {
    let found = match text {
        _ if text.trim() != text || text.is_empty() => "has a space at its beginning or end, or nothing",
        _ if text.contains("  ") => "has two spaces",
        _ if [" ,", " .", "( ", " )"].iter().any(|pair| text.contains(pair)) => "has a space beside punctuation",
        _ => return None,
    };
    Some(found.to_owned())
}

fn wrong_space(language: Language, text: &str) -> Option<String> {
    let letters: Vec<_> = text.chars().collect();
    let is_wrong = |place: &usize| {
        let before = place.checked_sub(1).map(|place| letters[place]);
        match (language.tag(), letters[*place]) {
            ("fr", ';' | '?' | '!') => before != Some('\u{202f}'),
            ("fr", ':' | '»') => before != Some('\u{a0}'),
            ("fr", '«') => letters.get(place + 1) != Some(&'\u{a0}'),
            (_, ';' | '?' | '!' | ':') => before.is_none_or(char::is_whitespace),
            _ => false,
        }
    };
    let place = (0..letters.len()).find(is_wrong)?;
    Some(format!("has {} with a wrong space", letters[place]))
}

fn wrong_mark(language: Language, text: &str) -> Option<String> {
    const BRACKETS: [(char, char); 2] = [('(', ')'), ('[', ']')];
    const QUOTES: [char; 9] = ['‘', '“', '”', '„', '‚', '«', '»', '‹', '›'];
    if text.contains(['\'', '"', '`', '´']) {
        return Some("has a straight quote or apostrophe; use ’ and the language's own quotes".to_owned());
    }
    if text.contains("...") || text.contains('—') {
        return Some("has ... or —; use … or –".to_owned());
    }
    let own = rules(language).map_or(&[][..], |rules| rules.quotes);
    let is_own = |quote: char| own.iter().any(|&(open, close)| open == quote || close == quote);
    let foreign = QUOTES.into_iter().find(|&quote| text.contains(quote) && !own.is_empty() && !is_own(quote));
    if let Some(quote) = foreign {
        return Some(format!("has {quote}, which is of another language"));
    }
    let count = |wanted: char| text.chars().filter(|&letter| letter == wanted).count();
    let is_alone = |&&(open, close): &&(char, char)| {
        // ’ is an apostrophe too.
        if close == '’' { count(open) > count(close) } else { count(open) != count(close) }
    };
    let (open, close) = BRACKETS.iter().chain(own).find(is_alone)?;
    Some(format!("has {open} or {close} without the other one"))
}

fn avoided_word(language: Language, text: &str) -> Option<String> {
    let words = words(text);
    let banned = rules(language)?.banned.iter().find(|phrase| words.contains(&format!(" {phrase} ")))?;
    Some(format!("says {banned:?}"))
}

/// Whether `all` is in the language of `own`, by its common words and its letters.
fn is_own_language(own: &Rules, all: &str) -> bool {
    let words = words(all);
    let count =
        |rules: &Rules| rules.common.iter().map(|word| words.matches(&format!(" {word} ")).count()).sum::<usize>();
    let share = all.chars().filter(|letter| own.letters.contains(letter)).count() * 1_000 / all.chars().count().max(1);
    let is_most_like_it = RULES.iter().filter(|other| other.tag != own.tag).all(|other| count(own) > 2 * count(other));
    is_most_like_it && (own.letters.is_empty() || share >= 5)
}

#[test]
fn no_text_has_stray_spaces() {
    check(|_, text| stray_space(text));
}

#[test]
fn punctuation_has_the_spaces_of_its_language() {
    check(wrong_space);
}

#[test]
fn quotes_and_brackets_are_typographic_and_paired() {
    check(wrong_mark);
}

#[test]
fn no_text_uses_a_word_that_its_language_avoids() {
    check(avoided_word);
}

#[test]
fn no_text_is_english_in_another_language() {
    let english = texts(Language::En);
    check(|language, text| {
        let has_letters = text.chars().any(char::is_alphabetic);
        let is_same = language != Language::En && english.iter().any(|english| english.text == text);
        (is_same && has_letters && !SAME.contains(&text)).then(|| "is the English text".to_owned())
    });
}

#[test]
fn every_file_is_in_its_own_language() {
    for &language in Language::ALL {
        let texts = texts(language);
        // A file with a few texts only says too little.
        let Some(own) = rules(language).filter(|_| texts.len() > 50) else { continue };
        let all = texts.iter().map(|text| text.text.as_str()).collect::<Vec<_>>().join("\n");
        assert!(is_own_language(own, &all), "{}.ftl is in another language", own.tag);
    }
}

#[test]
fn each_rule_finds_what_it_is_for() {
    let [en, nl, fr, de] = ["en", "nl", "fr", "de"].map(|tag| Language::of_tag(tag).unwrap_or(Language::En));
    for bad in ["", " a", "a ", "a  b", "a , b", "a .", "( a)", "(a )", "a\u{a0}"] {
        assert!(stray_space(bad).is_some(), "{bad:?}");
    }
    assert_eq!(stray_space("a (b), c."), None);
    for (language, bad) in [
        (fr, "Quoi ?"),
        (fr, "Quoi?"),
        (fr, "Quoi\u{a0}?"),
        (fr, "ceci :"),
        (fr, "« oui »"),
        (fr, "«oui»"),
        (nl, "Wat ?"),
        (de, "so :"),
        (en, "! a"),
    ] {
        assert!(wrong_space(language, bad).is_some(), "{bad:?}");
    }
    assert_eq!(wrong_space(fr, &with_spaces(fr, "Quoi ? « oui » : non ; si !")), None);
    assert_eq!(wrong_space(de, "Was? So: ja; nein!"), None);
    for (language, bad) in [
        (en, "don't"),
        (en, "\"a\""),
        (en, "a..."),
        (en, "a — b"),
        (en, "(a"),
        (en, "a)"),
        (en, "‘a"),
        (en, "“a”"),
        (nl, "„a“"),
        (fr, "‘a’"),
        (fr, "« a"),
        (de, "„a”"),
        (de, "„a"),
        (de, "»a«"),
    ] {
        assert!(wrong_mark(language, bad).is_some(), "{bad:?}");
    }
    for (language, good) in [(en, "don’t say ‘a’ (b)…"), (nl, "foto’s ‘a’"), (fr, "l’« a »"), (de, "„a“ – b")]
    {
        assert_eq!(wrong_mark(language, good), None, "{good:?}");
    }
    for (language, bad) in
        [(en, "Log in again"), (en, "Sorry, no"), (nl, "Als je wilt"), (fr, "Veuillez choisir"), (de, "Bitte wählen")]
    {
        assert!(avoided_word(language, bad).is_some(), "{bad:?}");
    }
    for (language, good) in [(nl, "Log in met uw code"), (en, "Sign in"), (fr, "votre étude"), (de, "durch")] {
        assert_eq!(avoided_word(language, good), None, "{good:?}");
    }
    let english = texts(en).into_iter().map(|text| text.text).collect::<Vec<_>>().join("\n");
    for rules in RULES {
        assert_eq!(is_own_language(rules, &english), rules.tag == "en", "{}", rules.tag);
    }
}

#[test]
fn a_text_is_read_with_its_values_and_variants() {
    let all = texts_of("a = x{\"\\u00A0\"}{ $b ->\n [one] { $b } day\n *[other] { $b } days\n } left");
    let all: Vec<_> = all.into_iter().map(|text| text.text).collect();
    assert_eq!(all, ["\u{fffc} day", "\u{fffc} days", "x\u{a0}\u{fffc} left"]);
    assert_eq!(words("L’été, où? e.g. a.b."), " l été où e.g a.b ");
}
