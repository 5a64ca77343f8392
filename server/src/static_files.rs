//! The files of the site, in the compression that the browser takes: those under `/pkg` have their hash in their name and never change.

use std::sync::Arc;

use app::pages::failure::Kind;
use axum::{
    Router,
    extract::Request,
    http::{HeaderValue, Method, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use leptos::config::LeptosOptions;

use crate::{Site, assets, failure::Failure};

/// A year, and a day for what keeps its name.
const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const A_DAY: HeaderValue = HeaderValue::from_static("public, max-age=86400");

pub(crate) fn router(site: &Arc<Site>) -> Router<Arc<Site>> {
    let site_root = assets::site_root(&site.config).to_string_lossy().into_owned();
    let options = LeptosOptions::builder().output_name("my-data").site_root(site_root).build();
    let files = leptos_axum::site_pkg_dir_service(&options).append_index_html_on_directories(false);
    Router::new().fallback_service(files).layer(middleware::from_fn(cache))
}

async fn cache(request: Request, next: Next) -> Response {
    // An address that no file has is not found, whatever was to be done with it.
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Failure::new(Kind::NotFound, "no such address").into_response();
    }
    let hashed = request.uri().path().starts_with("/pkg/");
    let mut response = next.run(request).await;
    if response.status().is_success() || response.status() == http::StatusCode::NOT_MODIFIED {
        response.headers_mut().insert(header::CACHE_CONTROL, if hashed { IMMUTABLE } else { A_DAY });
    } else {
        return Failure::new(Kind::NotFound, "no such address").into_response();
    }
    response
}
