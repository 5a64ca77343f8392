use std::sync::Arc;

use app::pages::{
    Body,
    home::{HomePage, Reason},
};
use axum::{
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode, header},
    response::Response,
};

use super::{Pages, ShownProvider};
use crate::{failure::Failure, oidc::parameter, return_to::ReturnTo, visitor::Visitor};

/// `GET /`
pub(super) async fn home(
    State(pages): State<Arc<Pages>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    visitor: Visitor,
) -> Result<Response, Failure> {
    if let Some(response) = pages.relying_party.second_attempt(&headers, query.as_deref()) {
        return Ok(response);
    }
    if let Some(response) = super::delete::to_receipt(&pages, &headers) {
        return Ok(response);
    }
    visitor.citizen().map_err(|failure| failure.again("/"))?;
    let return_to = ReturnTo::from_query(query.as_deref());
    let cancelled = parameter(query.as_deref().unwrap_or_default(), "signin") == Ok(Some("cancelled".to_owned()));
    let signed_out = pages.jar.signed_out_in(&headers);
    let sign_out =
        |id: &str| pages.providers.iter().find(|provider| provider.id == id).and_then(ShownProvider::sign_out);
    let reason = match (cancelled, &return_to) {
        (true, _) => Some(Reason::Cancelled),
        (false, Some(_)) => Some(Reason::SignInNeeded),
        (false, None) => signed_out.map(|provider| Reason::SignedOut(sign_out(provider))),
    };
    let own = ReturnTo::link(if cancelled { "?signin=cancelled" } else { "" }, return_to.as_ref());
    let query = own.strip_prefix('?').map(str::to_owned);
    let body = body(&pages, return_to.as_ref(), reason, query);
    let mut response = pages.renderer.render(StatusCode::OK, visitor.language, visitor.shown(), body);
    // Shown once: it would be confusing after the citizen returns from the provider's own sign-out.
    if signed_out.is_some() {
        response.headers_mut().append(header::SET_COOKIE, pages.jar.forget_signed_out().into_value());
    }
    Ok(response)
}

/// What the page shows to a visitor of whom nothing is known.
pub(super) fn of_visitors(pages: &Pages) -> Body {
    body(pages, None, None, None)
}

fn body(pages: &Pages, return_to: Option<&ReturnTo>, reason: Option<Reason>, query: Option<String>) -> Body {
    let providers = pages.providers.iter().map(|provider| provider.button(return_to)).collect();
    Body::Home(HomePage { providers, reason, query })
}
