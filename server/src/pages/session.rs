//! `/session`: the end of the session, for the island.
//!
//! The answer is the part of the page about it, in the language of the page that asks: the island sends exactly this language as
//! `Accept-Language`. The citizen may have chosen another one in another tab.

use std::sync::Arc;

use app::pages::failure::FailureKind;
use axum::{
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse as _, Response},
};

use super::Pages;
use crate::{
    failure::Failure,
    language::Chosen,
    request_context::RequestContext,
    sessions::{End, OpenSession},
    visitor::shown_end,
};

/// `GET`: when the session ends. Asking does not extend it.
pub(super) async fn ask(
    State(pages): State<Arc<Pages>>,
    context: RequestContext,
    language: Chosen,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let session = open(&pages, &context, &headers).await?;
    Ok(answer(&pages, language, &headers, session.end_unless_extended))
}

/// `POST`: extends the session.
pub(super) async fn extend(
    State(pages): State<Arc<Pages>>,
    context: RequestContext,
    language: Chosen,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let session = open(&pages, &context, &headers).await?;
    pages.sessions.extend(&session).await.map_err(Failure::unavailable)?;
    Ok(answer(&pages, language, &headers, session.end))
}

async fn open(pages: &Pages, context: &RequestContext, headers: &HeaderMap) -> Result<OpenSession, Failure> {
    let session = pages.sessions.find(headers, context).await.map_err(Failure::unavailable)?;
    session.ok_or_else(|| Failure::new(FailureKind::SessionEnded, "the session has ended"))
}

fn answer(pages: &Pages, Chosen(chosen): Chosen, headers: &HeaderMap, end: End) -> Response {
    let asked = headers.get(header::ACCEPT_LANGUAGE).and_then(|tag| tag.to_str().ok());
    let language = asked.and_then(|tag| pages.choice.offered(tag)).unwrap_or(chosen);
    pages.renderer.render_session(language, shown_end(end)).into_response()
}
