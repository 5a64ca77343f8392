//! The pages: each handler finds what its page shows, and [`render`] makes the answer of it.

mod home;
mod my_data;
mod profile;
mod provider;
pub mod render;
mod save_message;

use std::sync::Arc;

use axum::{
    Router, middleware,
    routing::{get, post},
};

use crate::{Site, visitor};

/// The routes that know who makes the request.
pub fn router(site: &Arc<Site>) -> Router<Arc<Site>> {
    Router::new()
        .route("/", get(home::home))
        .route("/profile", get(profile::profile))
        .route("/my-data", get(my_data::my_data))
        .route("/api/save_message", post(save_message::save_message))
        .layer(middleware::from_fn_with_state(Arc::clone(site), visitor::identify))
}
