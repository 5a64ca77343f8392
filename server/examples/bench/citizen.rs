//! A citizen who signs in as a browser would: cookies kept, redirects followed, the form of the stand-in sent.

use std::collections::BTreeMap;

use reqwest::{Client, Response, redirect::Policy};
use server::{config::Config, secret::sha256_hex};
use tokio::sync::OnceCell;
use url::{Url, form_urlencoded};

pub(crate) struct Citizen {
    cookies: BTreeMap<String, String>,
    record_key: OnceCell<String>,
}

impl Citizen {
    pub(crate) async fn sign_in(origin: &str) -> Self {
        let http = Client::builder().redirect(Policy::none()).no_proxy().build().expect("a client");
        let mut citizen = Self { cookies: BTreeMap::new(), record_key: OnceCell::new() };
        let start = Url::parse(&format!("{origin}/login/itsme")).expect("an address");
        let page = citizen.follow(&http, http.get(start)).await;
        let form = page.url().clone();
        let html = page.text().await.expect("the page of itsme");
        let transaction = html.split_once("name=\"transaction\" value=\"").and_then(|(_, rest)| rest.split_once('"'));
        let transaction = transaction.expect("the form of itsme").0;
        let fields = [("transaction", transaction), ("citizen", "an"), ("decision", "approve")];
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let answer = http.post(form).header("content-type", "application/x-www-form-urlencoded").body(body);
        let landed = citizen.follow(&http, answer).await;
        assert!(landed.url().as_str().ends_with("/my-data"), "the sign-in ended at {}", landed.url().path());
        citizen
    }

    pub(crate) async fn save(&self, origin: &str, text: &str) {
        let http = Client::builder().redirect(Policy::none()).no_proxy().build().expect("a client");
        let fields = [("text", text), ("version", "0")];
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = http.post(format!("{origin}/api/save_message")).header("cookie", self.cookies());
        let answer = request.header("content-type", "application/x-www-form-urlencoded").body(body).send().await;
        assert_eq!(answer.expect("an answer").status(), 303);
    }

    pub(crate) fn cookies(&self) -> String {
        self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    pub(crate) fn session_key(&self) -> String {
        sha256_hex(self.cookies["mydata_session"].as_bytes())
    }

    /// The partition key of the only record there is.
    pub(crate) async fn record_key(&self, client: &aws_sdk_dynamodb::Client, config: &Config) -> String {
        let find = || async {
            let items = client.scan().table_name(&config.dynamodb.records_table).send().await.expect("a scan");
            items.items()[0]["pk"].as_s().expect("a text").clone()
        };
        self.record_key.get_or_init(find).await.clone()
    }

    /// Sends `request` and follows its redirects, with the cookies of every host on this machine, as browsers do.
    async fn follow(&mut self, http: &Client, request: reqwest::RequestBuilder) -> Response {
        let mut answer = request.header("cookie", self.cookies()).send().await.expect("an answer");
        for _ in 0..20 {
            for cookie in answer.headers().get_all("set-cookie") {
                let pair = cookie.to_str().expect("a cookie").split(';').next().expect("a pair");
                let (name, value) = pair.split_once('=').expect("a pair");
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
            self.cookies.retain(|_, value| !value.is_empty());
            let Some(location) = answer.headers().get("location") else { return answer };
            let next = answer.url().join(location.to_str().expect("a location")).expect("an address");
            answer = http.get(next).header("cookie", self.cookies()).send().await.expect("an answer");
        }
        panic!("redirects without an end");
    }
}
