//! The pages: each handler collects what its page shows, and [`Renderer`] makes the response.

mod home;
mod kept;
mod my_data;
mod profile;
mod provider;
mod save_message;

use std::sync::Arc;

use axum::{
    Router,
    routing::{get, post},
};

pub use self::provider::ShownProvider;
use crate::{
    citizen::{Citizen, Pseudonyms, RecordKeys},
    cookies::CookieJar,
    layers::{Frame, Limits, Routes},
    records::Messages,
    rendering::Renderer,
    security_log::SecurityLog,
    sessions::Sessions,
    sign_in::RelyingParty,
    tasks::Tasks,
    visitor::{citizens, visitors},
};

/// The state of the page routes, which all requests share.
#[derive(Debug)]
pub struct Pages {
    /// Renders the pages.
    pub renderer: Arc<Renderer>,
    /// Every provider, in the order of the buttons.
    pub providers: Arc<[ShownProvider]>,
    /// The citizens' messages.
    pub messages: Messages,
    /// Compute where a citizen's records are.
    pub pseudonyms: Arc<Pseudonyms>,
    /// Records saves.
    pub security: SecurityLog,
    /// Finish a save even if the browser disconnects.
    pub tasks: Tasks,
    /// The cookies of this site.
    pub jar: CookieJar,
    /// Repeats a sign-in for a browser that the user pool's sign-out has sent back.
    pub relying_party: Arc<RelyingParty>,
}

impl Pages {
    /// Where the records of `citizen` are.
    fn record_keys(&self, citizen: &Citizen) -> RecordKeys {
        self.pseudonyms.of(&citizen.namespace, &citizen.eid)
    }
}

/// The routes of the pages.
pub fn routes(pages: Pages, frame: Frame, limits: &Limits, sessions: &Arc<Sessions>) -> Router {
    let pages = Arc::new(pages);
    let kept = kept::shortcut(Arc::clone(&pages), limits.writes.clone(), home::of_visitors);
    let home = Routes::for_browsers(frame.clone())
        .route("/", limits.writes.writes_only(), visitors(sessions, get(home::home)))
        .finish(Arc::clone(&pages))
        .layer(kept);
    Routes::for_browsers(frame)
        .route("/profile", limits.writes.writes_only(), citizens(sessions, get(profile::profile)))
        .route("/my-data", limits.writes.writes_only(), citizens(sessions, get(my_data::my_data)))
        // The handler itself refuses visitors and requests over the limit, so that the typed text is not lost.
        .route(
            "/api/save_message",
            limits.writes.left_to_handler(),
            visitors(sessions, post(save_message::save_message)),
        )
        .finish(pages)
        .merge(home)
}
