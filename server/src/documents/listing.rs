use std::fmt;

use aws_sdk_s3::{
    operation::list_objects_v2::ListObjectsV2Output,
    types::{EncodingType, Object},
};
use percent_encoding::percent_decode_str;
use time::OffsetDateTime;

use super::{Clients, DocumentsError, Place, Problem, causes::Call, credentials::DataCredentials, objects::moment};

/// How many folders and documents one page has.
const PAGE: i32 = 200;
/// More than any that S3 gives out.
const MAX_TOKEN_BYTES: usize = 2048;

/// One page of a folder.
#[derive(PartialEq, Eq)]
pub struct Listing {
    /// The folders in it: prefixes that end with `/`.
    pub folders: Vec<String>,
    /// The documents in it, in the order of their keys.
    pub documents: Vec<Document>,
    /// What asks for the next page. `None`: this is the last one.
    pub next: Option<String>,
}

/// A document in a folder.
#[derive(PartialEq, Eq)]
pub struct Document {
    /// Its key.
    pub key: String,
    /// Its size in bytes.
    pub size: u64,
    /// When it was stored.
    pub modified: Option<OffsetDateTime>,
}

impl fmt::Debug for Listing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Listing({} folders, {} documents)", self.folders.len(), self.documents.len())
    }
}

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Document(…)")
    }
}

/// Lists what starts with the key of `prefix`, up to the next `/`. `page` is [`Listing::next`] of the page before.
///
/// # Errors
/// S3 refuses or cannot be reached.
pub(super) async fn list(
    clients: &Clients,
    credentials: &DataCredentials,
    prefix: &Place,
    page: Option<&str>,
) -> Result<Listing, DocumentsError> {
    if page.is_some_and(|page| page.len() > MAX_TOKEN_BYTES) {
        return Err(DocumentsError::new(Problem::NotFound, Call::ListObjects, "there is no such page", &[]));
    }
    let request = clients
        .objects(credentials)
        .list_objects_v2()
        .bucket(prefix.bucket())
        .prefix(prefix.key())
        .delimiter("/")
        .max_keys(PAGE)
        // XML cannot represent every key.
        .encoding_type(EncodingType::Url)
        .set_continuation_token(page.map(str::to_owned));
    let answer = request.send().await.map_err(|error| DocumentsError::of(Call::ListObjects, &error))?;
    read(&answer, prefix.key()).ok_or(DocumentsError::unreadable(Call::ListObjects))
}

/// `None` if the response lacks what it must have, or holds something that was not asked for.
fn read(answer: &ListObjectsV2Output, prefix: &str) -> Option<Listing> {
    let is_encoded = answer.encoding_type() == Some(&EncodingType::Url);
    let key = |key: Option<&str>| {
        let key = if is_encoded { decoded(key?)? } else { key?.to_owned() };
        key.starts_with(prefix).then_some(key)
    };
    let document = |object: &Object| {
        let size = object.size()?.try_into().ok()?;
        Some(Document { key: key(object.key())?, size, modified: object.last_modified().and_then(moment) })
    };
    let folders = answer.common_prefixes().iter().map(|folder| key(folder.prefix()));
    let mut documents = answer.contents().iter().map(document).collect::<Option<Vec<_>>>()?;
    // Consoles create an empty object with the name of the folder.
    documents.retain(|document| !(document.key == prefix && prefix.ends_with('/')));
    let is_truncated = answer.is_truncated() == Some(true);
    let next = answer.next_continuation_token().filter(|_| is_truncated).map(str::to_owned);
    Some(Listing { folders: folders.collect::<Option<Vec<_>>>()?, documents, next })
}

/// S3 encodes keys as HTML forms do, with `+` for a space.
fn decoded(key: &str) -> Option<String> {
    percent_decode_str(&key.replace('+', " ")).decode_utf8().ok().map(std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_decoded_as_s3_encodes_it() {
        for (encoded, key) in [
            ("a/b.pdf", "a/b.pdf"),
            ("d%C3%A9cision+n%C2%B0+1%2B2.pdf", "décision n° 1+2.pdf"),
            ("100%25", "100%"),
            ("line%0Aend", "line\nend"),
        ] {
            assert_eq!(decoded(encoded).as_deref(), Some(key), "{encoded}");
        }
        assert_eq!(decoded("%FF"), None, "keys are UTF-8");
    }
}
