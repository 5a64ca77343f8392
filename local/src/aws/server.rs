//! A running account and its listeners.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use axum::Router;
use tokio::sync::watch;

use super::account::Account;
use super::admin::{SamlSettings, WrongSetting};
use super::assistant::Conversations;
use super::calls::{Calls, TrailEntry};
use super::credentials::{Credentials, Principal, ServerKey, Vended, new_server_key};
use super::documents::{Document, Documents};
use super::exchange::{Contexts, TrustedIssuer};
use super::faults::{AwsFault, Switch};
use super::grants::{Grant, GrantId, Grants};
use super::people::{People, Person};
use super::scope::{Access, Permission, Scope};
use super::{access_grants, admin, assistant, exchange, s3, sts};
use crate::error::StartError;
use crate::serving::{ANY_PORT, Bound, Serving};
use crate::store;
use crate::user_pool::{AppClient, OidcProvider, fault_control};

/// AWS's largest page of grants.
const GRANTS_PER_PAGE: usize = 1_000;
/// The shortest time that AWS allows.
const VENDED_SECONDS: u64 = 900;

/// What [`Aws::start`] needs to know.
#[derive(Clone, Debug)]
pub struct AwsOptions {
    /// The issuer of the trusted token issuer: that of the user pool.
    pub issuer: String,
    /// The audiences that the application's grant authorises: the case workers' app client.
    pub audiences: Vec<String>,
    /// The app clients of the user pool, which an operator can look at.
    pub app_clients: Vec<AppClient>,
    /// Its OpenID Connect providers, which an operator can look at.
    pub oidc_providers: Vec<OidcProvider>,
    /// The SAML providers of the user pool, which an operator can look at.
    pub saml_providers: Vec<SamlSettings>,
    /// The directory.
    pub people: Vec<Person>,
    /// The grants of the start.
    pub grants: Vec<Grant>,
    /// The documents of the start.
    pub documents: Vec<Document>,
    /// The most grants on one page of ListCallerAccessGrants.
    pub grants_per_page: usize,
    /// The server's key; `None` makes a new one.
    pub server_key: Option<ServerKey>,
}

impl AwsOptions {
    /// An account without people, grants and documents.
    pub fn new(issuer: &str, audience: &str) -> Self {
        Self {
            issuer: issuer.to_owned(),
            audiences: vec![audience.to_owned()],
            app_clients: Vec::new(),
            oidc_providers: Vec::new(),
            saml_providers: Vec::new(),
            people: Vec::new(),
            grants: Vec::new(),
            documents: Vec::new(),
            grants_per_page: GRANTS_PER_PAGE,
            server_key: None,
        }
    }
}

/// What credentials were issued for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IssuedFor {
    /// An identity context, which is exchanged for a session.
    Context,
    /// A session of the person role.
    Session,
    /// The data of a grant.
    Data,
}

/// A running account.
pub struct Aws {
    account: Arc<Account>,
    oidc: Serving,
    sts: Serving,
    s3control: Serving,
    s3: Serving,
    assistant: Serving,
    admin: Serving,
}

impl Aws {
    /// Starts the services, each on a free port of 127.0.0.1. Must be called inside a tokio runtime.
    ///
    /// # Errors
    /// No port is free, or the HTTP client cannot be built.
    pub async fn start(options: AwsOptions) -> Result<Self, StartError> {
        let server_key = options.server_key.unwrap_or_else(new_server_key);
        let account = Arc::new(Account {
            credentials: Credentials::new(&server_key),
            server_key,
            issuer: TrustedIssuer::new(options.issuer, options.audiences)?,
            app_clients: options.app_clients,
            oidc_providers: options.oidc_providers,
            saml_providers: options.saml_providers,
            secrets: RwLock::default(),
            wrong: RwLock::default(),
            people: People::new(options.people),
            grants: Grants::new(options.grants),
            grants_per_page: options.grants_per_page.max(1),
            documents: Documents::new(options.documents),
            contexts: Contexts::new(),
            exchanged: Account::exchanged_tokens(),
            conversations: Conversations::new(),
            switch: Switch::default(),
            calls: Calls::default(),
        });
        let (stop, _) = watch::channel(false);
        let serve = async |router: Router<Arc<Account>>| -> Result<Serving, StartError> {
            let router = router.with_state(Arc::clone(&account));
            Ok(Bound::new(ANY_PORT).await?.serve(router, stop.clone()))
        };
        Ok(Self {
            // Requests are looked at as they came, so there are no routes: a router would decode and normalise paths.
            oidc: serve(fault_switch().fallback(exchange::token)).await?,
            sts: serve(Router::new().fallback(sts::call)).await?,
            s3control: serve(Router::new().fallback(access_grants::call)).await?,
            s3: serve(Router::new().fallback(s3::call)).await?,
            assistant: serve(Router::new().fallback(assistant::call)).await?,
            admin: serve(Router::new().fallback(admin::call)).await?,
            account,
        })
    }

    /// The base URL of IAM Identity Center's OpenID Connect service, such as `http://127.0.0.1:41234`.
    pub fn oidc_url(&self) -> String {
        url(&self.oidc)
    }

    /// The base URL of STS.
    pub fn sts_url(&self) -> String {
        url(&self.sts)
    }

    /// The base URL of S3's control plane. The account's number is not part of the host's name here.
    pub fn s3control_url(&self) -> String {
        url(&self.s3control)
    }

    /// The base URL of S3. Buckets are in the path.
    pub fn s3_url(&self) -> String {
        url(&self.s3)
    }

    /// The base URL of the assistant.
    pub fn assistant_url(&self) -> String {
        url(&self.assistant)
    }

    /// The base URL of what an operator can look at, in all services.
    pub fn admin_url(&self) -> String {
        url(&self.admin)
    }

    /// The server's own key.
    pub fn server_key(&self) -> ServerKey {
        self.account.server_key.clone()
    }

    /// The number of calls of each operation since the start, such as `GetDataAccess`. Refused ones count too.
    pub fn calls(&self) -> BTreeMap<&'static str, usize> {
        self.account.calls.counts()
    }

    /// The last answered calls on behalf of people, oldest first.
    pub fn trail(&self) -> Vec<TrailEntry> {
        self.account.calls.trail()
    }

    /// Turns `fault` on and any other off. `None` turns all faults off.
    pub fn misbehave(&self, fault: impl Into<Option<AwsFault>>) {
        self.account.switch.set(fault.into());
    }

    /// Shows these settings wrong to an operator, and every other one right.
    pub fn set_wrong(&self, settings: impl IntoIterator<Item = &'static WrongSetting>) {
        *self.account.wrong.write().unwrap_or_else(PoisonError::into_inner) = settings.into_iter().collect();
    }

    /// Stores a secret under this ARN. The server can read it at the address of administration.
    pub fn put_secret(&self, arn: &str, text: &str) {
        let mut secrets = self.account.secrets.write().unwrap_or_else(PoisonError::into_inner);
        secrets.insert(arn.to_owned(), text.to_owned());
    }

    /// Makes a grant.
    pub fn grant(&self, grant: Grant) -> GrantId {
        self.account.grants.add(grant)
    }

    /// Takes a grant away. Credentials that it has vended live on, as on AWS. Returns whether it existed.
    pub fn revoke(&self, id: &GrantId) -> bool {
        self.account.grants.remove(id)
    }

    /// Credentials of `user_id` to read what `scope` covers, as Access Grants vends them for 15 minutes, but without a grant.
    /// `None` if no grant can have this scope.
    pub fn vend(&self, user_id: &str, scope: &str) -> Option<Vended> {
        let access = Access { scope: Scope::of_grant(scope)?, permission: Permission::Read };
        let data = Principal::Data { user: user_id.to_owned(), access };
        let issued = self.account.credentials.issue(data, store::now(), VENDED_SECONDS);
        Some(Vended {
            access_key_id: issued.access_key_id,
            secret_access_key: issued.secret_access_key,
            session_token: issued.session_token,
        })
    }

    /// All grants.
    pub fn grants(&self) -> Vec<(GrantId, Grant)> {
        self.account.grants.all()
    }

    /// Adds a document, or replaces the one with its key.
    pub fn put(&self, document: Document) {
        self.account.documents.put(document);
    }

    /// Deletes a document. Returns whether it existed.
    pub fn delete(&self, bucket: &str, key: &str) -> bool {
        self.account.documents.remove(bucket, key)
    }

    /// Assigns a person to the application, or takes the assignment away. Returns whether the person exists.
    pub fn assign(&self, user_id: &str, is_assigned: bool) -> bool {
        self.account.people.change(user_id, |person| Some(Person { is_assigned, ..person }))
    }

    /// Removes a person from the directory. Returns whether the person existed.
    pub fn remove_person(&self, user_id: &str) -> bool {
        self.account.people.change(user_id, |_| None)
    }

    /// Ends everything of this kind that was issued, as if its time had passed.
    pub fn expire(&self, what: IssuedFor) {
        let credentials = &self.account.credentials;
        match what {
            IssuedFor::Context => self.account.contexts.expire(),
            IssuedFor::Session => {
                credentials.expire(store::now(), |principal| matches!(principal, Principal::PersonRole { .. }));
            }
            IssuedFor::Data => {
                credentials.expire(store::now(), |principal| matches!(principal, Principal::Data { .. }))
            }
        }
    }

    /// Stops serving.
    pub async fn shutdown(self) {
        for service in [self.oidc, self.sts, self.s3control, self.s3, self.assistant, self.admin] {
            service.stop().await;
        }
    }
}

/// The switch for other processes, in builds with it.
fn fault_switch() -> Router<Arc<Account>> {
    fault_control::switch(AwsFault::ALL.iter().map(|fault| fault.name()), |account: &Account, name| {
        let fault = name.map(str::parse).transpose();
        fault.map(|fault| account.switch.set(fault)).is_ok()
    })
}

fn url(serving: &Serving) -> String {
    format!("http://{}", serving.address())
}
