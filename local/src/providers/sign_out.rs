//! Signing out of the provider itself (OpenID Connect RP-Initiated Logout 1.0, or a vendor's own endpoint).

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use maud::html;

use super::provider::Provider;
use crate::page::page;
use crate::store::now;
use crate::web::{self, Params, redirect};

/// `GET`: signs out, or first asks for confirmation.
pub(super) async fn ask(
    State(provider): State<Arc<Provider>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let Some((back, asks)) = provider.return_address(&Params::parse(&query.unwrap_or_default())) else {
        return provider.refused();
    };
    if !asks {
        return provider.sign_out(&headers, &back);
    }
    let name = provider.vendor.facts.display_name;
    let body = html! {
        p { "You came here from My Data." }
        form method="post" {
            // The form posts to the same address, so the query is sent again.
            p class="actions" { button type="submit" class="primary" { "Yes, sign out of " (name) } }
        }
    };
    page(StatusCode::OK, name, &format!("Do you want to sign out of {name}?"), &body)
}

/// `POST`: the citizen confirmed.
pub(super) async fn confirm(
    State(provider): State<Arc<Provider>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    match provider.return_address(&Params::parse(&query.unwrap_or_default())) {
        Some((back, _)) => provider.sign_out(&headers, &back),
        None => provider.refused(),
    }
}

impl Provider {
    /// The address to return to, if this client registered it, and whether to ask first.
    fn return_address(&self, params: &Params) -> Option<(String, bool)> {
        let sign_out = self.vendor.facts.sign_out.as_ref()?;
        let is_known = params.get("client_id") == Ok(Some(&self.registration.client_id));
        let back = params.get(sign_out.return_parameter).ok().flatten()?;
        (is_known && self.registration.allows_sign_out_to(back)).then(|| (back.to_owned(), sign_out.asks))
    }

    fn sign_out(&self, headers: &HeaderMap, back: &str) -> Response {
        let mut response = redirect(StatusCode::SEE_OTHER, back);
        if let Some(name) = self.vendor.facts.session_cookie {
            if let Some(session) = web::cookie(headers, name) {
                self.sessions.take(session, now());
            }
            web::set_cookie(&mut response, name, "", 0);
        }
        response
    }

    fn refused(&self) -> Response {
        let body = html! { p { "The client is unknown, or the address to return to is not on its list." } };
        page(StatusCode::BAD_REQUEST, self.vendor.facts.display_name, "This sign-out cannot continue", &body)
    }
}
