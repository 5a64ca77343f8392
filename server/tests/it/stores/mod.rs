//! The two stores against an engine: the embedded one, or the one at `MYDATA_TEST_DYNAMODB_URL`.

mod messages;
mod sessions;
mod tables;
mod two_keys;

use aws_sdk_dynamodb::Client;
use local::dynamodb::Engine;
use server::{
    aws,
    citizen::{Eid, Pseudonyms, RecordKeys},
    config::{Config, DynamoDb, EidRules, Source},
    secret::ServerKey,
};
use testkit::{Example, Scratch};

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
