//! Counts of everything that happened.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::{disturbances::Phase, report::Report};

/// An action of a citizen.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Action {
    SignIn,
    Read,
    Profile,
    Save,
    SignOut,
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SignIn => "sign-in",
            Self::Read => "read",
            Self::Profile => "profile",
            Self::Save => "save",
            Self::SignOut => "sign-out",
        })
    }
}

/// The result of a save, or something that must never happen.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Event {
    SaveAcknowledged,
    SaveUnknown,
    UnknownKept,
    SaveConflict,
    SaveLost,
    SessionLost,
    ForeignPage,
    Unreadable,
}

#[derive(Default)]
struct Counts {
    /// The times of answers of a healthy system, in milliseconds.
    answers: BTreeMap<Action, Vec<f64>>,
    errors: BTreeMap<(Action, String, Phase), u32>,
    events: BTreeMap<Event, u32>,
}

impl Counts {
    fn failed(&self, action: Action) -> u32 {
        self.errors.iter().filter(|((of, ..), _)| *of == action).map(|(_, count)| count).sum()
    }

    fn errors_in(&self, phase: Phase) -> u32 {
        self.errors.iter().filter(|((.., during), _)| *during == phase).map(|(_, count)| count).sum()
    }
}

/// The counts of all citizens.
#[derive(Default)]
pub(crate) struct Tally(Mutex<Counts>);

impl Tally {
    pub(crate) fn answer(&self, action: Action, milliseconds: f64) {
        self.lock().answers.entry(action).or_default().push(milliseconds);
    }

    pub(crate) fn error(&self, action: Action, kind: String, phase: Phase) {
        *self.lock().errors.entry((action, kind, phase)).or_default() += 1;
    }

    pub(crate) fn event(&self, event: Event) {
        *self.lock().events.entry(event).or_default() += 1;
    }

    /// The longest time of an answer, in milliseconds.
    pub(crate) fn longest_ms(&self) -> f64 {
        self.lock().answers.values().flatten().copied().fold(0.0, f64::max)
    }

    /// How many actions failed in this phase.
    pub(crate) fn errors_in(&self, phase: Phase) -> u32 {
        self.lock().errors_in(phase)
    }

    /// Adds all counts to `report`.
    pub(crate) fn report(&self, report: &mut Report) {
        let mut counts = self.lock();
        let failed: BTreeMap<Action, u32> =
            counts.answers.keys().map(|action| (*action, counts.failed(*action))).collect();
        for (action, took) in &mut counts.answers {
            took.sort_by(f64::total_cmp);
            let count = took.len() as f64 + f64::from(failed[action]);
            report.number(&format!("{action}: count"), count);
            for percent in [50, 95, 99] {
                report.number(&format!("{action}: p{percent} ms"), took[(took.len() - 1) * percent / 100]);
            }
        }
        for ((action, kind, phase), count) in &counts.errors {
            report.number(&format!("errors: {action}, {kind}, {phase}"), f64::from(*count));
        }
        let event = |event| f64::from(counts.events.get(&event).copied().unwrap_or_default());
        report.number("saves acknowledged", event(Event::SaveAcknowledged));
        report.number("saves with an unknown result", event(Event::SaveUnknown));
        report.number("of these, saves that were stored", event(Event::UnknownKept));
        report.number("save conflicts", event(Event::SaveConflict));
        report.at_most("saves lost", event(Event::SaveLost), 0.0);
        report.at_most("sessions lost", event(Event::SessionLost), 0.0);
        report.at_most("pages of another citizen", event(Event::ForeignPage), 0.0);
        report.at_most("citizens whose text could not be read at the end", event(Event::Unreadable), 0.0);
        report.at_most("errors outside disturbances", counts.errors_in(Phase::Healthy).into(), 0.0);
    }

    fn lock(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
