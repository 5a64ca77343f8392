//! What the citizen sees: pages, the one island, and every text.
//!
//! A page is a component that takes everything it shows as a value, so this crate knows neither AWS nor HTTP: the
//! server finds the data, decides the status, and asks [`render`] for the HTML. Only [`islands`] are compiled for
//! the browser as well.

pub mod islands;

#[cfg(feature = "ssr")]
mod components;
#[cfg(feature = "ssr")]
mod document;
#[cfg(feature = "ssr")]
mod format;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod provider;
#[cfg(feature = "ssr")]
pub mod texts;

#[cfg(feature = "ssr")]
pub use document::{Assets, Document, Page, Style, render};

/// The longest message that is kept, in Unicode scalar values, line ends counted as one.
pub const MESSAGE_LIMIT: usize = 2_000;
