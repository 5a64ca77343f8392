use super::Place;

/// What a grant covers.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    /// Every object in the bucket whose key starts with the key of the place. It need not end with `/`.
    Folder(Place),
    /// One object.
    Document(Place),
}

impl Scope {
    /// Reads the scope of a grant: `s3://b*`, `s3://b/*`, `s3://b/p*` or, for one object, `s3://b/k`. `None` for anything else,
    /// such as a `*` elsewhere.
    ///
    /// `s3://b*` is the bucket `b`, and not every bucket whose name starts with `b`.
    pub fn parse(uri: &str) -> Option<Self> {
        let rest = uri.strip_prefix("s3://")?;
        let (path, is_folder) = match rest.strip_suffix('*') {
            Some(path) => (path, true),
            None => (rest, false),
        };
        if path.contains('*') {
            return None;
        }
        let (bucket, key) = path.split_once('/').unwrap_or((path, ""));
        match is_folder {
            true => Place::folder(bucket, key).map(Self::Folder),
            false => Place::document(bucket, key).map(Self::Document),
        }
    }

    /// The place that it covers.
    pub const fn place(&self) -> &Place {
        match self {
            Self::Folder(place) | Self::Document(place) => place,
        }
    }

    /// Whether it is one object.
    pub const fn is_document(&self) -> bool {
        matches!(self, Self::Document(_))
    }

    /// Whether the object `document` can be opened under it.
    pub fn covers_document(&self, document: &Place) -> bool {
        match self {
            Self::Folder(_) => self.covers_folder(document),
            Self::Document(own) => own == document,
        }
    }

    /// Whether every object in `folder` can be listed under it.
    pub fn covers_folder(&self, folder: &Place) -> bool {
        match self {
            Self::Folder(own) => own.bucket() == folder.bucket() && folder.key().starts_with(own.key()),
            Self::Document(_) => false,
        }
    }

    /// What `GetDataAccess` calls it: always with a `/` behind the bucket.
    pub(super) fn target(&self) -> String {
        let place = self.place();
        let star = if self.is_document() { "" } else { "*" };
        format!("s3://{}/{}{star}", place.bucket(), place.key())
    }
}

#[cfg(test)]
mod properties;

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(bucket: &str, key: &str) -> Option<Scope> {
        Some(Scope::Folder(Place::folder(bucket, key).unwrap()))
    }

    #[test]
    fn a_scope_has_one_of_four_shapes() {
        assert_eq!(Scope::parse("s3://bucket*"), folder("bucket", ""));
        assert_eq!(Scope::parse("s3://bucket/*"), folder("bucket", ""));
        assert_eq!(Scope::parse("s3://bucket/team-a/*"), folder("bucket", "team-a/"));
        assert_eq!(Scope::parse("s3://bucket/team-a*"), folder("bucket", "team-a"));
        let document = Place::document("bucket", "team-a/letter.pdf").unwrap();
        assert_eq!(Scope::parse("s3://bucket/team-a/letter.pdf"), Some(Scope::Document(document)));
        for bad in [
            "",
            "*",
            "s3://*",
            "s3:///*",
            "s3:///key",
            "s3://bucket",
            "s3://bucket/",
            "s3://b*/key",
            "s3://bucket/*/key*",
            "s3://bucket/a**",
            "S3://bucket/*",
            "https://bucket/*",
            "s3://bucket-*",
        ] {
            assert_eq!(Scope::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_bucket_is_never_another_whose_name_only_starts_the_same() {
        let scope = Scope::parse("s3://bucket*").unwrap();
        assert!(scope.covers_document(&Place::document("bucket", "key").unwrap()));
        assert!(!scope.covers_document(&Place::document("bucket-secret", "key").unwrap()));
        assert!(!scope.covers_folder(&Place::folder("bucket-secret", "").unwrap()));
        assert_eq!(scope.target(), "s3://bucket/*");
    }

    #[test]
    fn one_object_is_compared_whole() {
        let scope = Scope::parse("s3://bucket/a/b").unwrap();
        assert!(scope.covers_document(&Place::document("bucket", "a/b").unwrap()));
        for other in ["a/b.old", "a/b/c", "a/", "A/b"] {
            assert!(!scope.covers_document(&Place::document("bucket", other).unwrap()), "{other}");
        }
        assert!(!scope.covers_folder(&Place::folder("bucket", "a/b").unwrap()));
    }
}
