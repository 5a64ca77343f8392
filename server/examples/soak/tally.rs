//! What happened, counted.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::{disturbances::Phase, report::Report};

/// What a citizen did.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Act {
    SignIn,
    Read,
    Profile,
    Save,
    SignOut,
}

impl fmt::Display for Act {
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

/// What became of a save, and what must never be.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Event {
    SaveAcknowledged,
    SaveUnknown,
    UnknownKept,
    SaveConflict,
    SaveLost,
    SessionLost,
    SomebodyElse,
    Unreadable,
}

#[derive(Default)]
struct Counts {
    /// How long the answers took that are those of a healthy system, in milliseconds.
    answers: BTreeMap<Act, Vec<f64>>,
    errors: BTreeMap<(Act, String, Phase), u32>,
    events: BTreeMap<Event, u32>,
}

/// The counts of all citizens.
#[derive(Default)]
pub(crate) struct Tally(Mutex<Counts>);

impl Tally {
    pub(crate) fn answer(&self, act: Act, milliseconds: f64) {
        self.lock().answers.entry(act).or_default().push(milliseconds);
    }

    pub(crate) fn error(&self, act: Act, kind: String, phase: Phase) {
        *self.lock().errors.entry((act, kind, phase)).or_default() += 1;
    }

    pub(crate) fn event(&self, event: Event) {
        *self.lock().events.entry(event).or_default() += 1;
    }

    /// Everything that was counted.
    pub(crate) fn tell(&self, report: &mut Report) {
        let mut counts = self.lock();
        let failed = |act: Act| counts.errors.iter().filter(|((of, ..), _)| *of == act).map(|(_, count)| count).sum();
        let failed: BTreeMap<Act, u32> = counts.answers.keys().map(|act| (*act, failed(*act))).collect();
        for (act, took) in &mut counts.answers {
            took.sort_by(f64::total_cmp);
            let count = took.len() as f64 + f64::from(failed[act]);
            report.tell(&format!("{act}: count"), count);
            for percent in [50, 95, 99] {
                report.tell(&format!("{act}: p{percent} ms"), took[(took.len() - 1) * percent / 100]);
            }
        }
        for ((act, kind, phase), count) in &counts.errors {
            report.tell(&format!("errors: {act}, {kind}, {phase}"), f64::from(*count));
        }
        let event = |event| f64::from(counts.events.get(&event).copied().unwrap_or_default());
        report.tell("saves acknowledged", event(Event::SaveAcknowledged));
        report.tell("saves of which the citizen does not know", event(Event::SaveUnknown));
        report.tell("of these, saves that were kept", event(Event::UnknownKept));
        report.tell("saves that met a newer version", event(Event::SaveConflict));
        report.at_most("saves lost", event(Event::SaveLost), 0.0);
        report.at_most("sessions lost", event(Event::SessionLost), 0.0);
        report.at_most("pages of somebody else", event(Event::SomebodyElse), 0.0);
        report.at_most("citizens whose text was not read at the end", event(Event::Unreadable), 0.0);
        let quiet = counts.errors.iter().filter(|((.., phase), _)| *phase == Phase::Healthy);
        let quiet: u32 = quiet.map(|(_, count)| count).sum();
        report.at_most("errors outside disturbances", quiet.into(), 0.0);
    }

    fn lock(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
