//! Failures as OAuth errors (RFC 6749, 5.2), for programs. The description has a reference that is also in the log,
//! unless the failure shows its reason instead.

use axum::{
    Json,
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use serde_json::json;

use super::{Failure, Record, challenge, copy_headers};

/// For a client whose credentials are wrong (RFC 6749, 5.2). The client sends them in the body (RFC 6749, 2.3.1), but HTTP requires
/// a scheme, and this is the registered one for a client's id and secret.
const CHALLENGE: &str = "Basic realm=\"token\", charset=\"UTF-8\"";

/// Shows every failure of the inner routes as an OAuth error.
pub async fn show(request: Request, next: Next) -> Response {
    challenge(answer(request, next).await, CHALLENGE)
}

async fn answer(request: Request, next: Next) -> Response {
    let record = Record::of(&request);
    let mut response = next.run(request).await;
    let Some(failure) = Failure::take(&mut response) else { return response };
    let code = failure.code;
    let report = failure.report(&record, Some(code));
    let description = match &report.reference {
        Some(reference) => format!("reference {reference}"),
        None => "too many refused requests from one address".to_owned(),
    };
    let body = json!({ "error": code, "error_description": description });
    let mut shown = (failure.status, Json(body)).into_response();
    shown.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    copy_headers(&response, &mut shown);
    shown.extensions_mut().insert(report);
    shown
}

/// The OAuth error code for a failure that has none of its own.
pub(super) fn code(status: StatusCode) -> &'static str {
    match status {
        StatusCode::UNAUTHORIZED => "invalid_client",
        StatusCode::TOO_MANY_REQUESTS => "slow_down",
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT => "temporarily_unavailable",
        status if status.is_client_error() => "invalid_request",
        _ => "server_error",
    }
}
