//! The directory of an organisation's case workers, and the page where they sign in.
//!
//! In production, the user pool federates to a directory with SAML 2.0. No SAML is spoken here: it would be between the user
//! pool and the directory, and a relying party sees only the user pool's tokens. Instead, the browser carries a one-time
//! opaque answer, and the pool gets the person behind it from the directory in this process. What SAML ensures, this ensures
//! too: an answer comes from this directory, belongs to one request, and works once.

mod connection;
mod directory;
mod facts;
mod people;
mod portal;
mod sign_in;

pub(crate) use connection::Answer;
pub use connection::Connection;
pub use directory::Directory;
pub(crate) use facts::Facts;
pub use people::{GROUPS, Group, Person};
