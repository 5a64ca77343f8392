//! Limits on the size of a request and on the time that it takes to arrive.

use std::time::Duration;

use app::pages::failure::FailureKind;
use axum::{
    body::{Body, Bytes, HttpBody as _},
    extract::Request,
    http::header,
    middleware::Next,
    response::{IntoResponse, Response},
};
use http_body_util::BodyExt as _;
use tokio::time::timeout;

use crate::failure::Failure;

/// The largest accepted body.
const MAX_BYTES: usize = 64 * 1024;
/// How much of a larger body is read and discarded. If the connection closed early, the sender might not see the
/// response.
const MAX_DISCARDED_BYTES: usize = 8 * 1024 * 1024;
const DISCARD_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a body may take to arrive.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Why a body is refused.
enum BodyError {
    TooLarge,
    Incomplete,
}

/// Reads the whole body before passing the request on, so that the limit applies to every route.
pub(super) async fn limit(request: Request, next: Next) -> Response {
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let length =
        request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    let (parts, body) = request.into_parts();
    match timeout(TIMEOUT, read(body, length.unwrap_or(0))).await {
        Ok(Ok(bytes)) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
        Ok(Err(BodyError::TooLarge)) => {
            Failure::new(FailureKind::TooLarge, "the body is over the size limit").into_response()
        }
        Ok(Err(BodyError::Incomplete)) => Failure::new(FailureKind::BadRequest, "the body ended early").into_response(),
        Err(_) => Failure::new(FailureKind::BadRequest, "the body did not arrive in time").into_response(),
    }
}

/// Reads a body whose declared length is `length` bytes.
async fn read(mut body: Body, length: usize) -> Result<Bytes, BodyError> {
    let mut bytes = Vec::new();
    let mut fits = length <= MAX_BYTES;
    while fits {
        let Some(frame) = body.frame().await else { return Ok(bytes.into()) };
        let frame = frame.map_err(|_| BodyError::Incomplete)?;
        let Some(data) = frame.data_ref() else { continue };
        fits = bytes.len() + data.len() <= MAX_BYTES;
        if fits {
            bytes.extend_from_slice(data);
        }
    }
    let _ = timeout(DISCARD_TIMEOUT, discard(body)).await;
    Err(BodyError::TooLarge)
}

async fn discard(mut body: Body) {
    let mut read = 0;
    while let Some(Ok(frame)) = body.frame().await {
        read += frame.data_ref().map_or(0, |data| data.len());
        if read > MAX_DISCARDED_BYTES {
            return;
        }
    }
}
