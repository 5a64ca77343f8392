//! What a grant covers: `s3://bucket*`, `s3://bucket/*`, `s3://bucket/prefix*` or `s3://bucket/key`.

/// What may be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// List and read.
    Read,
    /// Write only.
    Write,
    /// Both.
    ReadWrite,
}

impl Permission {
    /// As on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "READ",
            Self::Write => "WRITE",
            Self::ReadWrite => "READWRITE",
        }
    }

    pub(super) fn from_name(name: &str) -> Option<Self> {
        [Self::Read, Self::Write, Self::ReadWrite].into_iter().find(|permission| permission.name() == name)
    }

    /// Whether a grant of this permission serves a request for the other one.
    pub(super) fn includes(self, other: Self) -> bool {
        self == Self::ReadWrite || self == other
    }
}

/// The part of a bucket that a grant or a target names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// Every key that begins with `prefix`.
    Prefix { bucket: String, prefix: String },
    /// One object.
    Object { bucket: String, key: String },
}

impl Scope {
    /// The scope of a grant.
    pub(super) fn of_grant(text: &str) -> Option<Self> {
        let (bucket, key) = bucket_and_key(text)?;
        Some(match key.strip_suffix('*') {
            Some(prefix) => Self::Prefix { bucket, prefix: prefix.to_owned() },
            None if key.is_empty() => Self::Prefix { bucket, prefix: String::new() },
            None => Self::Object { bucket, key },
        })
    }

    /// The target of a request. Without `targetType=Object`, it is a prefix with or without a `*` at its end.
    pub(super) fn of_target(text: &str, is_object: bool) -> Option<Self> {
        let (bucket, key) = bucket_and_key(text)?;
        match (is_object, key.strip_suffix('*')) {
            (true, Some(_)) => None,
            (true, None) => (!key.is_empty()).then_some(Self::Object { bucket, key }),
            (false, Some(prefix)) => Some(Self::Prefix { bucket, prefix: prefix.to_owned() }),
            (false, None) => Some(Self::Prefix { bucket, prefix: key }),
        }
    }

    /// Whether everything in `other` is also in this one.
    pub(super) fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Prefix { .. }, Self::Prefix { bucket, prefix }) => self.covers_prefix(bucket, prefix),
            (_, Self::Object { bucket, key }) => self.covers_key(bucket, key),
            (Self::Object { .. }, Self::Prefix { .. }) => false,
        }
    }

    /// Whether keys with this prefix may be listed.
    fn covers_prefix(&self, bucket: &str, prefix: &str) -> bool {
        matches!(self, Self::Prefix { bucket: own, prefix: start } if own == bucket && prefix.starts_with(start))
    }

    fn covers_key(&self, bucket: &str, key: &str) -> bool {
        match self {
            Self::Prefix { bucket: own, prefix } => own == bucket && key.starts_with(prefix),
            Self::Object { bucket: own, key: only } => own == bucket && key == only,
        }
    }

    /// The bucket that it is in.
    pub(super) fn bucket(&self) -> &str {
        match self {
            Self::Prefix { bucket, .. } | Self::Object { bucket, .. } => bucket,
        }
    }

    /// The length of its path. Of several grants the longest is the most specific.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Prefix { prefix, .. } => prefix.len(),
            Self::Object { key, .. } => key.len(),
        }
    }
}

/// `s3://bucket`, `s3://bucket*` and `s3://bucket/rest`. The `*` after a bucket's name stands for its keys: other buckets
/// whose names begin in the same way are not meant.
fn bucket_and_key(text: &str) -> Option<(String, String)> {
    let rest = text.strip_prefix("s3://")?;
    let (bucket, key) = match rest.split_once('/') {
        Some((bucket, key)) => (bucket, key),
        None => match rest.strip_suffix('*') {
            Some(bucket) => (bucket, "*"),
            None => (rest, ""),
        },
    };
    let is_bucket = !bucket.is_empty() && !bucket.contains('*');
    is_bucket.then(|| (bucket.to_owned(), key.to_owned()))
}

/// What vended credentials may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Access {
    pub(super) scope: Scope,
    pub(super) permission: Permission,
}

impl Access {
    /// Whether they may read this object.
    pub(super) fn may_read(&self, bucket: &str, key: &str) -> bool {
        self.permission.includes(Permission::Read) && self.scope.covers_key(bucket, key)
    }

    /// Whether they may list keys with this prefix.
    pub(super) fn may_list(&self, bucket: &str, prefix: &str) -> bool {
        self.permission.includes(Permission::Read) && self.scope.covers_prefix(bucket, prefix)
    }
}

#[cfg(test)]
mod tests {
    use super::{Access, Permission, Scope};

    fn covers(grant: &str, target: &str, is_object: bool) -> bool {
        Scope::of_grant(grant).unwrap().covers(&Scope::of_target(target, is_object).unwrap())
    }

    #[test]
    fn a_grant_covers_what_is_below_it() {
        for (grant, target, is_object, expected) in [
            ("s3://b*", "s3://b/", false, true),
            ("s3://b*", "s3://b/k", true, true),
            ("s3://b*", "s3://b-secret/k", true, false),
            ("s3://b*", "s3://b-secret*", false, false),
            ("s3://b/*", "s3://b*", false, true),
            ("s3://b/p*", "s3://b/p*", false, true),
            ("s3://b/p*", "s3://b/p", false, true),
            ("s3://b/p*", "s3://b/p/q", true, true),
            ("s3://b/p*", "s3://b/*", false, false),
            ("s3://b/p/*", "s3://b/p*", false, false),
            ("s3://b/p/k", "s3://b/p/k", true, true),
            ("s3://b/p/k", "s3://b/p/k", false, false),
            ("s3://b/p/k", "s3://b/p/k2", true, false),
        ] {
            assert_eq!(covers(grant, target, is_object), expected, "{grant} {target} {is_object}");
        }
        for wrong in ["", "b/p*", "s3://", "s3:///k", "s3://b*c/k"] {
            assert_eq!(Scope::of_grant(wrong), None, "{wrong}");
        }
        assert_eq!(Scope::of_target("s3://b/p*", true), None);
    }

    #[test]
    fn a_permission_to_write_reads_nothing() {
        let scope = Scope::of_grant("s3://b/p/*").unwrap();
        for (permission, expected) in
            [(Permission::Read, true), (Permission::ReadWrite, true), (Permission::Write, false)]
        {
            let access = Access { scope: scope.clone(), permission };
            assert_eq!((access.may_read("b", "p/k"), access.may_list("b", "p/")), (expected, expected));
            assert!(!access.may_read("b", "q") && !access.may_list("b", "p") && !access.may_list("b", ""));
        }
    }
}
