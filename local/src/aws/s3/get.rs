//! GetObject and HeadObject.

use std::sync::Arc;

use axum::body::Body;
use axum::http::header::{ACCEPT_RANGES, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, LAST_MODIFIED, RANGE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::body;
use super::range::{self, Part};
use crate::aws::account::Account;
use crate::aws::documents::Document;
use crate::aws::fail::Fail;
use crate::aws::moments;

/// What S3 says about a document that was stored without a type.
const UNKNOWN_TYPE: &str = "binary/octet-stream";

/// The document, or the part that `Range` asks for.
pub(super) fn get(
    account: &Account,
    document: &Arc<Document>,
    headers: &HeaderMap,
    with_body: bool,
) -> Result<Response, Fail> {
    let len = document.content.len();
    let wanted = headers.get(RANGE).and_then(|range| range.to_str().ok()).unwrap_or_default();
    let part = range::part(wanted, len).map_err(|_| {
        let message = "The requested range is not satisfiable";
        Fail::new(StatusCode::RANGE_NOT_SATISFIABLE, "InvalidRange", message)
    })?;
    let (status, Part { start, end }) = match part {
        Some(part) => (StatusCode::PARTIAL_CONTENT, part),
        None => (StatusCode::OK, Part { start: 0, end: len }),
    };
    let mut response = Response::builder()
        .status(status)
        .header(ACCEPT_RANGES, "bytes")
        .header(CONTENT_LENGTH, end - start)
        .header(CONTENT_TYPE, document.content_type.as_deref().unwrap_or(UNKNOWN_TYPE))
        .header(ETAG, document.etag())
        .header(LAST_MODIFIED, moments::http(document.modified));
    if part.is_some() {
        response = response.header(CONTENT_RANGE, format!("bytes {start}-{}/{len}", end - 1));
    }
    let body = match with_body {
        true => body::body(Arc::clone(document), start, end, account.switch.get()),
        false => Body::empty(),
    };
    // Only a stored type that is no header value can make it fail.
    response
        .body(body)
        .map_err(|_| Fail::new(StatusCode::INTERNAL_SERVER_ERROR, "InternalError", "The document's type is no header."))
}
