//! What can go wrong between a signed-in person and a document, for tests and demonstrations.
//!
//! All faults are off until [`Aws::misbehave`](super::Aws::misbehave) or the control route turns one on. The route exists
//! only with the feature `faults`.

mod fault;

pub(super) use fault::Switch;
pub use fault::{AwsFault, UnknownAwsFault};
