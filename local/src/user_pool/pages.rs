//! The pool's own pages: the choice of a provider, and the error page.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::html;

use super::authorization_request::AuthorizationRequest;
use super::state::Pool;
use crate::page::page;
use crate::web::{Params, with_query};

/// The name on the pages.
const STANDS_IN_FOR: &str = "Amazon Cognito";

/// `GET /login`: the providers to choose from, with the parameters of an authorization request.
pub(super) async fn login(State(pool): State<Arc<Pool>>, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let client = match AuthorizationRequest::parse(&pool.clients, &Params::parse(&query)) {
        Ok((client, _)) => client,
        Err(fault) => return fault.into_response(),
    };
    // The choice on this page replaces an earlier one, such as of an unknown provider.
    let kept = url::form_urlencoded::parse(query.as_bytes())
        .filter(|(name, _)| name != "identity_provider" && name != "idp_identifier");
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).finish();
    let href = |name| with_query(&format!("/oauth2/authorize?{query}"), &[("identity_provider", name)]);
    let body = html! {
        p { "Choose how to sign in." }
        p class="actions" {
            @for provider in pool.providers.iter().filter(|provider| client.enables(provider.name())) {
                a class="button primary" href=(href(provider.name())) { "Continue with " (provider.name()) }
            }
        }
    };
    page(StatusCode::OK, STANDS_IN_FOR, "Sign in", &body)
}

/// `GET /error`: for requests that must not be answered by a redirect.
pub(super) async fn error(RawQuery(query): RawQuery) -> Response {
    let params = Params::parse(&query.unwrap_or_default());
    // Only known words: the page must not show a text from its address.
    let reason = match params.get("error").ok().flatten() {
        Some("redirect_mismatch") => "redirect_mismatch: the redirect_uri is not registered for this app client.",
        Some("logout_mismatch") => "logout_mismatch: the logout_uri is not registered for this app client.",
        Some("invalid_client") => "invalid_client: no app client has this client_id.",
        Some("invalid_state") => "invalid_state: this sign-in is over, or was started in another browser.",
        _ => "invalid_request: a required parameter is missing or repeated.",
    };
    let body = html! {
        p { "An error was encountered with the requested page." }
        p { (reason) }
    };
    page(StatusCode::BAD_REQUEST, STANDS_IN_FOR, "Something went wrong", &body)
}
