use std::sync::Arc;

use app::{
    Document,
    pages::{
        Body,
        home::{Home, Reason},
    },
};
use axum::{
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode, header},
    response::Response,
};

use super::render::render;
use crate::{Site, failure::Failure, query::parameter, sign_in::ReturnTo, visitor::Visitor};

/// `GET /`
pub(super) async fn home(
    State(site): State<Arc<Site>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    visitor: Visitor,
) -> Result<Response, Failure> {
    visitor.citizen().map_err(|failure| failure.again("/"))?;
    let return_to = ReturnTo::of_query(query.as_deref());
    let cancelled = parameter(query.as_deref().unwrap_or_default(), "signin") == Ok(Some("cancelled".to_owned()));
    let jar = site.relying_party.jar();
    let signed_out = jar.signed_out_in(&headers);
    let reason = match (cancelled, &return_to) {
        (true, _) => Some(Reason::Cancelled),
        (false, Some(_)) => Some(Reason::SignInNeeded),
        (false, None) => signed_out.map(|provider| Reason::SignedOut(site.way_out_of(provider))),
    };
    let query = return_to.map(|to| format!("?{}", to.parameter())).unwrap_or_default();
    let providers = site.config.providers.iter().map(|provider| site.button(provider, &query)).collect();
    let body = Body::Home(Home { providers, reason });
    let mut response = render(&site, StatusCode::OK, Document { page: visitor.page(&site), body });
    // Told once: who comes back from the provider's own sign-out need not read it again.
    if signed_out.is_some() {
        response.headers_mut().append(header::SET_COOKIE, jar.forget_signed_out().into_value());
    }
    Ok(response)
}
