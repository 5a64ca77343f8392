//! The running server, as browsers, user pools, tables and operators meet it.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod journey;
mod stores;
mod support;
