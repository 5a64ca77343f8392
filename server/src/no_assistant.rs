//! Replaces `assistant` in builds without it.

use std::{sync::Arc, time::Duration};

use axum::Router;

use crate::{
    config::Config,
    documents::Documents,
    language::Choice,
    layers::{Frame, Limits},
    records::Activity,
    rendering::Renderer,
    secret::SealingKeys,
    security_log::SecurityLog,
    sessions::Sessions,
};

/// Whether this build has the assistant.
pub const IS_INCLUDED: bool = false;

/// The assistant, which cannot exist in this build.
#[derive(Clone, Copy, Debug)]
pub enum Assistant {}

impl Assistant {
    /// None.
    ///
    /// # Errors
    /// The configuration asks for the assistant.
    pub fn start(config: &Config, _: Option<&Documents>, _: Duration) -> Result<Option<Self>, &'static str> {
        match config.assistant {
            Some(_) => Err("this build has none: build with the cargo feature `assistant`, or remove [assistant]"),
            None => Ok(None),
        }
    }
}

/// The state of routes that this build does not have.
#[derive(Debug)]
pub struct AssistantPages {
    /// What is asked.
    pub assistant: Assistant,
    /// Renders the pages.
    pub renderer: Arc<Renderer>,
    /// Keeps the language.
    pub choice: Choice,
    /// The sessions.
    pub sessions: Arc<Sessions>,
    /// What was done.
    pub activity: Activity,
    /// Records it.
    pub security: SecurityLog,
    /// Seal conversations.
    pub keys: Arc<SealingKeys>,
}

/// No routes.
pub fn routes(_: Option<AssistantPages>, _: Frame, _: &Limits) -> Router {
    Router::new()
}
