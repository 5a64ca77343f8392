//! What the operator says about the service: its name, who provides it, and where citizens find help.

mod accent;
mod contact;
mod statement;

use std::borrow::Cow;

pub(crate) use self::contact::Contact;
pub use self::{
    accent::{Accent, LowContrast},
    statement::{Conformance, Enforcement, Exception, Law, Method, Reason, Statement},
};
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
    /// The organisation's own site.
    pub organisation_url: Option<Localized>,
    /// The organisation's logo.
    pub logo: Option<Logo>,
    /// The colour of links and buttons, if it is not the one of the style sheet.
    pub accent: Option<Accent>,
    /// Whether the service is still being tried out.
    pub phase: Phase,
    /// Where citizens get help: an `https:` or a `mailto:` address.
    pub contact_url: Option<Localized>,
    /// The email address for help.
    pub contact_email: Option<Localized>,
    /// The telephone number for help.
    pub contact_phone: Option<Localized>,
    /// Pages that explain the service.
    pub help_url: Option<Localized>,
    /// The privacy notice.
    pub privacy_url: Option<Localized>,
    /// The page about cookies that replaces `/cookies`.
    pub cookies_url: Option<Localized>,
    /// The terms of use.
    pub terms_url: Option<Localized>,
    /// The accessibility statement that replaces `/accessibility`.
    pub accessibility_url: Option<Localized>,
    /// What `/accessibility` declares.
    pub accessibility: Option<Statement>,
    /// Whether case workers have the assistant.
    pub has_assistant: bool,
}

/// A logo on light and on dark screens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logo {
    /// On light screens, and on dark ones if there is no other.
    pub light: Image,
    /// On dark screens.
    pub dark: Option<Image>,
    /// Whether the logo shows the name of the organisation, so that the header does not repeat it.
    pub has_name: bool,
}

/// A picture that this site serves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// Its path on this site.
    pub path: String,
    /// Its width, for the proportions.
    pub width: u32,
    /// Its height.
    pub height: u32,
}

/// Whether the service is still being tried out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Phase {
    /// It is in use, and no page says anything about it.
    #[default]
    None,
    /// It is tested: what is saved may be deleted.
    Test,
    /// It is new, and still being improved.
    Beta,
}

impl Service {
    /// The given name, or the default one.
    pub fn name(&self, language: Language) -> Cow<'_, str> {
        self.name.as_ref().map_or_else(|| language.text(say::SITE_NAME), |name| Cow::Borrowed(name.get(language)))
    }

    /// The contact for a citizen who needs help, if there is one.
    pub(crate) fn contact(&self, language: Language) -> Option<Contact> {
        let organisation = self.organisation.as_ref().map(|organisation| organisation.get(language).to_owned());
        Contact::all(self, language).into_iter().next().map(|contact| Contact {
            name: organisation.unwrap_or_else(|| self.name(language).into_owned()),
            ..contact
        })
    }

    /// The style rules that this service adds to the style sheet.
    pub fn style(&self) -> String {
        self.accent.as_ref().map(Accent::style).unwrap_or_default()
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

/// A text or an address of the operator for every language. One that an operator did not translate is in another language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Localized(Vec<Text>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Text {
    text: String,
    /// `None` for a text that serves all languages, such as a name.
    language: Option<Language>,
}

impl Localized {
    /// The text that `text` gives for each language, in that language.
    pub fn new(mut text: impl FnMut(Language) -> String) -> Self {
        Self::with_fallback(|language| Some(text(language)), "", None)
    }

    /// The text that `text` gives for each language, or else `fallback`, which is in `language` or serves all languages.
    pub fn with_fallback(
        mut text: impl FnMut(Language) -> Option<String>,
        fallback: &str,
        language: Option<Language>,
    ) -> Self {
        let of = |own: Language| match text(own) {
            Some(text) => Text { text, language: Some(own) },
            None => Text { text: fallback.to_owned(), language },
        };
        Self(Language::ALL.iter().copied().map(of).collect())
    }

    /// The text for `language`.
    pub fn get(&self, language: Language) -> &str {
        self.0.get(language as usize).map_or("", |text| &text.text)
    }

    /// The language that the text for `language` is in, unless it is the same or serves all languages.
    pub fn other_language(&self, language: Language) -> Option<Language> {
        self.0.get(language as usize)?.language.filter(|&own| own != language)
    }

    /// The value of `lang` for an element that shows the text on a page in `language`, if it needs one (WCAG 2.2, 3.1.2).
    pub(crate) fn lang(&self, language: Language) -> Option<&'static str> {
        self.other_language(language).map(Language::tag)
    }
}

impl From<&str> for Localized {
    /// The same text in every language.
    fn from(text: &str) -> Self {
        Self::with_fallback(|_| None, text, None)
    }
}
