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
    /// The page has another form with something typed: buttons that send it to its own address, which shows it again.
    FormAt {
        /// The id of the form.
        form: &'static str,
        /// The address.
        action: &'static str,
    },
    /// The page cannot be requested again: buttons of a form of their own, with the page itself, sealed by the server.
    Sealed(String),
}

impl Switch {
    /// The id of the form that a page with a typed text has.
    pub(crate) const FORM: &'static str = "message";
}

impl Page {
    /// Whether a case worker is signed in.
    pub(crate) fn is_for_case_worker(&self) -> bool {
        self.citizen.as_ref().is_some_and(|citizen| citizen.role == Role::CaseWorker)
    }
}

/// Which pages someone who is signed in can open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Role {
    /// Their own message and data.
    #[default]
    Citizen,
    /// The documents that they have been given access to, and nothing that is kept about citizens.
    CaseWorker,
}

/// Who is signed in: a citizen, or a case worker of the organisation.
#[derive(Clone, PartialEq, Eq)]
pub struct Citizen {
    /// The full name.
    pub name: String,
    /// Which pages there are for them.
    pub role: Role,
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
