use std::sync::Arc;

use app::pages::{Body, problems::ProblemsPage};
use axum::{extract::State, http::StatusCode, response::Response};

use super::Pages;
use crate::visitor::Visitor;

/// `GET /problems`: what the problems of the API mean.
pub(super) async fn problems(State(pages): State<Arc<Pages>>, visitor: Visitor) -> Response {
    pages.renderer.render(StatusCode::OK, visitor.language, visitor.shown(), Body::Problems(ProblemsPage))
}
