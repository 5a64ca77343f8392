//! The documents in the buckets.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::{Arc, PoisonError, RwLock};

use axum::body::Bytes;

use crate::random;

/// A block of zeros, and the size of a chunk of every body.
const ZEROS: &[u8] = &[0; CHUNK_BYTES];
const CHUNK_BYTES: usize = 64 * 1024;
/// The length of a line of [`Content::Numbered`].
const LINE_BYTES: u64 = 16;

/// What is in a document.
#[derive(Clone, Debug)]
pub enum Content {
    /// These bytes.
    Bytes(Bytes),
    /// So many zeros. They need no memory.
    Zeros(u64),
    /// So many bytes of text that need no memory: lines of 15 hexadecimal digits, each its own offset. A reader can see
    /// whether a part is the right one.
    Numbered(u64),
}

impl Content {
    /// Its length in bytes.
    pub fn len(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::Zeros(len) | Self::Numbered(len) => *len,
        }
    }

    /// Whether it has no bytes.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The bytes from `offset`, before `end`: a chunk at most.
    pub fn chunk(&self, offset: u64, end: u64) -> Bytes {
        let end = end.min(self.len());
        let wanted = usize::try_from(end.saturating_sub(offset)).map_or(CHUNK_BYTES, |left| left.min(CHUNK_BYTES));
        match self {
            Self::Bytes(bytes) => {
                let start = usize::try_from(offset).unwrap_or(usize::MAX).min(bytes.len());
                bytes.slice(start..(start + wanted).min(bytes.len()))
            }
            Self::Zeros(_) => Bytes::from_static(ZEROS.split_at(wanted).0),
            Self::Numbered(_) => numbered(offset, wanted),
        }
    }
}

impl From<&'static str> for Content {
    fn from(text: &'static str) -> Self {
        Self::Bytes(Bytes::from_static(text.as_bytes()))
    }
}

impl From<String> for Content {
    fn from(text: String) -> Self {
        Self::Bytes(text.into())
    }
}

impl From<Vec<u8>> for Content {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes.into())
    }
}

fn numbered(offset: u64, wanted: usize) -> Bytes {
    let before = usize::try_from(offset % LINE_BYTES).unwrap_or(0);
    let mut text = String::with_capacity(before + wanted + 16);
    let mut line = offset - offset % LINE_BYTES;
    while text.len() < before + wanted {
        text.push_str(&format!("{line:015x}\n"));
        line += LINE_BYTES;
    }
    Bytes::from(text).slice(before..before + wanted)
}

/// A document in a bucket.
#[derive(Clone, Debug)]
pub struct Document {
    /// The bucket's name.
    pub bucket: String,
    /// The key, any text of 1 to 1024 bytes. One with a `/` at its end is the mark of a folder.
    pub key: String,
    /// What is in it.
    pub content: Content,
    /// As stored with it; `None` stands for what S3 says about a document without one, `binary/octet-stream`.
    pub content_type: Option<String>,
    /// Seconds since 1970-01-01T00:00:00Z.
    pub modified: u64,
}

impl Document {
    /// A document without a stored type, changed on 1 September 2026.
    pub fn new(bucket: &str, key: &str, content: impl Into<Content>) -> Self {
        Self {
            bucket: bucket.to_owned(),
            key: key.to_owned(),
            content: content.into(),
            content_type: None,
            modified: 1_788_220_800,
        }
    }

    /// The same with a stored type.
    #[must_use]
    pub fn typed(mut self, content_type: &str) -> Self {
        self.content_type = Some(content_type.to_owned());
        self
    }

    /// The same, changed at this time.
    #[must_use]
    pub fn modified(mut self, seconds: u64) -> Self {
        self.modified = seconds;
        self
    }

    /// Its entity tag: opaque, and other after each change.
    pub(super) fn etag(&self) -> String {
        let start = self.content.chunk(0, u64::MAX);
        let text =
            [self.key.as_bytes(), &self.content.len().to_be_bytes(), &self.modified.to_be_bytes(), &start].concat();
        format!("\"{}\"", hex::encode(&random::sha256(&text)[..16]))
    }
}

type Buckets = BTreeMap<String, BTreeMap<String, Arc<Document>>>;

/// All documents, by bucket and key.
pub(super) struct Documents(RwLock<Buckets>);

impl Documents {
    pub(super) fn new(documents: Vec<Document>) -> Self {
        let all = Self(RwLock::default());
        for document in documents {
            all.put(document);
        }
        all
    }

    /// Adds a document, or replaces it.
    pub(super) fn put(&self, document: Document) {
        let mut buckets = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let bucket = buckets.entry(document.bucket.clone()).or_default();
        bucket.insert(document.key.clone(), Arc::new(document));
    }

    /// Removes a document. Returns whether it existed.
    pub(super) fn remove(&self, bucket: &str, key: &str) -> bool {
        let mut buckets = self.0.write().unwrap_or_else(PoisonError::into_inner);
        buckets.get_mut(bucket).is_some_and(|bucket| bucket.remove(key).is_some())
    }

    pub(super) fn get(&self, bucket: &str, key: &str) -> Option<Arc<Document>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(bucket)?.get(key).cloned()
    }

    /// The documents of a bucket whose keys begin with `prefix` and come after `after`, in the order of their bytes;
    /// `None` if there is no such bucket.
    pub(super) fn after(&self, bucket: &str, prefix: &str, after: Option<&str>) -> Option<Vec<Arc<Document>>> {
        let buckets = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let start = match after {
            Some(after) if after >= prefix => Bound::Excluded(after),
            _ => Bound::Included(prefix),
        };
        let range = buckets.get(bucket)?.range::<str, _>((start, Bound::Unbounded));
        Some(range.take_while(|(key, _)| key.starts_with(prefix)).map(|(_, document)| Arc::clone(document)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::{CHUNK_BYTES, Content, Document, Documents};

    #[test]
    fn generated_content_is_the_same_from_any_offset() {
        let content = Content::Numbered(100_000);
        let whole = content.chunk(0, 40);
        assert_eq!(&whole[..], b"000000000000000\n000000000000010\n00000000");
        assert_eq!(content.chunk(7, 40), whole.slice(7..));
        assert_eq!(content.chunk(99_990, u64::MAX).len(), 10);
        assert_eq!(content.chunk(0, u64::MAX).len(), CHUNK_BYTES);
        assert_eq!(Content::Zeros(1 << 40).chunk(1 << 39, u64::MAX).len(), CHUNK_BYTES);
        assert!(Content::from("").chunk(0, u64::MAX).is_empty() && Content::from("abc").chunk(9, 9).is_empty());
    }

    #[test]
    fn keys_are_in_the_order_of_their_bytes() {
        let keys = ["p/b", "p/é", "p/B", "q", "p", "p/a/1"];
        let documents = Documents::new(keys.iter().map(|key| Document::new("b", key, "x")).collect());
        let found = |after| -> Vec<String> {
            documents.after("b", "p/", after).unwrap().iter().map(|document| document.key.clone()).collect()
        };
        assert_eq!(found(None), ["p/B", "p/a/1", "p/b", "p/é"]);
        assert_eq!(found(Some("p/a/1")), ["p/b", "p/é"]);
        assert_eq!(found(Some("a")), ["p/B", "p/a/1", "p/b", "p/é"]);
        assert!(documents.after("other", "", None).is_none());
    }
}
