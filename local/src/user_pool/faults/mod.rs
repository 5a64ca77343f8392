//! Faults of the user pool, and unusual behaviour, that tests can turn on.
//!
//! A relying party must refuse most of them and accept some of them. If the OpenID Foundation's conformance suite has a
//! relying-party test for a fault, the fault has the name of that module without `oidcc-client-test-`. The other names
//! follow the same pattern.
//!
//! All faults are off until [`UserPool::misbehave`](super::UserPool::misbehave) or the control route turns one on. The
//! route exists only with the feature `faults`.

mod fault;
mod forgery;
pub(super) mod id_token;
pub(super) mod key_set;
pub(super) mod response;
pub(super) mod token_endpoint;

pub(super) use fault::Switch;
pub use fault::{Fault, MARK, UnknownFault};
