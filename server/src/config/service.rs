use app::{Languages, Localized, Service, TimeZone, texts::Language};
use url::Url;

use super::{Endpoint, Source, cognito::non_empty};

/// `[service]`: what citizens are told about the service. Every key is optional.
///
/// Environment: `MYDATA_SERVICE__NAME`, `__ORGANISATION`, `__CONTACT_URL`, `__PRIVACY_URL`, `__ACCESSIBILITY_URL`,
/// `__TIME_ZONE`.
pub(super) fn read(source: &mut Source) -> Option<Service> {
    let languages = languages(source);
    let expected = "a time zone of the IANA database, such as Europe/Brussels";
    let time_zone = source.with_default("service.time_zone", expected, "Europe/Brussels", TimeZone::named);
    let mut is_good = languages.is_some() && time_zone.is_some();
    let mut read = |key: &str, expected: &str, parse: fn(&str) -> Option<String>| {
        let is_set = source.has(key);
        let value = source.optional(key, expected, parse);
        is_good &= value.is_some() || !is_set;
        value
    };
    let texts = |text: Option<String>| text.as_deref().map(Localized::from);
    let service = Service {
        languages: languages.unwrap_or_default(),
        time_zone: time_zone.unwrap_or_default(),
        name: texts(read("service.name", "a name of 60 characters or fewer", name)),
        organisation: texts(read("service.organisation", "a name of 60 characters or fewer", name)),
        contact_url: read(
            "service.contact_url",
            "an https address or a mailto address such as mailto:help@mydata.example",
            contact,
        ),
        privacy_url: read("service.privacy_url", Endpoint::EXPECTED, page),
        accessibility_url: read("service.accessibility_url", Endpoint::EXPECTED, page),
    };
    is_good.then_some(service)
}

/// `service.languages`, which is every language that has texts by default, and `service.default_language`.
///
/// Environment: `MYDATA_SERVICE__LANGUAGES` (words), `__DEFAULT_LANGUAGE`.
fn languages(source: &mut Source) -> Option<Languages> {
    const KEY: &str = "service.languages";
    let known = Language::ALL.iter().map(|language| language.tag()).collect::<Vec<_>>().join(", ");
    let offered = source.list(KEY).map_or_else(
        || Some(Language::ALL.to_vec()),
        |tags| tags.iter().map(|tag| Language::of_tag(tag)).collect::<Option<Vec<_>>>(),
    );
    let is_repeated =
        |offered: &Vec<Language>| (1..offered.len()).any(|index| offered[..index].contains(&offered[index]));
    let offered = offered.filter(|offered| !is_repeated(offered));
    if offered.is_none() {
        source.fault(KEY, format!("expected languages of this list, each once: {known}"));
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

pub(super) fn contact(text: &str) -> Option<String> {
    page(text).or_else(|| is_mail(text).then(|| text.to_owned()))
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
mod tests {
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
