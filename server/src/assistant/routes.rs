//! The page of the assistant: `GET` begins a conversation, `POST` asks.

mod asked;
mod shown;

use std::{fmt, sync::Arc};

use axum::{
    Router,
    extract::State,
    http::StatusCode,
    response::Response,
    routing::{get, post},
};

use self::{asked::ask, shown::Shown};
use super::{
    Assistant,
    conversation::{Conversation, MAX_FORM},
};
use crate::{
    language::Choice,
    layers::{BodyLimits, Frame, Limits, Routes},
    records::Activity,
    rendering::Renderer,
    secret::SealingKeys,
    security_log::SecurityLog,
    sessions::Sessions,
    visitor::{SignedIn, Visitor, Whom, page_of, visitors},
};

const PATH: &str = "/assistant";

/// The state of these routes, which all requests share.
pub struct AssistantPages {
    /// What is asked.
    pub assistant: Assistant,
    /// Renders the pages.
    pub renderer: Arc<Renderer>,
    /// Keeps the language that a page is read in.
    pub choice: Choice,
    /// The sessions, of citizens too.
    pub sessions: Arc<Sessions>,
    /// What was done, by each person.
    pub activity: Activity,
    /// Records that questions were asked.
    pub security: SecurityLog,
    /// Seal conversations.
    pub keys: Arc<SealingKeys>,
}

impl fmt::Debug for AssistantPages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AssistantPages(…)")
    }
}

/// The routes of the page, for case workers only. None without `pages`.
pub fn routes(pages: Option<AssistantPages>, frame: Frame, limits: &Limits) -> Router {
    let Some(pages) = pages else { return Router::new() };
    let sessions = &Arc::clone(&pages.sessions);
    // The form carries the conversation.
    let body = BodyLimits { max_bytes: frame.body.max_bytes.max(MAX_FORM), ..frame.body };
    Routes::for_browsers(Frame { body, ..frame })
        .route(PATH, limits.documents.every_request(), page_of(Whom::CaseWorkers, sessions, get(begin)))
        // The handler refuses, so that no question is lost.
        .route(PATH, limits.questions.left_to_handler(), visitors(sessions, post(ask)))
        .finish(Arc::new(pages))
}

/// `GET /assistant`: a new conversation.
async fn begin(State(pages): State<Arc<AssistantPages>>, visitor: Visitor, SignedIn(session): SignedIn) -> Response {
    let conversation = Conversation::new(session.citizen.eid.expose());
    Shown::new(&pages, &visitor, String::new(), conversation).page(StatusCode::OK, None, None)
}
