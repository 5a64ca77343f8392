//! What the operator says about the service: its name, and the links that citizens need.

use std::borrow::Cow;

use crate::texts::Language;

/// The service as citizens know it. Everything is optional; the pages promise nothing that is not given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Service {
    /// Its name, in the header and in every title.
    pub name: Option<String>,
    /// The organisation that provides it.
    pub organisation: Option<String>,
    /// Where citizens get help: an `https:` or a `mailto:` address.
    pub contact_url: Option<String>,
    /// The privacy notice.
    pub privacy_url: Option<String>,
    /// The accessibility statement.
    pub accessibility_url: Option<String>,
}

impl Service {
    /// The given name, or the default one.
    pub(crate) fn name(&self, language: Language) -> Cow<'_, str> {
        self.name.as_deref().map_or_else(|| language.text("site-name"), Cow::Borrowed)
    }

    /// The contact for a citizen who needs help, if there is one.
    pub(crate) fn contact(&self, language: Language) -> Option<Contact> {
        let href = self.contact_url.clone()?;
        let name = self.organisation.clone().unwrap_or_else(|| self.name(language).into_owned());
        Some(Contact { href, name })
    }
}

/// Whom a citizen can ask, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Contact {
    pub(crate) href: String,
    /// The organisation, or else the service.
    pub(crate) name: String,
}

impl Contact {
    /// The bare email address, for reading, where the contact is one (RFC 6068, 2).
    pub(crate) fn email(&self) -> Option<&str> {
        let address = self.href.strip_prefix("mailto:")?;
        Some(address.split_once('?').map_or(address, |(address, _)| address))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contact(service: Service) -> Option<Contact> {
        service.contact(Language::En)
    }

    #[test]
    fn a_contact_is_named_after_the_organisation_or_else_the_service() {
        let url = Some("https://help.example".to_owned());
        let named = Service { contact_url: url.clone(), name: Some("Kiosk".to_owned()), ..Service::default() };
        assert_eq!(contact(named.clone()).map(|contact| contact.name).as_deref(), Some("Kiosk"));
        let organised = Service { organisation: Some("The town".to_owned()), ..named };
        assert_eq!(contact(organised).map(|contact| contact.name).as_deref(), Some("The town"));
        let bare = Service { contact_url: url, ..Service::default() };
        assert_eq!(contact(bare).map(|contact| contact.name).as_deref(), Some("My Data"));
        assert_eq!(contact(Service::default()), None);
    }

    #[test]
    fn only_a_mail_contact_has_an_email_address() {
        let email = |href: &str| Contact { href: href.to_owned(), name: String::new() }.email().map(str::to_owned);
        assert_eq!(email("mailto:help@town.example?subject=Help").as_deref(), Some("help@town.example"));
        assert_eq!(email("mailto:help@town.example").as_deref(), Some("help@town.example"));
        assert_eq!(email("https://town.example/help"), None);
    }
}
