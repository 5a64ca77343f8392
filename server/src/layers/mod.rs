//! What every request passes, from the outside in: headers, compression, failure pages, limits, the origin check.

mod compression;
mod failures;
mod headers;
#[cfg(feature = "local")]
mod loopback;
mod origin;
mod rate;

use std::sync::Arc;

use axum::{Router, extract::DefaultBodyLimit, middleware};
use tower_http::{catch_panic::CatchPanicLayer, limit::RequestBodyLimitLayer};

#[cfg(feature = "local")]
pub use self::loopback::one_name;
pub use self::{headers::add as add_headers, rate::RateLimit};
use crate::Site;

/// The largest body that is read, in bytes.
const LARGEST_BODY: usize = 64 * 1024;

/// Wraps `routes` in every layer.
pub fn wrap(routes: Router<Arc<Site>>, site: &Arc<Site>) -> Router {
    let with_site = Arc::clone(site);
    routes
        .layer(middleware::from_fn_with_state(Arc::clone(site), origin::check))
        .layer(middleware::from_fn_with_state(Arc::clone(site), rate::limit))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(RequestBodyLimitLayer::new(LARGEST_BODY))
        .layer(CatchPanicLayer::new())
        .layer(middleware::from_fn_with_state(Arc::clone(site), failures::show))
        .layer(compression::layer())
        .with_state(with_site)
}
