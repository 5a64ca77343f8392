//! What is in a folder, as a table.

use std::fmt;

use leptos::prelude::*;
use time::OffsetDateTime;

use super::{
    address::{FolderAddress, Sort, document_address},
    mark::Mark,
    name::{self, Name},
};
use crate::{
    components::Moment,
    format,
    texts::{Language, Sentence, say},
    time_zone::TimeZone,
};

/// A document in a folder.
#[derive(Clone)]
pub struct Document {
    /// Its key.
    pub key: String,
    /// Its size in bytes.
    pub size: u64,
    /// When it was last changed.
    pub modified: Option<OffsetDateTime>,
}

// Names of documents must never reach a log.
impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Document").finish_non_exhaustive()
    }
}

/// The folders, then the documents, in the order given.
///
/// A table of roles and not of elements: on a narrow screen each row takes two lines, and some browsers no longer see a table in a
/// `<table>` whose parts are shown as blocks. Nor may those elements have roles (ARIA in HTML).
#[component]
pub(super) fn Table<'a>(
    language: Language,
    zone: &'a TimeZone,
    address: FolderAddress,
    folders: Vec<String>,
    documents: Vec<Document>,
    /// The id of the element that says what the table holds.
    label: &'static str,
) -> impl IntoView + use<> {
    let heads = Sort::ALL.map(|sort| head(&address, sort, language));
    let folders = folders.iter().map(|prefix| folder(&address, prefix, language)).collect_view();
    let documents = documents.iter().map(|found| document(&address, found, language, zone)).collect_view();
    view! {
        <div class="contents" role="table" aria-labelledby=label>
            <div role="rowgroup"><div role="row">{heads}</div></div>
            <div role="rowgroup">{folders}{documents}</div>
        </div>
    }
}

/// The head of a column. It sorts, and says how the rows are sorted now.
fn head(address: &FolderAddress, sort: Sort, language: Language) -> impl IntoView + use<> {
    let (label, up, down) = words(sort);
    let next = address.sorted_by(sort);
    let (state, arrow) = match (address.sort == sort, address.is_descending) {
        (false, _) => (None, None),
        (true, false) => (Some("ascending"), Some("↑")),
        (true, true) => (Some("descending"), Some("↓")),
    };
    view! {
        <div role="columnheader" aria-sort=state>
            <a href=next.href()>
                {language.text(label)}
                <span class="visually-hidden">", "{language.text(if next.is_descending { down } else { up })}</span>
                {arrow.map(|arrow| view! { <span class="arrow" aria-hidden="true">{arrow}</span> })}
            </a>
        </div>
    }
}

/// The name of a column, and what its link does in either direction.
const fn words(sort: Sort) -> (Sentence, Sentence, Sentence) {
    match sort {
        Sort::Name => (say::DOCUMENTS_NAME, say::DOCUMENTS_SORT_A_TO_Z, say::DOCUMENTS_SORT_Z_TO_A),
        Sort::Size => (say::DOCUMENTS_SIZE, say::DOCUMENTS_SORT_SMALLEST, say::DOCUMENTS_SORT_LARGEST),
        Sort::Date => (say::DOCUMENTS_DATE, say::DOCUMENTS_SORT_OLDEST, say::DOCUMENTS_SORT_NEWEST),
    }
}

fn folder(address: &FolderAddress, prefix: &str, language: Language) -> impl IntoView + use<> {
    view! {
        <div role="row">
            <div role="rowheader">
                <Mark is_folder=true/>
                <a href=address.folder(prefix).href()><Name name=name_of(prefix, language)/></a>
            </div>
            <div role="cell">{language.text(say::DOCUMENTS_FOLDER)}</div>
            <div role="cell"></div>
        </div>
    }
}

/// The link has no attribute `download`: a browser would save the page of a failure under the name of the document.
fn document(
    address: &FolderAddress,
    document: &Document,
    language: Language,
    zone: &TimeZone,
) -> impl IntoView + use<> {
    let Document { key, size, modified } = document;
    view! {
        <div role="row">
            <div role="rowheader">
                <Mark is_folder=false/>
                <a href=document_address(&address.bucket, key)><Name name=name_of(key, language)/></a>
            </div>
            <div role="cell"><data value=size.to_string()>{format::size(language, *size)}</data></div>
            <div role="cell">{modified.map(|at| view! { <Moment language zone at/> })}</div>
        </div>
    }
}

fn name_of(key: &str, language: Language) -> String {
    match name::last_part(key) {
        "" => language.text(say::DOCUMENTS_NO_NAME).into_owned(),
        name => name::shown(name),
    }
}
