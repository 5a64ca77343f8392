//! The configuration: a TOML file, any key of which can be overridden by `MYDATA_` and its path joined by `__`. These variables can also
//! be the whole configuration.
//!
//! All faults are reported together, each with its key and the expected value. Secrets are never printed.

mod activity;
mod api;
mod assistant;
mod bridge;
mod ceilings;
mod client;
mod cognito;
mod documents;
mod dynamodb;
mod eid;
mod keys;
mod log;
mod partition;
mod providers;
mod pseudonym;
mod security;
mod service;
mod session;
mod shutdown;
mod source;
mod trusted_proxies;
mod url;

use std::{fmt, net::SocketAddr, path::PathBuf};

use app::Service;

pub use self::{
    activity::Activity,
    api::Api,
    assistant::Assistant,
    bridge::{BridgeSettings, SigningKeySource},
    ceilings::Ceilings,
    client::{ClientSecret, OwnClient},
    cognito::Cognito,
    documents::Documents,
    dynamodb::DynamoDb,
    eid::{EidFormat, EidPattern, EidRules},
    keys::{KeySource, Keys, NamedKey, Role, SessionKey, faults_of, named_keys},
    log::{Log, SecurityLogTarget},
    partition::Partition,
    providers::Provider,
    pseudonym::Pseudonym,
    security::Security,
    service::LogoFile,
    session::Session,
    shutdown::Shutdown,
    source::{Fault, Source},
    trusted_proxies::{TrustedProxies, is_private},
    url::{Endpoint, PublicUrl},
};

/// All settings.
#[derive(Clone, Debug)]
pub struct Config {
    /// `public_url`: the origin that citizens see.
    pub public_url: PublicUrl,
    /// `listen`: the address and port that the server listens on.
    pub listen: SocketAddr,
    /// `trusted_proxies`: the peers that may name the client that they forward for.
    pub trusted_proxies: TrustedProxies,
    /// `site_root`: the folder with the files for browsers. Default: `site` next to the binary or one folder above it,
    /// then `target/site`.
    pub site_root: Option<PathBuf>,
    /// `[cognito]`
    pub cognito: Cognito,
    /// `[[providers]]`: one sign-in button each, in this order.
    pub providers: Vec<Provider>,
    /// `[documents]`: how case workers open documents. Without it, there are no case workers.
    pub documents: Option<Documents>,
    /// `[assistant]`: what case workers ask. Without it, there is none.
    pub assistant: Option<Assistant>,
    /// `[service]`: what citizens are told about the service.
    pub service: Service,
    /// The files of its logo.
    pub logo_files: Vec<LogoFile>,
    /// `[security]`
    pub security: Security,
    /// `[dynamodb]`
    pub dynamodb: DynamoDb,
    /// `[activity]`
    pub activity: Activity,
    /// `[session]`
    pub session: Session,
    /// `[pseudonym]`
    pub pseudonym: Pseudonym,
    /// `[limits]`: how much the server does at the same time.
    pub limits: Ceilings,
    /// `[keys]`
    pub keys: Keys,
    /// `[log]`
    pub log: Log,
    /// `[api]`
    pub api: Api,
    /// `[shutdown]`
    pub shutdown: Shutdown,
}

impl Config {
    /// Whether the people of `provider` are case workers: they open documents, and have no message.
    pub fn is_for_case_workers(&self, provider: &Provider) -> bool {
        self.documents.is_some() && provider.kind.is_workforce
    }

    /// Reads the whole configuration.
    ///
    /// # Errors
    /// All faults, in the order of the keys.
    pub fn read(mut source: Source) -> Result<Self, Faults> {
        let config = Self::take_from(&mut source);
        Self::without_faults(config, source)
    }

    /// As [`read`](Self::read), from variables alone. `None` if no variable in `source` is a key of the configuration.
    pub fn read_variables(mut source: Source) -> Option<Result<Self, Faults>> {
        let variables = source.unread_variables();
        let config = Self::take_from(&mut source);
        (source.unread_variables() < variables).then(|| Self::without_faults(config, source))
    }

    /// Reads `listen` alone. What is wrong with other keys does not matter.
    ///
    /// # Errors
    /// It is invalid, or the file cannot be read.
    pub fn read_listen(mut source: Source) -> Result<SocketAddr, Faults> {
        let listen = listen(&mut source);
        listen.ok_or_else(|| Faults(source.into_faults()))
    }

    fn without_faults(config: Option<Self>, source: Source) -> Result<Self, Faults> {
        let faults = source.finish();
        // Every missing value has a fault.
        config.filter(|_| faults.is_empty()).ok_or(Faults(faults))
    }

    /// Takes every key out of `source`, and leaves the faults in it. A missing value has one.
    fn take_from(source: &mut Source) -> Option<Self> {
        let public_url = source.required("public_url", PublicUrl::EXPECTED, PublicUrl::parse);
        let listen = listen(source);
        let trusted_proxies = TrustedProxies::read(source, public_url.as_ref(), listen);
        let site_root = source.optional("site_root", "a folder", |text| Some(PathBuf::from(text)));
        let cognito = Cognito::read(source);
        let providers = providers::read(source);
        let documents = Documents::read(source, cognito.as_ref(), providers.as_deref());
        let assistant = Assistant::read(source, documents.as_ref());
        let (service, logo_files) = service::read(source, public_url.as_ref());
        let security = Security::read(source, &service);
        let dynamodb = DynamoDb::read(source);
        let activity = Activity::read(source);
        let session = Session::read(source);
        let pseudonym = Pseudonym::read(source);
        let limits = Ceilings::read(source);
        let keys = Keys::read(source);
        let log = Log::read(source);
        let api = Api::read(source);
        let shutdown = Shutdown::read(source);
        if let Some(pseudonym) = &pseudonym {
            keys::check(source, pseudonym, &keys);
        }
        Some(Self {
            public_url: public_url?,
            listen: listen?,
            trusted_proxies: trusted_proxies?,
            site_root,
            cognito: cognito?,
            providers: providers?,
            documents: documents?,
            assistant: assistant?,
            service,
            logo_files,
            security: security?,
            dynamodb: dynamodb?,
            activity: activity?,
            session: session?,
            pseudonym: pseudonym?,
            limits: limits?,
            keys,
            log: log?,
            api: api?,
            shutdown: shutdown?,
        })
    }
}

fn listen(source: &mut Source) -> Option<SocketAddr> {
    let expected = "an address and a port such as 0.0.0.0:3000";
    source.with_default("listen", expected, "127.0.0.1:3000", |text| text.parse().ok())
}

/// All faults of a configuration.
#[derive(Debug, PartialEq, Eq)]
pub struct Faults(pub Vec<Fault>);

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "the configuration has {} error{}:", self.0.len(), if self.0.len() == 1 { "" } else { "s" })?;
        for fault in &self.0 {
            writeln!(f, "  {}: {}", fault.key, fault.problem)?;
        }
        Ok(())
    }
}

impl std::error::Error for Faults {}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
