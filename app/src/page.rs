//! What every page is told, whatever it shows.

use std::sync::Arc;

use crate::{assets::Assets, service::Service, texts::Language};

/// What every page is told about its visitor and its service.
#[derive(Clone, Debug)]
pub struct Page {
    /// The language of the texts.
    pub language: Language,
    /// The full name of the citizen who is signed in; `None` for a visitor.
    pub citizen: Option<String>,
    /// The files that it needs.
    pub assets: Arc<Assets>,
    /// The service that it belongs to.
    pub service: Arc<Service>,
}
