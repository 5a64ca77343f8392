//! The search in a folder: by what a name begins with, which is all that the storage can find.

use leptos::prelude::*;

use super::{
    address::{FOLDER, FolderAddress},
    name,
};
use crate::{
    format,
    texts::{Language, say},
};

/// The form that searches. It keeps the order, and begins at the first page.
#[component]
pub(super) fn Search(language: Language, address: FolderAddress) -> impl IntoView {
    let everything = FolderAddress { starts: String::new(), ..address.at(None) };
    let hidden: Vec<_> = everything
        .parameters()
        .into_iter()
        .map(|(name, value)| (name, value.to_owned()))
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect();
    let label = match begun(&address.prefix) {
        "" => language.text(say::DOCUMENTS_SEARCH).into_owned(),
        begun => say::documents_search_after(language, format::isolated(&name::shown(begun))),
    };
    let name = label.clone();
    let is_searched = !address.starts.is_empty();
    view! {
        <form class="search" role="search" method="get" action=FOLDER aria-label=name>
            <label for="starts">{label}</label>
            <p class="hint" id="starts-hint">{language.text(say::DOCUMENTS_SEARCH_HINT)}</p>
            {hidden}
            <div class="search-row">
                <input
                    type="search" id="starts" name="starts" value=address.starts dir="auto" maxlength="1024"
                    autocomplete="off" autocapitalize="none" spellcheck="false" aria-describedby="starts-hint"
                />
                <button class="quiet" type="submit">{language.text(say::DOCUMENTS_SEARCH_BUTTON)}</button>
                {is_searched.then(|| view! { <a href=everything.href()>{language.text(say::DOCUMENTS_SEARCH_ALL)}</a> })}
            </div>
        </form>
    }
}

/// What a name in the folder begins with already, if the folder ends inside a name.
fn begun(prefix: &str) -> &str {
    prefix.rsplit('/').next().unwrap_or_default()
}
