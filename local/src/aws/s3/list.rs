//! ListObjectsV2.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};

use crate::aws::account::Account;
use crate::aws::documents::Document;
use crate::aws::fail::Fail;
use crate::aws::query::Query;
use crate::aws::{moments, percent, xml};
use crate::random;

const NAMESPACE: &str = "http://s3.amazonaws.com/doc/2006-03-01/";
const MAX_KEYS: usize = 1_000;

/// A row of a listing.
enum Row {
    Document(Arc<Document>),
    /// All keys that begin with this text.
    Folder(String),
}

/// A page of a bucket's listing, as XML.
pub(super) fn list(account: &Account, bucket: &str, query: &Query) -> Result<Response, Fail> {
    if query.get("list-type") != Some("2") {
        return Err(Fail::new(StatusCode::NOT_IMPLEMENTED, "NotImplemented", "Only ListObjectsV2 exists here."));
    }
    let prefix = query.get("prefix").unwrap_or_default();
    let delimiter = query.get("delimiter").unwrap_or_default();
    let size = match query.get("max-keys").unwrap_or_default() {
        "" => MAX_KEYS,
        text => text
            .parse::<usize>()
            .map_err(|_| Fail::bad("InvalidArgument", "Argument maxKeys must be an integer between 0 and 2147483647"))?
            .min(MAX_KEYS),
    };
    let is_encoded = match query.get("encoding-type") {
        None => false,
        Some("url") => true,
        Some(_) => return Err(Fail::bad("InvalidArgument", "Invalid Encoding Method specified in Request")),
    };
    let continuation = query.get("continuation-token");
    let after = match continuation {
        Some(token) => Some(
            last_of(token)
                .ok_or_else(|| Fail::bad("InvalidArgument", "The continuation token provided is incorrect"))?,
        ),
        None => query.get("start-after").map(str::to_owned),
    };

    let documents = account.documents.after(bucket, prefix, after.as_deref());
    let documents = documents
        .ok_or_else(|| Fail::new(StatusCode::NOT_FOUND, "NoSuchBucket", "The specified bucket does not exist"))?;
    let (rows, is_truncated) = page(documents, prefix, delimiter, after.as_deref(), size);

    let shown = |text: &str| if is_encoded { percent::encode_key(text) } else { text.to_owned() };
    let mut inner = xml::text("Name", bucket)
        + &xml::text("Prefix", &shown(prefix))
        + &xml::text("MaxKeys", &size.to_string())
        + &xml::text("KeyCount", &rows.len().to_string())
        + &xml::text("IsTruncated", if is_truncated { "true" } else { "false" });
    if !delimiter.is_empty() {
        inner += &xml::text("Delimiter", &shown(delimiter));
    }
    if is_encoded {
        inner += &xml::text("EncodingType", "url");
    }
    if let Some(token) = continuation {
        inner += &xml::text("ContinuationToken", token);
    }
    if is_truncated && let Some(last) = rows.last() {
        inner += &xml::text("NextContinuationToken", &token_after(last));
    }
    inner.extend(rows.iter().map(|row| row.xml(shown)));
    let document = xml::document("ListBucketResult", Some(NAMESPACE), &inner);
    Ok(([(CONTENT_TYPE, "application/xml")], document).into_response())
}

/// The first rows, and whether there are more.
fn page(
    documents: Vec<Arc<Document>>,
    prefix: &str,
    delimiter: &str,
    after: Option<&str>,
    size: usize,
) -> (Vec<Row>, bool) {
    let mut rows: Vec<Row> = Vec::new();
    for document in documents {
        let folder = folder(&document.key, prefix, delimiter);
        if let Some(folder) = folder {
            let is_shown = matches!(rows.last(), Some(Row::Folder(last)) if last == folder);
            // The page before ended with this folder.
            if is_shown || after == Some(folder) {
                continue;
            }
        }
        if rows.len() == size {
            // As on S3, a page of no keys is never followed by another.
            return (rows, size > 0);
        }
        rows.push(match folder {
            Some(folder) => Row::Folder(folder.to_owned()),
            None => Row::Document(document),
        });
    }
    (rows, false)
}

/// The key up to the first delimiter after the prefix.
fn folder<'a>(key: &'a str, prefix: &str, delimiter: &str) -> Option<&'a str> {
    if delimiter.is_empty() {
        return None;
    }
    let start = prefix.len();
    let end = start + key.get(start..)?.find(delimiter)? + delimiter.len();
    key.get(..end)
}

impl Row {
    /// What the next page comes after.
    fn name(&self) -> &str {
        match self {
            Self::Document(document) => &document.key,
            Self::Folder(prefix) => prefix,
        }
    }

    fn xml(&self, shown: impl Fn(&str) -> String) -> String {
        match self {
            Self::Folder(prefix) => xml::parent("CommonPrefixes", &xml::text("Prefix", &shown(prefix))),
            Self::Document(document) => {
                let inner = xml::text("Key", &shown(&document.key))
                    + &xml::text("LastModified", &moments::iso(document.modified))
                    + &xml::text("ETag", &document.etag())
                    + &xml::text("Size", &document.content.len().to_string())
                    + &xml::text("StorageClass", "STANDARD");
                xml::parent("Contents", &inner)
            }
        }
    }
}

/// Opaque to callers.
fn token_after(row: &Row) -> String {
    random::base64url(format!("after {}", row.name()).as_bytes())
}

fn last_of(token: &str) -> Option<String> {
    Some(String::from_utf8(random::from_base64url(token)?).ok()?.strip_prefix("after ")?.to_owned())
}
