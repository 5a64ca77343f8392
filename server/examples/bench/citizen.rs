//! A signed-in citizen, and the keys of their items in the tables.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use server::{config::Config, secret::sha256_hex};
use testkit::{Browser, browser::keep_alive_client};

use crate::TIMEOUT;

/// The key of an item, or all of it.
pub(crate) type Key = HashMap<String, AttributeValue>;

pub(crate) struct Citizen {
    browser: Browser,
}

impl Citizen {
    pub(crate) async fn sign_in(origin: &str) -> Self {
        let mut browser = Browser::new(origin).with_client(keep_alive_client(TIMEOUT));
        let page = browser.try_sign_in_and_follow("an").await.expect("an answer");
        assert_eq!((page.status.as_u16(), page.url.path()), (200, "/my-data"), "the sign-in failed");
        Self { browser }
    }

    /// Saves a text in place of `version`.
    pub(crate) async fn save(&mut self, text: &str, version: u64) {
        let version = version.to_string();
        let answer = self.browser.post("/api/save_message", &[("text", text), ("version", &version)]).await;
        assert_eq!(answer.status, 303);
    }

    pub(crate) fn cookies(&self) -> String {
        self.browser.cookie_header()
    }

    pub(crate) fn session_key(&self) -> String {
        sha256_hex(self.browser.session().expect("a session").as_bytes())
    }

    /// The keys of the message and of the entry of the sign-in, which are those of the only citizen.
    pub(crate) async fn record_keys(&self, client: &aws_sdk_dynamodb::Client, config: &Config) -> [Key; 2] {
        let answer = client.scan().table_name(&config.dynamodb.records_table).send().await.expect("a scan");
        let of = |name: &str, value: &str| {
            let is_it = |item: &&Key| item.get(name).and_then(|found| found.as_s().ok()).is_some_and(|it| it == value);
            let item = answer.items().iter().find(is_it).expect("an item");
            ["pk", "sk"].map(|name| (name.to_owned(), item[name].clone())).into()
        };
        [of("sk", "message"), of("kind", "signed_in")]
    }
}
