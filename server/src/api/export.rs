//! `/v1/export`: everything that is held about the citizen.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{Method, header},
    response::{IntoResponse, Response},
};

use super::{Api, bearer::Bearer, unavailable};
use crate::{
    export::{SharedDetails, Subject},
    failure::problem::Problem,
    request_context::RequestContext,
    security_log::Event,
};

/// `GET`: the document that citizens download on the pages. Its details are those in the token. `HEAD` exports nothing.
#[cfg_attr(test, utoipa::path(
    get,
    path = "/v1/export",
    operation_id = "export",
    tag = "export",
    summary = "Read everything that is held about the citizen",
    description = "The document that citizens download on the pages, with the claims of the token as its details. Each export \
                   is in the activity.",
    responses((status = 200, description = "The document.", body = super::openapi::tests::Export)),
))]
pub(super) async fn export(
    State(api): State<Arc<Api>>,
    bearer: Bearer,
    context: RequestContext,
    method: Method,
) -> Result<Response, Problem> {
    let kind = [(header::CONTENT_TYPE, "application/json")];
    if method == Method::HEAD {
        return Ok(kind.into_response());
    }
    let details = SharedDetails { provider: &bearer.provider, at: bearer.issued_at, profile: &bearer.profile };
    let subject = Subject { details: Some(details), session: None, language: api.language };
    let body = api.exports.body(&bearer.keys, subject, &bearer.by(&context)).await.map_err(unavailable)?;
    api.security.record(&context, &Event::export(Some(&bearer.provider), &bearer.keys.current));
    Ok((kind, body).into_response())
}
