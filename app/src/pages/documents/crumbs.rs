//! The way from what was granted down to a folder.

use leptos::prelude::*;

use super::{
    ADDRESS,
    address::FolderAddress,
    granted::Granted,
    name::{self, Name},
};
use crate::texts::{Language, say};

/// A folder on the way.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Crumb {
    pub(super) name: String,
    prefix: String,
}

/// What was granted, and each folder below it down to the one with this prefix. The last one is that folder.
pub(super) fn crumbs(granted: &Granted, prefix: &str, language: Language) -> Vec<Crumb> {
    let start = if prefix.starts_with(&granted.key) { granted.key.len() } else { 0 };
    let below = prefix.match_indices('/').map(|(place, _)| place + 1).filter(|&end| end > start).map(|end| {
        let prefix = &prefix[..end];
        let name = match name::last_part(prefix) {
            "" => language.text(say::DOCUMENTS_NO_NAME).into_owned(),
            name => name::shown(name),
        };
        Crumb { name, prefix: prefix.to_owned() }
    });
    let first = Crumb { name: granted.name(language), prefix: granted.key.clone() };
    std::iter::once(first).chain(below).collect()
}

/// Links to each folder on the way, and the name of the last one.
#[component]
pub(super) fn Crumbs(language: Language, address: FolderAddress, mut crumbs: Vec<Crumb>) -> impl IntoView {
    let last = crumbs.pop().map(|crumb| view! { <li aria-current="page"><Name name=crumb.name/></li> });
    let links = crumbs.into_iter().map(|Crumb { name, prefix }| {
        view! { <li><a href=address.folder(&prefix).href()><Name name/></a></li> }
    });
    view! {
        <nav class="crumbs" aria-label=language.text(say::DOCUMENTS_PATH)>
            <ol>
                <li><a href=ADDRESS>{language.text(say::DOCUMENTS_HEADING)}</a></li>
                {links.collect_view()}
                {last}
            </ol>
        </nav>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_begins_at_what_was_granted() {
        for (key, prefix, expected) in [
            ("a/b/", "a/b/", &[("b", "a/b/")][..]),
            ("a/b/", "a/b/c/d/", &[("b", "a/b/"), ("c", "a/b/c/"), ("d", "a/b/c/d/")]),
            ("", "a/", &[("files", ""), ("a", "a/")]),
            ("a/2026-", "a/2026-01/x/", &[("2026-…", "a/2026-"), ("2026-01", "a/2026-01/"), ("x", "a/2026-01/x/")]),
            ("a/", "a//", &[("a", "a/"), ("(no name)", "a//")]),
        ] {
            let granted =
                Granted { bucket: "files".to_owned(), key: key.to_owned(), is_folder: true, can_change: false };
            let crumbs = crumbs(&granted, prefix, Language::En);
            let found: Vec<_> = crumbs.iter().map(|crumb| (crumb.name.as_str(), crumb.prefix.as_str())).collect();
            assert_eq!(found, expected, "{prefix}");
        }
    }
}
