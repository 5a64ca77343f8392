//! What every request but those for health passes, from the outside in: compression, failure pages, panics, limits, the
//! origin check. The headers are on every answer.

mod body;
mod compression;
mod failures;
mod headers;
#[cfg(feature = "local")]
mod loopback;
mod origin;
mod rate;

use std::sync::Arc;

use axum::{Router, middleware};
use tower_http::catch_panic::CatchPanicLayer;

#[cfg(feature = "local")]
pub use self::loopback::one_name;
pub use self::{headers::add as add_headers, rate::RateLimit};
use crate::Site;

/// Wraps `routes` in every layer.
pub fn wrap(routes: Router<Arc<Site>>, site: &Arc<Site>) -> Router {
    let with_site = Arc::clone(site);
    routes
        .layer(middleware::from_fn_with_state(Arc::clone(site), origin::check))
        .layer(middleware::from_fn(body::limit))
        .layer(middleware::from_fn_with_state(Arc::clone(site), rate::limit))
        .layer(CatchPanicLayer::new())
        .layer(middleware::from_fn_with_state(Arc::clone(site), failures::show))
        .layer(compression::layer())
        .with_state(with_site)
}
