use url::Url;

use super::{Endpoint, Source, cognito::non_empty};

/// `[service]`: what citizens are told about the service. Every key is optional.
///
/// Environment: `MYDATA_SERVICE__NAME`, `__ORGANISATION`, `__CONTACT_URL`, `__PRIVACY_URL`, `__ACCESSIBILITY_URL`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Service {
    /// `name`: the name in the header and in page titles. Default: "My Data".
    pub name: Option<String>,
    /// `organisation`: the organisation that runs the service, for the footer and beside the contact.
    pub organisation: Option<String>,
    /// `contact_url`: where citizens get help: a page or an email address (`mailto:`).
    pub contact_url: Option<String>,
    /// `privacy_url`: the privacy statement.
    pub privacy_url: Option<String>,
    /// `accessibility_url`: the accessibility statement.
    pub accessibility_url: Option<String>,
}

impl Service {
    pub(super) fn read(source: &mut Source) -> Option<Self> {
        let mut is_good = true;
        let mut read = |key: &str, expected: &str, parse: fn(&str) -> Option<String>| {
            let is_set = source.has(key);
            let value = source.optional(key, expected, parse);
            is_good &= value.is_some() || !is_set;
            value
        };
        let service = Self {
            name: read("service.name", "a name of 60 characters or fewer", name),
            organisation: read("service.organisation", "a name of 60 characters or fewer", name),
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
}

/// At most 60 characters, to fit the header of a page that is 320 pixels wide.
fn name(text: &str) -> Option<String> {
    non_empty(text).filter(|name| name.chars().count() <= 60)
}

fn page(text: &str) -> Option<String> {
    // Unlike an endpoint, a page may have a query or a fragment.
    let bare = text.split(['?', '#']).next().unwrap_or_default();
    Endpoint::parse(bare)?;
    let rest = &text[bare.len()..];
    (!rest.contains(|character: char| character.is_control() || character.is_whitespace())).then(|| text.to_owned())
}

fn contact(text: &str) -> Option<String> {
    let is_mail = || {
        let (mailbox, host) = Url::parse(text)
            .ok()
            .filter(|url| url.scheme() == "mailto")?
            .path()
            .split_once('@')
            .map(|(mailbox, host)| (mailbox.to_owned(), host.to_owned()))?;
        let is_plain = text.starts_with("mailto:") && text.chars().all(|character| character.is_ascii_graphic());
        (is_plain && !mailbox.is_empty() && !host.is_empty() && !host.contains('@')).then(|| text.to_owned())
    };
    page(text).or_else(is_mail)
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
}
