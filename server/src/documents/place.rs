use std::fmt;

/// The longest key of an object, in bytes of UTF-8.
const MAX_KEY_BYTES: usize = 1024;

/// An object, or a folder: the objects whose keys start with the same text.
///
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html>,
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html>
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    bucket: String,
    key: String,
}

impl Place {
    /// The object `key` in `bucket`. `None` if no object can have this name.
    pub fn document(bucket: &str, key: &str) -> Option<Self> {
        if key.is_empty() { None } else { Self::folder(bucket, key) }
    }

    /// The objects in `bucket` whose keys start with `prefix`, which may be empty. `None` if no object can have such a name.
    pub fn folder(bucket: &str, prefix: &str) -> Option<Self> {
        let is_key = prefix.len() <= MAX_KEY_BYTES && !prefix.contains('\0');
        (is_bucket(bucket) && is_key).then(|| Self { bucket: bucket.to_owned(), key: prefix.to_owned() })
    }

    /// Its bucket.
    pub fn bucket(&self) -> &str {
        &self.bucket
    }

    /// The key of the object, or the prefix of the folder.
    pub fn key(&self) -> &str {
        &self.key
    }
}

// Names of documents are personal data.
impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Place(…)")
    }
}

/// Whether `name` is that of a general purpose bucket. Names of access points and directory buckets are none: the SDK would
/// send other requests for them.
fn is_bucket(name: &str) -> bool {
    const RESERVED_STARTS: [&str; 2] = ["xn--", "sthree-"];
    const RESERVED_ENDS: [&str; 5] = ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"];
    let is_label = |label: &str| {
        let is_inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        !label.is_empty() && label.bytes().all(is_inner) && !label.starts_with('-') && !label.ends_with('-')
    };
    (3..=63).contains(&name.len())
        && name.split('.').all(is_label)
        && name.parse::<std::net::Ipv4Addr>().is_err()
        && !RESERVED_STARTS.iter().any(|start| name.starts_with(start))
        && !RESERVED_ENDS.iter().any(|end| name.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_bucket_follows_the_rules() {
        let longest = "b".repeat(63);
        for good in ["abc", "my-data.example", "1bucket", "a.b", "a--b", &longest] {
            assert!(Place::folder(good, "").is_some(), "{good}");
        }
        let too_long = "b".repeat(64);
        for bad in [
            "",
            "ab",
            &too_long,
            "Bucket",
            "b_cket",
            "-bucket",
            "bucket-",
            ".bucket",
            "bucket.",
            "bu..cket",
            "bu.-cket",
            "192.168.5.4",
            "xn--bucket",
            "sthree-bucket",
            "bucket-s3alias",
            "bucket--ol-s3",
            "bucket--x-s3",
            "bucket.mrap",
            "bücket",
            "buc ket",
            "buc/ket",
            "bucket*",
            "arn:aws:s3:eu-west-1:123456789012:accesspoint",
        ] {
            assert!(Place::folder(bad, "").is_none(), "{bad}");
        }
    }

    #[test]
    fn a_key_has_1_to_1024_bytes_and_no_null() {
        for good in ["a", "é/ü", "../x", " ", "a+b&c=d", &"é".repeat(512)] {
            assert!(Place::document("bucket", good).is_some(), "{good}");
        }
        for bad in ["", "a\0b", &"é".repeat(513)] {
            assert!(Place::document("bucket", bad).is_none(), "{bad}");
        }
        assert!(Place::folder("bucket", "").is_some(), "the whole bucket");
    }
}
