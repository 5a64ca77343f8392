//! The two tables against an engine: the embedded one, or the one at `MYDATA_TEST_DYNAMODB_URL`.

mod messages;
mod sessions;
mod tables;
mod two_keys;

use std::collections::HashMap;

use aws_sdk_dynamodb::{Client, types::AttributeValue};
use local::dynamodb::Engine;
use server::{
    aws,
    citizen::{Eid, Pseudonyms, RecordKeys},
    config::{Config, DynamoDb, EidRules, Source},
    records::{Messages, Table},
    secret::ServerKey,
};
use testkit::{Example, Scratch};
use time::Duration;

use crate::support::site::{is_message, scan};

/// How long entries of the activity are kept.
const RETENTION: Duration = Duration::days(365);

type Item = HashMap<String, AttributeValue>;

/// Two tables for one test.
struct Tables {
    client: Client,
    names: DynamoDb,
    endpoint: String,
    _engine: Option<Engine>,
    _scratch: Scratch,
}

impl Tables {
    async fn create() -> Self {
        let tables = Self::without_tables().await;
        aws::create_tables(&tables.client, &tables.names).await.unwrap();
        tables
    }

    /// Only the names: the tables do not exist.
    async fn without_tables() -> Self {
        let scratch = Scratch::make();
        let (endpoint, engine) = match std::env::var("MYDATA_TEST_DYNAMODB_URL") {
            Ok(url) => (url, None),
            Err(_) => {
                let engine = Engine::start(scratch.path()).await.unwrap();
                (engine.endpoint().to_owned(), Some(engine))
            }
        };
        let run = uuid::Uuid::new_v4();
        let example = Example::aws()
            .tables(&format!("it-{run}-records"), &format!("it-{run}-sessions"))
            .dynamodb_endpoint(&endpoint);
        let config = Config::read(Source::from_toml(&example.to_toml())).unwrap();
        let client = client_of_server(&endpoint).await;
        Self { client, names: config.dynamodb, endpoint, _engine: engine, _scratch: scratch }
    }

    /// The tables as the server's records use them.
    fn records(&self) -> Table {
        self.records_through(self.client.clone())
    }

    fn records_through(&self, client: Client) -> Table {
        Table::new(client, &self.names, RETENTION)
    }

    fn messages(&self) -> Messages {
        Messages::new(self.records())
    }

    /// Every item of the table of the records.
    async fn record_items(&self) -> Vec<Item> {
        scan(&self.client, &self.names.records_table).await
    }

    /// Every item of the table of the sessions.
    async fn session_items(&self) -> Vec<Item> {
        scan(&self.client, &self.names.sessions_table).await
    }

    /// The items of the messages.
    async fn message_items(&self) -> Vec<Item> {
        self.record_items().await.into_iter().filter(is_message).collect()
    }
}

/// A client with the server's timeouts and retries.
async fn client_of_server(endpoint: &str) -> Client {
    let example = Example::aws().dynamodb_endpoint(endpoint);
    let config = Config::read(Source::from_toml(&example.to_toml())).unwrap();
    aws::dynamodb_client(&config, &aws::settings(&config).await)
}

fn key(byte: u8) -> ServerKey {
    ServerKey::new([byte; 32]).unwrap()
}

/// Where the records of a citizen are, on a site that has had one key.
fn record_keys(eid: &str) -> RecordKeys {
    Pseudonyms::new(1, &key(7)).of("BE", &Eid::parse(eid, &EidRules::default()).unwrap())
}
