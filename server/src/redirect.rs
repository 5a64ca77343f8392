use app::pages::failure::Kind;
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::failure::Failure;

/// 303 to `location` (RFC 9110, 15.4.4): whatever the request was, what follows is a GET.
pub(crate) fn see_other(location: &str) -> Response {
    match HeaderValue::from_str(location) {
        Ok(location) => (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response(),
        Err(_) => Failure::new(Kind::Internal, "a location that cannot be a header").into_response(),
    }
}
