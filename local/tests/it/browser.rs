//! A browser without a screen: it keeps cookies, follows nothing by itself, and fills in forms.

use std::collections::BTreeMap;

use reqwest::header::{CONTENT_TYPE, COOKIE, HeaderMap, LOCATION, SET_COOKIE};
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, StatusCode};
use url::{Url, form_urlencoded};

pub fn client() -> Client {
    Client::builder().redirect(Policy::none()).no_proxy().build().unwrap()
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub url: Url,
    pub body: String,
}

impl Answer {
    /// Where it redirects to.
    pub fn location(&self) -> Url {
        assert!(self.status.is_redirection(), "{} {}", self.status, self.body);
        self.url.join(self.headers[LOCATION].to_str().unwrap()).unwrap()
    }

    /// The hidden field of the page.
    pub fn transaction(&self) -> String {
        let (_, rest) = self.body.split_once("name=\"transaction\" value=\"").unwrap();
        rest.split_once('"').unwrap().0.to_owned()
    }
}

/// Cookies are kept by name for the host, whatever the port: as browsers do.
pub struct Browser {
    client: Client,
    pub cookies: BTreeMap<String, String>,
}

impl Browser {
    pub fn new() -> Self {
        Self { client: client(), cookies: BTreeMap::new() }
    }

    pub async fn get(&mut self, url: impl AsRef<str>) -> Answer {
        self.send(self.client.get(url.as_ref())).await
    }

    pub async fn post(&mut self, url: impl AsRef<str>, fields: &[(&str, &str)]) -> Answer {
        self.send(form(self.client.post(url.as_ref()), fields)).await
    }

    /// Follows redirects until a page, or until another origin than the stand-ins'.
    pub async fn visit(&mut self, url: impl AsRef<str>) -> Result<Answer, Url> {
        let mut url = Url::parse(url.as_ref()).unwrap();
        loop {
            if url.as_str().starts_with(crate::APP) {
                return Err(url);
            }
            let answer = self.get(&url).await;
            if !answer.status.is_redirection() {
                return Ok(answer);
            }
            url = answer.location();
        }
    }

    /// Decides on the page of a provider; gives the URL at which the app is called back.
    pub async fn decide(&mut self, page: &Answer, citizen: &str, decision: &str) -> Url {
        let transaction = page.transaction();
        let fields = [("transaction", transaction.as_str()), ("citizen", citizen), ("decision", decision)];
        let answer = self.post(page.url.join(page.url.path()).unwrap(), &fields).await;
        self.visit(answer.location()).await.err().expect("the app is called back")
    }

    async fn send(&mut self, request: RequestBuilder) -> Answer {
        let cookies: Vec<_> = self.cookies.iter().map(|(k, v)| format!("{k}={v}")).collect();
        let response = request.header(COOKIE, cookies.join("; ")).send().await.unwrap();
        for header in response.headers().get_all(SET_COOKIE) {
            let text = header.to_str().unwrap();
            assert!(text.contains("HttpOnly") && text.contains("SameSite=Lax"), "{text}");
            let (name, value) = text.split(';').next().unwrap().split_once('=').unwrap();
            if text.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        Answer {
            status: response.status(),
            headers: response.headers().clone(),
            url: response.url().clone(),
            body: response.text().await.unwrap(),
        }
    }
}

pub fn form(request: RequestBuilder, fields: &[(&str, &str)]) -> RequestBuilder {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(body)
}

/// One query parameter.
pub fn param(url: &Url, name: &str) -> Option<String> {
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}
