//! How often one address, or requests about one citizen, may do something costly. Each route declares which counters apply to it.

use std::num::NonZeroU32;

use governor::Quota;

use super::{
    budget::{Counter, Subjects},
    in_flight::InFlight,
};
use crate::metrics::Metrics;

/// High enough for a school or a town hall behind one address.
const SIGN_INS: Quota = Quota::per_second(NonZeroU32::new(20).unwrap()).allow_burst(NonZeroU32::new(200).unwrap());
const WRITES: Quota = Quota::per_second(NonZeroU32::new(100).unwrap()).allow_burst(NonZeroU32::new(500).unwrap());
/// An export reads everything that is stored about a citizen.
const EXPORTS: Quota = Quota::per_second(NonZeroU32::new(1).unwrap()).allow_burst(NonZeroU32::new(30).unwrap());
/// Each costs several calls to AWS. Many case workers can be behind one address.
const DOCUMENTS: Quota = Quota::per_second(NonZeroU32::new(50).unwrap()).allow_burst(NonZeroU32::new(500).unwrap());
/// People type their questions. Each one can hold a slot for a minute.
const QUESTIONS: Quota = Quota::per_second(NonZeroU32::new(5).unwrap()).allow_burst(NonZeroU32::new(50).unwrap());
/// The server of an app may ask for many citizens.
const API: Quota = Quota::per_second(NonZeroU32::new(200).unwrap()).allow_burst(NonZeroU32::new(1_000).unwrap());
/// Several apps of one citizen may each ask every second.
const API_SUBJECTS: Quota = Quota::per_second(NonZeroU32::new(10).unwrap()).allow_burst(NonZeroU32::new(100).unwrap());

/// One counter per purpose, shared by its routes. Each server counts separately.
#[derive(Clone, Debug)]
pub struct Limits {
    in_flight: InFlight,
    /// Started sign-ins.
    pub sign_ins: Counter,
    /// Browsers that return from the user pool.
    pub callbacks: Counter,
    /// Requests that may change something.
    pub writes: Counter,
    /// Exports of everything about a citizen.
    pub exports: Counter,
    /// Lists of documents, and downloads.
    pub documents: Counter,
    /// Questions to the assistant.
    pub questions: Counter,
    /// Browsers that pass through a bridge.
    pub bridge_visits: Counter,
    /// Token requests that a bridge refuses because the sender is not authenticated.
    pub bridge_refusals: Counter,
    /// Sign-outs with a session id that the server does not know. None is refused: over the limit they cost less.
    pub unknown_sign_outs: Counter,
    /// Requests to the API.
    pub api: Counter,
    /// Requests to the API without a valid token.
    pub api_refusals: Counter,
    /// Requests to the API about one citizen.
    pub api_subjects: Subjects,
}

impl Limits {
    /// At most `requests_in_flight` requests are handled at the same time. Without `refill`, a budget is the burst alone. `metrics` count
    /// what is over that and over a budget, and learn which routes there are.
    pub fn new(requests_in_flight: usize, refill: bool, metrics: &Metrics) -> Self {
        use crate::metrics::Budget as Name;
        let in_flight = InFlight::new(requests_in_flight, metrics.shed.clone(), metrics.requests.clone());
        let rate_limited = &metrics.rate_limited;
        let quota = |quota: Quota| {
            if refill { quota } else { Quota::per_hour(NonZeroU32::MIN).allow_burst(quota.burst_size()) }
        };
        let counter = |of, name| Counter::new(quota(of), in_flight.clone(), rate_limited.of_value(name));
        Self {
            sign_ins: counter(SIGN_INS, Name::SignIns),
            callbacks: counter(SIGN_INS, Name::Callbacks),
            writes: counter(WRITES, Name::Writes),
            exports: counter(EXPORTS, Name::Exports),
            documents: counter(DOCUMENTS, Name::Documents),
            questions: counter(QUESTIONS, Name::Questions),
            bridge_visits: counter(SIGN_INS, Name::BridgeVisits),
            bridge_refusals: counter(SIGN_INS, Name::BridgeRefusals),
            unknown_sign_outs: counter(SIGN_INS, Name::UnknownSignOuts),
            api: counter(API, Name::Api),
            api_refusals: counter(SIGN_INS, Name::ApiRefusals),
            api_subjects: Subjects::new(quota(API_SUBJECTS), rate_limited.of_value(Name::ApiSubjects)),
            in_flight,
        }
    }

    /// As [`new`](Self::new), without metrics and refill.
    #[cfg(test)]
    pub(super) fn uncounted(requests_in_flight: usize) -> Self {
        Self::new(requests_in_flight, false, &Metrics::new(&crate::metrics::Names::default(), false))
    }

    /// How many requests are handled now.
    pub fn requests_in_flight(&self) -> usize {
        self.in_flight.taken()
    }

    /// Forgets addresses and citizens that are idle again, to free memory.
    pub fn forget_idle(&self) {
        let Self {
            sign_ins,
            callbacks,
            writes,
            exports,
            documents,
            questions,
            bridge_visits,
            bridge_refusals,
            unknown_sign_outs,
            api,
            api_refusals,
            api_subjects,
            in_flight: _,
        } = self;
        let counters = [
            sign_ins,
            callbacks,
            writes,
            exports,
            documents,
            questions,
            bridge_visits,
            bridge_refusals,
            unknown_sign_outs,
            api,
            api_refusals,
        ];
        for counter in counters {
            counter.forget_idle();
        }
        api_subjects.forget_idle();
    }
}

#[cfg(test)]
mod tests {
    use std::{iter, net::IpAddr};

    use super::*;
    use crate::Options;

    #[tokio::test]
    async fn a_limit_is_reached_after_its_burst_and_over_after_some_time() {
        let client = Some(IpAddr::from([203, 0, 113, 7]));
        let use_up =
            |limits: &Limits| iter::from_fn(|| limits.exports.allows(client).then_some(())).take(1_000).count();
        let spent = Limits::uncounted(1);
        let metrics = Metrics::new(&crate::metrics::Names::default(), false);
        let refilled = Limits::new(1, Options::default().limits_refill, &metrics);
        assert_eq!(use_up(&spent), 30);
        assert!((30..1_000).contains(&use_up(&refilled)));
        testkit::until("the limit is over", async || refilled.exports.allows(client)).await;
        assert!(!spent.exports.allows(client));
    }
}
