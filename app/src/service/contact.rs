use super::Service;
use crate::texts::{Language, say};

/// A way to ask for help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Contact {
    /// The address of the link.
    pub(crate) href: String,
    /// What the link is called.
    pub(crate) name: String,
    /// The email address or the telephone number, for reading.
    pub(crate) address: Option<String>,
}

impl Contact {
    /// Every way that the service gives, always in this order (WCAG 2.2, 3.2.6). Each is called by what it is.
    pub(crate) fn all(service: &Service, language: Language) -> Vec<Self> {
        let Service { contact_url, contact_email, contact_phone, .. } = service;
        let page = contact_url.as_ref().map(|url| url.get(language)).map(|url| Self {
            href: url.to_owned(),
            name: language.text(say::FOOTER_CONTACT).into_owned(),
            address: email_of(url).map(str::to_owned),
        });
        let email = contact_email.as_ref().map(|email| email.get(language)).map(|email| Self {
            href: format!("mailto:{email}"),
            name: say::contact_email(language, email),
            address: Some(email.to_owned()),
        });
        let phone = contact_phone.as_ref().map(|phone| phone.get(language)).map(|phone| Self {
            href: format!("tel:{}", phone.replace(|char: char| !char.is_ascii_digit() && char != '+', "")),
            name: unbroken(&say::contact_phone(language, phone)),
            address: Some(unbroken(phone)),
        });
        [page, email, phone].into_iter().flatten().collect()
    }
}

/// `text` with spaces that no line breaks at: half a number cannot be dialled.
fn unbroken(text: &str) -> String {
    text.replace(' ', "\u{a0}")
}

/// The bare email address of a `mailto:` address (RFC 6068, 2).
fn email_of(href: &str) -> Option<&str> {
    let address = href.strip_prefix("mailto:")?;
    Some(address.split_once('?').map_or(address, |(address, _)| address))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contact(service: Service) -> Option<Contact> {
        service.contact(Language::En)
    }

    #[test]
    fn a_contact_is_named_after_the_organisation_or_else_the_service() {
        let url = Some("https://help.example".into());
        let named = Service { contact_url: url.clone(), name: Some("Kiosk".into()), ..Service::default() };
        assert_eq!(contact(named.clone()).map(|contact| contact.name).as_deref(), Some("Kiosk"));
        let organised = Service { organisation: Some("The town".into()), ..named };
        assert_eq!(contact(organised).map(|contact| contact.name).as_deref(), Some("The town"));
        let bare = Service { contact_url: url, ..Service::default() };
        assert_eq!(contact(bare).map(|contact| contact.name).as_deref(), Some("My Data"));
        assert_eq!(contact(Service::default()), None);
    }

    #[test]
    fn only_a_mail_contact_has_an_email_address() {
        assert_eq!(email_of("mailto:help@town.example?subject=Help"), Some("help@town.example"));
        assert_eq!(email_of("mailto:help@town.example"), Some("help@town.example"));
        assert_eq!(email_of("https://town.example/help"), None);
    }

    #[test]
    fn a_page_comes_first_then_email_then_telephone() {
        let service = Service {
            contact_url: Some("https://town.example/contact".into()),
            contact_email: Some("help@town.example".into()),
            contact_phone: Some("+32 2 555 12-34".into()),
            ..Service::default()
        };
        let hrefs = |service: &Service| -> Vec<_> {
            Contact::all(service, Language::En).into_iter().map(|contact| contact.href).collect()
        };
        let all = ["https://town.example/contact", "mailto:help@town.example", "tel:+3225551234"];
        assert_eq!(hrefs(&service), all);
        let without_page = Service { contact_url: None, ..service.clone() };
        assert_eq!(hrefs(&without_page), all[1..]);
        assert_eq!(contact(without_page).and_then(|contact| contact.address).as_deref(), Some("help@town.example"));
        let phone_only = Service { contact_url: None, contact_email: None, ..service };
        assert_eq!(
            contact(phone_only).and_then(|contact| contact.address).as_deref(),
            Some("+32\u{a0}2\u{a0}555\u{a0}12-34")
        );
    }
}
