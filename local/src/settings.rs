//! What the relying party must be configured with to use the stand-ins.

use std::fmt;

/// The settings that point the relying party to the stand-ins.
#[derive(Clone)]
pub struct Settings {
    /// Base URL of the engine, such as `http://127.0.0.1:41234`.
    pub dynamodb_endpoint: String,
    /// Always `eu-west-1`.
    pub region: String,
    /// Always `eu-west-1_LocalPool`.
    pub user_pool_id: String,
    /// The citizens' app client: 26 lower-case letters and digits, as Cognito makes them.
    pub client_id: String,
    /// The citizens' app client's secret, as given in [`Options`](crate::Options).
    pub client_secret: Option<String>,
    /// Issuer of the tokens: `http://127.0.0.1:PORT/eu-west-1_LocalPool`.
    pub issuer: String,
    /// Base URL of the authorization, token, revocation and sign-out endpoints.
    pub domain_url: String,
    /// Base URL of the organisation that provides the service.
    pub organisation_url: String,
    /// Base URL of the pages about the API. They call it from the browser, so their origin must be allowed.
    pub api_docs_url: String,
    /// The citizens' providers, in the order of [`KINDS`](crate::providers::KINDS).
    pub providers: Vec<ProviderSettings>,
    /// The workforce directory and the case workers' app client.
    pub workforce: WorkforceSettings,
    /// Where case workers' documents are.
    pub documents: DocumentsSettings,
    /// Where the assistant is.
    pub assistant: AssistantSettings,
}

impl Settings {
    /// The provider of this kind.
    pub fn provider(&self, kind: &str) -> Option<&ProviderSettings> {
        self.providers.iter().find(|provider| provider.kind == kind)
    }
}

/// A provider, as the relying party knows it.
#[derive(Clone, Debug)]
pub struct ProviderSettings {
    /// Its kind, which is also its id.
    pub kind: &'static str,
    /// The name that people read.
    pub display_name: &'static str,
    /// Its name in the user pool, for `identity_provider`.
    pub name: String,
    /// The namespace of its identifiers.
    pub namespace: &'static str,
    /// Its base URL.
    pub url: String,
    /// Its issuer.
    pub issuer: String,
    /// The client identifier that it gave to the user pool.
    pub client_id: String,
    /// Its authorization endpoint.
    pub authorization_endpoint: String,
    /// Its token endpoint.
    pub token_endpoint: String,
    /// The address of its key set.
    pub jwks_uri: String,
    /// Set if the user pool reaches it through the relying party's bridge.
    pub bridge: Option<BridgeSettings>,
}

/// What the relying party's bridge to a provider needs to know, in addition to [`ProviderSettings`].
#[derive(Clone)]
pub struct BridgeSettings {
    /// What the user pool authenticates with at the bridge.
    pub client_secret: String,
    /// What the bridge adds to an authorization request, `name=value` each.
    pub parameters: &'static [&'static str],
}

/// The workforce directory, as the relying party knows it.
#[derive(Clone)]
pub struct WorkforceSettings {
    /// The kind of its provider, which is also its id.
    pub kind: &'static str,
    /// The name that people read.
    pub display_name: &'static str,
    /// Its name in the user pool, for `identity_provider`.
    pub name: String,
    /// The namespace of its identifiers, which are UUIDs.
    pub namespace: &'static str,
    /// The case workers' app client.
    pub client_id: String,
    /// The secret of this client, new at every start.
    pub client_secret: String,
    /// Its base URL. The page says who is signed in there, and signs them out.
    pub url: String,
}

/// The part of AWS between case workers and documents. The server is `local` there, with the secret `local`, as at the engine.
#[derive(Clone, Debug)]
pub struct DocumentsSettings {
    /// The application that exchanges tokens.
    pub application_arn: &'static str,
    /// The role that carries a person's identity.
    pub role_arn: &'static str,
    /// Base URL of the token exchange.
    pub oidc_url: String,
    /// Base URL of STS.
    pub sts_url: String,
    /// Base URL of S3 Access Grants.
    pub s3control_url: String,
    /// Base URL of S3.
    pub s3_url: String,
    /// Base URL of what an operator's check reads, in all services.
    pub admin_url: String,
}

/// The assistant (Amazon Q Business).
#[derive(Clone, Debug)]
pub struct AssistantSettings {
    /// Its application.
    pub application_id: &'static str,
    /// Its base URL.
    pub url: String,
}

// Secrets stay out of logs, even those of a stand-in.
impl fmt::Debug for Settings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Settings")
            .field("dynamodb_endpoint", &self.dynamodb_endpoint)
            .field("issuer", &self.issuer)
            .field("domain_url", &self.domain_url)
            .field("providers", &self.providers)
            .field("workforce", &self.workforce)
            .field("confidential", &self.client_secret.is_some())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for BridgeSettings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("BridgeSettings").field("parameters", &self.parameters).finish_non_exhaustive()
    }
}

impl fmt::Debug for WorkforceSettings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("WorkforceSettings")
            .field("name", &self.name)
            .field("client_id", &self.client_id)
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}
