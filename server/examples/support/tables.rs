//! The tables of a deployment.

use aws_sdk_dynamodb::Client;
use server::{
    aws,
    config::{Config, DynamoDb, Source},
};
use testkit::Example;

/// A client for the tables, and their names.
pub(crate) async fn client(example: &Example) -> (Client, DynamoDb) {
    let config = Config::read(Source::from_toml(&example.to_toml())).expect("the configuration");
    (aws::dynamodb_client(&config, &aws::settings(&config).await), config.dynamodb)
}

/// Creates them.
pub(crate) async fn create(example: &Example) {
    let (client, names) = client(example).await;
    aws::create_tables(&client, &names).await.expect("the tables");
}
