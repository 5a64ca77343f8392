//! The page where a person signs in, in the place of SAML's single sign-on service.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use maud::{Markup, html};

use super::directory::{Request, Room};
use super::people::{NAMED, Person};
use crate::page::page;
use crate::random;
use crate::store::now;
use crate::web::{Params, redirect, with_query};

/// The path of the page.
pub(super) const PATH: &str = "/sign-in";
/// The heading of every page of the directory.
pub(super) const TITLE: &str = "Workforce directory";

/// `GET`: shows the people, unless one is signed in with this browser. The directory is never asked to sign them in again.
pub(super) async fn ask(State(room): State<Arc<Room>>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let params = Params::parse(&query.unwrap_or_default());
    let one = |name| params.get(name).ok().flatten().map(str::to_owned);
    let answer_url = one("answer_url").filter(|url| room.connection.takes_answers_at(url));
    let (Some(answer_url), Some(relay_state)) = (answer_url, one("RelayState")) else {
        return refused(&room, "The service that you came from is not registered here.");
    };
    let request = Request { answer_url, relay_state };
    if let Some(person) = room.signed_in(&headers) {
        return answer(&room, &request, Some(person));
    }
    let transaction = random::opaque();
    room.pending.insert(transaction.clone(), request, now());
    page(StatusCode::OK, room.connection.facts.display_name, TITLE, &form(&room, &transaction))
}

/// `POST`: the decision.
pub(super) async fn decide(State(room): State<Arc<Room>>, headers: HeaderMap, body: String) -> Response {
    let params = Params::from_form(&headers, &body).unwrap_or_else(|| Params::parse(""));
    let field = |name| params.get(name).ok().flatten();
    let person = match field("decision") {
        Some("approve") => match field("person").and_then(|user_name| room.person(user_name)) {
            Some(person) => Some(person),
            None => return refused(&room, "There is no such person."),
        },
        Some("decline") => None,
        _ => return refused(&room, "This form does not belong to this page."),
    };
    let Some(request) = field("transaction").and_then(|key| room.pending.take(key, now())) else {
        return refused(&room, "This sign-in was already decided, or it took too long.");
    };
    let mut response = answer(&room, &request, person);
    if let Some(person) = person {
        room.remember(person, &mut response);
    }
    response
}

/// What every page of the directory says about itself.
pub(super) fn about(room: &Room) -> Markup {
    html! {
        p {
            "No SAML is spoken here. This page gives the user pool an answer that works once. In production, "
            (room.connection.facts.display_name) " sits in this place: it signs people in with the organisation's own rules, \
             and sends the user pool a signed SAML response."
        }
    }
}

/// Sends the browser back with the answer: a person, or declined.
fn answer(room: &Room, request: &Request, person: Option<&Person>) -> Response {
    let answer = room.connection.issue(&request.relay_state, person);
    let params = [("answer", answer.as_str()), ("RelayState", &request.relay_state)];
    redirect(StatusCode::SEE_OTHER, &with_query(&request.answer_url, &params))
}

fn form(room: &Room, transaction: &str) -> Markup {
    html! {
        form method="post" action=(PATH) {
            input type="hidden" name="transaction" value=(transaction);
            fieldset {
                legend { "Who is signing in?" }
                @for (index, person) in NAMED.iter().enumerate() {
                    @let described = format!("about-{}", person.user_name);
                    div class="choice" {
                        input type="radio" name="person" id=(person.user_name) value=(person.user_name)
                            aria-describedby=(described) checked[index == 0];
                        label for=(person.user_name) { (person.name) }
                        p id=(described) { (person.about) }
                    }
                }
            }
            div class="actions" {
                button type="submit" class="primary" name="decision" value="approve" { "Sign in" }
                button type="submit" name="decision" value="decline" { "Decline" }
            }
        }
        p {
            "You stay signed in here for an hour. To sign in as someone else before that, first "
            a href="/" { "sign out of the directory" } "."
        }
        (about(room))
    }
}

fn refused(room: &Room, reason: &str) -> Response {
    let body = html! {
        p { (reason) }
        p { "Go back to the service that you came from and start again." }
    };
    page(StatusCode::BAD_REQUEST, room.connection.facts.display_name, "This sign-in cannot continue", &body)
}
