use std::sync::Arc;

use app::pages::{Body, accessibility::AccessibilityPage};
use axum::{extract::State, http::StatusCode, response::Response};

use super::Pages;
use crate::{redirect::see_other, visitor::Visitor};

/// `GET /accessibility`: the statement, or 303 to the one that the configuration names.
pub(super) async fn accessibility(State(pages): State<Arc<Pages>>, visitor: Visitor) -> Response {
    if let Some(url) = &pages.renderer.service().accessibility_url {
        return see_other(url.get(visitor.language));
    }
    let body = Body::Accessibility(AccessibilityPage { address: pages.address.to_string() });
    pages.renderer.render(StatusCode::OK, visitor.language, visitor.shown(), body)
}
