//! What the tests share: a running site, a user pool that misbehaves, and a connection that can be cut.

use ::server::{records::By, request_context::Reference};
use app::{Device, pages::activity::Actor};

pub mod attempt;
pub mod claims;
pub mod denied;
pub mod fake_pool;
pub mod front;
pub mod held;
pub mod keys;
pub mod line;
pub mod process;
pub mod server;
pub mod site;
pub mod throttled;

/// A citizen, as one who does something.
pub fn by() -> By {
    By {
        provider: Some("itsme".to_owned()),
        device: Device::parse("phone/safari/ios"),
        session: Some("0123456789abcdef".to_owned()),
        reference: Reference([0x3F, 0x9A, 0x12, 0xC7]),
        actor: Actor::Citizen,
    }
}

/// The national number of the test citizen `an`, and her name.
pub const AN: (&str, &str) = ("85073003328", "An Peeters");
/// Her number as the Belgian register writes it.
pub const AN_WRITTEN: &str = "85.07.30-033.28";
