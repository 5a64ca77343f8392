//! The running server, as browsers, user pools, tables and operators use it.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod alerts;
mod api;
mod arrows;
#[cfg(feature = "assistant")]
mod assistant;
mod callback;
mod case_workers;
mod command_line;
mod deployment;
mod documents;
mod faults;
mod federation;
mod id_token;
mod journey;
mod kept_text;
mod key_change;
mod key_roll;
mod log;
mod metrics;
mod outages;
mod prompt_login;
mod providers;
mod redaction;
mod requests;
mod security_log;
mod serving;
mod session_life;
mod signing_keys;
mod stores;
mod support;
mod token_endpoint;
mod traces;
mod two_servers;
mod units;
