//! What a case worker has been given access to.

use std::fmt;

use super::{
    address::{FolderAddress, document_address},
    name, order,
};
use crate::texts::{Language, say};

/// A folder or a document that a case worker has been given access to.
#[derive(Clone, PartialEq, Eq)]
pub struct Granted {
    /// The bucket.
    pub bucket: String,
    /// The key of the document, or what the keys of the folder begin with: nothing for the whole bucket, or any text.
    pub key: String,
    /// Whether it is a folder.
    pub is_folder: bool,
    /// Whether the case worker can also change what is there, though not in this service.
    pub can_change: bool,
}

// Names of folders and documents must never reach a log.
impl fmt::Debug for Granted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Granted").finish_non_exhaustive()
    }
}

impl Granted {
    /// The last part of its path. For the whole bucket the bucket's name, and for a folder that ends inside a name that part and an
    /// ellipsis.
    pub(super) fn name(&self, language: Language) -> String {
        let last = name::shown(name::last_part(&self.key));
        match (self.is_folder, last.is_empty()) {
            (true, true) if self.key.is_empty() => name::shown(&self.bucket),
            (_, true) => language.text(say::DOCUMENTS_NO_NAME).into_owned(),
            (true, false) if !self.key.ends_with('/') => say::documents_beginning(language, last),
            _ => last,
        }
    }

    /// Its whole path.
    pub(super) fn place(&self) -> String {
        name::shown(&format!("{}/{}", self.bucket, self.key))
    }

    /// Where it is opened.
    pub(super) fn href(&self) -> String {
        if self.is_folder {
            FolderAddress::new(&self.bucket, &self.key).href()
        } else {
            document_address(&self.bucket, &self.key)
        }
    }
}

/// `grants` by name, with each place once. Where it was granted twice, the wider right counts.
pub(super) fn merged(mut grants: Vec<Granted>) -> Vec<Granted> {
    let place = |granted: &Granted| {
        (order::key(name::last_part(&granted.key)), granted.bucket.clone(), granted.key.clone(), granted.is_folder)
    };
    grants.sort_by_cached_key(place);
    grants.dedup_by(|second, first| {
        let is_same = place(second) == place(first);
        first.can_change |= is_same && second.can_change;
        is_same
    });
    grants
}

#[cfg(test)]
mod tests {
    use super::*;

    fn granted(key: &str, is_folder: bool, can_change: bool) -> Granted {
        Granted { bucket: "files".to_owned(), key: key.to_owned(), is_folder, can_change }
    }

    #[test]
    fn a_grant_is_named_by_the_last_part_of_its_path() {
        for (key, is_folder, name) in [
            ("a/family/", true, "family"),
            ("a/family/2026-", true, "2026-…"),
            ("", true, "files"),
            ("a//", true, "(no name)"),
            ("a/report.pdf", false, "report.pdf"),
            ("a/", false, "a"),
        ] {
            assert_eq!(granted(key, is_folder, false).name(Language::En), name, "{key}");
        }
        assert_eq!(granted("a/b", false, false).place(), "files/a/b");
    }

    #[test]
    fn a_place_that_was_granted_twice_is_shown_once() {
        let grants =
            [("b/", true, false), ("A/", true, false), ("b/", true, true), ("b/", true, false), ("b", false, false)];
        let merged = merged(grants.into_iter().map(|(key, folder, change)| granted(key, folder, change)).collect());
        let shown: Vec<_> = merged.iter().map(|granted| (granted.key.as_str(), granted.can_change)).collect();
        assert_eq!(shown, [("A/", false), ("b", false), ("b/", true)]);
    }
}
