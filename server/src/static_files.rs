//! The files of the site, in the compression that the browser takes: those under `/pkg` have their hash in their name and never change.

use std::sync::Arc;

use app::pages::failure::Kind;
use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderValue, Method, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use leptos::config::LeptosOptions;

use crate::{Site, assets, failure::Failure};

/// A year, a day for what keeps its name, and nothing while `cargo leptos watch` gives new files old names.
const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const A_DAY: HeaderValue = HeaderValue::from_static("public, max-age=86400");
const NOTHING: HeaderValue = HeaderValue::from_static("no-cache");

pub(crate) fn router(site: &Arc<Site>) -> Router<Arc<Site>> {
    let site_root = assets::site_root(&site.config).to_string_lossy().into_owned();
    let options = LeptosOptions::builder().output_name("my-data").site_root(site_root).build();
    let files = leptos_axum::site_pkg_dir_service(&options).append_index_html_on_directories(false);
    Router::new().fallback_service(files).layer(middleware::from_fn_with_state(Arc::clone(site), cache))
}

async fn cache(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    // An address that no file has is not found, whatever was to be done with it. A slash at its end names no file either.
    if !matches!(*request.method(), Method::GET | Method::HEAD) || request.uri().path().ends_with('/') {
        return Failure::new(Kind::NotFound, "no such address").into_response();
    }
    let hashed = request.uri().path().starts_with("/pkg/");
    let mut response = next.run(request).await;
    if response.status().is_success() || response.status() == http::StatusCode::NOT_MODIFIED {
        let life = match (site.assets.watch.is_some(), hashed) {
            (true, _) => NOTHING,
            (false, true) => IMMUTABLE,
            (false, false) => A_DAY,
        };
        response.headers_mut().insert(header::CACHE_CONTROL, life);
    } else {
        return Failure::new(Kind::NotFound, "no such address").into_response();
    }
    response
}
