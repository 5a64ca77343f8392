//! What the tests share: a running site, a user pool that misbehaves, and a connection that can be cut.

pub mod attempt;
pub mod claims;
pub mod fake_pool;
pub mod keys;
pub mod line;
pub mod process;
pub mod server;
pub mod site;

/// The national number of the test citizen `an`, and her name.
pub const AN: (&str, &str) = ("85073003328", "An Peeters");
/// Her number as the Belgian register writes it.
pub const AN_WRITTEN: &str = "85.07.30-033.28";
