use std::sync::Arc;

use app::{
    Document,
    pages::{
        Body,
        home::{Home, Look, ProviderButton, Reason},
    },
};
use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::Response,
};
use serde::Deserialize;

use super::render::render;
use crate::{
    Site,
    config::{Kind, Provider},
    failure::Failure,
    sign_in::ReturnTo,
    visitor::Visitor,
};

#[derive(Deserialize)]
pub(super) struct Parameters {
    #[serde(default)]
    return_to: Option<String>,
    #[serde(default)]
    signin: Option<String>,
}

/// `GET /`
pub(super) async fn home(
    State(site): State<Arc<Site>>,
    Query(parameters): Query<Parameters>,
    visitor: Visitor,
) -> Result<Response, Failure> {
    visitor.citizen().map_err(|failure| failure.again("/"))?;
    let return_to = parameters.return_to.as_deref().and_then(ReturnTo::parse);
    let reason = match parameters.signin.as_deref() {
        Some("cancelled") => Some(Reason::Cancelled),
        _ => return_to.is_some().then_some(Reason::SignInNeeded),
    };
    let query = return_to.map(|to| format!("?return_to={}", to.encoded())).unwrap_or_default();
    let providers = site.config.providers.iter().map(|provider| button(provider, &query)).collect();
    let body = Body::Home(Home { providers, reason });
    Ok(render(&site, StatusCode::OK, Document { page: visitor.page(&site), body }))
}

fn button(provider: &Provider, query: &str) -> ProviderButton {
    let look = if provider.kind == Kind::Itsme { Look::Itsme } else { Look::Plain };
    ProviderButton { href: format!("/login/{}{query}", provider.id), name: provider.name.clone(), look }
}
