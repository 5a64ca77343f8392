//! One file for each page. [`Body`] names them all, so that the server can answer with any of them at any address.

pub mod failure;
pub mod home;
pub mod my_data;
pub mod profile;

use std::borrow::Cow;

use leptos::prelude::*;

use self::{failure::FailurePage, home::HomePage, my_data::MyDataPage, profile::ProfilePage};
use crate::{assets::Assets, page::Page, texts::say};

/// What stands in the middle of a document.
#[derive(Clone, Debug)]
pub enum Body {
    /// `/`
    Home(HomePage),
    /// `/profile`
    Profile(ProfilePage),
    /// `/my-data`, and the answer to a save that failed.
    MyData(MyDataPage),
    /// Anything that went wrong.
    Failure(FailurePage),
}

impl Body {
    /// The title of the document: the page, then the service. Where both have the same name it stands there once.
    pub(crate) fn title(&self, page: &Page) -> String {
        let Page { language, service, .. } = page;
        let service = service.name(*language);
        let heading: Cow<'_, str> = match self {
            Self::Home(_) => return service.into_owned(),
            Self::MyData(_) => language.text(say::MY_DATA_HEADING),
            Self::Profile(_) => language.text(say::PROFILE_HEADING),
            Self::Failure(failure) => failure.heading(*language),
        };
        if heading == service { service.into_owned() } else { format!("{heading} – {service}") }
    }

    /// The address of the page, for those in the navigation.
    pub(crate) const fn address(&self) -> Option<&'static str> {
        match self {
            Self::Profile(_) => Some("/profile"),
            Self::MyData(_) => Some("/my-data"),
            Self::Home(_) | Self::Failure(_) => None,
        }
    }

    /// Whether the island has work on this page. Every other page needs no script.
    pub(crate) const fn is_enhanced(&self) -> bool {
        matches!(self, Self::MyData(_))
    }

    /// Whether the page has a script: the enhancer, or the one that reloads the page under `cargo leptos watch`.
    pub const fn has_script(&self, assets: &Assets) -> bool {
        (self.is_enhanced() && assets.enhancer.is_some()) || assets.watch.is_some()
    }

    pub(crate) fn into_view(self, page: &Page) -> AnyView {
        match self {
            Self::Home(home) => home::view(home, page).into_any(),
            Self::Profile(profile) => profile::view(profile, page.language).into_any(),
            Self::MyData(my_data) => my_data::view(my_data, page.language).into_any(),
            Self::Failure(failure) => failure::view(failure, page).into_any(),
        }
    }
}
