use prometheus::IntCounter;

use super::{
    label::{Counters, PerName},
    names::SignInOutcome,
    registration::Registration,
};

/// Counts sign-ins. The default is on no page.
#[derive(Clone, Debug, Default)]
pub struct SignIns {
    started: PerName<IntCounter>,
    finished: PerName<Counters<SignInOutcome>>,
}

/// Stands for the provider of a callback that belongs to no sign-in.
const NO_PROVIDER: &str = "none";

impl SignIns {
    pub(super) fn new(to: &Registration<'_>, providers: &[String]) -> Self {
        let started = to.counter_vec("mydata_sign_ins_started_total", "Sign-ins that were started.", &["provider"]);
        let finished = to.counter_vec(
            "mydata_sign_ins_total",
            "Callbacks of the user pool, by how they ended. The provider of one that belongs to no sign-in is none.",
            &["provider", "outcome"],
        );
        let providers = || providers.iter().map(String::as_str);
        Self {
            started: PerName::new(providers(), |provider| started.with_label_values(&[provider])),
            finished: PerName::new(providers().chain([NO_PROVIDER]), |provider| {
                Counters::of(|outcome| finished.with_label_values(&[provider, outcome]))
            }),
        }
    }

    /// A sign-in with `provider` was started.
    pub fn started(&self, provider: &str) {
        if let Some(started) = self.started.get(provider) {
            started.inc();
        }
    }

    /// A visit of the callback. `provider` is `None` if it belongs to no sign-in.
    pub fn visit(&self, provider: Option<&str>) -> Visit {
        let of_provider = provider.and_then(|provider| self.finished.get(provider));
        let counters = of_provider.or_else(|| self.finished.get(NO_PROVIDER)).cloned().unwrap_or_default();
        Visit { counters, outcome: None }
    }
}

/// A visit of the callback, which is counted once: when this value is dropped. Without an outcome, such as after a panic, it counts as
/// a fault of the server.
#[derive(Debug)]
pub struct Visit {
    counters: Counters<SignInOutcome>,
    outcome: Option<SignInOutcome>,
}

impl Visit {
    /// It ended so.
    pub const fn ended(&mut self, outcome: SignInOutcome) {
        self.outcome = Some(outcome);
    }

    /// It ended so, unless it is known to have ended in another way.
    pub fn ended_otherwise(&mut self, outcome: SignInOutcome) {
        self.outcome.get_or_insert(outcome);
    }
}

impl Drop for Visit {
    fn drop(&mut self) {
        self.counters.count(self.outcome.unwrap_or(SignInOutcome::Internal));
    }
}
