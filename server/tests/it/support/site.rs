//! The server in this process, with everything that it needs, on free ports of loopback.

use std::{
    collections::HashMap,
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
};

use aws_sdk_dynamodb::{Client, types::AttributeValue};
use local::{Options, Settings, Stack, aws::Aws, dynamodb::Engine, providers::IdentityProvider, user_pool::UserPool};
use serde_json::Value;
use server::{
    Listeners, Options as ServerOptions, aws,
    citizen::{Eid, Pseudonyms, RecordKeys},
    config::{Config, EidRules, SecurityLogTarget, Source},
    federation,
    records::{Activity, Table},
    secret::{SealingKeys, ServerKey},
    sessions::DynamoDbStore,
};
use testkit::{
    Browser, Example, Scratch,
    example::{Cognito, PSEUDONYM_KEY, Provider},
};
use tokio::net::TcpListener;

use super::{
    fake_pool::{CLIENT_ID, FakePool, POOL_ID},
    line::Line,
    server::{self as running, RunningServer},
};

/// The file of a site's security log.
const SECURITY_LOG: &str = "security.log";

/// How a site differs from the plain one, which has the providers `itsme` and `second`.
#[derive(Default)]
pub struct SiteOptions {
    /// A confidential client.
    pub client_secret: Option<&'static str>,
    /// A public address, such as `https://mydata.example`.
    pub public_url: Option<&'static str>,
    /// More providers, after the two.
    pub providers: Vec<Provider>,
    /// More of the configuration, at its end.
    pub more: &'static str,
    /// The other providers of the stand-ins, besides itsme.
    pub all_providers: bool,
    /// The provider of case workers, and their documents at the stand-ins.
    pub case_workers: bool,
    /// And the assistant.
    pub assistant: bool,
    /// Other time-outs and limits than those of this test kit.
    pub server: Option<ServerOptions>,
    /// The peers that may name their client. Tests connect from 127.0.0.1.
    pub trusted_proxies: &'static [&'static str],
    /// A listener for the metrics.
    pub metrics: bool,
}

pub struct Site {
    pub public_url: String,
    pub address: SocketAddr,
    /// Its configuration, for a test that changes it.
    pub example: Example,
    /// Its providers.
    pub providers: Vec<Provider>,
    /// Its configuration, as a file has it.
    pub toml: String,
    pub config: Config,
    options: ServerOptions,
    /// A client that bypasses the line.
    pub tables: Client,
    /// Between the server and DynamoDB.
    pub line: Line,
    // It keeps the port while the server is restarted.
    listener: std::net::TcpListener,
    running: Option<RunningServer>,
    stack: Option<Stack>,
    _engine: Option<Engine>,
    pub scratch: Scratch,
    is_measured: bool,
    metrics: Option<SocketAddr>,
}

impl Site {
    /// A site with the whole stack of stand-ins, ready.
    pub async fn start() -> Self {
        Self::start_with(SiteOptions::default()).await
    }

    /// A site with a user pool that answers what a test sets, ready.
    pub async fn start_with_fake_pool() -> (FakePool, Self) {
        let pool = FakePool::start().await;
        let site = Self::start_at(&pool, SiteOptions::default()).await;
        site.until_ready().await;
        (pool, site)
    }

    /// As [`Site::start`].
    pub async fn start_with(options: SiteOptions) -> Self {
        let (listener, public_url) = listen(&options).await;
        let scratch = Scratch::make();
        let stack = Stack::start(Options {
            data_dir: scratch.path().join("data"),
            app_origin: public_url.clone(),
            client_secret: options.client_secret.map(str::to_owned),
            deployed: None,
        })
        .await
        .unwrap();
        let settings = stack.settings();
        let mut providers = options.providers.clone();
        if options.all_providers {
            let [key, certificate] =
                federation::new_key(&scratch.path().join("login-gov"), federation::KeyType::Rsa2048).unwrap();
            let certificate = std::fs::read_to_string(certificate).unwrap();
            assert!(stack.provider("login_gov").unwrap().registration().add_certificate(&certificate));
            let others = Provider::all_stand_ins(settings, &[&key]).into_iter().filter(|other| other.id != "itsme");
            providers.extend(others);
        }
        let engine = settings.dynamodb_endpoint.clone();
        let mut example = Example::at(&public_url, settings.into());
        if options.case_workers {
            providers.push(Provider::workforce(&settings.workforce));
            example = example.documents(&settings.documents);
        }
        if options.assistant {
            example = example.assistant(&settings.assistant);
        }
        let site = Self::assemble(listener, scratch, &options, (example, providers), &engine).await;
        let mut site = Self { stack: Some(stack), ..site };
        site.run().await;
        site.until_ready().await;
        site
    }

    /// A site with a user pool that misbehaves. The site may not be ready yet.
    pub async fn start_at(pool: &FakePool, options: SiteOptions) -> Self {
        let (listener, public_url) = listen(&options).await;
        let scratch = Scratch::make();
        let engine = Engine::start(&scratch.path().join("data")).await.unwrap();
        let cognito = Cognito {
            user_pool_id: POOL_ID.to_owned(),
            client_id: CLIENT_ID.to_owned(),
            client_secret: options.client_secret.map(str::to_owned),
            ..Cognito::stand_in(&pool.issuer(), &pool.url())
        };
        let endpoint = engine.endpoint().to_owned();
        let example = Example::at(&public_url, cognito);
        let providers = options.providers.clone();
        let site = Self::assemble(listener, scratch, &options, (example, providers), &endpoint).await;
        let mut site = Self { _engine: Some(engine), ..site };
        site.run().await;
        site
    }

    async fn assemble(
        listener: TcpListener,
        scratch: Scratch,
        options: &SiteOptions,
        (example, more_providers): (Example, Vec<Provider>),
        engine: &str,
    ) -> Self {
        let line = Line::to(engine);
        let mut providers = vec![Provider::itsme(), Provider::new("second", "oidc").named("Second")];
        providers.extend(more_providers);
        let example = example
            .listen("127.0.0.1:0")
            .trusted_proxies(options.trusted_proxies)
            .site_root(&scratch.site_root())
            .providers(providers.clone())
            .dynamodb_endpoint(&line.url())
            .with(options.more);
        let toml = example.to_toml();
        let mut config = Config::read(Source::from_toml(&toml)).unwrap();
        config.log.security = SecurityLogTarget::File(scratch.path().join(SECURITY_LOG));
        let tables = client_of(engine);
        aws::create_tables(&tables, &config.dynamodb).await.unwrap();
        let address = listener.local_addr().unwrap();
        let listener = listener.into_std().unwrap();
        Self {
            public_url: config.public_url.origin(),
            address,
            example,
            providers,
            toml,
            config,
            options: options.server.clone().unwrap_or_else(running::options),
            tables,
            line,
            listener,
            running: None,
            stack: None,
            _engine: None,
            scratch,
            is_measured: options.metrics,
            metrics: None,
        }
    }

    async fn run(&mut self) {
        let citizens = TcpListener::from_std(self.listener.try_clone().unwrap()).unwrap();
        let metrics = match self.is_measured {
            true => Some(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap()),
            false => None,
        };
        self.metrics = metrics.as_ref().map(|metrics| metrics.local_addr().unwrap());
        let listeners = Listeners { citizens, metrics };
        self.running = Some(RunningServer::start(self.config.clone(), listeners, self.options.clone()).await);
    }

    /// Where Prometheus reads its metrics.
    pub fn metrics(&self) -> SocketAddr {
        self.metrics.unwrap()
    }

    /// As [`RunningServer::until_ready`].
    pub async fn until_ready(&self) {
        self.running.as_ref().unwrap().until_ready().await;
    }

    /// As [`RunningServer::is_ready`].
    pub async fn is_ready(&self) -> bool {
        self.running.as_ref().unwrap().is_ready().await
    }

    /// Stops the server and starts another one, which shares no memory with the first.
    pub async fn restart(&mut self) {
        self.running.take().unwrap().stop().await;
        self.run().await;
    }

    pub fn browser(&self) -> Browser {
        Browser::new(&self.public_url).with_socket(self.address)
    }

    /// The real address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub fn user_pool(&self) -> &UserPool {
        self.stack.as_ref().unwrap().user_pool()
    }

    /// The stand-in of this kind.
    pub fn provider(&self, kind: &str) -> &IdentityProvider {
        self.stack.as_ref().unwrap().provider(kind).unwrap()
    }

    /// The part of AWS between case workers and documents.
    pub fn aws(&self) -> &Aws {
        self.stack.as_ref().unwrap().aws()
    }

    pub fn settings(&self) -> &Settings {
        self.stack.as_ref().unwrap().settings()
    }

    /// Every record of the security log.
    pub fn security_records(&self) -> Vec<Value> {
        let log = std::fs::read_to_string(self.scratch.path().join(SECURITY_LOG)).unwrap();
        log.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Every item of the sessions table.
    pub async fn sessions(&self) -> Vec<HashMap<String, AttributeValue>> {
        self.scan(&self.config.dynamodb.sessions_table).await
    }

    /// How many sessions the sessions table holds. It also holds used states.
    pub async fn open_sessions(&self) -> usize {
        self.sessions().await.iter().filter(|item| item.contains_key("data")).count()
    }

    /// The sessions, as the server reads and writes them.
    pub fn session_store(&self) -> DynamoDbStore {
        let table = self.config.dynamodb.sessions_table.clone();
        DynamoDbStore::new(self.tables.clone(), table, Arc::new(sealing_keys()))
    }

    /// Every item of the records table.
    pub async fn records(&self) -> Vec<HashMap<String, AttributeValue>> {
        self.scan(&self.config.dynamodb.records_table).await
    }

    /// Every item of both tables that has anything of this citizen in it.
    pub async fn of_citizen(&self, eid: &str) -> Vec<String> {
        let pseudonym = record_keys(eid).current;
        let items = self.records().await.into_iter().chain(self.sessions().await);
        let items = items.map(|item| everything_in(&item));
        items.filter(|item| item.contains(pseudonym.as_str()) || item.contains(eid)).collect()
    }

    /// The activity in the records table, which bypasses the line.
    pub fn activity(&self) -> Activity {
        let Config { dynamodb, activity, .. } = &self.config;
        Activity::new(Table::new(self.tables.clone(), dynamodb, activity.retention()))
    }

    /// The items of the messages.
    pub async fn messages(&self) -> Vec<HashMap<String, AttributeValue>> {
        self.records().await.into_iter().filter(is_message).collect()
    }

    async fn scan(&self, table: &str) -> Vec<HashMap<String, AttributeValue>> {
        scan(&self.tables, table).await
    }
}

/// The pseudonyms of the site's only key.
pub fn record_keys(eid: &str) -> RecordKeys {
    let eid = Eid::parse(eid, &EidRules::default()).unwrap();
    Pseudonyms::new(1, &ServerKey::decode(PSEUDONYM_KEY).unwrap()).of("BE", &eid)
}

/// The purpose that the cookies of sign-ins are sealed for. The context is the tag in the cookie's name.
pub const SIGN_IN_PURPOSE: &str = "sign-in transaction v2";

/// The keys that seal sessions and the cookies of sign-ins. Only the server has them.
pub fn sealing_keys() -> SealingKeys {
    SealingKeys::new(&ServerKey::decode(PSEUDONYM_KEY).unwrap(), [])
}

/// A client of the engine at `endpoint`, with longer timeouts than the server's own.
pub fn client_of(endpoint: &str) -> Client {
    use aws_sdk_dynamodb::config::{BehaviorVersion, Config, Credentials, Region};
    Client::from_conf(
        Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("eu-west-1"))
            .credentials_provider(Credentials::new("test", "test", None, None, "test"))
            .endpoint_url(endpoint)
            .build(),
    )
}

/// Whether an item of the records table is a message, and not an entry of the activity or the row of a session.
pub fn is_message(item: &HashMap<String, AttributeValue>) -> bool {
    item["sk"] == AttributeValue::S("message".to_owned()) && item.contains_key("version")
}

/// Every item of `table`.
pub async fn scan(client: &Client, table: &str) -> Vec<HashMap<String, AttributeValue>> {
    let answer = client.scan().table_name(table).consistent_read(true).send().await.unwrap();
    assert!(answer.last_evaluated_key().is_none(), "more than one page");
    answer.items.unwrap_or_default()
}

/// Everything in an item as one text: names, texts, numbers, and bytes as they are. Equal items have equal texts.
pub fn everything_in(item: &HashMap<String, AttributeValue>) -> String {
    let value = |value: &AttributeValue| match value {
        AttributeValue::S(text) | AttributeValue::N(text) => text.clone(),
        AttributeValue::B(bytes) => String::from_utf8_lossy(bytes.as_ref()).into_owned(),
        AttributeValue::Bool(flag) => flag.to_string(),
        AttributeValue::L(list) => format!("{list:?}"),
        other => panic!("an attribute of another type: {other:?}"),
    };
    let mut lines: Vec<_> = item.iter().map(|(name, content)| format!("{name}={}\n", value(content))).collect();
    lines.sort_unstable();
    lines.concat()
}

async fn listen(options: &SiteOptions) -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let own = format!("http://{}", listener.local_addr().unwrap());
    (listener, options.public_url.map_or(own, str::to_owned))
}
