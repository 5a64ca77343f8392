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
