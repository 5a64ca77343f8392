//! Identity contexts: opaque texts that stand for a person for an hour.

use std::sync::{PoisonError, RwLock};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::TOKEN_SECONDS;
use crate::random;
use crate::store::Store;

/// The contexts that still work, each with the user id of its person.
pub(in crate::aws) struct Contexts(RwLock<Store<String>>);

impl Contexts {
    pub(in crate::aws) fn new() -> Self {
        Self(RwLock::new(Store::new(TOKEN_SECONDS)))
    }

    /// A new context for a person.
    pub(super) fn issue(&self, user_id: String, now: u64) -> String {
        let context = STANDARD.encode(random::opaque() + &random::opaque());
        self.0.read().unwrap_or_else(PoisonError::into_inner).insert(context.clone(), user_id, now);
        context
    }

    /// The person that a context stands for.
    pub(in crate::aws) fn user_id(&self, context: &str, now: u64) -> Option<String> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(context, now)
    }

    /// Ends all of them.
    pub(in crate::aws) fn expire(&self) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Store::new(TOKEN_SECONDS);
    }
}
