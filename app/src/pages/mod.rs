//! One file for each page. [`Body`] names them all, so that the server can answer with any of them at any address.

pub mod accessibility;
pub mod activity;
pub mod assistant;
pub mod cookies;
pub mod delete;
pub mod documents;
pub mod failure;
pub mod home;
pub mod my_data;
pub mod not_me;
pub mod problems;
pub mod profile;
pub mod receipt;

use leptos::prelude::*;

use self::{
    accessibility::AccessibilityPage,
    activity::ActivityPage,
    assistant::AssistantPage,
    cookies::CookiesPage,
    delete::DeletePage,
    documents::{DocumentsPage, FolderPage},
    failure::FailurePage,
    home::HomePage,
    my_data::MyDataPage,
    not_me::NotMePage,
    problems::ProblemsPage,
    profile::ProfilePage,
    receipt::ReceiptPage,
};
use crate::{
    assets::Assets,
    page::{Page, Switch},
    texts::say,
};

/// What stands in the middle of a document.
#[derive(Clone, Debug)]
pub enum Body {
    /// `/`
    Home(HomePage),
    /// `/profile`
    Profile(ProfilePage),
    /// `/my-data`, and the answer to a save that failed.
    MyData(MyDataPage),
    /// `/activity`
    Activity(ActivityPage),
    /// `/activity/not-me`
    NotMe(NotMePage),
    /// `/my-data/delete`
    Delete(DeletePage),
    /// `/deleted`
    Receipt(ReceiptPage),
    /// `/documents`
    Documents(DocumentsPage),
    /// `/documents/folder`
    Folder(FolderPage),
    /// `/assistant`
    Assistant(AssistantPage),
    /// `/accessibility`
    Accessibility(AccessibilityPage),
    /// `/cookies`
    Cookies(CookiesPage),
    /// `/problems`
    Problems(ProblemsPage),
    /// Anything that went wrong.
    Failure(FailurePage),
}

impl Body {
    /// The title of the document: the page, then the service. Where both have the same name it stands there once.
    pub(crate) fn title(&self, page: &Page) -> String {
        let Page { language, service, .. } = page;
        let name = service.name(*language);
        let (heading, is_error) = match self {
            Self::Home(_) => return name.into_owned(),
            Self::MyData(my_data) => my_data.title(),
            Self::Profile(_) => (say::PROFILE_HEADING, false),
            Self::Accessibility(_) => (AccessibilityPage::heading(service), false),
            Self::Cookies(_) => (say::COOKIES_HEADING, false),
            Self::Activity(activity) => (activity.title(), false),
            Self::NotMe(_) => (say::NOT_ME_HEADING, false),
            Self::Delete(_) => (say::DELETE_HEADING, false),
            Self::Receipt(receipt) => (receipt.heading(), false),
            Self::Documents(_) => (say::DOCUMENTS_HEADING, false),
            Self::Folder(folder) => return format!("{} – {name}", folder.heading(*language)),
            Self::Assistant(assistant) => assistant.title(),
            Self::Problems(_) => (say::PROBLEMS_HEADING, false),
            Self::Failure(failure) => (failure.heading(), false),
        };
        let heading = language.text(heading);
        let title = if heading == name { name.into_owned() } else { format!("{heading} – {name}") };
        if is_error { say::error_title(*language, title) } else { title }
    }

    /// The address of the page, for those in the navigation.
    pub(crate) const fn address(&self) -> Option<&'static str> {
        match self {
            Self::Profile(_) => Some("/profile"),
            Self::MyData(_) => Some("/my-data"),
            Self::Activity(_) => Some("/activity"),
            Self::Documents(_) => Some(documents::ADDRESS),
            Self::Assistant(_) => Some(assistant::ADDRESS),
            Self::Home(_)
            | Self::NotMe(_)
            | Self::Delete(_)
            | Self::Receipt(_)
            | Self::Folder(_)
            | Self::Accessibility(_)
            | Self::Cookies(_)
            | Self::Problems(_)
            | Self::Failure(_) => None,
        }
    }

    /// How the page offers itself in the other languages.
    pub(crate) fn switch(&self) -> Switch {
        match self {
            Self::Home(home) => Switch::Links { query: home.query.clone() },
            Self::Activity(activity) => Switch::Links { query: activity.query.clone() },
            Self::NotMe(not_me) => Switch::Links { query: not_me.query.clone() },
            Self::Receipt(receipt) => Switch::Links { query: receipt.query.clone() },
            Self::Folder(folder) => Switch::Links { query: Some(folder.address.query()) },
            Self::Profile(_)
            | Self::Documents(_)
            | Self::Delete(_)
            | Self::Accessibility(_)
            | Self::Cookies(_)
            | Self::Problems(_) => Switch::Links { query: None },
            Self::MyData(_) => Switch::Form,
            Self::Assistant(_) => AssistantPage::switch(),
            Self::Failure(failure) => failure.switch.clone(),
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
            Self::Profile(profile) => profile::view(profile, page).into_any(),
            Self::MyData(my_data) => my_data::view(my_data, page).into_any(),
            Self::Accessibility(accessibility) => accessibility::view(accessibility, page).into_any(),
            Self::Cookies(cookies) => cookies::view(cookies, page.language).into_any(),
            Self::Activity(activity) => activity::view(activity, page).into_any(),
            Self::NotMe(not_me) => not_me::view(not_me, page).into_any(),
            Self::Delete(delete) => delete::view(delete, page.language).into_any(),
            Self::Receipt(receipt) => receipt::view(receipt, page).into_any(),
            Self::Documents(documents) => documents::view(documents, page).into_any(),
            Self::Folder(folder) => documents::folder_view(folder, page).into_any(),
            Self::Assistant(assistant) => assistant::view(assistant, page).into_any(),
            Self::Problems(ProblemsPage) => problems::view(page.language).into_any(),
            Self::Failure(failure) => failure::view(failure, page).into_any(),
        }
    }
}
