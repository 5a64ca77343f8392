//! `/documents/folder`: what is in one folder.

use std::fmt;

use leptos::prelude::*;

use super::{
    address::FolderAddress,
    crumbs::{Crumbs, crumbs},
    granted::Granted,
    name::{self, Name},
    order,
    search::Search,
    table::{Document, Table},
};
use crate::{
    components::{PLACE, around},
    format,
    page::Page,
    texts::{Language, say},
};

/// What the page shows of one folder.
#[derive(Clone)]
pub struct FolderPage {
    /// Which folder, and how it is shown.
    pub address: FolderAddress,
    /// The access by which the case worker may open it.
    pub granted: Granted,
    /// What the keys in each folder of it begin with: whole, with the `/` at the end. In any order.
    pub folders: Vec<String>,
    /// The documents in it, in any order. One whose key is the folder's own prefix only marks the folder and is not shown.
    pub documents: Vec<Document>,
    /// The token of the next page, if there is one.
    pub next: Option<String>,
}

// Names of folders and documents must never reach a log.
impl fmt::Debug for FolderPage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FolderPage").finish_non_exhaustive()
    }
}

impl FolderPage {
    /// The name of the folder, which is the heading of its page.
    pub(crate) fn heading(&self, language: Language) -> String {
        crumbs(&self.granted, &self.address.prefix, language).pop().map(|crumb| crumb.name).unwrap_or_default()
    }

    const fn has_other_pages(&self) -> bool {
        self.next.is_some() || self.address.page.is_some()
    }
}

pub(crate) fn view(mut folder: FolderPage, page: &Page) -> impl IntoView + use<> {
    let language = page.language;
    folder.documents.retain(|document| document.key != folder.address.prefix);
    order::sort(&folder.address, &mut folder.folders, &mut folder.documents);
    let heading = folder.heading(language);
    let address = folder.address.clone();
    let is_empty = folder.folders.is_empty() && folder.documents.is_empty();
    let can_be_searched = !is_empty || !address.starts.is_empty() || folder.has_other_pages();
    let content = if is_empty { nothing(&folder, language).into_any() } else { contents(&folder, page).into_any() };
    view! {
        <Crumbs language address=address.clone() crumbs=crumbs(&folder.granted, &address.prefix, language)/>
        <h1><Name name=heading/></h1>
        {access(&folder.granted, language)}
        {can_be_searched.then(|| view! { <Search language address=address.clone()/> })}
        {content}
        <Pager language address next=folder.next/>
    }
}

/// Why the case worker may open the folder.
fn access(granted: &Granted, language: Language) -> impl IntoView + use<> {
    let (before, after) = around(&if granted.can_change {
        say::documents_can_change_at(language, PLACE)
    } else {
        say::documents_can_open_at(language, PLACE)
    });
    view! { <p class="hint">{before}<Name name=granted.place()/>{after}</p> }
}

fn contents(folder: &FolderPage, page: &Page) -> impl IntoView + use<> {
    let (language, zone) = (page.language, &page.service.time_zone);
    let FolderPage { address, folders, documents, .. } = folder.clone();
    let caption = caption(folder, language);
    view! {
        <p class="hint about-contents" id="contents">{caption}</p>
        {folder.has_other_pages().then(|| view! {
            <p class="hint about-contents">{language.text(say::DOCUMENTS_SORTED_PAGE)}</p>
        })}
        <Table language zone address folders documents label="contents"/>
    }
}

/// How much there is, and of what.
fn caption(folder: &FolderPage, language: Language) -> String {
    let FolderPage { address, folders, documents, .. } = folder;
    let counts = [
        (!folders.is_empty()).then(|| say::documents_folders(language, folders.len())),
        (!documents.is_empty()).then(|| say::documents_documents(language, documents.len())),
    ];
    let counts = counts.into_iter().flatten().collect::<Vec<_>>().join(", ");
    match (address.starts.is_empty(), folder.has_other_pages()) {
        (true, false) => say::documents_contents(language, counts),
        (false, false) => say::documents_found(language, starts(address), counts),
        (true, true) => say::documents_contents_page(language, counts),
        (false, true) => say::documents_found_page(language, starts(address), counts),
    }
}

fn nothing(folder: &FolderPage, language: Language) -> impl IntoView + use<> {
    let sentence = match (folder.address.starts.is_empty(), folder.has_other_pages()) {
        (_, true) => language.text(say::DOCUMENTS_EMPTY_PAGE).into_owned(),
        (true, false) => language.text(say::DOCUMENTS_EMPTY).into_owned(),
        (false, false) => say::documents_not_found(language, starts(&folder.address)),
    };
    view! { <p class="part">{sentence}</p> }
}

/// What was searched for, inside a sentence.
fn starts(address: &FolderAddress) -> String {
    format::isolated(&name::shown(&address.starts))
}

/// Leads to the pages before and after this one. The storage can only go forward, so the way back is to the first page.
#[component]
fn Pager(language: Language, address: FolderAddress, next: Option<String>) -> impl IntoView {
    let next = next.map(|next| (address.at(Some(next)), say::DOCUMENTS_NEXT));
    let first = address.page.is_some().then(|| (address.at(None), say::DOCUMENTS_FIRST));
    let links: Vec<_> = [next, first]
        .into_iter()
        .flatten()
        .map(|(address, label)| view! { <a class="button quiet" href=address.href()>{language.text(label)}</a> })
        .collect();
    (!links.is_empty()).then(|| view! { <div class="act">{links}</div> })
}
