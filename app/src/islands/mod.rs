//! The code for the browser: one enhancer for all forms.

#[cfg_attr(not(feature = "hydrate"), path = "no_enhance.rs")]
mod enhance;
mod form_enhancer;

pub use form_enhancer::FormEnhancer;
