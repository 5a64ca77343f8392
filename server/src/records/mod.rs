//! The citizens' records, in the table `dynamodb.records_table`.

pub(crate) mod activity;
mod erasure;
mod message;
mod open_sessions;
mod table;

pub use self::{
    activity::{Activity, By, Entry, Page},
    erasure::{Erasures, Job, Receipt},
    message::{Message, MessageText, Messages, Outcome, TextError},
    open_sessions::{OpenSession, OpenSessions},
    table::Table,
};

/// A table that no test calls.
#[cfg(test)]
pub(crate) fn table_in_tests() -> Table {
    let source = crate::config::Source::from_toml(&testkit::Example::aws().to_toml());
    let config = crate::config::Config::read(source).expect("a configuration");
    let client =
        aws_sdk_dynamodb::Client::from_conf(aws_sdk_dynamodb::Config::builder().behavior_version_latest().build());
    Table::new(client, &config.dynamodb, time::Duration::days(365))
}
