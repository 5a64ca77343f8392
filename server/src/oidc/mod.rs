//! OpenID Connect rules shared by the relying party, the bridge and `check`: an HTTP client with limits, signing keys,
//! rules for ID tokens, OAuth error codes and query parameters.

mod error_code;
mod http_client;
mod jwt;
mod keys;
mod query;

pub use self::{
    error_code::known_error,
    http_client::{HttpClient, HttpError},
    jwt::{HeaderError, MAX_CLOCK_SKEW, check_header, is_issued, is_issued_to, is_sole_audience, validation},
    keys::{Asker, IdChanges, KeyLookupError, Keys, NotCurrent, count_keys},
    query::{Repeated, parameter},
};
