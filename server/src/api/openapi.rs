//! `/v1/openapi.json`: the description of the API (OpenAPI 3.1). A test makes it from the handlers, and compares it with the
//! file.

#[cfg(test)]
pub(super) mod tests;

use std::sync::LazyLock;

use axum::{
    Router,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};

use crate::{
    layers::{ApiFrame, Budget, Routes},
    secret::sha256_hex,
};

const DESCRIPTION: &str = include_str!("openapi.json");

/// Its entity tag. It changes with the description.
static TAG: LazyLock<String> = LazyLock::new(|| format!("\"{}\"", &sha256_hex(DESCRIPTION.as_bytes())[..16]));

/// The route of the description. Pages of every origin may read it, because it is public.
pub(super) fn routes(frame: ApiFrame, budget: Budget) -> Router {
    let frame = ApiFrame { allowed_origins: [].into(), ..frame };
    Routes::for_api(frame).route("/v1/openapi.json", budget, get(describe)).finish(())
}

/// `GET`: the description.
#[cfg_attr(test, utoipa::path(
    get,
    path = "/v1/openapi.json",
    operation_id = "describe",
    tag = "description",
    summary = "Read this description",
    params((
        "If-None-Match" = Option<String>,
        Header,
        example = "*",
        description = "Answer 304 if the description has one of these entity tags; `*`: any.",
    )),
    responses(
        (
            status = 200,
            description = "The description.",
            body = serde_json::Value,
            headers(("ETag" = String, description = "Changes with the description.")),
        ),
        (
            status = 304,
            description = "The description has a tag in If-None-Match.",
            headers(("ETag" = String, description = "Changes with the description.")),
        ),
    ),
    security(()),
))]
async fn describe(headers: HeaderMap) -> Response {
    let mut response = if is_known(&headers) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, "application/json")], DESCRIPTION).into_response()
    };
    let more = [
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600")),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
    ];
    response.headers_mut().extend(more);
    if let Ok(tag) = HeaderValue::try_from(TAG.as_str()) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

/// Whether the client has this description already. A tag in the list that cannot be read is none.
fn is_known(headers: &HeaderMap) -> bool {
    let lines = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|line| line.to_str().ok());
    let mut tags = lines.flat_map(|line| line.split(',')).map(str::trim);
    tags.any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == TAG.as_str())
}
