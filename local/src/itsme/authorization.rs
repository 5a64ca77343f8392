//! The authorization endpoint and its page (OpenID Connect Core 1.0, section 3.1.2).

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use maud::{Markup, html};

use super::citizens::{CITIZENS, Citizen};
use super::{Granted, Provider, STANDS_IN_FOR};
use crate::page::page;
use crate::random;
use crate::store::now;
use crate::web::{Params, redirect, with_query};

/// A valid authorization request.
#[derive(Clone)]
pub(super) struct Request {
    pub(super) redirect_uri: String,
    pub(super) scopes: Vec<String>,
    pub(super) nonce: Option<String>,
    state: Option<String>,
}

/// A request that waits for the citizen.
#[derive(Clone)]
pub(super) struct Pending(Request);

enum Fault {
    /// Without a trusted redirect URI the browser must stay here (RFC 6749, section 4.1.2.1).
    Page(&'static str),
    Redirect {
        uri: String,
        state: Option<String>,
        error: &'static str,
        description: &'static str,
    },
}

/// `GET /v2/authorization`: shows the citizens.
pub(super) async fn ask(State(provider): State<Arc<Provider>>, RawQuery(query): RawQuery) -> Response {
    let params = Params::parse(&query.unwrap_or_default());
    match Request::parse(&provider, &params) {
        Ok(request) => {
            let transaction = random::opaque();
            provider.pending.insert(transaction.clone(), Pending(request), now());
            page(StatusCode::OK, STANDS_IN_FOR, "Who is signing in?", &form(&transaction))
        }
        Err(Fault::Page(reason)) => error_page(reason),
        Err(Fault::Redirect { uri, state, error, description }) => {
            to_relying_party(&uri, state.as_deref(), &[("error", error), ("error_description", description)])
        }
    }
}

/// `POST /v2/authorization`: what the citizen decided.
pub(super) async fn decide(State(provider): State<Arc<Provider>>, headers: HeaderMap, body: String) -> Response {
    let Some(params) = Params::from_form(&headers, &body) else {
        return error_page("This is not a form of this page.");
    };
    let field = |name| params.get(name).ok().flatten();
    let stalls = match field("decision") {
        Some("approve") => Some(false),
        Some("timeout") => Some(true),
        Some("decline") => None,
        _ => return error_page("This is not a form of this page."),
    };
    let citizen = field("citizen").and_then(|id| provider.find(id));
    if stalls.is_some() && citizen.is_none() {
        return error_page("No such citizen.");
    }
    let pending = field("transaction").and_then(|key| provider.pending.take(key, now()));
    let Some(Pending(request)) = pending else {
        return error_page("This sign-in was already decided, or took too long.");
    };
    match (stalls, citizen) {
        (Some(stalls), Some(citizen)) => grant(&provider, request, citizen, stalls),
        _ => to_relying_party(
            &request.redirect_uri,
            request.state.as_deref(),
            &[("error", "access_denied"), ("error_description", "The user declined the request")],
        ),
    }
}

fn grant(provider: &Provider, request: Request, citizen: Citizen, stalls: bool) -> Response {
    let code = random::opaque();
    let (uri, state) = (request.redirect_uri.clone(), request.state.clone());
    let auth_time = now();
    let granted = Granted { request, citizen, auth_time, stalls };
    provider.codes.insert(code.clone(), granted, auth_time);
    to_relying_party(&uri, state.as_deref(), &[("code", &code)])
}

impl Request {
    fn parse(provider: &Provider, params: &Params) -> Result<Self, Fault> {
        let registration = &provider.registration;
        let known = params.get("client_id").ok().flatten() == Some(&registration.client_id);
        if !known {
            return Err(Fault::Page("The relying party is not known here (client_id)."));
        }
        let uri = params.get("redirect_uri").ok().flatten();
        let Some(uri) = uri.filter(|uri| registration.allows(uri)) else {
            return Err(Fault::Page("The redirect URI is not registered (redirect_uri)."));
        };
        let state = params.get("state").ok().flatten().map(str::to_owned);
        let fault =
            |error, description| Fault::Redirect { uri: uri.to_owned(), state: state.clone(), error, description };
        let one = |name| params.get(name).map_err(|_| fault("invalid_request", "A parameter is repeated"));
        one("state")?;
        match one("response_type")? {
            Some("code") => {}
            Some(_) => return Err(fault("unsupported_response_type", "Only code is supported")),
            None => return Err(fault("invalid_request", "response_type is missing")),
        }
        let scopes: Vec<String> =
            one("scope")?.unwrap_or_default().split_ascii_whitespace().map(str::to_owned).collect();
        let service = format!("service:{}", registration.service_code);
        if !scopes.iter().any(|scope| scope == "openid") || !scopes.contains(&service) {
            return Err(fault("invalid_scope", "openid and a known service code are required"));
        }
        let nonce = one("nonce")?.map(str::to_owned);
        Ok(Self { redirect_uri: uri.to_owned(), scopes, nonce, state: state.clone() })
    }
}

fn to_relying_party(uri: &str, state: Option<&str>, params: &[(&str, &str)]) -> Response {
    let mut params = params.to_vec();
    params.extend(state.map(|state| ("state", state)));
    redirect(StatusCode::SEE_OTHER, &with_query(uri, &params))
}

fn form(transaction: &str) -> Markup {
    html! {
        form method="post" action="/v2/authorization" {
            input type="hidden" name="transaction" value=(transaction);
            fieldset {
                legend { "Test citizens" }
                @for (index, citizen) in CITIZENS.iter().enumerate() {
                    @let described = format!("about-{}", citizen.id);
                    div class="choice" {
                        input type="radio" name="citizen" id=(citizen.id) value=(citizen.id)
                            aria-describedby=(described) checked[index == 0];
                        label for=(citizen.id) { bdi { (citizen.name) } }
                        p id=(described) {
                            (citizen.about)
                            @if let Some(number) = &citizen.national_number { ", " (number) }
                        }
                    }
                }
            }
            div class="actions" {
                button class="primary" name="decision" value="approve" { "Approve" }
                button name="decision" value="decline" { "Decline" }
                button name="decision" value="timeout" { "Let it time out" }
            }
        }
    }
}

fn error_page(reason: &str) -> Response {
    let body = html! {
        p { (reason) }
        p { "Go back to the service where you came from and start again." }
    };
    page(StatusCode::BAD_REQUEST, STANDS_IN_FOR, "This sign-in cannot go on", &body)
}
