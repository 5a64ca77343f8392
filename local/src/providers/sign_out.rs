//! Signing out of the provider itself (OpenID Connect RP-Initiated Logout 1.0, and Auth0's own endpoint).

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use maud::html;

use super::Provider;
use crate::page::page;
use crate::store::now;
use crate::web::{self, Params, redirect};

/// `GET`: signs out at once, or asks first.
pub(super) async fn ask(
    State(provider): State<Arc<Provider>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let Some((back, asks)) = provider.back_to(&Params::parse(&query.unwrap_or_default())) else {
        return provider.refused();
    };
    if !asks {
        return provider.sign_out(&headers, &back);
    }
    let name = provider.facts.name;
    let body = html! {
        p { "You came here from My Data." }
        form method="post" {
            // The query, again: the form posts to the same address.
            p class="actions" { button class="primary" { "Yes, sign out of " (name) } }
        }
    };
    page(StatusCode::OK, name, &format!("Do you want to sign out of {name}?"), &body)
}

/// `POST`: the citizen said so.
pub(super) async fn confirm(
    State(provider): State<Arc<Provider>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    match provider.back_to(&Params::parse(&query.unwrap_or_default())) {
        Some((back, _)) => provider.sign_out(&headers, &back),
        None => provider.refused(),
    }
}

impl Provider {
    /// Where to go afterwards, if this client registered it; and whether to ask first.
    fn back_to(&self, params: &Params) -> Option<(String, bool)> {
        let sign_out = self.facts.sign_out.as_ref()?;
        let is_known = params.get("client_id") == Ok(Some(&self.registration.client_id));
        let back = params.get(sign_out.back).ok().flatten()?;
        (is_known && self.registration.allows_sign_out_to(back)).then(|| (back.to_owned(), sign_out.asks))
    }

    fn sign_out(&self, headers: &HeaderMap, back: &str) -> Response {
        let mut response = redirect(StatusCode::SEE_OTHER, back);
        if let Some(name) = self.facts.session_cookie {
            if let Some(session) = web::cookie(headers, name) {
                self.sessions.take(session, now());
            }
            web::set_cookie(&mut response, name, "", 0);
        }
        response
    }

    fn refused(&self) -> Response {
        let body = html! { p { "The client is not known here, or the address to go back to is not on its list." } };
        page(StatusCode::BAD_REQUEST, self.facts.name, "This sign-out cannot go on", &body)
    }
}
