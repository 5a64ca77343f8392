//! `/v1/activity`: what was done with the citizen's data, and when.

use std::sync::Arc;

use app::pages::problems::ProblemKind;
use axum::{
    Json,
    extract::{RawQuery, State},
    http::Method,
};
use serde::Serialize;
use uuid::Uuid;

use super::{Api, bearer::Bearer, unavailable};
use crate::{
    export::ActivityEntry, failure::problem::Problem, oidc::parameter, request_context::RequestContext,
    security_log::Event,
};

/// How many items a page has, and how many it may have.
const PAGE: usize = 25;
const MAX_PAGE: usize = 100;

/// One page of the activity, the newest item first.
#[derive(Serialize)]
pub(super) struct ActivityPage {
    items: Vec<ActivityEntry>,
    next: Option<Uuid>,
}

/// Which page.
struct Wanted {
    before: Option<Uuid>,
    limit: usize,
}

/// `GET`: one page.
#[cfg_attr(test, utoipa::path(
    get,
    path = "/v1/activity",
    operation_id = "listActivity",
    tag = "activity",
    summary = "Read what was done with the data",
    description = "The newest items come first. For the next page, send the value of next as before.",
    params(
        ("before" = Option<Uuid>, Query, description = "Only items before this one: next of an earlier page."),
        (
            "limit" = Option<usize>,
            Query,
            minimum = 1,
            maximum = 100,
            description = "How many items a page has; 25 if it is not sent.",
        ),
    ),
    responses((status = 200, description = "A page of the activity.", body = super::openapi::tests::Page)),
))]
pub(super) async fn list(
    State(api): State<Arc<Api>>,
    bearer: Bearer,
    context: RequestContext,
    method: Method,
    RawQuery(query): RawQuery,
) -> Result<Json<ActivityPage>, Problem> {
    let Wanted { before, limit } = Wanted::parse(query.as_deref().unwrap_or_default())?;
    // The answer to HEAD has no items.
    let is_read = method != Method::HEAD;
    if is_read {
        let by = bearer.by(&context);
        api.activity.record_api_use(&bearer.keys, bearer.token, &by).await.map_err(unavailable)?;
    }
    let page = api.activity.page(&bearer.keys, before, limit).await.map_err(unavailable)?;
    if is_read {
        api.security.record(&context, &Event::api_read(&bearer.provider, &bearer.keys.current, "activity"));
    }
    Ok(Json(ActivityPage { items: page.entries.iter().map(ActivityEntry::from).collect(), next: page.next }))
}

impl Wanted {
    /// The page that `query` asks for. Other parameters have no meaning.
    fn parse(query: &str) -> Result<Self, Problem> {
        let invalid =
            |detail| Problem::new(ProblemKind::InvalidRequest, detail, "a parameter of the query cannot be used");
        let value = |name| parameter(query, name).map_err(|_| invalid("Send each parameter of the query once."));
        let before = value("before")?.map(|text| Uuid::try_parse(&text)).transpose();
        let before = before.map_err(|_| invalid("before must be the value of next in an earlier page."))?;
        let limit = match value("limit")? {
            None => Some(PAGE),
            Some(text) => text.parse().ok().filter(|limit| (1..=MAX_PAGE).contains(limit)),
        };
        let limit = limit.ok_or_else(|| invalid("limit must be a whole number from 1 to 100."))?;
        Ok(Self { before, limit })
    }
}
