//! Failures as a line of plain text, for load balancers.

use app::pages::failure::FailureKind;
use axum::{
    extract::Request,
    http::StatusCode,
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::{Failure, Record, Report, copy_headers};

/// Shows every failure of the inner routes as plain text. Only the log has the reason.
pub async fn show(request: Request, next: Next) -> Response {
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
