//! One name for this machine, in builds for development.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{Method, header},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};

use crate::Site;

/// Sends a browser that came to `localhost` on to the loopback address that the site is known by: cookies belong to a name,
/// so a sign-in that began under one and ended under the other would find nothing.
pub async fn one_name(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    let own = site.origin.trim_start_matches("http://");
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or(own);
    let alias = host.strip_prefix("localhost").is_some_and(|port| own.strip_prefix("127.0.0.1") == Some(port));
    if !alias || request.method() != Method::GET {
        return next.run(request).await;
    }
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    Redirect::temporary(&site.config.public_url.at(path)).into_response()
}
