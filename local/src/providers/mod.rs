//! OpenID providers with test citizens to choose from, as strict as the real ones where that matters to a relying party.
//!
//! All follow OpenID Connect Core 1.0. Each vendor has a file in `vendors`, with what its documents say.

mod authorization;
mod citizens;
mod client_authentication;
mod discovery;
mod facts;
mod numbered;
mod provider;
mod registration;
mod request;
mod server;
mod sign_out;
mod token;
mod user_info;
mod vendor;
mod vendors;

pub(crate) use facts::UserInfoMethod;
pub use registration::Registration;
pub use server::IdentityProvider;
pub use vendors::KINDS;
pub(crate) use vendors::WORKFORCE;
