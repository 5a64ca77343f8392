//! The pages: each handler collects what its page shows, and [`Renderer`] makes the response.

mod accessibility;
mod activity;
mod cookies;
mod delete;
mod export;
mod home;
mod kept;
mod language;
mod my_data;
mod problems;
mod profile;
mod provider;
mod save_message;
mod sent;
mod session;

use std::sync::Arc;

use axum::{
    Router,
    routing::{get, post},
};
use time::Duration;

pub use self::provider::ShownProvider;
use crate::{
    citizen::{Citizen, RecordKeys},
    cookies::CookieJar,
    export::{Exports, SCHEMA_PATH},
    failure::page::FailurePages,
    kept_text::KeptTexts,
    language::Choice,
    layers::{Frame, Limits, Routes, no_head},
    records::{Activity, Erasures, Messages, OpenSessions},
    rendering::Renderer,
    secret::SealingKeys,
    security_log::SecurityLog,
    sessions::{RemoteEnd, Sessions},
    sign_in::RelyingParty,
    tasks::Tasks,
    visitor::{Whom, action_of, page_of, visitors},
};

/// The state of the page routes, which all requests share.
#[derive(Debug)]
pub struct Pages {
    /// `public_url`
    pub address: Arc<str>,
    /// Renders the pages.
    pub renderer: Arc<Renderer>,
    /// Show failures again in another language.
    pub failures: FailurePages,
    /// The languages that a citizen can choose.
    pub choice: Choice,
    /// Every provider, in the order of the buttons.
    pub providers: Arc<[ShownProvider]>,
    /// The citizens' messages.
    pub messages: Messages,
    /// What was done with citizens' data.
    pub activity: Activity,
    /// Where citizens are signed in.
    pub open_sessions: OpenSessions,
    /// Ends them from another device.
    pub remote_end: RemoteEnd,
    /// Deletions of citizens' data.
    pub erasures: Erasures,
    /// Make the files with everything about a citizen.
    pub exports: Exports,
    /// Seal the receipts of deletions.
    pub receipts: Arc<SealingKeys>,
    /// `activity.retention_days`
    pub retention_days: u32,
    /// `dynamodb.backup_days`
    pub backup_days: Option<u32>,
    /// `session.idle_minutes`
    pub idle: Duration,
    /// The texts that were sent after a session had ended.
    pub kept_texts: KeptTexts,
    /// The citizens' sessions.
    pub sessions: Arc<Sessions>,
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
        self.sessions.record_keys(citizen)
    }

    /// The name that citizens know the provider `id` by. The provider may have been removed from the configuration.
    fn provider_name(&self, id: &str) -> String {
        self.providers.iter().find(|provider| provider.id == id).map_or(id, |provider| &provider.name).to_owned()
    }
}

/// The routes of the pages.
pub fn routes(pages: Pages, frame: Frame, limits: &Limits) -> Router {
    let sessions = &Arc::clone(&pages.sessions);
    let pages = Arc::new(pages);
    let kept = kept::shortcut(Arc::clone(&pages), limits.writes.clone(), home::of_visitors);
    let home = Routes::for_browsers(frame.clone())
        .route("/", limits.writes.writes_only(), visitors(sessions, get(home::home)))
        .finish(Arc::clone(&pages))
        .layer(kept);
    Routes::for_browsers(frame)
        .route("/accessibility", limits.writes.writes_only(), visitors(sessions, get(accessibility::accessibility)))
        .route("/cookies", limits.writes.writes_only(), visitors(sessions, get(cookies::cookies)))
        .route("/profile", limits.writes.writes_only(), page_of(Whom::SignedIn, sessions, get(profile::profile)))
        .route("/my-data", limits.writes.writes_only(), page_of(Whom::Citizens, sessions, get(my_data::my_data)))
        .route(
            "/my-data/export",
            limits.exports.every_request(),
            page_of(Whom::Citizens, sessions, get(export::export).head(no_head)),
        )
        .route("/my-data/delete", limits.writes.writes_only(), page_of(Whom::Citizens, sessions, get(delete::ask)))
        .route(
            "/api/delete_my_data",
            limits.writes.writes_only(),
            action_of(Whom::Citizens, sessions, "/my-data/delete", post(delete::delete)),
        )
        .route("/deleted", limits.writes.writes_only(), visitors(sessions, get(delete::receipt)))
        .route("/activity", limits.writes.writes_only(), page_of(Whom::SignedIn, sessions, get(activity::activity)))
        .route(
            "/activity/not-me",
            limits.writes.writes_only(),
            page_of(Whom::SignedIn, sessions, get(activity::not_me)),
        )
        .route(
            "/api/end_session",
            limits.writes.writes_only(),
            action_of(Whom::SignedIn, sessions, "/activity", post(activity::end_session)),
        )
        .route(
            "/api/end_other_sessions",
            limits.writes.writes_only(),
            action_of(Whom::SignedIn, sessions, "/activity", post(activity::end_other_sessions)),
        )
        .route("/problems", limits.writes.writes_only(), visitors(sessions, get(problems::problems)))
        .route(SCHEMA_PATH, limits.writes.writes_only(), get(export::schema))
        // The handler itself refuses visitors and requests over the limit, so that the typed text is not lost.
        .route(
            "/api/save_message",
            limits.writes.left_to_handler(),
            visitors(sessions, post(save_message::save_message)),
        )
        // As a save: it may come with a typed text.
        .route(
            language::PATH,
            limits.writes.left_to_handler(),
            visitors(sessions, get(language::to_home).post(language::show_again)),
        )
        .route("/api/discard_text", limits.writes.writes_only(), post(my_data::discard_text))
        // Its handlers find the session themselves: one does not extend it, the other says whether it could.
        .route("/session", limits.writes.writes_only(), get(session::ask).post(session::extend))
        .finish(pages)
        .merge(home)
}
