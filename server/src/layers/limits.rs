//! How often one address may do something costly. Each route declares which counter applies to it.

use std::num::NonZeroU32;

use governor::Quota;

use super::budget::Counter;

/// High enough for a school or a town hall behind one address.
const SIGN_INS: Quota = Quota::per_second(NonZeroU32::new(20).unwrap()).allow_burst(NonZeroU32::new(200).unwrap());
const WRITES: Quota = Quota::per_second(NonZeroU32::new(100).unwrap()).allow_burst(NonZeroU32::new(500).unwrap());

/// One counter per purpose, shared by its routes. Each server counts separately.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Started sign-ins.
    pub sign_ins: Counter,
    /// Browsers that return from the user pool.
    pub callbacks: Counter,
    /// Requests that may change something.
    pub writes: Counter,
    /// Browsers that pass through a bridge.
    pub bridge_visits: Counter,
    /// Token requests that a bridge refuses because the sender is not authenticated.
    pub bridge_refusals: Counter,
    /// Sign-outs with a session id that the server does not know. None is refused: over the limit they cost less.
    pub unknown_sign_outs: Counter,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            sign_ins: Counter::new(SIGN_INS),
            callbacks: Counter::new(SIGN_INS),
            writes: Counter::new(WRITES),
            bridge_visits: Counter::new(SIGN_INS),
            bridge_refusals: Counter::new(SIGN_INS),
            unknown_sign_outs: Counter::new(SIGN_INS),
        }
    }
}

impl Limits {
    /// Forgets addresses that are idle again, to free memory.
    pub fn forget_idle(&self) {
        let Self { sign_ins, callbacks, writes, bridge_visits, bridge_refusals, unknown_sign_outs } = self;
        for counter in [sign_ins, callbacks, writes, bridge_visits, bridge_refusals, unknown_sign_outs] {
            counter.forget_idle();
        }
    }
}
