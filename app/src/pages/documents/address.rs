//! The addresses of folders and documents. Keys travel in the query, because the server normalises paths.

use std::fmt::{self, Write as _};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Everything but the unreserved characters (RFC 3986, 2.3) and the slash, which a query may have (3.4).
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// The path of every folder.
pub(super) const FOLDER: &str = "/documents/folder";
/// The path of every document.
const FILE: &str = "/documents/file";

/// The address of a page of a folder. It says how the page is shown, too.
#[derive(Clone, PartialEq, Eq)]
pub struct FolderAddress {
    /// The bucket.
    pub bucket: String,
    /// What the keys of the folder begin with: empty for the whole bucket, or else mostly ending in `/`.
    pub prefix: String,
    /// What the rows are sorted by.
    pub sort: Sort,
    /// Whether the order is turned around: from Z to A, the largest or the newest first.
    pub is_descending: bool,
    /// What a name must begin with, after `prefix`. Empty for all names.
    pub starts: String,
    /// The token of the page; `None` for the first one.
    pub page: Option<String>,
}

// Names of folders and documents must never reach a log.
impl fmt::Debug for FolderAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FolderAddress").finish_non_exhaustive()
    }
}

/// What the rows of a folder are sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// The names, whatever their case.
    #[default]
    Name,
    /// The sizes.
    Size,
    /// The moments of the last change.
    Date,
}

impl Sort {
    /// All of them, in the order of the columns.
    pub const ALL: [Self; 3] = [Self::Name, Self::Size, Self::Date];

    /// Its name in the parameter `sort`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Size => "size",
            Self::Date => "date",
        }
    }

    /// The one with this name.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sort| sort.name() == name)
    }
}

impl FolderAddress {
    /// The first page of a folder, sorted by name.
    pub fn new(bucket: &str, prefix: &str) -> Self {
        Self {
            bucket: bucket.to_owned(),
            prefix: prefix.to_owned(),
            sort: Sort::Name,
            is_descending: false,
            starts: String::new(),
            page: None,
        }
    }

    /// The parameters of its query. What is usual is left out.
    pub fn parameters(&self) -> Vec<(&'static str, &str)> {
        let mut all = vec![("bucket", self.bucket.as_str()), ("prefix", self.prefix.as_str())];
        if self.sort != Sort::Name {
            all.push(("sort", self.sort.name()));
        }
        if self.is_descending {
            all.push(("order", "desc"));
        }
        if !self.starts.is_empty() {
            all.push(("starts", &self.starts));
        }
        if let Some(page) = &self.page {
            all.push(("page", page));
        }
        all
    }

    /// Its query.
    pub fn query(&self) -> String {
        query(self.parameters())
    }

    /// The whole address, from the path.
    pub fn href(&self) -> String {
        format!("{FOLDER}?{}", self.query())
    }

    /// Another folder of the bucket in the same order, from its first page and with all names.
    pub(super) fn folder(&self, prefix: &str) -> Self {
        Self { prefix: prefix.to_owned(), starts: String::new(), page: None, ..self.clone() }
    }

    /// The same page sorted by `sort`. What it is already sorted by is turned around. Otherwise names begin with A, and the largest
    /// and the newest come first.
    pub(super) fn sorted_by(&self, sort: Sort) -> Self {
        let is_descending = if sort == self.sort { !self.is_descending } else { sort != Sort::Name };
        Self { sort, is_descending, ..self.clone() }
    }

    /// Another page: with `None` the first one.
    pub(super) fn at(&self, page: Option<String>) -> Self {
        Self { page, ..self.clone() }
    }
}

/// The address that downloads the document with this key.
pub fn document_address(bucket: &str, key: &str) -> String {
    format!("{FILE}?{}", query(vec![("bucket", bucket), ("key", key)]))
}

fn query(parameters: Vec<(&str, &str)>) -> String {
    let mut query = String::new();
    for (name, value) in parameters {
        let and = if query.is_empty() { "" } else { "&" };
        let _ = write!(query, "{and}{name}={}", utf8_percent_encode(value, ENCODED));
    }
    query
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_usual_is_left_out() {
        let plain = FolderAddress::new("b", "a/");
        assert_eq!(plain.href(), "/documents/folder?bucket=b&prefix=a/");
        let full = FolderAddress {
            sort: Sort::Size,
            is_descending: true,
            starts: "x".to_owned(),
            page: Some("t+/=".to_owned()),
            ..plain
        };
        assert_eq!(full.query(), "bucket=b&prefix=a/&sort=size&order=desc&starts=x&page=t%2B/%3D");
    }

    #[test]
    fn every_key_survives_a_query() {
        for (key, encoded) in [
            ("a b+c&d=e#f%g?h", "a%20b%2Bc%26d%3De%23f%25g%3Fh"),
            ("é/../\"<\n", "%C3%A9/../%22%3C%0A"),
            (" ", "%20"),
            ("a;b'", "a%3Bb%27"),
        ] {
            assert_eq!(document_address("b", key), format!("/documents/file?bucket=b&key={encoded}"));
        }
    }

    #[test]
    fn a_second_press_turns_the_order_around() {
        let mut address = FolderAddress::new("b", "").at(Some("t".to_owned()));
        for (sort, is_descending) in [
            (Sort::Name, true),
            (Sort::Name, false),
            (Sort::Size, true),
            (Sort::Size, false),
            (Sort::Date, true),
            (Sort::Name, false),
        ] {
            address = address.sorted_by(sort);
            assert_eq!((address.sort, address.is_descending), (sort, is_descending));
            assert_eq!(address.page.as_deref(), Some("t"), "the order belongs to one page");
        }
    }

    #[test]
    fn another_folder_begins_anew_in_the_same_order() {
        let mut address = FolderAddress::new("b", "a/").sorted_by(Sort::Date).at(Some("t".to_owned()));
        address.starts = "x".to_owned();
        assert_eq!(address.folder("a/c/").query(), "bucket=b&prefix=a/c/&sort=date&order=desc");
    }

    #[test]
    fn every_order_is_read_as_it_is_written() {
        assert!(Sort::ALL.into_iter().all(|sort| Sort::of(sort.name()) == Some(sort)));
        assert_eq!(Sort::of("Name"), None);
    }

    #[test]
    fn an_address_is_not_printed() {
        assert_eq!(format!("{:?}", FolderAddress::new("b", "secret/")), "FolderAddress { .. }");
    }
}
