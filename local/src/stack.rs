//! Everything that a relying party needs, in one process.

use std::fmt;
use std::path::PathBuf;

use crate::api_docs::ApiDocs;
use crate::aws::{APPLICATION_ARN, ASSISTANT_ID, Aws, AwsOptions, PERSON_ROLE_ARN, Person, SamlSettings, ServerKey};
use crate::dynamodb::Engine;
use crate::error::StartError;
use crate::organisation::Organisation;
use crate::providers::{IdentityProvider, KINDS, WORKFORCE};
use crate::random;
use crate::serving::ANY_PORT;
use crate::settings::{
    AssistantSettings, BridgeSettings, DocumentsSettings, ProviderSettings, Settings, WorkforceSettings,
};
use crate::user_pool::{
    AppClient, CASE_WORKERS_CLIENT_ID, CLIENT_ID, OidcProvider, REGION, SamlProvider, USER_POOL_ID, UserPool,
    UserPoolOptions,
};
use crate::workforce::Directory;

/// How many people the directory has besides those on its page.
const NUMBERED_PEOPLE: u16 = 200;

/// What [`Stack::start`] needs to know.
#[derive(Clone)]
pub struct Options {
    /// Where the engine keeps its file; created with mode 0700 if absent.
    pub data_dir: PathBuf,
    /// Origin of the relying party, such as `http://127.0.0.1:3000`, without a slash at the end.
    ///
    /// The user pool registers `{app_origin}/auth/callback` for sign-in and `{app_origin}/` for sign-out. Each provider with
    /// a sign-out registers `{app_origin}/` too. The bridge to a provider is at `{app_origin}/federation/{kind}`.
    pub app_origin: String,
    /// The secret of the citizens' app client; `None` makes it a public one. The case workers' always has one.
    pub client_secret: Option<String>,
    /// What was deployed elsewhere, such as by templates. `None` takes the stand-ins' own.
    pub deployed: Option<Deployed>,
}

/// Ids and secrets that were given out elsewhere, for stand-ins that take the place of what is deployed.
#[derive(Clone)]
pub struct Deployed {
    /// The user pool.
    pub user_pool_id: String,
    /// The citizens' app client.
    pub client_id: String,
    /// The case workers' app client.
    pub case_workers_client_id: String,
    /// Its secret.
    pub case_workers_client_secret: String,
    /// What the user pool authenticates with at the bridges.
    pub bridge_secret: String,
    /// Where the user pool itself reaches the relying party, if it cannot at its origin: another origin.
    pub back_channel: String,
    /// How many numbered citizens each provider has.
    pub citizens: u16,
}

/// The engine, the providers, the workforce directory, the user pool, the organisation's site and the pages about the API, running.
pub struct Stack {
    engine: Engine,
    providers: Vec<IdentityProvider>,
    directory: Directory,
    aws: Aws,
    user_pool: UserPool,
    organisation: Organisation,
    api_docs: ApiDocs,
    settings: Settings,
}

impl Stack {
    /// Starts all of them, each on a free port of 127.0.0.1. Must be called inside a tokio runtime.
    ///
    /// # Errors
    /// The first problem found. Whatever had started by then is stopped again.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let engine = Engine::start(&options.data_dir).await?;
        let home = format!("{}/", options.app_origin);
        let deployed = options.deployed.as_ref();
        let (mut providers, mut settings, mut in_pool) = (Vec::new(), Vec::new(), Vec::new());
        for kind in KINDS {
            let citizens = deployed.map_or(0, |deployed| deployed.citizens);
            let provider = IdentityProvider::start_with_numbered(kind, ANY_PORT, citizens).await?;
            if provider.facts().sign_out.is_some() {
                provider.registration().add_sign_out_uri(home.clone());
            }
            let known = provider_settings(&provider, deployed);
            in_pool.push(oidc_provider(&provider, &known, &home, deployed));
            settings.push(known);
            providers.push(provider);
        }
        let api_docs = ApiDocs::start(&options.app_origin).await?;
        let directory = Directory::start(ANY_PORT, NUMBERED_PEOPLE).await?;
        let workforce = workforce_settings(&directory, deployed);
        let case_workers = AppClient::new(&workforce.client_id, &options.app_origin, vec![workforce.name.clone()]);
        let case_workers = case_workers.with_secret(Some(workforce.client_secret.clone()));
        let names = settings.iter().map(|provider| provider.name.clone()).collect();
        let client_id = deployed.map_or(CLIENT_ID, |deployed| &deployed.client_id).to_owned();
        let user_pool_id = deployed.map_or(USER_POOL_ID, |deployed| &deployed.user_pool_id).to_owned();
        let citizens = AppClient::new(&client_id, &options.app_origin, names);
        let app_clients = vec![citizens.with_secret(options.client_secret.clone()), case_workers.clone()];
        let oidc_providers = in_pool.clone();
        let mut pool = UserPoolOptions::new(options.app_origin, in_pool);
        pool.saml_providers.push(SamlProvider::new(&workforce.name, directory.connection()));
        pool.more_clients.push(case_workers);
        pool.client_secret = options.client_secret.clone();
        (pool.user_pool_id, pool.client_id) = (user_pool_id.clone(), client_id.clone());
        let user_pool = UserPool::start(pool).await?;
        let organisation = Organisation::start().await?;
        let aws = AwsOptions { app_clients, oidc_providers, ..aws_options(&user_pool, &workforce, &directory) };
        let aws = Aws::start(aws).await?;

        let settings = Settings {
            dynamodb_endpoint: engine.endpoint().to_owned(),
            region: REGION.to_owned(),
            user_pool_id,
            client_id,
            client_secret: options.client_secret,
            issuer: user_pool.issuer().to_owned(),
            domain_url: user_pool.domain_url().to_owned(),
            organisation_url: organisation.url().to_owned(),
            api_docs_url: api_docs.url().to_owned(),
            providers: settings,
            workforce,
            documents: documents_settings(&aws),
            assistant: AssistantSettings { application_id: ASSISTANT_ID, url: aws.assistant_url() },
        };
        Ok(Self { engine, providers, directory, aws, user_pool, organisation, api_docs, settings })
    }

    /// The user pool, for example to turn on its faults.
    pub fn user_pool(&self) -> &UserPool {
        &self.user_pool
    }

    /// The provider of this kind, for example to register a certificate with it.
    pub fn provider(&self, kind: &str) -> Option<&IdentityProvider> {
        self.providers.iter().find(|provider| provider.kind() == kind)
    }

    /// The workforce directory.
    pub const fn directory(&self) -> &Directory {
        &self.directory
    }

    /// The part of AWS between case workers and documents, for example to take a grant away.
    pub const fn aws(&self) -> &Aws {
        &self.aws
    }

    /// What the relying party must be configured with.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Stops all of them and closes the database.
    pub async fn shutdown(self) {
        self.user_pool.shutdown().await;
        self.directory.shutdown().await;
        self.aws.shutdown().await;
        self.organisation.shutdown().await;
        self.api_docs.shutdown().await;
        for provider in self.providers {
            provider.shutdown().await;
        }
        self.engine.shutdown().await;
    }
}

/// The account of the demonstration, with everyone of the directory.
fn aws_options(user_pool: &UserPool, workforce: &WorkforceSettings, directory: &Directory) -> AwsOptions {
    let people = directory.people().iter().map(|person| Person {
        user_id: person.user_id.clone().into_owned(),
        email: person.email.clone().into_owned(),
        groups: person.groups.iter().map(|group| group.id.to_owned()).collect(),
        is_assigned: person.is_assigned,
    });
    let mapping = directory.connection().mapping().iter();
    let mapping = mapping.map(|(attribute, source)| ((*attribute).to_owned(), (*source).to_owned())).collect();
    AwsOptions {
        people: people.collect(),
        saml_providers: vec![SamlSettings { name: workforce.name.clone(), mapping }],
        server_key: Some(ServerKey { access_key_id: "local", secret_access_key: "local".to_owned() }),
        ..AwsOptions::demo(user_pool.issuer(), &workforce.client_id)
    }
}

fn documents_settings(aws: &Aws) -> DocumentsSettings {
    DocumentsSettings {
        application_arn: APPLICATION_ARN,
        role_arn: PERSON_ROLE_ARN,
        oidc_url: aws.oidc_url(),
        sts_url: aws.sts_url(),
        s3control_url: aws.s3control_url(),
        s3_url: aws.s3_url(),
        admin_url: aws.admin_url(),
    }
}

fn provider_settings(provider: &IdentityProvider, deployed: Option<&Deployed>) -> ProviderSettings {
    let (facts, registration) = (provider.facts(), provider.registration());
    ProviderSettings {
        kind: facts.kind,
        display_name: facts.display_name,
        name: facts.pool_name.to_owned(),
        namespace: facts.namespace,
        url: provider.url().to_owned(),
        issuer: registration.issuer,
        client_id: registration.client_id,
        authorization_endpoint: registration.authorization_endpoint,
        token_endpoint: registration.token_endpoint,
        jwks_uri: registration.jwks_uri,
        bridge: facts.bridge_parameters.map(|parameters| BridgeSettings {
            client_secret: deployed.map_or_else(random::opaque, |deployed| deployed.bridge_secret.clone()),
            parameters,
        }),
    }
}

fn workforce_settings(directory: &Directory, deployed: Option<&Deployed>) -> WorkforceSettings {
    let (client_id, client_secret) = match deployed {
        Some(deployed) => (deployed.case_workers_client_id.clone(), deployed.case_workers_client_secret.clone()),
        None => (CASE_WORKERS_CLIENT_ID.to_owned(), random::opaque()),
    };
    WorkforceSettings {
        kind: WORKFORCE.kind,
        display_name: WORKFORCE.display_name,
        name: WORKFORCE.pool_name.to_owned(),
        namespace: WORKFORCE.namespace,
        client_id,
        client_secret,
        url: directory.url().to_owned(),
    }
}

/// The provider as the user pool registers it: directly, or behind the bridge of the relying party at `home`.
fn oidc_provider(
    provider: &IdentityProvider,
    settings: &ProviderSettings,
    home: &str,
    deployed: Option<&Deployed>,
) -> OidcProvider {
    let registration = provider.registration();
    let oidc_provider = match &settings.bridge {
        Some(bridge) => {
            let address = format!("{home}federation/{}", settings.kind);
            let mut behind = OidcProvider::behind(&settings.name, registration, &address, &bridge.client_secret);
            if let (Some(deployed), Some((_, token))) = (deployed, &mut behind.endpoints) {
                *token = format!("{}/federation/{}/token", deployed.back_channel, settings.kind);
            }
            behind
        }
        None => OidcProvider::new(&settings.name, registration),
    };
    match provider.facts().pool_identifier {
        Some(identifier) => oidc_provider.with_identifier(identifier),
        None => oidc_provider,
    }
}

// Secrets stay out of logs, even those of a stand-in.
impl fmt::Debug for Options {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Options")
            .field("data_dir", &self.data_dir)
            .field("app_origin", &self.app_origin)
            .field("confidential", &self.client_secret.is_some())
            .field("deployed", &self.deployed)
            .finish()
    }
}

impl fmt::Debug for Deployed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Deployed")
            .field("user_pool_id", &self.user_pool_id)
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}
