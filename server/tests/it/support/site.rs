//! The server itself, started in this process on a free port of loopback.

use std::{collections::HashMap, net::SocketAddr, path::Path, time::Duration};

use aws_sdk_dynamodb::{Client, types::AttributeValue};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use local::{
    Options, ProviderSettings, Settings, Stack, dynamodb::Engine, providers::IdentityProvider, user_pool::UserPool,
};
use server::{
    HEAD_PATIENCE,
    config::{Config, Source},
    dynamodb, federation,
    secret::SealingKey,
};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

use super::{
    browser::{Browser, client},
    fake_pool::{CLIENT_ID, FakePool, POOL_ID},
    line::Line,
    scratch::Scratch,
    until,
};

/// How a site differs from the plain one.
#[derive(Default)]
pub struct Wishes {
    /// A confidential client.
    pub client_secret: Option<&'static str>,
    /// A name of its own, such as `https://mydata.example`.
    pub public_url: Option<&'static str>,
    /// More of the configuration, at its end.
    pub toml: String,
    /// The other providers of the stand-ins, besides itsme.
    pub all_providers: bool,
    /// Less patience with the head of a request.
    pub head_patience: Option<Duration>,
}

pub struct Site {
    pub public_url: String,
    pub address: SocketAddr,
    /// Its configuration, as a file has it.
    pub toml: String,
    pub config: Config,
    head_patience: Duration,
    /// Past the line, straight at the engine.
    pub tables: Client,
    /// Between the server and DynamoDB.
    pub line: Line,
    // It keeps the port while the server is started again.
    listener: std::net::TcpListener,
    running: Option<(oneshot::Sender<()>, JoinHandle<()>)>,
    stack: Option<Stack>,
    _engine: Option<Engine>,
    pub scratch: Scratch,
}

impl Site {
    /// With the whole stack of stand-ins.
    pub async fn start() -> Self {
        Self::start_with(Wishes::default()).await
    }

    /// With a user pool that answers what a test wants, and ready.
    pub async fn start_with_fake_pool() -> (FakePool, Self) {
        let pool = FakePool::start().await;
        let site = Self::start_at(&pool, Wishes::default()).await;
        site.until_ready().await;
        (pool, site)
    }

    pub async fn start_with(wishes: Wishes) -> Self {
        let (listener, public_url) = listen(&wishes).await;
        let scratch = Scratch::make();
        let stack = Stack::start(Options {
            data_dir: scratch.path().join("data"),
            app_origin: public_url.clone(),
            client_secret: wishes.client_secret.map(str::to_owned),
        })
        .await
        .unwrap();
        let cognito = cognito(stack.settings());
        let engine = stack.settings().dynamodb_endpoint.clone();
        let providers = if wishes.all_providers {
            let [key, certificate] = federation::new_key(&scratch.path().join("login-gov")).unwrap();
            let certificate = std::fs::read_to_string(certificate).unwrap();
            assert!(stack.login_gov().registration().add_certificate(&certificate));
            providers(stack.settings(), &[&key])
        } else {
            String::new()
        };
        let more = providers + &wishes.toml;
        let site = Self::assemble((listener, public_url), scratch, &cognito, (&engine, &more)).await;
        let head_patience = wishes.head_patience.unwrap_or(HEAD_PATIENCE);
        let mut site = Self { stack: Some(stack), head_patience, ..site };
        site.run().await;
        site.until_ready().await;
        site
    }

    /// With a user pool that lies. It is not waited for.
    pub async fn start_at(pool: &FakePool, wishes: Wishes) -> Self {
        let bound = listen(&wishes).await;
        let scratch = Scratch::make();
        let engine = Engine::start(&scratch.path().join("data")).await.unwrap();
        let mut cognito = format!(
            "region = \"eu-west-1\"\nuser_pool_id = \"{POOL_ID}\"\nuser_pool_web_client_id = \"{CLIENT_ID}\"\n\
             issuer = \"{}\"\ndomain_url = \"{}\"\n",
            pool.issuer(),
            pool.url()
        );
        if let Some(secret) = wishes.client_secret {
            cognito += &format!("client_secret = \"{secret}\"\n");
        }
        let endpoint = engine.endpoint().to_owned();
        let site = Self::assemble(bound, scratch, &cognito, (&endpoint, &wishes.toml)).await;
        let mut site = Self { _engine: Some(engine), ..site };
        site.run().await;
        site
    }

    async fn assemble(
        (listener, public_url): (TcpListener, String),
        scratch: Scratch,
        cognito: &str,
        (engine, more): (&str, &str),
    ) -> Self {
        let line = Line::to(engine);
        let toml = format!(
            "public_url = \"{public_url}\"\nlisten = \"127.0.0.1:0\"\nsite_root = \"{}\"\n[cognito]\n{cognito}\n\
             [[providers]]\nid = \"itsme\"\nname = \"itsme\"\nnamespace = \"BE\"\nkind = \"itsme\"\n\
             [[providers]]\nid = \"second\"\nname = \"Second\"\nnamespace = \"BE\"\nkind = \"oidc\"\n\
             [dynamodb]\nendpoint_url = \"{}\"\n[pseudonym]\nkey = \"{KEY}\"\n{more}",
            scratch.site_root().display(),
            line.url(),
        );
        let config = Config::read(Source::from_toml(&toml)).unwrap();
        let tables = client_of(engine);
        dynamodb::create_tables(&tables, &config.dynamodb).await.unwrap();
        let address = listener.local_addr().unwrap();
        let listener = listener.into_std().unwrap();
        Self {
            public_url,
            address,
            toml,
            config,
            head_patience: HEAD_PATIENCE,
            tables,
            line,
            listener,
            running: None,
            stack: None,
            _engine: None,
            scratch,
        }
    }

    async fn run(&mut self) {
        let listener = TcpListener::from_std(self.listener.try_clone().unwrap()).unwrap();
        let (stop, stopped) = oneshot::channel();
        let (config, patience) = (self.config.clone(), self.head_patience);
        let task = tokio::spawn(async move {
            let stopped = async {
                let _ = stopped.await;
            };
            server::run(config, listener, patience, stopped).await.unwrap();
        });
        self.running = Some((stop, task));
        until("the server answers", async || client().get(self.url("/healthz")).send().await.is_ok()).await;
    }

    /// Until the keys are loaded and the tables answer.
    pub async fn until_ready(&self) {
        until("the server is ready", async || self.is_ready().await).await;
    }

    pub async fn is_ready(&self) -> bool {
        client().get(self.url("/readyz")).send().await.unwrap().status() == 200
    }

    /// Ends the server and starts another one, which has nothing of the first in its memory.
    pub async fn restart(&mut self) {
        let (stop, task) = self.running.take().unwrap();
        stop.send(()).unwrap();
        task.await.unwrap();
        self.run().await;
    }

    pub fn browser(&self) -> Browser {
        Browser::new(&self.public_url, self.address)
    }

    /// The real address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub fn user_pool(&self) -> &UserPool {
        self.stack.as_ref().unwrap().user_pool()
    }

    /// Login.gov, which knows the certificate of the bridge's key.
    pub fn login_gov(&self) -> &IdentityProvider {
        self.stack.as_ref().unwrap().login_gov()
    }

    pub fn settings(&self) -> &Settings {
        self.stack.as_ref().unwrap().settings()
    }

    /// Every item of the sessions table.
    pub async fn sessions(&self) -> Vec<HashMap<String, AttributeValue>> {
        self.scan(&self.config.dynamodb.sessions_table).await
    }

    /// How many sessions the sessions table holds; used states are no sessions.
    pub async fn open_sessions(&self) -> usize {
        self.sessions().await.iter().filter(|item| item.contains_key("data")).count()
    }

    /// Every item of the records table.
    pub async fn records(&self) -> Vec<HashMap<String, AttributeValue>> {
        self.scan(&self.config.dynamodb.records_table).await
    }

    async fn scan(&self, table: &str) -> Vec<HashMap<String, AttributeValue>> {
        scan(&self.tables, table).await
    }
}

/// `pseudonym.key`.
pub const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

/// The key that the cookies of sign-ins are sealed with, which only the server has.
pub fn transaction_key() -> SealingKey {
    SealingKey::derive(&STANDARD.decode(KEY).unwrap(), "sign-in transaction v1")
}

/// The lines of `[cognito]` for the stand-ins.
pub fn cognito(settings: &Settings) -> String {
    let mut lines = format!(
        "region = \"{}\"\nuser_pool_id = \"{}\"\nuser_pool_web_client_id = \"{}\"\nissuer = \"{}\"\ndomain_url = \"{}\"\n",
        settings.region, settings.user_pool_id, settings.client_id, settings.issuer, settings.domain_url
    );
    if let Some(secret) = &settings.client_secret {
        lines += &format!("client_secret = \"{secret}\"\n");
    }
    lines
}

/// The configuration of the providers besides itsme, with these keys for the bridge to Login.gov.
pub fn providers(settings: &Settings, keys: &[&Path]) -> String {
    let Settings { login_gov, auth0, beyond_identity, bridge_secret, .. } = settings;
    let keys: Vec<_> = keys.iter().map(|key| format!("{:?}", key.display().to_string())).collect();
    let provider = |kind: &str, name: &str, namespace: &str| {
        format!("[[providers]]\nid = \"{kind}\"\nkind = \"{kind}\"\nname = \"{name}\"\nnamespace = \"{namespace}\"\n")
    };
    let known = |provider: &ProviderSettings| {
        format!("issuer = \"{}\"\nclient_id = \"{}\"\n", provider.issuer, provider.client_id)
    };
    let bridge = format!(
        "[providers.bridge]\n{}client_secret = \"{bridge_secret}\"\nauthorization_endpoint = \"{1}\"\n\
         token_endpoint = \"{2}\"\njwks_uri = \"{3}\"\n\
         parameters = [\"acr_values=urn:acr.login.gov:verified\", \"prompt=select_account\"]\nsigning_key_files = [{4}]\n",
        known(login_gov),
        login_gov.authorization_endpoint,
        login_gov.token_endpoint,
        login_gov.jwks_uri,
        keys.join(", ")
    );
    [
        provider("login_gov", &login_gov.name, "US-LOGIN"),
        bridge,
        provider("auth0", &auth0.name, "EXAMPLE-STAFF"),
        known(auth0),
        provider("beyond_identity", &beyond_identity.name, "EXAMPLE-PASSKEY"),
        known(beyond_identity),
    ]
    .concat()
}

/// A client of the engine at `endpoint` with patience, unlike the server's own.
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

/// Every item of `table`.
pub async fn scan(client: &Client, table: &str) -> Vec<HashMap<String, AttributeValue>> {
    let answer = client.scan().table_name(table).consistent_read(true).send().await.unwrap();
    assert!(answer.last_evaluated_key().is_none(), "more than one page");
    answer.items.unwrap_or_default()
}

/// Everything that an item holds, as one text: names, texts, numbers, and bytes as they are.
pub fn everything_in(item: &HashMap<String, AttributeValue>) -> String {
    let value = |value: &AttributeValue| match value {
        AttributeValue::S(text) | AttributeValue::N(text) => text.clone(),
        AttributeValue::B(bytes) => String::from_utf8_lossy(bytes.as_ref()).into_owned(),
        other => panic!("an attribute of another type: {other:?}"),
    };
    item.iter().map(|(name, content)| format!("{name}={}\n", value(content))).collect()
}

async fn listen(wishes: &Wishes) -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let own = format!("http://{}", listener.local_addr().unwrap());
    (listener, wishes.public_url.map_or(own, str::to_owned))
}
