//! `/brand/…`: the organisation's logo. Its name has a hash, so browsers keep it.

use axum::{
    Router,
    http::{HeaderValue, header},
    response::IntoResponse as _,
    routing::get,
};

use crate::{
    config::LogoFile,
    layers::{Budget, Frame, Routes},
};

/// One year.
const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// For a browser that opens the drawing itself: it may have its own styles, and nothing else.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'unsafe-inline'; sandbox; base-uri 'none'; frame-ancestors 'none'",
);

/// The route of each file.
pub fn routes(files: &[LogoFile], frame: Frame) -> Router {
    let add = |routes: Routes<()>, file: LogoFile| {
        let budget = Budget::unlimited("the file is in memory, and reading it changes nothing");
        let LogoFile { path, media_type, bytes } = file;
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static(media_type)),
            (header::CACHE_CONTROL, IMMUTABLE),
            (header::CONTENT_SECURITY_POLICY, POLICY),
        ];
        routes.route(&path, budget, get(async move || (headers, bytes).into_response()))
    };
    // The same file twice is one route.
    let mut files = files.to_vec();
    files.dedup();
    files.into_iter().fold(Routes::for_browsers(frame), add).finish(())
}
