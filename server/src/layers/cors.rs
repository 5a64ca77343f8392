//! Which other sites' pages may use the API (Fetch Standard, CORS protocol).

use std::time::Duration;

use axum::http::{HeaderValue, Method, header};
use tower_http::cors::CorsLayer;

/// How long a browser may keep the answer to a preflight request.
const MAX_AGE: Duration = Duration::from_secs(3_600);

/// Lets pages of `origins` send requests and read the responses; `None` without any. Cookies are not allowed.
pub(super) fn layer(origins: &[HeaderValue]) -> Option<CorsLayer> {
    let layer = CorsLayer::new()
        .allow_origin(origins.to_vec())
        .allow_methods([Method::GET, Method::HEAD, Method::PUT, Method::DELETE])
        .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE, header::IF_MATCH, header::IF_NONE_MATCH])
        .expose_headers([header::ETAG, header::RETRY_AFTER, header::WWW_AUTHENTICATE])
        .max_age(MAX_AGE);
    (!origins.is_empty()).then_some(layer)
}
