//! A citizen who is signed in, and what of them is in the tables.

use std::net::Ipv4Addr;

use server::{config::Config, secret::sha256_hex};
use tokio::sync::OnceCell;

use crate::browser::{self, Browser};

pub(crate) struct Citizen {
    browser: Browser,
    record_key: OnceCell<String>,
}

impl Citizen {
    pub(crate) async fn sign_in(origin: &str) -> Self {
        let mut browser = Browser::new(browser::client(), origin, Ipv4Addr::LOCALHOST);
        let landed = browser.sign_in("an").await.expect("an answer");
        assert_eq!(landed.url.path(), "/my-data", "the sign-in ended elsewhere");
        Self { browser, record_key: OnceCell::new() }
    }

    pub(crate) async fn save(&mut self, text: &str) {
        let answer = self.browser.post("/api/save_message", &[("text", text), ("version", "0")]).await;
        assert_eq!(answer.expect("an answer").status, 303);
    }

    pub(crate) fn cookies(&self) -> String {
        self.browser.cookies()
    }

    pub(crate) fn session_key(&self) -> String {
        sha256_hex(self.browser.cookies["mydata_session"].as_bytes())
    }

    /// The partition key of the only record there is.
    pub(crate) async fn record_key(&self, client: &aws_sdk_dynamodb::Client, config: &Config) -> String {
        let find = || async {
            let items = client.scan().table_name(&config.dynamodb.records_table).send().await.expect("a scan");
            items.items()[0]["pk"].as_s().expect("a text").clone()
        };
        self.record_key.get_or_init(find).await.clone()
    }
}
