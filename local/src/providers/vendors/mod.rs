//! The vendors, one file each. To add one, write its file and name it twice here: as a module and in [`VENDORS`].
//! The vendor of the workforce directory is [`WORKFORCE`].

mod auth0;
mod beyond_identity;
mod identity_center;
mod itsme;
mod login_gov;

pub(crate) use identity_center::FACTS as WORKFORCE;

use super::vendor::Vendor;

/// Every vendor. The order is that of the example configuration.
pub(crate) const VENDORS: [&Vendor; 4] = [&itsme::VENDOR, &login_gov::VENDOR, &auth0::VENDOR, &beyond_identity::VENDOR];

/// The kinds of the vendors, in order. A kind identifies a provider here and in the configuration of the relying party.
pub const KINDS: &[&str] = &KINDS_IN_ORDER;

const KINDS_IN_ORDER: [&str; VENDORS.len()] = {
    let mut kinds = [""; VENDORS.len()];
    let mut index = 0;
    while index < kinds.len() {
        kinds[index] = VENDORS[index].facts.kind;
        index += 1;
    }
    kinds
};
