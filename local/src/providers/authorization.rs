//! The authorization endpoint and its page (OpenID Connect Core 1.0, section 3.1.2).

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use maud::{Markup, html};

use super::citizens::{CITIZENS, Citizen};
use super::provider::{Granted, Provider, SESSION_SECONDS};
use super::request::Request;
use crate::page::page;
use crate::random;
use crate::store::now;
use crate::web::{self, Params, redirect, with_query};

enum Fault {
    /// Without a trusted redirect URI the browser must not be redirected (RFC 6749, section 4.1.2.1).
    Page(&'static str),
    Redirect {
        uri: String,
        state: Option<String>,
        error: &'static str,
        description: &'static str,
    },
}

/// The decision on the page.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Decision {
    Approve,
    /// The citizen approves, and then the token endpoint does not answer.
    TimeOut,
    Decline,
    /// The provider could not verify the citizen.
    Unverified,
}

/// `GET`: shows the citizens, unless it remembers the one signed in with this browser.
pub(super) async fn ask(
    State(provider): State<Arc<Provider>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let params = Params::parse(&query.unwrap_or_default());
    let request = match parse(&provider, &params) {
        Ok(request) => request,
        Err(Fault::Page(reason)) => return error_page(&provider, reason),
        Err(Fault::Redirect { uri, state, error, description }) => {
            return to_relying_party(&uri, state.as_deref(), &[("error", error), ("error_description", description)]);
        }
    };
    let remembered = provider.vendor.facts.session_cookie.and_then(|name| web::cookie(&headers, name));
    if let Some(citizen) = remembered.and_then(|session| provider.sessions.get(session, now()))
        && !request.asks_again()
    {
        return grant(&provider, request, citizen, false);
    }
    let transaction = random::opaque();
    provider.pending.insert(transaction.clone(), request, now());
    page(StatusCode::OK, provider.vendor.facts.display_name, "Who is signing in?", &form(&provider, &transaction))
}

/// `POST`: the decision.
pub(super) async fn decide(State(provider): State<Arc<Provider>>, headers: HeaderMap, body: String) -> Response {
    let Some(params) = Params::from_form(&headers, &body) else {
        return error_page(&provider, "This form does not belong to this page.");
    };
    let field = |name| params.get(name).ok().flatten();
    let decision = match field("decision") {
        Some("approve") => Decision::Approve,
        Some("timeout") => Decision::TimeOut,
        Some("decline") => Decision::Decline,
        Some("unverified") => Decision::Unverified,
        _ => return error_page(&provider, "This form does not belong to this page."),
    };
    let citizen = field("citizen").and_then(|id| provider.find(id));
    if matches!(decision, Decision::Approve | Decision::TimeOut) && citizen.is_none() {
        return error_page(&provider, "There is no such citizen.");
    }
    let pending = field("transaction").and_then(|key| provider.pending.take(key, now()));
    let Some(request) = pending else {
        return error_page(&provider, "This sign-in was already decided, or it took too long.");
    };
    let refusal = match (decision, citizen) {
        (Decision::Approve | Decision::TimeOut, Some(citizen)) => {
            let session = provider.remember(&citizen);
            let mut response = grant(&provider, request, citizen, decision == Decision::TimeOut);
            if let Some((name, session)) = session {
                web::set_cookie(&mut response, name, &session, SESSION_SECONDS);
            }
            return response;
        }
        (Decision::Unverified, _) => provider.vendor.facts.unverified.unwrap_or("The user was not verified"),
        _ => "The user declined the request",
    };
    to_relying_party(
        &request.redirect_uri,
        request.state.as_deref(),
        &[("error", "access_denied"), ("error_description", refusal)],
    )
}

fn grant(provider: &Provider, request: Request, citizen: Citizen, stalls: bool) -> Response {
    let code = random::opaque();
    let (uri, state) = (request.redirect_uri.clone(), request.state.clone());
    let auth_time = now();
    let granted = Granted { request, citizen, auth_time, stalls };
    provider.codes.insert(code.clone(), granted, auth_time);
    to_relying_party(&uri, state.as_deref(), &[("code", &code)])
}

impl Provider {
    /// Remembers the citizen signed in with a browser. Returns the name and value of the cookie, if this provider sets one.
    fn remember(&self, citizen: &Citizen) -> Option<(&'static str, String)> {
        let name = self.vendor.facts.session_cookie?;
        let session = random::opaque();
        self.sessions.insert(session.clone(), citizen.clone(), now());
        Some((name, session))
    }
}

/// Checks an authorization request.
fn parse(provider: &Provider, params: &Params) -> Result<Request, Fault> {
    let registration = &provider.registration;
    let known = params.get("client_id").ok().flatten() == Some(&registration.client_id);
    if !known {
        return Err(Fault::Page("The relying party is unknown (client_id)."));
    }
    let uri = params.get("redirect_uri").ok().flatten();
    let Some(uri) = uri.filter(|uri| registration.allows_redirect_to(uri)) else {
        return Err(Fault::Page("The redirect URI is not registered (redirect_uri)."));
    };
    let state = params.get("state").ok().flatten().map(str::to_owned);
    let fault = |error, description| Fault::Redirect { uri: uri.to_owned(), state: state.clone(), error, description };
    let one = |name| params.get(name).map_err(|_| fault("invalid_request", "A parameter is repeated"));
    let words = |text: Option<&str>| text.unwrap_or_default().split_ascii_whitespace().map(str::to_owned).collect();
    one("state")?;
    match one("response_type")? {
        Some("code") => {}
        Some(_) => return Err(fault("unsupported_response_type", "Only code is supported")),
        None => return Err(fault("invalid_request", "response_type is missing")),
    }
    let request = Request {
        redirect_uri: uri.to_owned(),
        nonce: one("nonce")?.map(str::to_owned),
        state: state.clone(),
        prompt: one("prompt")?.map(str::to_owned),
        acr_values: words(one("acr_values")?),
        scopes: words(one("scope")?),
    };
    if !request.has("openid") {
        return Err(fault("invalid_scope", "openid is required"));
    }
    provider.vendor.rules.check(params, &request).map_err(|(error, description)| fault(error, description))?;
    Ok(request)
}

fn to_relying_party(uri: &str, state: Option<&str>, params: &[(&str, &str)]) -> Response {
    let mut params = params.to_vec();
    params.extend(state.map(|state| ("state", state)));
    redirect(StatusCode::SEE_OTHER, &with_query(uri, &params))
}

fn form(provider: &Provider, transaction: &str) -> Markup {
    html! {
        form method="post" action=(provider.vendor.facts.paths.authorization) {
            input type="hidden" name="transaction" value=(transaction);
            fieldset {
                legend { "Test citizens" }
                @for (index, citizen) in CITIZENS.iter().enumerate() {
                    @let described = format!("about-{}", citizen.id);
                    div class="choice" {
                        input type="radio" name="citizen" id=(citizen.id) value=(citizen.id)
                            aria-describedby=(described) checked[index == 0];
                        label for=(citizen.id) { bdi { (citizen.name) } }
                        p id=(described) { (provider.vendor.rules.about(citizen)) }
                    }
                }
            }
            div class="actions" {
                button type="submit" class="primary" name="decision" value="approve" { "Approve" }
                button type="submit" name="decision" value="decline" { "Decline" }
                button type="submit" name="decision" value="timeout" { "Let it time out" }
                @if provider.vendor.facts.unverified.is_some() {
                    button type="submit" name="decision" value="unverified" { "Not verified" }
                }
            }
        }
    }
}

fn error_page(provider: &Provider, reason: &str) -> Response {
    let body = html! {
        p { (reason) }
        p { "Go back to the service that you came from and start again." }
    };
    page(StatusCode::BAD_REQUEST, provider.vendor.facts.display_name, "This sign-in cannot continue", &body)
}
