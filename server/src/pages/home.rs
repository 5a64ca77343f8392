use std::sync::Arc;

use app::{
    Document,
    pages::{
        Body,
        home::{Home, Look, ProviderButton, Reason},
    },
};
use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::Response,
};

use super::render::render;
use crate::{
    Site,
    config::{Kind, Provider},
    failure::Failure,
    query::parameter,
    sign_in::ReturnTo,
    visitor::Visitor,
};

/// `GET /`
pub(super) async fn home(
    State(site): State<Arc<Site>>,
    RawQuery(query): RawQuery,
    visitor: Visitor,
) -> Result<Response, Failure> {
    visitor.citizen().map_err(|failure| failure.again("/"))?;
    let return_to = ReturnTo::of_query(query.as_deref());
    let cancelled = parameter(query.as_deref().unwrap_or_default(), "signin") == Ok(Some("cancelled".to_owned()));
    let reason = match (cancelled, &return_to) {
        (true, _) => Some(Reason::Cancelled),
        (false, Some(_)) => Some(Reason::SignInNeeded),
        (false, None) => None,
    };
    let query = return_to.map(|to| format!("?{}", to.parameter())).unwrap_or_default();
    let providers = site.config.providers.iter().map(|provider| button(provider, &query)).collect();
    let body = Body::Home(Home { providers, reason });
    Ok(render(&site, StatusCode::OK, Document { page: visitor.page(&site), body }))
}

fn button(provider: &Provider, query: &str) -> ProviderButton {
    let look = if provider.kind == Kind::Itsme { Look::Itsme } else { Look::Plain };
    ProviderButton { href: format!("/login/{}{query}", provider.id), name: provider.name.clone(), look }
}
