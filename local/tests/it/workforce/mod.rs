//! Case workers: their app client, the directory where they sign in, and what keeps them apart from citizens.

mod clients;
mod directory;
mod tokens;

use local::user_pool::{
    AppClient, CASE_WORKERS_CLIENT_ID, CLIENT_ID, OidcProvider, SamlProvider, UserPool, UserPoolOptions,
};
use local::workforce::Directory;
use reqwest::StatusCode;
use serde_json::Value;
use testkit::Browser;
use testkit::browser::parameter;
use url::Url;

use crate::relying_party::{Client, STATE, authorize_url, redeem_as, verified};
use crate::{APP, Pool, SECRET, new_browser, start};

const BAD: StatusCode = StatusCode::BAD_REQUEST;
const NAME: &str = "IAMIdentityCenter";
const CASE_SECRET: &str = "1s3cretofthecaseworkersclient";
const CITIZENS: Client<'_> = (CLIENT_ID, Some(SECRET));
const CASE_WORKERS: Client<'_> = (CASE_WORKERS_CLIENT_ID, Some(CASE_SECRET));
const LENA: &str = "93a4b8c2-1001-70aa-8d10-6f2b1c0d0001";

/// A user pool with itsme for citizens and the directory for case workers. Each client has another address to sign out to.
struct Workforce {
    pool: Pool,
    directory: Directory,
}

impl Workforce {
    async fn start() -> Self {
        let itsme = start("itsme").await;
        let directory = Directory::start("127.0.0.1:0".parse().unwrap(), 2).await.unwrap();
        let provider = OidcProvider::new("itsme", itsme.registration());
        let mut options = UserPoolOptions::new(APP.to_owned(), vec![provider]);
        options.client_secret = Some(SECRET.to_owned());
        options.upstream_timeout = std::time::Duration::from_secs(30);
        options.saml_providers.push(SamlProvider::new(NAME, directory.connection()));
        let mut case_workers = AppClient::new(CASE_WORKERS_CLIENT_ID, APP, vec![NAME.to_owned()]);
        case_workers.logout_uris = vec![format!("{APP}/out")];
        options.more_clients.push(case_workers.with_secret(Some(CASE_SECRET.to_owned())));
        let pool = Pool { itsme, pool: UserPool::start(options).await.unwrap(), secret: Some(SECRET) };
        Self { pool, directory }
    }

    /// An authorization request of the case workers' client, with changes.
    fn url(&self, changes: &[(&str, Option<&str>)]) -> String {
        let own = [("client_id", Some(CASE_WORKERS_CLIENT_ID)), ("identity_provider", Some(NAME))];
        authorize_url(&self.pool, &[&own, changes].concat())
    }

    async fn sign_in(&self, browser: &mut Browser, user_name: &str) -> Url {
        let page = browser.visit(self.url(&[])).await.page();
        browser.decide_on_page(&page, user_name, "approve").await
    }

    async fn code(&self, user_name: &str) -> String {
        let back = self.sign_in(&mut new_browser(), user_name).await;
        assert_eq!(parameter(&back, "state").as_deref(), Some(STATE));
        parameter(&back, "code").unwrap()
    }

    async fn tokens(&self, user_name: &str) -> Value {
        let (status, tokens) = redeem_as(&self.pool, CASE_WORKERS, &self.code(user_name).await).await;
        assert_eq!(status, StatusCode::OK, "{tokens}");
        tokens
    }

    async fn id_token(&self, tokens: &Value) -> Value {
        verified(&self.pool, &tokens["id_token"]).await.0
    }

    fn logout_url(&self, client_id: &str, uri: &str) -> String {
        format!("{}/logout?client_id={client_id}&logout_uri={uri}", self.pool.pool.domain_url())
    }
}
