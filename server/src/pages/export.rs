use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse as _, Response},
};

use super::Pages;
use crate::{
    export::{self, Exports, SharedDetails, Subject},
    failure::Failure,
    fetch_metadata::is_asked_for,
    redirect::see_other,
    request_context::RequestContext,
    security_log::Event,
    visitor::{SignedIn, Visitor},
};

/// `GET /my-data/export`: everything that is held about the citizen, as a file.
pub(super) async fn export(
    State(pages): State<Arc<Pages>>,
    context: RequestContext,
    headers: HeaderMap,
    visitor: Visitor,
    SignedIn(session): SignedIn,
) -> Result<Response, Failure> {
    if !is_asked_for(&headers) {
        return Ok(see_other("/activity"));
    }
    let keys = pages.record_keys(&session.citizen);
    let own = session.key();
    let subject =
        Subject { details: Some(SharedDetails::of(&session.citizen)), session: Some(&own), language: visitor.language };
    let body = pages.exports.body(&keys, subject, &session.by(&context)).await;
    let body = body.map_err(|error| Failure::unavailable(error).again("/activity"))?;
    pages.security.record(&context, &Event::export(Some(&session.citizen.provider), &keys.current));
    let disposition = format!("attachment; filename=\"{}\"", Exports::file_name());
    let mut response = ([(header::CONTENT_TYPE, "application/json")], body).into_response();
    if let Ok(disposition) = HeaderValue::from_str(&disposition) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, disposition);
    }
    Ok(response)
}

/// `GET /schemas/export-1.json`: what the file looks like.
pub(super) async fn schema() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/schema+json"),
        (header::CACHE_CONTROL, "public, max-age=86400"),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    ];
    (headers, export::SCHEMA).into_response()
}
