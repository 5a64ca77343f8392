//! Limits on the size of a request and on the time that it takes to arrive.

use std::time::Duration;

use app::pages::failure::FailureKind;
use axum::{
    body::{Body, Bytes, HttpBody as _},
    extract::{Request, State},
    http::{HeaderMap, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http_body_util::BodyExt as _;
use tokio::time::timeout;

use crate::failure::Failure;

/// How much of a larger body is read and discarded. If the connection closed early, the sender might not see the
/// response.
const MAX_DISCARDED_BYTES: usize = 8 * 1024 * 1024;
const DISCARD_TIMEOUT: Duration = Duration::from_secs(5);

/// How large a body may be, and how long it may take.
#[derive(Clone, Copy, Debug)]
pub struct BodyLimits {
    /// The largest accepted body.
    pub max_bytes: usize,
    /// How long the whole body may take to arrive.
    pub whole: Duration,
    /// How long it may take until the next piece arrives.
    pub piece: Duration,
}

impl BodyLimits {
    /// For pages: 64 KiB, at most 5 seconds between pieces and 30 seconds in all.
    pub const PAGES: Self =
        Self { max_bytes: 64 * 1024, whole: Duration::from_secs(30), piece: Duration::from_secs(5) };

    /// For a small body of a program, which has `whole` for all of it.
    pub const fn small(max_bytes: usize, whole: Duration) -> Self {
        Self { max_bytes, whole, piece: whole }
    }
}

/// Why a body is refused.
enum BodyError {
    TooLarge,
    TooSlow,
    Incomplete,
}

/// Reads the whole body before passing the request on, so that the limit applies to every route.
pub(super) async fn read_whole(State(limits): State<BodyLimits>, request: Request, next: Next) -> Response {
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let length = declared_length(request.headers());
    let (parts, body) = request.into_parts();
    let failure = match timeout(limits.whole, read(body, length, limits)).await {
        Ok(Ok(bytes)) => return next.run(Request::from_parts(parts, Body::from(bytes))).await,
        Ok(Err(BodyError::TooLarge)) => too_large(),
        Ok(Err(BodyError::Incomplete)) => Failure::new(FailureKind::BadRequest, "the body ended early"),
        Ok(Err(BodyError::TooSlow)) | Err(_) => Failure::new(FailureKind::TooSlow, "the body did not arrive in time"),
    };
    failure.unauthenticated().into_response()
}

/// Removes the body without reading it. One that is declared to be over the limit is refused all the same.
pub(super) async fn ignore(State(limits): State<BodyLimits>, request: Request, next: Next) -> Response {
    if declared_length(request.headers()) > limits.max_bytes {
        return too_large().into_response();
    }
    next.run(request.map(|_| Body::empty())).await
}

fn declared_length(headers: &HeaderMap) -> usize {
    headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok()).unwrap_or(0)
}

fn too_large() -> Failure {
    Failure::new(FailureKind::TooLarge, "the body is over the size limit")
}

/// Reads a body whose declared length is `length` bytes.
async fn read(mut body: Body, length: usize, limits: BodyLimits) -> Result<Bytes, BodyError> {
    let mut bytes = Vec::new();
    let mut fits = length <= limits.max_bytes;
    while fits {
        let frame = timeout(limits.piece, body.frame()).await.map_err(|_| BodyError::TooSlow)?;
        let Some(frame) = frame else { return Ok(bytes.into()) };
        let frame = frame.map_err(|_| BodyError::Incomplete)?;
        let Some(data) = frame.data_ref() else { continue };
        fits = bytes.len() + data.len() <= limits.max_bytes;
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
