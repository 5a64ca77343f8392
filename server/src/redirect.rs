use app::pages::failure::FailureKind;
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::failure::Failure;

/// 303 to `location` (RFC 9110, 15.4.4): the browser follows with GET, whatever the method was.
pub fn see_other(location: &str) -> Response {
    match HeaderValue::from_str(location) {
        Ok(location) => (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response(),
        Err(_) => Failure::new(FailureKind::Internal, "the location is not a valid header value").into_response(),
    }
}
