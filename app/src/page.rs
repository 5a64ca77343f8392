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

/// How a page offers itself in the other languages, so that the citizen's place and text are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Switch {
    /// The page has an address: links with the parameter `lang`.
    Links {
        /// The query of its address, which the links keep.
        query: Option<String>,
    },
    /// The page has a text that the citizen typed: buttons of its form [`Switch::FORM`], which the text goes along with.
    Form,
    /// The page cannot be requested again: buttons of a form of their own, with the page itself, sealed by the server.
    Sealed(String),
}

impl Switch {
    /// The id of the form that a page with a typed text has.
    pub(crate) const FORM: &'static str = "message";
}
