//! How large a request may be, and how long it may take to arrive.

use std::time::Duration;

use app::pages::failure::Kind;
use axum::{
    body::Body,
    extract::Request,
    http::{Method, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http_body_util::BodyExt as _;
use tokio::time::timeout;

use crate::failure::Failure;

/// The largest body that is read, in bytes.
pub(super) const LARGEST: usize = 64 * 1024;
/// What is read and thrown away of a larger one, so that its sender gets to read the answer instead of a closed connection.
const DISCARDED: usize = 8 * 1024 * 1024;
const DISCARDED_FOR: Duration = Duration::from_secs(5);
/// How long a request with a body may take altogether; what the server does with it takes a few seconds at most.
const PATIENCE: Duration = Duration::from_secs(30);

pub(super) async fn limit(request: Request, next: Next) -> Response {
    let length =
        request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if length.is_some_and(|length| length > LARGEST) {
        let _ = timeout(DISCARDED_FOR, discard(request.into_body())).await;
        return Failure::new(Kind::TooLarge, "a body over the limit").into_response();
    }
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    match timeout(PATIENCE, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Failure::new(Kind::BadRequest, "a body that did not arrive in time").into_response(),
    }
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
