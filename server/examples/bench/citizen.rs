//! A signed-in citizen, and the keys of their items in the tables.

use server::{config::Config, secret::sha256_hex};
use testkit::{Browser, browser::keep_alive_client};
use tokio::sync::OnceCell;

use crate::TIMEOUT;

pub(crate) struct Citizen {
    browser: Browser,
    record_key: OnceCell<String>,
}

impl Citizen {
    pub(crate) async fn sign_in(origin: &str) -> Self {
        let mut browser = Browser::new(origin).with_client(keep_alive_client(TIMEOUT));
        let page = browser.try_sign_in_and_follow("an").await.expect("an answer");
        assert_eq!((page.status.as_u16(), page.url.path()), (200, "/my-data"), "the sign-in failed");
        Self { browser, record_key: OnceCell::new() }
    }

    pub(crate) async fn save(&mut self, text: &str) {
        let answer = self.browser.post("/api/save_message", &[("text", text), ("version", "0")]).await;
        assert_eq!(answer.status, 303);
    }

    pub(crate) fn cookies(&self) -> String {
        self.browser.cookie_header()
    }

    pub(crate) fn session_key(&self) -> String {
        sha256_hex(self.browser.session().expect("a session").as_bytes())
    }

    /// The partition key of the only record.
    pub(crate) async fn record_key(&self, client: &aws_sdk_dynamodb::Client, config: &Config) -> String {
        let find = || async {
            let items = client.scan().table_name(&config.dynamodb.records_table).send().await.expect("a scan");
            items.items()[0]["pk"].as_s().expect("a string").clone()
        };
        self.record_key.get_or_init(find).await.clone()
    }
}
