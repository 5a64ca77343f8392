//! Tests of what the build script checks.

mod locales;

use locales::File;

const EN: &str = "# Names\nname = My Data\n\nhello = Hello { $name }, { $count ->\n    [one] one <b>\n   *[other] { $count }\n } and { \"\\u00a0\" }\n    more\n";

/// The faults of `text` as the Dutch file.
fn faults(text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let source = File::parse("en", EN, &mut faults);
    assert_eq!(faults, [""; 0]);
    File::parse("nl", text, &mut faults).compare("nl", &source, &mut faults);
    faults
}

#[test]
fn a_sentence_has_its_values_in_the_order_of_their_use() {
    let file = File::parse("en", EN, &mut Vec::new());
    let sentences: Vec<_> =
        file.sentences.iter().map(|(id, sentence)| (id.as_str(), &*sentence.text, sentence.values.join(" "))).collect();
    assert_eq!(
        sentences,
        [("hello", "Hello …, … and … more", "name count".to_owned()), ("name", "My Data", String::new())]
    );
}

#[test]
fn a_file_that_differs_from_the_source_is_a_fault_with_its_line() {
    const HELLO: &str = "hello = Dag { $count } { $name }\n";
    // Another order of the values, and values in other places, are no faults.
    assert_eq!(faults(&format!("{HELLO}name = {{ \"N\" }}\n")), [""; 0]);
    for (text, expected) in [
        (HELLO.to_owned(), "nl.ftl: name is missing (app/locales/en.ftl:2)"),
        (format!("{HELLO}name = N\nmore = M\n"), "nl.ftl:3: more is not in en.ftl"),
        (
            "name = N\n\nhello = Dag { $name }\n".to_owned(),
            "nl.ftl:3: hello has the values [\"name\"], and en.ftl has [\"name\", \"count\"]",
        ),
        (format!("name = N\n{HELLO}name = M\n"), "nl.ftl:3: name is there twice"),
        (format!("{HELLO}name = N\nélan\n"), "nl.ftl:3: Expected"),
        (format!("{HELLO}name = N\n    {{ $count\n"), "nl.ftl:4: Expected"),
        (format!("{HELLO}name = {{ NUMBER(1) }}\n"), "nl.ftl:2: name has a function, which is not supported"),
        (
            format!("{HELLO}name = {{ hello }}\n"),
            "nl.ftl:2: name has a reference to another sentence, which is not supported",
        ),
        (format!("{HELLO}name = {{ -brand }}\n"), "nl.ftl:2: name has a reference to a term, which is not supported"),
        (format!("{HELLO}name = N\n-brand = B\n"), "nl.ftl:3: -brand is a term, which is not supported"),
        (format!("{HELLO}name = N\n    .title = T\n"), "nl.ftl:2: name has an attribute, which is not supported"),
    ] {
        let found = faults(&text);
        let is_expected = found.iter().any(|fault| fault.starts_with(&format!("app/locales/{expected}")));
        assert!(is_expected, "{text}: {found:?}, not {expected}");
    }
}

#[test]
fn an_unsupported_part_is_found_wherever_it_is() {
    for part in ["{ { DATETIME($d) } }", "{ $n ->\n *[other] { DATETIME($d) }\n }", "{ NUMBER($n) ->\n *[other] x\n }"]
    {
        let mut faults = Vec::new();
        File::parse("en", &format!("name = {part}\n"), &mut faults);
        assert_eq!(faults, ["app/locales/en.ftl:1: name has a function, which is not supported"], "{part}");
    }
}
