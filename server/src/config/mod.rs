//! The configuration: a TOML file, any key of which can be overridden by `MYDATA_` and its path joined by `__`.
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
mod metrics;
mod providers;
mod pseudonym;
mod security;
mod service;
mod session;
mod source;
mod traces;
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
    metrics::Metrics,
    providers::Provider,
    pseudonym::Pseudonym,
    security::Security,
    service::LogoFile,
    session::Session,
    source::{Fault, Source},
    traces::Traces,
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
    /// `[metrics]`
    pub metrics: Metrics,
    /// `[traces]`. Without it, there are none.
    pub traces: Option<Traces>,
    /// `[api]`
    pub api: Api,
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
        let public_url = source.required("public_url", PublicUrl::EXPECTED, PublicUrl::parse);
        let listen =
            source.with_default("listen", "an address and a port such as 0.0.0.0:3000", "127.0.0.1:3000", |text| {
                text.parse().ok()
            });
        let trusted_proxies = TrustedProxies::read(&mut source, public_url.as_ref(), listen);
        let site_root = source.optional("site_root", "a folder", |text| Some(PathBuf::from(text)));
        let cognito = Cognito::read(&mut source);
        let providers = providers::read(&mut source);
        let documents = Documents::read(&mut source, cognito.as_ref(), providers.as_deref());
        let assistant = Assistant::read(&mut source, documents.as_ref());
        let (service, logo_files) = service::read(&mut source, public_url.as_ref());
        let security = Security::read(&mut source, &service);
        let dynamodb = DynamoDb::read(&mut source);
        let activity = Activity::read(&mut source);
        let session = Session::read(&mut source);
        let pseudonym = Pseudonym::read(&mut source);
        let limits = Ceilings::read(&mut source);
        let keys = Keys::read(&mut source);
        let log = Log::read(&mut source);
        let metrics = Metrics::read(&mut source, listen);
        let traces = Traces::read(&mut source);
        let api = Api::read(&mut source);
        if let Some(pseudonym) = &pseudonym {
            keys::check(&mut source, pseudonym, &keys);
        }
        let faults = source.finish();
        // Every missing value has a fault.
        let config = || {
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
                metrics,
                traces,
                api: api?,
            })
        };
        if faults.is_empty() { config().ok_or(Faults(faults)) } else { Err(Faults(faults)) }
    }
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
