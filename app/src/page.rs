//! What every page is told, whatever it shows.

use std::{fmt, sync::Arc};

use time::{Duration, OffsetDateTime};

use crate::{assets::Assets, service::Service, texts::Language};

/// What every page is told about its visitor and its service.
#[derive(Clone, Debug)]
pub struct Page {
    /// The language of the texts.
    pub language: Language,
    /// The citizen who is signed in; `None` for a visitor.
    pub citizen: Option<Citizen>,
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

/// The citizen who is signed in.
#[derive(Clone, PartialEq, Eq)]
pub struct Citizen {
    /// The full name.
    pub name: String,
    /// When the session ends.
    pub session: SessionEnd,
}

impl fmt::Debug for Citizen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Citizen(…)")
    }
}

/// When a session ends if no further request comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionEnd {
    /// The moment.
    pub at: OffsetDateTime,
    /// How long that is from now.
    pub left: Duration,
    /// How long before the end the citizen is warned, where something typed can be lost.
    pub warning: Duration,
    /// Whether no request can move the end.
    pub is_final: bool,
}
