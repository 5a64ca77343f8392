//! One page a file. [`Body`] names them all, so that the server can answer with any of them at any address.

pub mod failure;
pub mod home;
pub mod my_data;
pub mod profile;

use leptos::prelude::*;

use self::{failure::Failure, home::Home, my_data::MyData, profile::Profile};
use crate::{Page, texts::Language};

/// What stands in the middle of a document.
#[derive(Clone, Debug)]
pub enum Body {
    /// `/`
    Home(Home),
    /// `/profile`
    Profile(Profile),
    /// `/my-data`, and what a save answers when it did not save.
    MyData(MyData),
    /// Anything that went wrong.
    Failure(Failure),
}

impl Body {
    /// The title of the document: the page, then the site.
    pub(crate) fn title(&self, language: Language) -> String {
        let site = language.text("site-name");
        match self {
            Self::Home(_) | Self::MyData(_) => site.into_owned(),
            Self::Profile(_) => format!("{} – {site}", language.text("profile-heading")),
            Self::Failure(failure) => format!("{} – {site}", failure.heading(language)),
        }
    }

    /// Where the page is, for those that the navigation leads to.
    pub(crate) const fn address(&self) -> Option<&'static str> {
        match self {
            Self::Profile(_) => Some("/profile"),
            Self::MyData(_) => Some("/my-data"),
            Self::Home(_) | Self::Failure(_) => None,
        }
    }

    /// Whether the island has work on this page. Every other page needs no script at all.
    pub(crate) const fn is_enhanced(&self) -> bool {
        matches!(self, Self::MyData(_))
    }

    pub(crate) fn into_view(self, page: &Page) -> AnyView {
        let language = page.language;
        match self {
            Self::Home(home) => home::view(home, language, page.citizen.as_deref()).into_any(),
            Self::Profile(profile) => profile::view(profile, language).into_any(),
            Self::MyData(my_data) => my_data::view(my_data, language).into_any(),
            Self::Failure(failure) => failure::view(failure, language).into_any(),
        }
    }
}
