//! Replaces `documents` in builds without them.

use std::{convert::Infallible, sync::Arc};

use aws_config::SdkConfig;
use axum::Router;

use crate::{
    config::Config,
    layers::{Frame, Limits},
    records::Activity,
    rendering::Renderer,
    security_log::SecurityLog,
    sessions::Sessions,
    sign_in::RelyingParty,
};

/// What people may open, which cannot exist in this build.
#[derive(Clone, Debug)]
pub struct Documents(Infallible);

impl Documents {
    /// None.
    ///
    /// # Errors
    /// The configuration asks for documents.
    pub fn start(config: &Config, _: &SdkConfig, _: Arc<RelyingParty>) -> Result<Option<Self>, &'static str> {
        match config.documents {
            Some(_) => Err("this build has none: build with the cargo feature `documents`, or remove [documents]"),
            None => Ok(None),
        }
    }

    /// Nothing is in memory.
    pub fn forget(&self, _: &str) {
        match self.0 {}
    }
}

/// The state of routes that this build does not have.
#[derive(Debug)]
pub struct DocumentPages {
    /// What people may open.
    pub documents: Documents,
    /// Renders the pages.
    pub renderer: Arc<Renderer>,
    /// The sessions.
    pub sessions: Arc<Sessions>,
    /// What was done.
    pub activity: Activity,
    /// Records it.
    pub security: SecurityLog,
}

/// No routes.
pub fn routes(_: Option<DocumentPages>, _: Frame, _: &Limits) -> Router {
    Router::new()
}
