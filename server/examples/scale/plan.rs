//! What to do, as the model of `docs/scaling.md` wrote it.

use std::{fmt, fs, path::Path};

use serde::{Deserialize, Serialize};

/// The plan of a run.
#[derive(Deserialize)]
pub(crate) struct Plan {
    /// How long the visits take.
    pub(crate) seconds: f64,
    /// What is repeated by itself before them.
    pub(crate) actions: Vec<Repeated>,
    pub(crate) visits: Vec<Visit>,
}

#[derive(Deserialize)]
pub(crate) struct Repeated {
    pub(crate) action: Action,
    pub(crate) times: u32,
}

/// What a citizen does, from the home page on.
#[derive(Clone, Deserialize)]
pub(crate) struct Visit {
    /// Seconds after the first visit.
    pub(crate) at: f64,
    /// From 1. The same citizen may come again.
    pub(crate) citizen: u32,
    pub(crate) actions: Vec<Action>,
}

/// Named as in the model.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Action {
    /// The home page, without a session.
    Home,
    /// The files that a browser loads once.
    Files,
    /// From `/login/itsme` to the callback.
    SignIn,
    MyData,
    /// A save, without the page after it.
    Save,
    Profile,
    Activity,
    Export,
    /// The sign-out, and the home page after it.
    SignOut,
}

impl Action {
    pub(crate) const fn needs_session(self) -> bool {
        !matches!(self, Self::Home | Self::Files | Self::SignIn)
    }

    /// How often the message is saved before the action is measured: a page of the activity is full, with 25 entries.
    pub(crate) const fn saves_before(self) -> u32 {
        match self {
            Self::Activity | Self::Export => 24,
            _ => 1,
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

impl Plan {
    pub(crate) fn read(path: &Path) -> Self {
        let text = fs::read(path).expect("the plan");
        serde_json::from_slice(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// How many citizens come.
    pub(crate) fn citizens(&self) -> u16 {
        let highest = self.visits.iter().map(|visit| visit.citizen).max().unwrap_or_default();
        u16::try_from(highest.max(crate::CONCURRENCY * self.actions.len() as u32)).expect("fewer citizens")
    }
}
