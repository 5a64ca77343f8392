//! The order of the rows in a folder.

use icu_normalizer::DecomposingNormalizerBorrowed;

use super::{
    address::{FolderAddress, Sort},
    name,
    table::Document,
};

/// What `name` is sorted by: its letters without their case and their accents.
pub(super) fn key(name: &str) -> String {
    let letters = DecomposingNormalizerBorrowed::new_nfkd().normalize(name);
    letters.chars().filter(|char| !('\u{300}'..='\u{36f}').contains(char)).flat_map(char::to_lowercase).collect()
}

/// Sorts what is on one page. Folders have no size and no date: then their names decide.
pub(super) fn sort(address: &FolderAddress, folders: &mut [String], documents: &mut [Document]) {
    let by_name = |key_of: &str| (key(name::last_part(key_of)), key_of.to_owned());
    folders.sort_by_cached_key(|folder| by_name(folder));
    documents.sort_by_cached_key(|document| by_name(&document.key));
    match address.sort {
        Sort::Name => (),
        Sort::Size => documents.sort_by_key(|document| document.size),
        Sort::Date => documents.sort_by_key(|document| document.modified),
    }
    if address.is_descending {
        documents.reverse();
        if address.sort == Sort::Name {
            folders.reverse();
        }
    }
}

#[cfg(test)]
mod tests {
    use time::{Duration, OffsetDateTime};

    use super::*;

    #[test]
    fn case_and_accents_do_not_count() {
        let mut names = ["zoo", "Été", "apple", "Zebra", "etz", "eta", "10", "_x"];
        names.sort_by_cached_key(|name| key(name));
        assert_eq!(names, ["10", "_x", "apple", "eta", "Été", "etz", "Zebra", "zoo"]);
    }

    #[test]
    fn documents_follow_the_column_and_folders_their_names() {
        let document = |key: &str, size, day: i64| Document {
            key: key.to_owned(),
            size,
            modified: Some(OffsetDateTime::UNIX_EPOCH + Duration::days(day)),
        };
        let all = [document("p/b", 2, 3), document("p/A", 3, 1), document("p/c", 1, 2)];
        for (sort, is_descending, expected, first) in [
            (Sort::Name, false, ["p/A", "p/b", "p/c"], "p/x/"),
            (Sort::Name, true, ["p/c", "p/b", "p/A"], "p/Y/"),
            (Sort::Size, false, ["p/c", "p/b", "p/A"], "p/x/"),
            (Sort::Size, true, ["p/A", "p/b", "p/c"], "p/x/"),
            (Sort::Date, false, ["p/A", "p/c", "p/b"], "p/x/"),
            (Sort::Date, true, ["p/b", "p/c", "p/A"], "p/x/"),
        ] {
            let address = FolderAddress { sort, is_descending, ..FolderAddress::new("b", "p/") };
            let (mut folders, mut documents) = (["p/Y/".to_owned(), "p/x/".to_owned()], all.clone());
            super::sort(&address, &mut folders, &mut documents);
            assert_eq!(
                documents.each_ref().map(|document| document.key.as_str()),
                expected,
                "{sort:?} {is_descending}"
            );
            assert_eq!(folders[0], first, "{sort:?} {is_descending}");
        }
    }
}
