//! `/documents`: the folders and documents that a case worker has been given access to. Below it: one folder.

mod address;
mod crumbs;
mod folder;
mod granted;
mod mark;
mod name;
mod order;
mod search;
mod table;

use leptos::prelude::*;

pub(crate) use self::folder::view as folder_view;
pub use self::{
    address::{FolderAddress, Sort, document_address},
    folder::FolderPage,
    granted::Granted,
    table::Document,
};
use self::{mark::Mark, name::Name};
use crate::{
    components::{ContactSentence, PLACE},
    page::Page,
    texts::{Language, say},
};

/// The address of the page, where the way to every folder begins.
pub(crate) const ADDRESS: &str = "/documents";

/// What the page shows.
#[derive(Clone)]
pub struct DocumentsPage {
    /// What the case worker has been given access to, in any order. What is there twice is shown once.
    pub grants: Vec<Granted>,
}

// Names of folders and documents must never reach a log.
impl std::fmt::Debug for DocumentsPage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DocumentsPage").finish_non_exhaustive()
    }
}

pub(crate) fn view(documents: DocumentsPage, page: &Page) -> impl IntoView + use<> {
    let language = page.language;
    let grants = granted::merged(documents.grants);
    let content = if grants.is_empty() { nothing(page).into_any() } else { list(grants, language).into_any() };
    view! {
        <h1>{language.text(say::DOCUMENTS_HEADING)}</h1>
        <p class="lead">{language.text(say::DOCUMENTS_INTRO)}</p>
        {content}
    }
}

fn list(grants: Vec<Granted>, language: Language) -> impl IntoView {
    let can_change = grants.iter().any(|granted| granted.can_change);
    let rows = grants.into_iter().map(|granted| row(&granted, language)).collect_view();
    view! {
        <ul class="grants">{rows}</ul>
        {can_change.then(|| view! { <p class="hint">{language.text(say::DOCUMENTS_CHANGE_ELSEWHERE)}</p> })}
        <p class="hint">{language.text(say::DOCUMENTS_SOON)}</p>
    }
}

fn row(granted: &Granted, language: Language) -> impl IntoView + use<> {
    let kind = if granted.is_folder { say::DOCUMENTS_FOLDER } else { say::DOCUMENTS_DOCUMENT };
    view! {
        <li>
            <Mark is_folder=granted.is_folder/>
            <div>
                <p>
                    <a href=granted.href()><Name name=granted.name(language)/></a>
                    {granted.can_change.then(|| view! {
                        " "<span class="tag">{language.text(say::DOCUMENTS_CAN_CHANGE)}</span>
                    })}
                </p>
                <p class="hint">{language.text(kind)}" · "<Name name=granted.place()/></p>
            </div>
        </li>
    }
}

/// Why there may be nothing, and whom to ask.
fn nothing(page: &Page) -> impl IntoView + use<> {
    let language = page.language;
    let reasons = [say::DOCUMENTS_NONE_NO_ACCESS, say::DOCUMENTS_NONE_OTHER, say::DOCUMENTS_NONE_GROUP];
    let contact = page.service.contact(language);
    view! {
        <section class="part statement" aria-labelledby="nothing">
            <h2 id="nothing">{language.text(say::DOCUMENTS_NONE_HEADING)}</h2>
            <p>{language.text(say::DOCUMENTS_NONE)}</p>
            <ul>{reasons.map(|reason| view! { <li>{language.text(reason)}</li> })}</ul>
            <p>{language.text(say::DOCUMENTS_NONE_ASK)}</p>
            {contact.map(|contact| view! {
                <ContactSentence sentence=say::documents_contact(language, PLACE) contact/>
            })}
        </section>
    }
}
