//! A browser without a screen: it keeps cookies, follows nothing by itself, and fills in forms.

use std::{
    collections::BTreeMap,
    net::{Ipv4Addr, SocketAddr},
};

use reqwest::{
    Client, Method, RequestBuilder, StatusCode,
    header::{CONTENT_TYPE, COOKIE, HeaderMap, ORIGIN, SET_COOKIE},
    redirect::Policy,
};
use url::{Url, form_urlencoded};

pub fn client() -> Client {
    // No connection is kept: a server that is started again is a new one.
    Client::builder().redirect(Policy::none()).no_proxy().pool_max_idle_per_host(0).build().unwrap()
}

#[derive(Clone)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub url: Url,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// `Location`, character for character.
    pub fn location(&self) -> &str {
        assert!(self.status.is_redirection(), "{} {}", self.status, self.body);
        self.header("location")
    }

    /// Where it redirects to.
    pub fn target(&self) -> Url {
        self.url.join(self.location()).unwrap()
    }

    pub fn set_cookies(&self) -> Vec<&str> {
        self.headers.get_all(SET_COOKIE).iter().map(|value| value.to_str().unwrap()).collect()
    }

    /// The reference on a failure page.
    pub fn reference(&self) -> Option<&str> {
        let (_, rest) = self.body.split_once("Reference: ")?;
        let reference = rest.split('<').next()?;
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        (reference.len() >= 8 && reference.bytes().all(fits)).then_some(reference)
    }

    /// The value of a hidden field.
    pub fn hidden(&self, name: &str) -> String {
        let (_, rest) = self
            .body
            .split_once(&format!("name=\"{name}\" value=\""))
            .unwrap_or_else(|| panic!("no field {name} in {}", self.body));
        rest.split('"').next().unwrap().to_owned()
    }

    /// What stands in the text area, as its HTML has it.
    pub fn text_area(&self) -> &str {
        let (_, rest) = self.body.split_once("<textarea").unwrap_or_else(|| panic!("no text area in {}", self.body));
        let (_, rest) = rest.split_once(">\n").unwrap();
        rest.split_once("</textarea>").unwrap().0
    }
}

/// Cookies are kept by name for each host, whatever the port: as browsers do.
pub struct Browser {
    client: Client,
    /// The origin that the site is known by, and where it really is.
    site: (String, SocketAddr),
    cookies: BTreeMap<String, BTreeMap<String, String>>,
    /// Everything that the site answered.
    pub seen: Vec<Answer>,
    /// Where it is, as a load balancer tells the site.
    pub address: Option<Ipv4Addr>,
}

impl Browser {
    pub fn new(public_url: &str, address: SocketAddr) -> Self {
        Self {
            client: client(),
            site: (public_url.to_owned(), address),
            cookies: BTreeMap::new(),
            seen: Vec::new(),
            address: None,
        }
    }

    /// Gets a path of the site, or a whole URL.
    pub async fn get(&mut self, url: impl AsRef<str>) -> Answer {
        self.send(Method::GET, url.as_ref(), |request| request).await
    }

    /// Sends a form of the site's own pages.
    pub async fn post(&mut self, url: impl AsRef<str>, fields: &[(&str, &str)]) -> Answer {
        let origin = self.site.0.clone();
        self.send(Method::POST, url.as_ref(), |request| {
            form(request, fields).header(ORIGIN, origin).header("sec-fetch-site", "same-origin")
        })
        .await
    }

    /// Sends anything with this browser's cookies, and keeps the cookies of the answer.
    pub async fn send(
        &mut self,
        method: Method,
        url: &str,
        with: impl FnOnce(RequestBuilder) -> RequestBuilder,
    ) -> Answer {
        let url = Url::parse(&self.site.0).unwrap().join(url).unwrap();
        let host = url.host_str().unwrap().to_owned();
        let jar = self.cookies.entry(host).or_default();
        let mut request = self.client.request(method, real(&self.site, &url));
        if !jar.is_empty() {
            let pairs: Vec<_> = jar.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header(COOKIE, pairs.join("; "));
        }
        if let Some(address) = self.address {
            request = request.header("x-forwarded-for", address.to_string());
        }
        let response = with(request).send().await.unwrap();
        for header in response.headers().get_all(SET_COOKIE) {
            let text = header.to_str().unwrap();
            let (name, value) = text.split(';').next().unwrap().split_once('=').unwrap();
            if text.contains("Max-Age=0") {
                jar.remove(name);
            } else {
                jar.insert(name.to_owned(), value.to_owned());
            }
        }
        let (status, headers) = (response.status(), response.headers().clone());
        let answer = Answer { status, headers, url, body: response.text().await.unwrap() };
        if answer.url.as_str().starts_with(&self.site.0) {
            self.seen.push(answer.clone());
        }
        answer
    }

    /// Follows redirects until a page of somebody else, or (`Err`) until an address of the site that is no bridge.
    pub async fn visit(&mut self, url: Url) -> Result<Answer, Url> {
        let mut url = url;
        while url.origin().ascii_serialization() != self.site.0 || url.path().starts_with("/federation/") {
            let answer = self.get(&url).await;
            if !answer.status.is_redirection() {
                return Ok(answer);
            }
            url = answer.target();
        }
        Err(url)
    }

    /// Begins at `login` and decides on the provider's page; gives the callback, which is not visited yet.
    pub async fn decide(&mut self, login: &str, citizen: &str, decision: &str) -> Url {
        let begun = self.get(login).await;
        assert_eq!(begun.status, StatusCode::SEE_OTHER, "{}", begun.body);
        let page = match self.visit(begun.target()).await {
            Ok(page) => page,
            // The user pool knows this browser.
            Err(callback) => return callback,
        };
        let transaction = page.hidden("transaction");
        let fields = [("transaction", transaction.as_str()), ("citizen", citizen), ("decision", decision)];
        let decided = page.url.join(page.url.path()).unwrap();
        let decided = self.send(Method::POST, decided.as_str(), |request| form(request, &fields)).await;
        self.visit(decided.target()).await.err().expect("the site is called back")
    }

    /// Signs in through every redirect; gives the answer of the callback.
    pub async fn sign_in(&mut self, citizen: &str) -> Answer {
        let callback = self.decide("/login/itsme", citizen, "approve").await;
        let answer = self.get(&callback).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        answer
    }

    /// The cookies for the site, by name.
    pub fn cookies(&mut self) -> &mut BTreeMap<String, String> {
        let host = Url::parse(&self.site.0).unwrap().host_str().unwrap().to_owned();
        self.cookies.entry(host).or_default()
    }

    /// The session id, if there is one.
    pub fn session(&mut self) -> Option<String> {
        self.cookies().iter().find(|(name, _)| name.ends_with("mydata_session")).map(|(_, value)| value.clone())
    }
}

/// The address at which `url` is reached: the site's public name leads nowhere in a test.
fn real(site: &(String, SocketAddr), url: &Url) -> String {
    match url.as_str().strip_prefix(&site.0) {
        Some(path) => format!("http://{}{path}", site.1),
        None => url.as_str().to_owned(),
    }
}

pub fn form(request: RequestBuilder, fields: &[(&str, &str)]) -> RequestBuilder {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(body)
}

/// The query parameter `name`; the URL must not have it twice.
pub fn parameter(url: &Url, name: &str) -> Option<String> {
    let mut values = url.query_pairs().filter(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    let first = values.next();
    assert!(values.next().is_none(), "{name} twice in {url}");
    first
}
