//! What the tests, the benchmark and the soak test share.
//!
//! - [`browser`]: a headless browser for the site and for the stand-ins;
//! - [`example`]: the example configuration of the server, as TOML;
//! - [`Balancer`]: a load balancer in front of the servers of one site;
//! - [`Meter`]: what stands before a DynamoDB engine and adds up the capacity that requests consume;
//! - [`Scratch`] and [`until`]: temporary folders, and waiting for a condition.
//!
//! A function panics when something unexpected happens, with the context that a failed test needs. Programs that count errors
//! use the functions whose names start with `try_`.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod balancer;
pub mod browser;
pub mod example;
mod meter;
mod scratch;
mod wait;

pub use balancer::{Balancer, Counts, HealthCheck};
pub use browser::{Answer, Arrival, Browser, client, until_too_many};
pub use example::Example;
pub use meter::{Meter, Taken, Units};
pub use scratch::Scratch;
pub use wait::{TIMEOUT, until};
