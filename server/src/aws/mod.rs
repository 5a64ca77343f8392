//! AWS: SDK settings, the two DynamoDB tables, secrets from Secrets Manager, and error messages.

mod error;
mod ping;
mod probe;
mod secrets;
mod settings;
mod signing;
mod tables;
pub mod transaction;

pub use self::{
    error::{Unavailable, reason},
    ping::ping,
    probe::probe_tables,
    secrets::{SecretError, secret_text, secret_text_within, server_key},
    settings::{credentials, dynamodb_client, operator_credentials, settings},
    signing::{SigningError, sign_request},
    tables::{TableError, check_tables, create_tables},
};

/// A request with every field that its builder requires.
#[expect(clippy::expect_used, reason = "callers set every field that the builder requires")]
fn built<T, E: std::fmt::Debug>(result: Result<T, E>) -> T {
    result.expect("a complete request")
}
