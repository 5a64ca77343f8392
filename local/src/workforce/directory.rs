//! A running directory and its routes.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use tokio::sync::watch;

use super::connection::Connection;
use super::people::{NAMED, Person, numbered};
use super::{portal, sign_in};
use crate::error::StartError;
use crate::providers::WORKFORCE;
use crate::random;
use crate::serving::{Bound, Serving};
use crate::store::{Store, now};
use crate::web;

/// How many seconds a person has to sign in. Generous, because a developer may be stepping through code.
const DECISION_SECONDS: u64 = 15 * 60;
/// How long the directory remembers a browser.
const SESSION_SECONDS: u64 = 60 * 60;
/// The browser's session. All ports of a host share cookies, so no other stand-in uses this name.
const SESSION_COOKIE: &str = "standin_workforce";

/// A running directory.
pub struct Directory {
    room: Arc<Room>,
    serving: Serving,
    url: String,
}

/// A request that waits for the person's decision.
#[derive(Clone)]
pub(super) struct Request {
    pub(super) answer_url: String,
    pub(super) relay_state: String,
}

/// What the directory remembers while it runs.
pub(super) struct Room {
    pub(super) connection: Connection,
    people: Vec<Person>,
    pub(super) pending: Store<Request>,
    /// The user name, by the cookie of the browser.
    sessions: Store<String>,
}

impl Directory {
    /// Starts a directory; port 0 takes any free one. Must be called inside a tokio runtime.
    ///
    /// Besides the people on its page, it has `count` others for programs, at most 9,999. Their user names are `w-0001`,
    /// `w-0002` and so on; the name of `w-0042` is `Worker 0042`.
    ///
    /// # Errors
    /// The address is not on loopback or is in use.
    pub async fn start(listen: SocketAddr, count: u16) -> Result<Self, StartError> {
        let bound = Bound::new(listen).await?;
        let url = bound.origin();
        let room = Arc::new(Room {
            connection: Connection::new(&WORKFORCE, url.clone()),
            people: NAMED.iter().cloned().chain((1..=count.min(9_999)).map(numbered)).collect(),
            pending: Store::new(DECISION_SECONDS),
            sessions: Store::new(SESSION_SECONDS),
        });
        let (stop, _) = watch::channel(false);
        let serving = bound.serve(router(&room), stop);
        Ok(Self { room, serving, url })
    }

    /// The base URL. Its page says who is signed in there, and signs them out.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Everyone in it.
    pub fn people(&self) -> &[Person] {
        &self.room.people
    }

    /// The person with this user name.
    pub fn person(&self, user_name: &str) -> Option<&Person> {
        self.room.person(user_name)
    }

    /// What a user pool needs to federate to it.
    pub fn connection(&self) -> Connection {
        self.room.connection.clone()
    }

    /// Stops serving.
    pub async fn shutdown(self) {
        self.serving.stop().await;
    }
}

impl Room {
    pub(super) fn person(&self, user_name: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.user_name == user_name)
    }

    /// The person who is signed in with this browser.
    pub(super) fn signed_in(&self, headers: &HeaderMap) -> Option<&Person> {
        self.person(&self.sessions.get(web::cookie(headers, SESSION_COOKIE)?, now())?)
    }

    /// Remembers the person signed in with a browser, by a cookie of the response.
    pub(super) fn remember(&self, person: &Person, response: &mut Response) {
        let session = random::opaque();
        self.sessions.insert(session.clone(), person.user_name.clone().into_owned(), now());
        web::set_cookie(response, SESSION_COOKIE, &session, SESSION_SECONDS);
    }

    /// Ends the browser's session, and removes the cookie by the response.
    pub(super) fn forget(&self, headers: &HeaderMap, response: &mut Response) {
        if let Some(session) = web::cookie(headers, SESSION_COOKIE) {
            self.sessions.take(session, now());
        }
        web::set_cookie(response, SESSION_COOKIE, "", 0);
    }
}

fn router(room: &Arc<Room>) -> Router {
    Router::new()
        .route("/", get(portal::show).post(portal::sign_out))
        .route(sign_in::PATH, get(sign_in::ask).post(sign_in::decide))
        .with_state(Arc::clone(room))
}
