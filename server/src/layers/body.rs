//! How large a request may be, and how long it may take to arrive.

use std::time::Duration;

use app::pages::failure::Kind;
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

/// The largest body that is taken, in bytes.
const LARGEST: usize = 64 * 1024;
/// What is read and thrown away of a larger one, so that its sender gets to read the answer instead of a closed connection.
const DISCARDED: usize = 8 * 1024 * 1024;
const DISCARDED_FOR: Duration = Duration::from_secs(5);
/// How long a body may take to arrive.
const PATIENCE: Duration = Duration::from_secs(30);

/// Why a body is not taken.
enum BodyFault {
    TooLarge,
    Broken,
}

/// Takes the whole body before anything else looks at the request: one that is too large is refused wherever it was sent.
pub(super) async fn limit(request: Request, next: Next) -> Response {
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let length =
        request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    let (parts, body) = request.into_parts();
    match timeout(PATIENCE, take(body, length.unwrap_or(0))).await {
        Ok(Ok(bytes)) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
        Ok(Err(BodyFault::TooLarge)) => Failure::new(Kind::TooLarge, "a body over the limit").into_response(),
        Ok(Err(BodyFault::Broken)) => Failure::new(Kind::BadRequest, "a body that broke off").into_response(),
        Err(_) => Failure::new(Kind::BadRequest, "a body that did not arrive in time").into_response(),
    }
}

/// Takes a body that says it has `length` bytes.
async fn take(mut body: Body, length: usize) -> Result<Bytes, BodyFault> {
    let mut taken = Vec::new();
    let mut fits = length <= LARGEST;
    while fits {
        let Some(frame) = body.frame().await else { return Ok(taken.into()) };
        let frame = frame.map_err(|_| BodyFault::Broken)?;
        let Some(data) = frame.data_ref() else { continue };
        fits = taken.len() + data.len() <= LARGEST;
        if fits {
            taken.extend_from_slice(data);
        }
    }
    let _ = timeout(DISCARDED_FOR, discard(body)).await;
    Err(BodyFault::TooLarge)
}

async fn discard(mut body: Body) {
    let mut read = 0;
    while let Some(Ok(frame)) = body.frame().await {
        read += frame.data_ref().map_or(0, |data| data.len());
        if read > DISCARDED {
            return;
        }
    }
}
