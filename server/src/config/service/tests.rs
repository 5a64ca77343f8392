use app::{
    Service,
    service::{Conformance, Law, Phase, Reason},
    texts::Language,
};
use testkit::{Example, Scratch};

use super::super::{Config, Fault, Faults, Source};

const LOGO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../public/favicon.svg");

/// The example with `table` at its end.
fn read(table: &str, variables: &[(&str, &str)]) -> Result<Config, Faults> {
    let mut source = Source::from_toml(&(Example::aws().to_toml() + table));
    source.override_by(variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    Config::read(source)
}

fn service(table: &str, variables: &[(&str, &str)]) -> Service {
    read(table, variables).unwrap_or_else(|faults| panic!("{table}: {faults}")).service
}

fn faults(table: &str) -> Vec<(String, String)> {
    let faults = read(table, &[]).map_or_else(|Faults(faults)| faults, |_| Vec::new());
    faults.into_iter().map(|Fault { key, problem }| (key, problem)).collect()
}

/// The name in German, English, French and Dutch.
fn names(service: &Service) -> [&str; 4] {
    let name = service.name.as_ref().unwrap();
    [Language::De, Language::En, Language::Fr, Language::Nl].map(|language| name.get(language))
}

#[test]
fn a_text_is_one_for_all_languages_or_one_by_language() {
    const NL: (&str, &str) = ("MYDATA_SERVICE__NAME__NL", "N");
    const ALL: (&str, &str) = ("MYDATA_SERVICE__NAME", "A");
    for (table, variables, expected) in [
        ("[service]\nname = \"M\"", &[][..], ["M", "M", "M", "M"]),
        ("[service]\nname = { en = \"E\", nl = \"D\" }", &[], ["E", "E", "E", "D"]),
        ("[service]\ndefault_language = \"fr\"\nname = { fr = \"F\", en = \"E\" }", &[], ["F", "E", "F", "F"]),
        // A language that is not offered is no fault.
        ("[service]\nlanguages = [\"nl\", \"fr\"]\nname = { nl = \"D\", en = \"E\" }", &[], ["D", "E", "D", "D"]),
        // A variable replaces what it names, and no more.
        ("[service]\nname = { en = \"E\", fr = \"F\" }", &[NL], ["E", "E", "F", "N"]),
        ("[service]\nname = { en = \"E\", nl = \"D\" }", &[NL], ["E", "E", "E", "N"]),
        ("[service]\nname = \"M\"", &[NL], ["M", "M", "M", "N"]),
        ("[service]\nname = { en = \"E\", nl = \"D\" }", &[ALL], ["A", "A", "A", "A"]),
        ("[service]\nname = { en = \"E\", nl = \"D\" }", &[ALL, NL], ["A", "A", "A", "N"]),
        ("", &[ALL], ["A", "A", "A", "A"]),
    ] {
        assert_eq!(names(&service(table, variables)), expected, "{table} {variables:?}");
    }
}

#[test]
fn a_text_knows_the_language_that_it_is_in() {
    for (table, expected) in [
        ("[service]\nname = \"M\"", [None; 4]),
        ("[service]\nname = \"M\"\ndefault_language = \"nl\"", [None; 4]),
        ("[service]\nname = { en = \"E\", nl = \"D\" }", [Some(Language::En), None, Some(Language::En), None]),
        (
            "[service]\nlanguages = [\"fr\"]\nname = { fr = \"F\" }",
            [Some(Language::Fr), Some(Language::Fr), None, Some(Language::Fr)],
        ),
    ] {
        let name = service(table, &[]).name.unwrap();
        let found =
            [Language::De, Language::En, Language::Fr, Language::Nl].map(|language| name.other_language(language));
        assert_eq!(found, expected, "{table}");
    }
}

#[test]
fn every_fault_names_its_key_and_what_is_expected() {
    let statement = |more: &str| format!("[service.accessibility]\nstatus = \"fully\"\n{more}");
    let exceptions = |status: &str, exception: &str| {
        format!("[service.accessibility]\nstatus = \"{status}\"\n[[service.accessibility.exceptions]]\n{exception}\n")
    };
    let own = |key: &str, path: &str| format!("[service]\n{key} = \"https://mydata.example{path}\"");
    let tags = Language::ALL.iter().map(|language| language.tag()).collect::<Vec<_>>().join(", ");
    let mut wrong = Vec::new();
    for (table, key, problem) in [
        ("[service]\nname = { nl = \"D\" }".to_owned(), "service.name.en", "is missing; expected a name of 60"),
        ("[service]\nname = { en = \"\", nl = \"D\" }".to_owned(), "service.name.en", "expected a name of 60"),
        ("[service]\nname = { en = \"E\", nl = \"\" }".to_owned(), "service.name.nl", "expected a name of 60"),
        (
            "[service]\nname = { en = \"E\", xx = \"X\" }".to_owned(),
            "service.name.xx",
            &*format!("expected one of {tags}"),
        ),
        ("[service]\nname = { en = \"E\", NL = \"X\" }".to_owned(), "service.name.NL", "is not a language"),
        ("[service.name.nl]\nlong = \"X\"\n".to_owned(), "service.name.nl.long", "is not a known key"),
        (
            "[service]\nprivacy_url = { en = \"http://a.example\" }".to_owned(),
            "service.privacy_url.en",
            "https address",
        ),
        ("[service]\nhelp_url = \"/help\"".to_owned(), "service.help_url", "https address"),
        ("[service]\ncookies_url = \"mailto:a@b.example\"".to_owned(), "service.cookies_url", "https address"),
        (own("cookies_url", "/cookies"), "service.cookies_url", "not /accessibility or /cookies of this site"),
        (own("cookies_url", "/accessibility?a#b"), "service.cookies_url", "not /accessibility or"),
        (own("accessibility_url", ":443/%61ccessibility"), "service.accessibility_url", "not /accessibility or"),
        (
            "[service]\naccessibility_url = { en = \"https://a.example/\", nl = \"https://mydata.example/cookies\" }"
                .to_owned(),
            "service.accessibility_url.nl",
            "not /accessibility or",
        ),
        ("[service]\nterms_url = \"x\"".to_owned(), "service.terms_url", "https address"),
        ("[service]\norganisation_url = \"x\"".to_owned(), "service.organisation_url", "https address"),
        ("[service]\ncontact_email = \"mailto:a@b.example\"".to_owned(), "service.contact_email", "email address"),
        ("[service]\ncontact_phone = \"call us\"".to_owned(), "service.contact_phone", "telephone number"),
        ("[service]\nphase = \"alpha\"".to_owned(), "service.phase", "none, test or beta"),
        ("[service]\naccent = \"blue\"".to_owned(), "service.accent", "a colour such as"),
        (
            "[service]\naccent = \"#777777\"".to_owned(),
            "service.accent",
            "has a contrast of 4.13 with #f4f6f9; expected a darker",
        ),
        (
            "[service]\naccent = \"#1246a6\"\naccent_dark = \"#1246a6\"".to_owned(),
            "service.accent_dark",
            "expected a lighter",
        ),
        ("[service]\naccent_dark = \"#9cc0ff\"".to_owned(), "service.accent", "is missing"),
        (format!("[service]\nlogo = \"{LOGO}\""), "service.organisation", "is missing"),
        (format!("[service]\nlogo_dark = \"{LOGO}\"\norganisation = \"O\""), "service.logo", "is missing"),
        ("[service]\nlogo = \"nowhere.svg\"\norganisation = \"O\"".to_owned(), "service.logo", "cannot be read"),
        (
            format!("[service]\nlogo = \"{LOGO}\"\norganisation = \"O\"\nlogo_has_name = \"yes\""),
            "service.logo_has_name",
            "true or false",
        ),
        ("[service]\nlogo = \"/dev/zero\"\norganisation = \"O\"".to_owned(), "service.logo", "larger than 100 KB"),
        (format!("[service]\nlogo = \"{}\"\norganisation = \"O\"", file!()), "service.logo", "cannot be read"),
        ("[service.accessibility]\nlaw = \"BE\"".to_owned(), "service.accessibility.status", "fully, partially or not"),
        (
            "[service.accessibility]\nstatus = \"yes\"".to_owned(),
            "service.accessibility.status",
            "fully, partially or not",
        ),
        (statement("law = \"be\""), "service.accessibility.law", "set law_name instead"),
        (statement("law = \"BE\"\nlaw_name = \"X\""), "service.accessibility.law_name", "together"),
        (statement("prepared = \"soon\""), "service.accessibility.prepared", "a date such as"),
        (statement("prepared = 2026-11-25T10:00:00Z"), "service.accessibility.prepared", "a date such as"),
        (statement("prepared = 2026-11-25\nreviewed = 2026-11-24"), "service.accessibility.reviewed", "not before"),
        (statement("method = \"audit\""), "service.accessibility.method", "self or external"),
        (statement("answer_days = 0"), "service.accessibility.answer_days", "from 1 to 365"),
        (statement("enforcement_url = \"https://a.example\""), "service.accessibility.enforcement_name", "is missing"),
        (statement("enforcement_name = { nl = \"X\" }"), "service.accessibility.enforcement_name.en", "is missing"),
        (
            "[service.accessibility]\nstatus = \"partially\"".to_owned(),
            "service.accessibility.exceptions",
            "is missing",
        ),
        (exceptions("fully", "reason = \"burden\"\ntext = \"X\""), "service.accessibility.status", "partially or not"),
        (exceptions("not", "text = \"X\""), "service.accessibility.exceptions.0.reason", "is missing"),
        (
            exceptions("not", "reason = \"other\"\ntext = \"X\""),
            "service.accessibility.exceptions.0.reason",
            "out_of_scope",
        ),
        (exceptions("not", "reason = \"burden\""), "service.accessibility.exceptions.0.text", "is missing"),
        (
            exceptions("not", "reason = \"burden\"\ntext = { fr = \"X\" }"),
            "service.accessibility.exceptions.0.text.en",
            "is missing",
        ),
        (statement("scope = \"X\""), "service.accessibility.scope", "is not a known key"),
    ] {
        let found = faults(&table);
        let is_expected = found.len() == 1 && found[0].0 == key && found[0].1.contains(problem);
        if !is_expected {
            wrong.push(format!("{table}: {found:?}, not {key}: …{problem}…"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_whole_table_is_read() {
    let table = format!(
        "[service]\nname = {{ en = \"My Data\", nl = \"Mijn gegevens\" }}\norganisation = \"O\"\nlogo = \"{LOGO}\"\nlogo_dark = \"{LOGO}\"\n\
         accent = \"#7A1F5C\"\nphase = \"beta\"\ncontact_email = \"a@b.example\"\ncontact_phone = \"+32 2 555 12 34\"\n\
         help_url = \"https://o.example/help?a#b\"\n[service.accessibility]\nstatus = \"partially\"\nlaw = \"LU\"\nprepared = 2026-11-25\n\
         reviewed = \"2026-11-25\"\nmethod = \"external\"\nanswer_days = 30\nenforcement_name = {{ en = \"E\", fr = \"F\" }}\n\
         [[service.accessibility.exceptions]]\nreason = \"burden\"\ntext = {{ en = \"E\", de = \"D\" }}\n\
         [[service.accessibility.exceptions]]\nreason = \"out_of_scope\"\ntext = \"O\"\n"
    );
    let config = read(&table, &[("MYDATA_SERVICE__ACCESSIBILITY__EXCEPTIONS__0__TEXT__NL", "N")]).unwrap();
    let service = &config.service;
    assert_eq!(names(service), ["My Data", "My Data", "My Data", "Mijn gegevens"]);
    assert_eq!(service.phase, Phase::Beta);
    assert!(service.style().starts_with("@media screen{:root{--accent:#7a1f5c;"), "{}", service.style());
    let logo = service.logo.clone().unwrap();
    assert_eq!((logo.light.width, logo.light.height, logo.has_name), (32, 32, false));
    assert_eq!(logo.dark.as_ref(), Some(&logo.light));
    assert_eq!(config.logo_files.len(), 2);
    assert!(config.logo_files.iter().all(|file| file.path == logo.light.path && file.media_type == "image/svg+xml"));
    let statement = service.accessibility.clone().unwrap();
    assert_eq!((statement.status, statement.law), (Conformance::Partially, Some(Law::Lu)));
    let exceptions: Vec<_> =
        statement.exceptions.iter().map(|exception| (exception.reason, exception.text.get(Language::Nl))).collect();
    assert_eq!(exceptions, [(Reason::Burden, "N"), (Reason::OutOfScope, "O")]);
    assert!(statement.enforcement.is_some_and(|enforcement| enforcement.name.get(Language::Fr) == "F"));
    assert!(statement.prepared == statement.reviewed && statement.prepared.is_some());
}

#[test]
fn a_logo_is_looked_for_beside_the_configuration() {
    let scratch = Scratch::make();
    let table = "[service]\norganisation = \"O\"\nlogo = \"brand/logo.svg\"\n";
    let file = scratch.file("my.toml", &(Example::aws().to_toml() + table));
    assert!(Config::read(Source::load(&file)).is_err());
    std::fs::create_dir(scratch.path().join("brand")).unwrap();
    std::fs::copy(LOGO, scratch.path().join("brand/logo.svg")).unwrap();
    assert!(Config::read(Source::load(&file)).unwrap().service.logo.is_some());
    // Another picture has another path.
    let path = |config: &Config| config.logo_files[0].path.clone();
    let before = path(&Config::read(Source::load(&file)).unwrap());
    std::fs::write(
        scratch.path().join("brand/logo.svg"),
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\"/>",
    )
    .unwrap();
    assert_ne!(path(&Config::read(Source::load(&file)).unwrap()), before);
}

#[test]
fn a_page_of_another_site_or_another_page_of_this_one_replaces_ours() {
    for address in
        ["https://town.example/cookies", "https://mydata.example/cookies/ours", "https://mydata.example:8443/cookies"]
    {
        let table = format!(
            "[service]\ncookies_url = \"{address}\"\naccessibility_url = \"{address}\"\nprivacy_url = \"https://mydata.example/cookies\""
        );
        assert_eq!(
            service(&table, &[]).cookies_url.map(|url| url.get(Language::En).to_owned()).as_deref(),
            Some(address)
        );
    }
}

#[test]
fn vulnerabilities_are_reported_to_the_best_contact_that_is_given() {
    let all = [
        ("security_contact_url = \"https://o.example/security\"", "https://o.example/security"),
        ("contact_url = \"https://o.example/contact\"", "https://o.example/contact"),
        (
            "contact_email = { nl = \"n@o.example\", fr = \"f@o.example\" }\ndefault_language = \"fr\"",
            "mailto:f@o.example",
        ),
    ];
    for first in 0..all.len() {
        let lines: Vec<_> = all[first..].iter().map(|(line, _)| *line).collect();
        let config = read(&format!("[service]\n{}", lines.join("\n")), &[]).unwrap();
        assert_eq!(config.security.contact_url.as_deref(), Some(all[first].1));
    }
    assert_eq!(read("", &[]).unwrap().security.contact_url, None);
}

/// As `[service]` was before texts could differ by language.
#[test]
fn a_table_of_before_is_still_valid() {
    let table = "[service]\nname = \"Mijn gegevens\"\norganisation = \"Stad Gent\"\ncontact_url = \"mailto:hulp@gent.example\"\n\
                 privacy_url = \"https://gent.example/privacy\"\naccessibility_url = \"https://gent.example/a\"\n\
                 security_contact_url = \"mailto:cert@gent.example\"\nlanguages = [\"nl\", \"fr\"]\ndefault_language = \"fr\"\n";
    let config = read(table, &[]).unwrap();
    let service = &config.service;
    assert_eq!(names(service), ["Mijn gegevens"; 4]);
    assert_eq!(config.security.contact_url.as_deref(), Some("mailto:cert@gent.example"));
    let given = [&service.organisation, &service.contact_url, &service.privacy_url, &service.accessibility_url];
    assert!(given.iter().all(|text| text.is_some()));
    assert_eq!((service.phase, service.logo.is_none(), service.accessibility.is_none()), (Phase::None, true, true));
}

#[test]
fn the_example_of_the_guide_is_valid() {
    let guide = include_str!("../../../../docs/BRANDING.md");
    let (_, example) = guide.split_once("```toml\n").unwrap();
    let example = example.split_once("```").unwrap().0;
    let scratch = Scratch::make();
    std::fs::copy(LOGO, scratch.path().join("logo.svg")).unwrap();
    let file = scratch.file("my.toml", &(Example::aws().to_toml() + example));
    let config = Config::read(Source::load(&file)).unwrap_or_else(|faults| panic!("{faults}"));
    assert_eq!(names(&config.service), ["Meine Daten", "My Data", "Mes données", "Mijn gegevens"]);
    let service = &config.service;
    let statement = service.accessibility.as_ref().unwrap();
    assert_eq!(statement.exceptions.len(), 1);
    // It shows nothing in another language than the page's.
    let enforcement = statement.enforcement.as_ref().unwrap();
    let texts = [&service.name, &service.organisation, &service.contact_url].map(|text| text.as_ref().unwrap());
    for text in texts.into_iter().chain([&statement.exceptions[0].text, &enforcement.name]) {
        for &language in service.languages.offered() {
            assert_eq!(text.other_language(language), None, "{text:?}");
        }
    }
}
