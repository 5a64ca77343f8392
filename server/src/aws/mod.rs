//! AWS: SDK settings, the two DynamoDB tables, secrets from Secrets Manager, and error messages.

mod error;
mod ping;
mod probe;
mod secrets;
mod settings;
mod tables;

pub use self::{
    error::Unavailable,
    ping::ping,
    probe::probe_tables,
    secrets::{SecretError, secret_text, server_key},
    settings::{dynamodb_client, settings},
    tables::{TableError, check_tables, create_tables},
};
