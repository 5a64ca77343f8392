//! What the operator says about the service: its name, and the links that citizens need.

use std::borrow::Cow;

use crate::{
    texts::{Language, say},
    time_zone::TimeZone,
};

/// The service as citizens know it. Everything is optional; the pages promise nothing that is not given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Service {
    /// The languages that its pages are offered in.
    pub languages: Languages,
    /// The zone that its times are shown in.
    pub time_zone: TimeZone,
    /// Its name, in the header and in every title.
    pub name: Option<Localized>,
    /// The organisation that provides it.
    pub organisation: Option<Localized>,
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
        self.name.as_ref().map_or_else(|| language.text(say::SITE_NAME), |name| Cow::Borrowed(name.get(language)))
    }

    /// The contact for a citizen who needs help, if there is one.
    pub(crate) fn contact(&self, language: Language) -> Option<Contact> {
        let href = self.contact_url.clone()?;
        let organisation = self.organisation.as_ref().map(|organisation| organisation.get(language).to_owned());
        let name = organisation.unwrap_or_else(|| self.name(language).into_owned());
        Some(Contact { href, name })
    }
}

/// The languages that the pages are offered in. There is at least one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Languages {
    offered: Vec<Language>,
    default: Language,
}

impl Languages {
    /// `offered`, in the order shown, with `default` for visitors who prefer none of them. `None` if it is not one of them.
    pub fn new(offered: Vec<Language>, default: Language) -> Option<Self> {
        offered.contains(&default).then_some(Self { offered, default })
    }

    /// The languages in the order shown.
    pub fn offered(&self) -> &[Language] {
        &self.offered
    }

    /// The language for a visitor who prefers none of them.
    pub const fn default_one(&self) -> Language {
        self.default
    }
}

impl Default for Languages {
    /// Every language; English for visitors who prefer none of them.
    fn default() -> Self {
        Self { offered: Language::ALL.to_vec(), default: Language::En }
    }
}

/// A text of the operator in every language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Localized(Vec<String>);

impl Localized {
    /// The text that `text` gives for each language.
    pub fn new(text: impl FnMut(Language) -> String) -> Self {
        Self(Language::ALL.iter().copied().map(text).collect())
    }

    /// The text in `language`.
    pub fn get(&self, language: Language) -> &str {
        self.0.get(language as usize).map_or("", String::as_str)
    }
}

impl From<&str> for Localized {
    /// The same text in every language.
    fn from(text: &str) -> Self {
        Self::new(|_| text.to_owned())
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
        let email = |href: &str| Contact { href: href.to_owned(), name: String::new() }.email().map(str::to_owned);
        assert_eq!(email("mailto:help@town.example?subject=Help").as_deref(), Some("help@town.example"));
        assert_eq!(email("mailto:help@town.example").as_deref(), Some("help@town.example"));
        assert_eq!(email("https://town.example/help"), None);
    }
}
