mod accessibility;
mod localized;
mod logo;

use app::{
    Accent, Colour, Languages, Service, TimeZone,
    service::{LowContrast, Phase},
    texts::Language,
};
use percent_encoding::percent_decode_str;
use url::Url;

pub use self::logo::LogoFile;
use super::{Endpoint, PublicUrl, Source, cognito::non_empty};

const NAME: &str = "a name of 60 characters or fewer";
const TIME_ZONE: &str = "a time zone of the IANA database, such as Europe/Brussels";
const REPLACEMENT: &str =
    "an https address (http for loopback only), but not /accessibility or /cookies of this site, which lead there";
const ADDRESS: &str = "an https address or a mailto address such as mailto:help@mydata.example";

/// `[service]`: what citizens are told about the service, and the files of its logo. Every key is optional. A text or an address
/// is one for all languages, or a table by language.
///
/// Environment: `MYDATA_SERVICE__NAME`, `__ORGANISATION`, `__ORGANISATION_URL`, `__CONTACT_URL`, `__CONTACT_EMAIL`, `__CONTACT_PHONE`,
/// `__HELP_URL`, `__PRIVACY_URL`, `__COOKIES_URL`, `__TERMS_URL`, `__ACCESSIBILITY_URL`, and for one language `MYDATA_SERVICE__NAME__NL`;
/// `MYDATA_SERVICE__ACCENT`, `__ACCENT_DARK`, `__PHASE`, `__TIME_ZONE`.
pub(super) fn read(source: &mut Source, public_url: Option<&PublicUrl>) -> (Service, Vec<LogoFile>) {
    let languages = languages(source).unwrap_or_default();
    let default = languages.default_one();
    let mut text = |key: &str, expected: &str, parse: &dyn Fn(&str) -> Option<String>| {
        localized::read(source, &format!("service.{key}"), expected, default, parse)
    };
    // A page that replaces ours cannot be ours: it would redirect forever.
    let replacement =
        |address: &str| page(address).filter(|address| !public_url.is_some_and(|site| is_own(address, site)));
    let service = Service {
        name: text("name", NAME, &name),
        organisation: text("organisation", NAME, &name),
        organisation_url: text("organisation_url", Endpoint::EXPECTED, &page),
        contact_url: text("contact_url", ADDRESS, &contact),
        contact_email: text("contact_email", "an email address such as help@mydata.example", &email),
        contact_phone: text("contact_phone", "a telephone number such as +32 2 555 12 34", &phone),
        help_url: text("help_url", Endpoint::EXPECTED, &page),
        privacy_url: text("privacy_url", Endpoint::EXPECTED, &page),
        cookies_url: text("cookies_url", REPLACEMENT, &replacement),
        terms_url: text("terms_url", Endpoint::EXPECTED, &page),
        accessibility_url: text("accessibility_url", REPLACEMENT, &replacement),
        accessibility: accessibility::read(source, default),
        accent: accent(source),
        phase: source.with_default("service.phase", "none, test or beta", "none", phase).unwrap_or_default(),
        time_zone: source
            .with_default("service.time_zone", TIME_ZONE, "Europe/Brussels", TimeZone::named)
            .unwrap_or_default(),
        logo: None,
        // The renderer knows.
        has_assistant: false,
        languages,
    };
    let (logo, files) = logo::read(source, service.organisation.is_some());
    (Service { logo, ..service }, files)
}

/// `service.languages`, which is every language that has texts by default, and `service.default_language`.
///
/// Environment: `MYDATA_SERVICE__LANGUAGES` (words), `__DEFAULT_LANGUAGE`.
fn languages(source: &mut Source) -> Option<Languages> {
    const KEY: &str = "service.languages";
    let offered = source.list(KEY).map_or_else(
        || Some(Language::ALL.to_vec()),
        |tags| tags.iter().map(|tag| Language::of_tag(tag)).collect::<Option<Vec<_>>>(),
    );
    let is_repeated =
        |offered: &Vec<Language>| (1..offered.len()).any(|index| offered[..index].contains(&offered[index]));
    let offered = offered.filter(|offered| !is_repeated(offered));
    if offered.is_none() {
        source.fault(KEY, format!("expected languages of this list, each once: {}", Language::tags(Language::ALL)));
    }
    let default = source.optional("service.default_language", "a language of service.languages", Language::of_tag);
    let offered = offered?;
    // Where English is not offered, the first language is the default.
    let usual = offered.iter().copied().find(|&language| language == Language::En).or_else(|| offered.first().copied());
    let default = default.or(usual)?;
    let languages = Languages::new(offered, default);
    if languages.is_none() {
        source.fault("service.default_language", "expected a language of service.languages");
    }
    languages
}

/// `service.accent` and `service.accent_dark`, which is derived from it by default.
fn accent(source: &mut Source) -> Option<Accent> {
    const EXPECTED: &str = "a colour such as #1246a6";
    let [light_key, dark_key] = ["service.accent", "service.accent_dark"];
    let has_light = source.has(light_key);
    let light = source.optional(light_key, EXPECTED, Colour::parse);
    let dark = source.optional(dark_key, EXPECTED, Colour::parse);
    if dark.is_some() && !has_light {
        source.fault(light_key, format!("is missing; expected {EXPECTED}, because {dark_key} is set"));
    }
    let mut readable = |key: &str, accent: Result<Accent, LowContrast>, change: &str| {
        accent
            .map_err(|LowContrast { ratio, with }| {
                let problem =
                    format!("has a contrast of {ratio:.2} with {with}; expected a {change} colour, with at least 4.50");
                source.fault(key, problem);
            })
            .ok()
    };
    let accent = readable(light_key, Accent::new(light?), "darker")?;
    match dark {
        Some(dark) => readable(dark_key, accent.with_dark(dark), "lighter"),
        None => Some(accent),
    }
}

fn phase(text: &str) -> Option<Phase> {
    match text {
        "none" => Some(Phase::None),
        "test" => Some(Phase::Test),
        "beta" => Some(Phase::Beta),
        _ => None,
    }
}

/// At most 60 characters, to fit the header of a page that is 320 pixels wide.
fn name(text: &str) -> Option<String> {
    // A blank name cannot be read, and a directional character would also change the text after it.
    let is_plain = |name: &String| !name.trim().is_empty() && !name.contains(turns_direction);
    non_empty(text).filter(|name| name.chars().count() <= 60).filter(is_plain)
}

/// The directional formatting characters of Unicode (UAX 9, section 2).
const fn turns_direction(character: char) -> bool {
    matches!(character, '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn page(text: &str) -> Option<String> {
    // Unlike an endpoint, a page may have a query or a fragment.
    let bare = text.split(['?', '#']).next().unwrap_or_default();
    Endpoint::parse(bare)?;
    let rest = &text[bare.len()..];
    (!rest.contains(|character: char| character.is_control() || character.is_whitespace())).then(|| text.to_owned())
}

/// Whether `address` is one of the pages that another one can replace. Its path can be written in several ways.
fn is_own(address: &str, site: &PublicUrl) -> bool {
    let Ok(url) = Url::parse(address) else { return false };
    let path = percent_decode_str(url.path()).decode_utf8_lossy();
    url.origin().ascii_serialization() == site.origin() && ["/accessibility", "/cookies"].contains(&&*path)
}

pub(super) fn contact(text: &str) -> Option<String> {
    page(text).or_else(|| is_mail(text).then(|| text.to_owned()))
}

fn email(text: &str) -> Option<String> {
    (!text.contains([':', '?']) && is_mail(&format!("mailto:{text}"))).then(|| text.to_owned())
}

/// Digits, perhaps with a plus sign before them (RFC 3966, 3) and with what separates them for reading.
fn phone(text: &str) -> Option<String> {
    let (first, rest) = text.split_at_checked(1)?;
    let is_separated =
        |text: &str| text.chars().all(|char| char.is_ascii_digit() || matches!(char, ' ' | '-' | '.' | '/'));
    let digits = text.chars().filter(char::is_ascii_digit).count();
    // At most 15 (E.164), and a few with a short number.
    let is_number = (first == "+" || is_separated(first)) && is_separated(rest) && (3..=15).contains(&digits);
    (is_number && text.ends_with(|char: char| char.is_ascii_digit())).then(|| text.to_owned())
}

/// Whether `text` is a mailto address (RFC 6068) of one mailbox, perhaps with a subject and a body. Other header fields could send
/// what citizens write to somebody else.
fn is_mail(text: &str) -> bool {
    let Some(url) = Url::parse(text).ok().filter(|_| text.starts_with("mailto:")) else { return false };
    let one_mailbox = url.path().split_once('@').is_some_and(|(mailbox, host)| {
        !mailbox.is_empty() && !host.is_empty() && !host.contains(['@', ',']) && !mailbox.contains(',')
    });
    let plain_fields = url
        .query_pairs()
        .all(|(name, value)| ["subject", "body"].contains(&name.as_ref()) && !value.contains(char::is_control));
    let is_ascii = text.chars().all(|character| character.is_ascii_graphic());
    one_mailbox && plain_fields && is_ascii && url.fragment().is_none()
}

#[cfg(test)]
mod formats {
    use super::*;

    #[test]
    fn a_contact_is_a_page_or_an_email_address() {
        for good in [
            "https://mydata.example/help",
            "https://mydata.example/help?topic=sign-in#form",
            "mailto:help@mydata.example",
            "mailto:help@mydata.example?subject=My%20Data",
            "http://127.0.0.1:3000/help",
        ] {
            assert_eq!(contact(good).as_deref(), Some(good));
        }
        for bad in [
            "",
            "help@mydata.example",
            "mailto:",
            "mailto:help",
            "mailto:a@b@c",
            "mailto:a@b.example,c@d.example",
            "mailto:a@b.example?bcc=c@d.example",
            "mailto:a@b.example?subject=x%0d%0ay",
            "mailto:a@b.example#x",
            "MAILTO:help@mydata.example",
            "mailto:he lp@mydata.example",
            "http://mydata.example/help",
            "javascript:alert(1)",
            "https://user@mydata.example/",
            "https://mydata.example/help\n",
            "tel:+3222222222",
            "//mydata.example",
        ] {
            assert_eq!(contact(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn an_email_address_is_one_mailbox() {
        assert_eq!(email("help@mydata.example").as_deref(), Some("help@mydata.example"));
        for bad in
            ["", "help", "mailto:help@a.example", "a@b.example?subject=x", "a@b.example,c@d.example", "a b@c.example"]
        {
            assert_eq!(email(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn a_telephone_number_can_be_dialled() {
        for good in ["+32 2 555 12 34", "1819", "0800-12.345", "02/555 12 34"] {
            assert_eq!(phone(good).as_deref(), Some(good));
        }
        for bad in [
            "",
            "+",
            "12",
            "+32 (0)2 555 12 34",
            "tel:1819",
            "0800 EXAMPLE",
            "1819 ",
            "++32255",
            "1234567890123456",
            "٣٤٥٦",
        ] {
            assert_eq!(phone(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn a_statement_is_a_page() {
        assert!(page("https://mydata.example/privacy#top").is_some());
        for bad in ["mailto:help@mydata.example", "privacy", "http://mydata.example/", "https://a b/"] {
            assert_eq!(page(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn a_name_is_visible_and_keeps_the_writing_direction() {
        assert!(name("Mijn gegevens").is_some());
        for bad in ["", " ", "\u{a0}", "My\u{202e}Data", "My Data\u{2069}", "a\nb", &"x".repeat(61)] {
            assert_eq!(name(bad), None, "{bad:?}");
        }
    }
}

#[cfg(test)]
mod tests;
