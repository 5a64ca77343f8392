//! The start page, in the place of the access portal: who is signed in with this browser, and how to sign out.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use maud::html;

use super::directory::Room;
use super::sign_in;
use crate::page::page;
use crate::web::redirect;

/// `GET /`
pub(super) async fn show(State(room): State<Arc<Room>>, headers: HeaderMap) -> Response {
    let body = html! {
        @match room.signed_in(&headers) {
            Some(person) => {
                p { "You are signed in as " strong { (person.name) } "." }
                form method="post" action="/" {
                    p class="actions" { button type="submit" class="primary" { "Sign out" } }
                }
            }
            None => { p { "You are not signed in here. Start at the service that you want to use." } }
        }
        (sign_in::about(&room))
    };
    page(StatusCode::OK, room.connection.facts.display_name, sign_in::TITLE, &body)
}

/// `POST /`: signs out of the directory. The services that the person signed in to are not told.
pub(super) async fn sign_out(State(room): State<Arc<Room>>, headers: HeaderMap) -> Response {
    let mut response = redirect(StatusCode::SEE_OTHER, "/");
    room.forget(&headers, &mut response);
    response
}
