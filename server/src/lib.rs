//! The server: from a configuration to a router that serves My Data.
//!
//! Each module is a room. The test `tests/it/arrows.rs` lists which rooms each room may use.

mod api;
mod assets;
// The assistant of case workers, or nothing in builds without it.
#[cfg_attr(not(feature = "assistant"), path = "no_assistant.rs")]
pub mod assistant;
pub mod aws;
mod background;
mod brand;
pub mod citizen;
pub mod commands;
pub mod config;
pub mod cookies;
mod device;
// The documents of case workers, or nothing in builds without them.
#[cfg_attr(not(feature = "documents"), path = "no_documents.rs")]
pub mod documents;
mod export;
mod failure;
pub mod federation;
mod fetch_metadata;
mod form;
#[cfg(fuzzing)]
pub mod fuzzing;
mod health;
mod id_token;
mod kept_text;
mod language;
mod layers;
// The local stand-ins, or an error in builds without them.
#[cfg_attr(not(feature = "local"), path = "no_local_profile.rs")]
mod local_profile;
mod media_type;
pub mod metrics;
mod network;
pub mod oidc;
mod once_per_minute;
mod pages;
#[cfg(test)]
mod properties;
pub mod providers;
pub mod records;
mod redirect;
mod rendering;
pub mod request_context;
mod return_to;
pub mod secret;
pub mod security_log;
mod security_txt;
mod serving;
pub mod sessions;
pub mod sign_in;
mod site_keys;
mod start;
mod static_files;
pub mod tasks;
mod telemetry;
mod traces;
pub mod visitor;
mod weight;

pub use assets::Fallback;
pub use layers::BodyLimits;
pub use security_log::SecurityLog;
pub use serving::Timeouts;
pub use start::{Listeners, Options, StartError, run};
