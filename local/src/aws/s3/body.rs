//! The body of a document, chunk by chunk.

use std::future::pending;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use futures_util::stream;

use crate::aws::documents::Document;
use crate::aws::faults::AwsFault;

/// Of a slow body.
const SLOW_BYTES: u64 = 1024;
const SLOW_PAUSE: Duration = Duration::from_millis(50);

/// The bytes of `document` from `start`, before `end`. A chunk is made when the connection has room for it.
pub(super) fn body(document: Arc<Document>, start: u64, end: u64, fault: Option<AwsFault>) -> Body {
    let middle = start + (end - start) / 2;
    Body::from_stream(stream::unfold(start, move |offset| {
        let document = Arc::clone(&document);
        async move {
            if offset >= end {
                return None;
            }
            let chunk = match fault {
                Some(AwsFault::BodyCut) if offset >= middle => {
                    return Some((Err(io::Error::from(io::ErrorKind::ConnectionReset)), end));
                }
                Some(AwsFault::BodyStalls) if offset >= middle => pending::<Bytes>().await,
                Some(AwsFault::BodyCut | AwsFault::BodyStalls) => document.content.chunk(offset, middle),
                Some(AwsFault::BodySlow) => {
                    tokio::time::sleep(SLOW_PAUSE).await;
                    document.content.chunk(offset, end.min(offset + SLOW_BYTES))
                }
                _ => document.content.chunk(offset, end),
            };
            let next = offset + chunk.len() as u64;
            Some((Ok(chunk), next))
        }
    }))
}
