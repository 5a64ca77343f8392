//! The two tables against an engine: the embedded one, or the one at `MYDATA_TEST_DYNAMODB_URL`.

mod activity;
mod erasures;
mod measured;
mod messages;
mod open_sessions;
mod session_entries;
mod sessions;
mod tables;
mod two_keys;

use std::{collections::HashMap, sync::Arc};

use app::{Device, pages::activity::Act};
use aws_lc_rs::hmac;
use aws_sdk_dynamodb::{Client, types::AttributeValue};
use http::{HeaderMap, header};
use local::dynamodb::Engine;
use server::{
    SecurityLog, aws,
    citizen::{Citizen, Eid, Profile, Pseudonyms, RecordKeys},
    config::{Config, DynamoDb, EidRules, Session, Source},
    cookies::CookieJar,
    records::{Activity, Entry, Erasures, MessageText, Messages, OpenSessions, Table},
    request_context::RequestContext,
    secret::{SealingKeys, Secret, ServerKey},
    sessions::{DynamoDbStore, Opened, Sessions},
    tasks::Tasks,
};
use testkit::{Example, Scratch};
use time::{Duration, OffsetDateTime};

use crate::support::{
    AN, by,
    site::{is_message, scan},
};

/// How long entries of the activity are kept.
const RETENTION: Duration = Duration::days(365);
/// More entries than any test makes.
const ALL: usize = 10_000;
/// The number of another test citizen.
const BRAM: &str = "90051411136";
const REFRESH_TOKEN: &str = "a-secret-refresh-token";

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

    fn activity(&self) -> Activity {
        Activity::new(self.records())
    }

    fn open_sessions(&self) -> OpenSessions {
        OpenSessions::new(self.records())
    }

    fn erasures(&self) -> Erasures {
        Erasures::new(self.records(), no_security_log())
    }

    fn store(&self) -> DynamoDbStore {
        self.store_with(SealingKeys::new(&key(7), []))
    }

    fn store_with(&self, keys: SealingKeys) -> DynamoDbStore {
        DynamoDbStore::new(self.client.clone(), self.names.sessions_table.clone(), Arc::new(keys))
    }

    /// The sessions of a new server.
    fn sessions(&self) -> Sessions {
        self.sessions_through(self.client.clone(), Pseudonyms::new(1, &key(7)))
    }

    fn sessions_through(&self, client: Client, pseudonyms: Pseudonyms) -> Sessions {
        let keys = Arc::new(SealingKeys::new(&key(7), []));
        let store = DynamoDbStore::new(client.clone(), self.names.sessions_table.clone(), keys);
        let limits = Session { idle: Duration::minutes(15), absolute: Duration::minutes(480) };
        let security = no_security_log();
        Sessions::new(
            Arc::new(store),
            self.records_through(client),
            limits,
            CookieJar::new(false),
            Arc::new(pseudonyms),
            Tasks::default(),
            security,
        )
    }

    /// Every entry of a citizen, the newest first.
    async fn entries(&self, citizen: &RecordKeys) -> Vec<Entry> {
        self.activity().page(citizen, None, ALL).await.unwrap().entries
    }

    /// What was done with the data of a citizen, the newest first.
    async fn acts(&self, citizen: &RecordKeys) -> Vec<Act> {
        self.entries(citizen).await.iter().map(|entry| entry.act).collect()
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

/// A citizen who signs in now.
fn citizen(eid: &str) -> Citizen {
    Citizen {
        namespace: "BE".to_owned(),
        eid: Eid::parse(eid, &EidRules::default()).unwrap(),
        provider: "itsme".to_owned(),
        profile: Profile { name: Some(AN.1.to_owned()), eid: Some(Secret::new(eid)), ..Profile::default() },
        refresh_token: Some(Secret::new(REFRESH_TOKEN)),
        signed_in_at: OffsetDateTime::now_utc().unix_timestamp(),
        authenticated_at: None,
        device: Device::parse("phone/safari/ios"),
        sign_in: None,
        state_hash: "f".repeat(64),
        return_to: None,
    }
}

/// The context of a request.
fn context() -> RequestContext {
    RequestContext { client: None, reference: by().reference }
}

/// Signs in. Returns what the browser sends from then on.
async fn sign_in(sessions: &Sessions, citizen: Citizen) -> HeaderMap {
    let Opened::Session(cookie) = sessions.open(citizen, &context()).await.unwrap() else {
        panic!("no session was opened");
    };
    let cookie = cookie.into_value();
    let pair = cookie.to_str().unwrap().split(';').next().unwrap();
    HeaderMap::from_iter([(header::COOKIE, pair.parse().unwrap())])
}

/// The partition key of the session of a browser.
async fn session_key(sessions: &Sessions, browser: &HeaderMap) -> String {
    sessions.find(browser, &context()).await.unwrap().unwrap().key()
}

fn text(text: &str) -> MessageText {
    MessageText::parse(text).unwrap()
}

/// Where the records of a citizen are, on a site that has had one key.
fn record_keys(eid: &str) -> RecordKeys {
    Pseudonyms::new(1, &key(7)).of("BE", &Eid::parse(eid, &EidRules::default()).unwrap())
}

fn no_security_log() -> SecurityLog {
    SecurityLog::new(None, hmac::Key::new(hmac::HMAC_SHA256, b""))
}
