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

/// The folders, then the documents, in the order given. On a narrow screen each row takes two lines, and the style sheet makes
/// blocks of its parts. The roles say what they still are.
#[component]
pub(super) fn Table<'a>(
    language: Language,
    zone: &'a TimeZone,
    address: FolderAddress,
    folders: Vec<String>,
    documents: Vec<Document>,
    caption: String,
) -> impl IntoView + use<> {
    let heads = Sort::ALL.map(|sort| head(&address, sort, language));
    let folders = folders.iter().map(|prefix| folder(&address, prefix, language)).collect_view();
    let documents = documents.iter().map(|found| document(&address, found, language, zone)).collect_view();
    view! {
        <table class="contents" role="table" aria-labelledby="contents">
            <caption id="contents">{caption}</caption>
            <thead role="rowgroup"><tr role="row">{heads}</tr></thead>
            <tbody role="rowgroup">{folders}{documents}</tbody>
        </table>
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
        <th role="columnheader" scope="col" aria-sort=state>
            <a href=next.href()>
                {language.text(label)}
                <span class="visually-hidden">", "{language.text(if next.is_descending { down } else { up })}</span>
                {arrow.map(|arrow| view! { <span class="arrow" aria-hidden="true">{arrow}</span> })}
            </a>
        </th>
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
        <tr role="row">
            <th role="rowheader" scope="row">
                <Mark is_folder=true/>
                <a href=address.folder(prefix).href()><Name name=name_of(prefix, language)/></a>
            </th>
            <td role="cell">{language.text(say::DOCUMENTS_FOLDER)}</td>
            <td role="cell"></td>
        </tr>
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
    let shown = format::size(language, *size);
    view! {
        <tr role="row">
            <th role="rowheader" scope="row">
                <Mark is_folder=false/>
                <a href=document_address(&address.bucket, key)>
                    <Name name=name_of(key, language)/>
                    <span class="visually-hidden">", "{shown.clone()}</span>
                </a>
            </th>
            <td role="cell"><data value=size.to_string()>{shown}</data></td>
            <td role="cell">{modified.map(|at| view! { <Moment language zone at/> })}</td>
        </tr>
    }
}

fn name_of(key: &str, language: Language) -> String {
    match name::last_part(key) {
        "" => language.text(say::DOCUMENTS_NO_NAME).into_owned(),
        name => name::shown(name),
    }
}
