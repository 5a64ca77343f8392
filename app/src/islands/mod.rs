//! What runs in the browser: one enhancer for every plain form.

#[cfg(feature = "hydrate")]
mod enhance;
mod form_enhancer;

pub use form_enhancer::FormEnhancer;
