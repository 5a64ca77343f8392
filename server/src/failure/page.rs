//! Failures as pages: what happened, what the citizen can do, and a reference that is also in the log.

use std::sync::Arc;

use app::pages::{Body, failure::FailurePage};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};

use super::{Failure, Record, challenge, copy_headers};
use crate::{language::language, rendering::Renderer};

/// For a page that needs a session: citizens get its cookie by signing in. HTTP requires a challenge for each 401 (RFC
/// 9110, 15.5.2) and has no registered scheme for cookies. Browsers ignore a scheme that they do not know, and show the page.
pub(super) const CHALLENGE: &str = "Cookie realm=\"My Data\", form-action=\"/\"";

/// Shows every failure of the inner routes as a page.
pub async fn show(State(renderer): State<Arc<Renderer>>, request: Request, next: Next) -> Response {
    challenge(answer(&renderer, request, next).await, CHALLENGE)
}

async fn answer(renderer: &Renderer, request: Request, next: Next) -> Response {
    let language = language(request.headers());
    let record = Record::of(&request);
    let mut response = next.run(request).await;
    let Some(mut failure) = Failure::take(&mut response) else { return response };
    let report = failure.report(&record, None);
    let body = Body::Failure(FailurePage {
        kind: failure.kind,
        reference: report.reference.map(|reference| reference.to_string()),
        again: failure.again.take(),
        other: failure.other.take().map(|other| *other),
        unsaved: None,
    });
    let mut shown = renderer.render(failure.status, language, None, body);
    copy_headers(&response, &mut shown);
    shown.extensions_mut().insert(report);
    shown
}
