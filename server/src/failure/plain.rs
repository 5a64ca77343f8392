//! Failures as a line of plain text, for load balancers.

use app::pages::failure::FailureKind;
use axum::{
    extract::Request,
    http::StatusCode,
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::{Failure, Record, Report, challenge, copy_headers};

/// A program that is not a browser has no way to sign in on these routes, so the scheme is the one for browsers.
const CHALLENGE: &str = super::page::CHALLENGE;

/// Shows every failure of the inner routes as plain text. Only the log has the reason.
pub async fn show(request: Request, next: Next) -> Response {
    challenge(answer(request, next).await, CHALLENGE)
}

async fn answer(request: Request, next: Next) -> Response {
    let record = Record::of(&request);
    let mut response = next.run(request).await;
    let Some(failure) = Failure::take(&mut response) else { return response };
    let text = match (failure.kind, failure.status) {
        // A person may read this one.
        (FailureKind::Overloaded, _) => "The service is very busy. Wait a moment and try again.\n",
        (_, StatusCode::SERVICE_UNAVAILABLE) => "not ready\n",
        _ => "failed\n",
    };
    let mut shown = (failure.status, text).into_response();
    copy_headers(&response, &mut shown);
    shown.extensions_mut().insert(Report { reference: None, ..failure.report(&record, None) });
    shown
}

/// The complete answer to a request that no route may see: `text` for the sender, `reason` for the log.
pub fn refusal(status: StatusCode, text: &'static str, reason: &'static str) -> Response {
    let mut response = (status, text).into_response();
    response.extensions_mut().insert(Report::because(reason));
    response
}
