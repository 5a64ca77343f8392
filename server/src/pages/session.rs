use std::sync::Arc;

use app::pages::failure::FailureKind;
use axum::{
    extract::State,
    http::HeaderMap,
    response::{IntoResponse as _, Response},
};

use super::Pages;
use crate::{
    failure::Failure,
    request_context::RequestContext,
    visitor::{Visitor, shown_end},
};

/// `POST /session`: extends the session, and answers with the part of the page about its new end.
pub(super) async fn extend(
    State(pages): State<Arc<Pages>>,
    context: RequestContext,
    visitor: Visitor,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let session = pages.sessions.find(&headers, &context).await.map_err(Failure::unavailable)?;
    let ended = || Failure::new(FailureKind::SessionEnded, "the session ended before it was extended");
    let session = session.ok_or_else(ended)?;
    pages.sessions.extend(&session).await.map_err(Failure::unavailable)?;
    Ok(pages.renderer.render_session(visitor.language, shown_end(&session)).into_response())
}
