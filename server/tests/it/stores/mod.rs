//! The two stores against an engine: the embedded one, or the one at `MYDATA_TEST_DYNAMODB_URL`.

mod messages;
mod sessions;
mod tables;

use aws_sdk_dynamodb::Client;
use local::dynamodb::Engine;
use server::{
    citizen::{Eid, Pseudonym, Pseudonyms},
    config::{Config, DynamoDb, Source},
    dynamodb,
};

use crate::support::{scratch::Scratch, site};

/// Two tables of its own for a test.
struct Tables {
    client: Client,
    names: DynamoDb,
    _engine: Option<Engine>,
    _scratch: Scratch,
}

impl Tables {
    async fn create() -> Self {
        let tables = Self::none().await;
        dynamodb::create_tables(&tables.client, &tables.names).await.unwrap();
        tables
    }

    /// Names that no table has yet.
    async fn none() -> Self {
        let scratch = Scratch::make();
        let (endpoint, engine) = match std::env::var("MYDATA_TEST_DYNAMODB_URL") {
            Ok(url) => (url, None),
            Err(_) => {
                let engine = Engine::start(scratch.path()).await.unwrap();
                (engine.endpoint().to_owned(), Some(engine))
            }
        };
        let run = uuid::Uuid::new_v4();
        let toml = format!(
            "public_url = \"https://mydata.example\"\n\
             [cognito]\nregion = \"eu-west-1\"\nuser_pool_id = \"a\"\nuser_pool_web_client_id = \"b\"\ndomain = \"c.example\"\n\
             [[providers]]\nid = \"a\"\nname = \"a\"\nnamespace = \"BE\"\nkind = \"oidc\"\n\
             [dynamodb]\nrecords_table = \"it-{run}-records\"\nsessions_table = \"it-{run}-sessions\"\nendpoint_url = \"{endpoint}\"\n\
             [pseudonym]\nkey = \"{}\"\n",
            site::KEY
        );
        let config = Config::read(Source::from_toml(&toml)).unwrap();
        // The server's own client, with its limits on time and its retries.
        let client = dynamodb::client(&config, &dynamodb::aws_settings(&config).await);
        Self { client, names: config.dynamodb, _engine: engine, _scratch: scratch }
    }
}

fn pseudonym(eid: &str) -> Pseudonym {
    Pseudonyms::new(&[7; 32]).of("BE", &Eid::parse(eid).unwrap())
}
