//! The pool's callback for the answer of a SAML provider (Cognito's "The SAML user pool IdP response endpoint").

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};

use super::identity_provider::IdentityProvider;
use super::idp_response::{self, sign_in};
use super::refusals::Refusal;
use super::state::{Pool, Transaction};
use crate::web::Params;

/// `GET /saml2/idpresponse`. The real one takes a posted form with a SAML response; here the answer is opaque.
pub(super) async fn saml_response(
    State(pool): State<Arc<Pool>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let params = Params::parse(&query.unwrap_or_default());
    answer(&pool, &params, &headers).unwrap_or_else(IntoResponse::into_response)
}

fn answer(pool: &Pool, params: &Params, headers: &HeaderMap) -> Result<Response, Refusal> {
    let state = params.get("RelayState").ok().flatten().ok_or(Refusal::Page("invalid_state"))?;
    let Transaction { request, provider, .. } = idp_response::transaction(pool, state, headers)?;
    let Some(IdentityProvider::Saml(upstream)) = pool.provider(&provider) else {
        return Err(Refusal::Page("invalid_state"));
    };
    let redeemed = params.get("answer").ok().flatten().map(|answer| upstream.redeem(answer, state));
    let Some(Ok(answer)) = redeemed else {
        return Err(
            request.refusal("server_error", "Invalid SAML response received: it was not issued for this request")
        );
    };
    // The guide does not say what a SAML response without a person leads to. OAuth's code for it is this one.
    let Some(assertion) = answer else {
        return Err(request.refusal("access_denied", "The user declined the request"));
    };
    sign_in(pool, request, &provider, &assertion.name_id, assertion.attributes)
}
