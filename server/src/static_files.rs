//! The site's files, compressed as the browser accepts. Files under `/pkg` have a hash in their name and never change.

use std::path::Path;

use app::pages::failure::FailureKind;
use axum::{
    Router,
    extract::Request,
    http::{HeaderValue, Method, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::any_service,
};
use leptos::config::LeptosOptions;
use tower_http::services::ServeDir;

use crate::{
    assets::Fallback,
    failure::Failure,
    layers::{Frame, Limits, Routes},
};

/// One year.
const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const ONE_DAY: HeaderValue = HeaderValue::from_static("public, max-age=86400");
const REVALIDATE: HeaderValue = HeaderValue::from_static("no-cache");

/// The fallback for every path without a route: the files below `site_root`, then those of `fallback`.
pub fn routes(frame: Frame, limits: &Limits, site_root: &Path, fallback: Option<&Fallback>) -> Router {
    let site_root = site_root.to_string_lossy().into_owned();
    let options = LeptosOptions::builder().output_name("my-data").site_root(site_root).build();
    let files = leptos_axum::site_pkg_dir_service(&options).append_index_html_on_directories(false);
    let files = match fallback {
        Some(fallback) => {
            any_service(files.fallback(ServeDir::new(&fallback.public).append_index_html_on_directories(false)))
        }
        None => any_service(files),
    };
    let files = files.layer(middleware::from_fn(cache));
    Routes::for_browsers(frame).fallback(limits.writes.writes_only(), files).finish(())
}

async fn cache(request: Request, next: Next) -> Response {
    let not_found = || Failure::new(FailureKind::NotFound, "no such address").into_response();
    // Other methods on an unknown address are also "not found". No file's address ends with a slash.
    if !matches!(*request.method(), Method::GET | Method::HEAD) || request.uri().path().ends_with('/') {
        return not_found();
    }
    let cache_control = cache_control(request.uri().path());
    let mut response = next.run(request).await;
    if !response.status().is_success() && response.status() != StatusCode::NOT_MODIFIED {
        return not_found();
    }
    response.headers_mut().insert(header::CACHE_CONTROL, cache_control);
    response
}

/// How long browsers may keep the file at `path`. A name under `/pkg` changes with its content if it has a hash, such as
/// `my-data.0a1b2c.js`. `cargo leptos watch` builds files without one.
fn cache_control(path: &str) -> HeaderValue {
    match path.strip_prefix("/pkg/") {
        Some(name) if name.split('.').count() > 2 => IMMUTABLE,
        Some(_) => REVALIDATE,
        None => ONE_DAY,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_file_with_a_hash_in_its_name_is_cached_for_a_year() {
        assert_eq!(cache_control("/pkg/my-data.0a1b2c.js"), IMMUTABLE);
        assert_eq!(cache_control("/pkg/my-data.js"), REVALIDATE);
        assert_eq!(cache_control("/favicon.svg"), ONE_DAY);
    }
}
