//! A headless browser: it keeps cookies, follows redirects on request, and fills in the forms of the stand-ins.

mod answer;

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, COOKIE, ORIGIN};
use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder, Error, Method, RequestBuilder, StatusCode};
use url::{Url, form_urlencoded};

pub use answer::Answer;

/// The login address of the provider that most tests use.
const LOGIN: &str = "/login/itsme";
/// More redirects than any sign-in has.
const MAX_REDIRECTS: u32 = 20;

/// An HTTP client that follows no redirect and keeps no connection, so that it finds a server that was restarted.
///
/// # Panics
/// The TLS library does not start.
pub fn client() -> Client {
    builder().pool_max_idle_per_host(0).build().expect("an HTTP client")
}

/// An HTTP client that follows no redirect, keeps connections, and waits this long for an answer. Browsers can share one, as
/// those behind a load balancer share its connections.
///
/// # Panics
/// The TLS library does not start.
pub fn keep_alive_client(timeout: Duration) -> Client {
    builder().timeout(timeout).build().expect("an HTTP client")
}

/// Everything that tests talk to is plain HTTP on loopback. Without TLS's root certificates, a client is made in a fraction of the time.
fn builder() -> ClientBuilder {
    Client::builder().redirect(Policy::none()).no_proxy().tls_certs_only([])
}

/// Where a chain of redirects led.
#[derive(Clone, Debug)]
pub enum Arrival {
    /// To a page that is not the site's own.
    Page(Answer),
    /// Back to this address of the site, which has not been requested yet.
    Site(Url),
}

impl Arrival {
    /// Whether it led to a page.
    pub const fn is_page(&self) -> bool {
        matches!(self, Self::Page(_))
    }

    /// The page.
    ///
    /// # Panics
    /// The redirects led back to the site.
    #[track_caller]
    pub fn page(self) -> Answer {
        match self {
            Self::Page(page) => page,
            Self::Site(url) => panic!("redirected to the site instead of a page: {url}"),
        }
    }

    /// The address of the site, such as the callback.
    ///
    /// # Panics
    /// The redirects led to a page.
    #[track_caller]
    pub fn site(self) -> Url {
        match self {
            Self::Site(url) => url,
            Self::Page(page) => panic!("a page instead of a redirect to the site: {} {}", page.status, page.body),
        }
    }
}

/// A browser. Cookies belong to a host, whatever the port, as in real browsers.
pub struct Browser {
    client: Client,
    /// The origin that the site is known by.
    origin: Url,
    /// The socket that the site listens on, if its origin is only a name.
    socket: Option<SocketAddr>,
    /// By host, then by name.
    cookies: BTreeMap<String, BTreeMap<String, String>>,
    forwarded_for: Option<Ipv4Addr>,
    requests: u64,
    check: Option<fn(&Answer)>,
    record: Option<Vec<Answer>>,
}

impl Browser {
    /// A browser without cookies for the site at `origin`, such as `https://mydata.example`.
    ///
    /// # Panics
    /// `origin` is not a URL with a host.
    pub fn new(origin: &str) -> Self {
        let origin = Url::parse(origin).expect("the origin of a site");
        assert!(origin.has_host(), "{origin} has no host");
        Self {
            client: client(),
            origin,
            socket: None,
            cookies: BTreeMap::new(),
            forwarded_for: None,
            requests: 0,
            check: None,
            record: None,
        }
    }

    /// Sends requests for the site to this socket, by plain HTTP.
    #[must_use]
    pub const fn with_socket(mut self, socket: SocketAddr) -> Self {
        self.socket = Some(socket);
        self
    }

    /// Sends requests with this client instead of [`client`].
    #[must_use]
    pub fn with_client(mut self, client: Client) -> Self {
        self.client = client;
        self
    }

    /// Sends `x-forwarded-for` with this address, as a load balancer does.
    #[must_use]
    pub const fn with_forwarded_for(mut self, address: Ipv4Addr) -> Self {
        self.forwarded_for = Some(address);
        self
    }

    /// Calls `check` with every answer.
    #[must_use]
    pub const fn with_check(mut self, check: fn(&Answer)) -> Self {
        self.check = Some(check);
        self
    }

    /// Keeps every answer of the site for [`Browser::recorded`].
    #[must_use]
    pub fn with_record(mut self) -> Self {
        self.record = Some(Vec::new());
        self
    }

    /// Changes the address that [`Browser::with_forwarded_for`] sets. `None` sends none.
    pub const fn set_forwarded_for(&mut self, address: Option<Ipv4Addr>) {
        self.forwarded_for = address;
    }

    /// Every answer of the site so far. Empty without [`Browser::with_record`].
    pub fn recorded(&self) -> &[Answer] {
        self.record.as_deref().unwrap_or_default()
    }

    /// How many requests it has sent to the site.
    pub const fn requests(&self) -> u64 {
        self.requests
    }

    /// The cookies for the site, by name. They can be changed.
    pub fn cookies(&mut self) -> &mut BTreeMap<String, String> {
        let host = host_of(&self.origin);
        self.cookies.entry(host).or_default()
    }

    /// The cookie for the site with this name.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        Some(self.cookies.get(&host_of(&self.origin))?.get(name)?.as_str())
    }

    /// The value of the header `Cookie` for the site.
    pub fn cookie_header(&self) -> String {
        self.cookies.get(&host_of(&self.origin)).map(header_of).unwrap_or_default()
    }

    /// Forgets the cookies of every host.
    pub fn clear_cookies(&mut self) {
        self.cookies.clear();
    }

    /// The identifier of the session at the site, if it has one.
    pub fn session(&self) -> Option<&str> {
        let cookies = self.cookies.get(&host_of(&self.origin))?;
        cookies.iter().find(|(name, _)| name.ends_with("mydata_session")).map(|(_, value)| value.as_str())
    }

    /// Gets a path of the site, or a whole URL. Follows no redirect.
    ///
    /// # Errors
    /// No complete answer came.
    pub async fn try_get(&mut self, url: impl AsRef<str>) -> Result<Answer, Error> {
        self.try_send(Method::GET, url.as_ref(), |request| request).await
    }

    /// As [`Browser::try_get`].
    ///
    /// # Panics
    /// No complete answer came.
    pub async fn get(&mut self, url: impl AsRef<str>) -> Answer {
        complete("GET", url.as_ref(), self.try_get(url.as_ref()).await)
    }

    /// Sends a form, as a page of the same origin does, to a path of the site or a whole URL.
    ///
    /// # Errors
    /// No complete answer came.
    pub async fn try_post(&mut self, url: impl AsRef<str>, fields: &[(&str, &str)]) -> Result<Answer, Error> {
        let origin = self.absolute(url.as_ref()).origin().ascii_serialization();
        self.try_send(Method::POST, url.as_ref(), |request| {
            form(request, fields).header(ORIGIN, origin).header("sec-fetch-site", "same-origin")
        })
        .await
    }

    /// As [`Browser::try_post`].
    ///
    /// # Panics
    /// No complete answer came.
    pub async fn post(&mut self, url: impl AsRef<str>, fields: &[(&str, &str)]) -> Answer {
        complete("POST", url.as_ref(), self.try_post(url.as_ref(), fields).await)
    }

    /// Sends any request with this browser's cookies, and keeps the cookies of the answer.
    ///
    /// # Errors
    /// No complete answer came.
    pub async fn try_send(
        &mut self,
        method: Method,
        url: &str,
        with: impl FnOnce(RequestBuilder) -> RequestBuilder,
    ) -> Result<Answer, Error> {
        let url = self.absolute(url);
        let is_site = url.origin() == self.origin.origin();
        self.requests += u64::from(is_site);
        let mut request = self.client.request(method, self.real(&url));
        let jar = self.cookies.entry(host_of(&url)).or_default();
        if !jar.is_empty() {
            request = request.header(COOKIE, header_of(jar));
        }
        if let Some(address) = self.forwarded_for {
            request = request.header("x-forwarded-for", address.to_string());
        }
        let response = with(request).send().await?;
        let (status, headers) = (response.status(), response.headers().clone());
        let mut answer = Answer { status, headers, url, body: String::new() };
        // Kept even if the body does not come, as browsers do.
        keep(jar, &answer);
        answer.body = response.text().await?;
        if let Some(check) = self.check {
            check(&answer);
        }
        if let Some(record) = self.record.as_mut().filter(|_| is_site) {
            record.push(answer.clone());
        }
        Ok(answer)
    }

    /// As [`Browser::try_send`].
    ///
    /// # Panics
    /// No complete answer came.
    pub async fn send(
        &mut self,
        method: Method,
        url: &str,
        with: impl FnOnce(RequestBuilder) -> RequestBuilder,
    ) -> Answer {
        let name = method.to_string();
        complete(&name, url, self.try_send(method, url, with).await)
    }

    /// Follows redirects to a page, of the site or of others.
    ///
    /// # Errors
    /// No complete answer came.
    pub async fn try_follow(&mut self, mut answer: Answer) -> Result<Answer, Error> {
        for _ in 0..MAX_REDIRECTS {
            let Some(next) = answer.redirect() else { break };
            answer = self.try_get(next).await?;
        }
        Ok(answer)
    }

    /// As [`Browser::try_follow`].
    ///
    /// # Panics
    /// No complete answer came.
    pub async fn follow(&mut self, answer: Answer) -> Answer {
        let url = answer.url.to_string();
        complete("redirects from", &url, self.try_follow(answer).await)
    }

    /// Gets a URL and follows redirects, until a page or an address of the site. The site's bridge (`/federation/`) is only a
    /// step on the way.
    ///
    /// # Panics
    /// No complete answer came, or the redirects do not end.
    pub async fn visit(&mut self, url: impl AsRef<str>) -> Arrival {
        let mut url = self.absolute(url.as_ref());
        for _ in 0..MAX_REDIRECTS {
            if url.origin() == self.origin.origin() && !url.path().starts_with("/federation/") {
                return Arrival::Site(url);
            }
            let answer = self.get(&url).await;
            match answer.redirect() {
                Some(next) => url = next,
                None => return Arrival::Page(answer),
            }
        }
        panic!("more than {MAX_REDIRECTS} redirects, the last to {url}");
    }

    /// Submits the page of a stand-in provider: a citizen such as `an`, and one of `approve`, `decline`, `timeout` and
    /// `unverified`. On the page of the workforce directory: a user name such as `lena.dubois`, and `approve` or `decline`.
    /// Returns the callback, which has not been requested yet.
    ///
    /// # Panics
    /// The site is not called back.
    pub async fn decide_on_page(&mut self, page: &Answer, person: &str, decision: &str) -> Url {
        let transaction = page.hidden("transaction");
        let field = if page.body.contains("name=\"person\"") { "person" } else { "citizen" };
        let fields = [("transaction", transaction), (field, person), ("decision", decision)];
        let decided = self.post(page.form_target(), &fields).await;
        self.visit(decided.target()).await.site()
    }

    /// Starts a sign-in at `login`, such as `/login/itsme`, and submits the provider's page as
    /// [`Browser::decide_on_page`] does. If the user pool or the directory still knows this browser, no page is shown.
    ///
    /// # Panics
    /// The site is not called back.
    pub async fn decide(&mut self, login: &str, person: &str, decision: &str) -> Url {
        let started = self.get(login).await;
        assert_eq!(started.status, StatusCode::SEE_OTHER, "{}", started.body);
        match self.visit(started.target()).await {
            Arrival::Page(page) => self.decide_on_page(&page, person, decision).await,
            Arrival::Site(callback) => callback,
        }
    }

    /// Signs in with itsme. Returns the answer of the callback, a redirect.
    ///
    /// # Panics
    /// The callback does not redirect with 303.
    pub async fn sign_in(&mut self, citizen: &str) -> Answer {
        let callback = self.decide(LOGIN, citizen, "approve").await;
        let answer = self.get(&callback).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        answer
    }

    /// Signs in with itsme and follows every redirect. Returns the last page: `/my-data`, if all goes well.
    ///
    /// # Errors
    /// No complete answer came.
    pub async fn try_sign_in_and_follow(&mut self, citizen: &str) -> Result<Answer, Error> {
        let started = self.try_get(LOGIN).await?;
        let page = self.try_follow(started).await?;
        // A user pool that still knows this browser shows no page.
        let Some(transaction) = page.field("transaction") else { return Ok(page) };
        let fields = [("transaction", transaction), ("citizen", citizen), ("decision", "approve")];
        let decided = self.try_post(page.form_target(), &fields).await?;
        self.try_follow(decided).await
    }

    fn absolute(&self, url: &str) -> Url {
        self.origin.join(url).unwrap_or_else(|error| panic!("{url} is not an address: {error}"))
    }

    /// The address at which `url` is really reached.
    fn real(&self, url: &Url) -> Url {
        let mut real = url.clone();
        if let Some(socket) = self.socket
            && url.origin() == self.origin.origin()
        {
            let host = format!("http://{socket}{}", &url[url::Position::BeforePath..]);
            real = Url::parse(&host).unwrap_or_else(|error| panic!("{host} is not an address: {error}"));
        }
        real
    }
}

/// Sends requests, one after the other, until one is refused because of a limit. Returns how many were not, and the refusal.
///
/// # Panics
/// None of 2,000 is refused, or one before has another status than `within`.
pub async fn until_too_many(within: u16, mut send: impl AsyncFnMut() -> Answer) -> (usize, Answer) {
    for before in 0..2_000 {
        let answer = send().await;
        if answer.status == StatusCode::TOO_MANY_REQUESTS {
            return (before, answer);
        }
        assert_eq!(answer.status, within, "{}", answer.body);
    }
    panic!("none of 2,000 requests was refused");
}

/// Posts `fields` as a form.
pub fn form(request: RequestBuilder, fields: &[(&str, &str)]) -> RequestBuilder {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(body)
}

/// The query parameter `name`.
///
/// # Panics
/// The URL has it twice.
#[track_caller]
pub fn parameter(url: &Url, name: &str) -> Option<String> {
    let mut values = url.query_pairs().filter(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    let first = values.next();
    assert!(values.next().is_none(), "{name} twice in {url}");
    first
}

fn host_of(url: &Url) -> String {
    url.host_str().unwrap_or_default().to_owned()
}

fn header_of(jar: &BTreeMap<String, String>) -> String {
    jar.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
}

fn keep(jar: &mut BTreeMap<String, String>, answer: &Answer) {
    for cookie in answer.set_cookies() {
        let Some((name, value)) = cookie.split(';').next().and_then(|pair| pair.split_once('=')) else { continue };
        if cookie.contains("Max-Age=0") {
            jar.remove(name);
        } else {
            jar.insert(name.to_owned(), value.to_owned());
        }
    }
}

#[track_caller]
fn complete(method: &str, url: &str, answer: Result<Answer, Error>) -> Answer {
    answer.unwrap_or_else(|error| panic!("{method} {url}: {error:?}"))
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use reqwest::StatusCode;
    use reqwest::header::{HeaderMap, HeaderValue, SET_COOKIE};
    use url::Url;

    use super::{Answer, Browser, keep};

    #[test]
    fn a_name_of_the_site_leads_to_its_socket() {
        let socket = SocketAddr::from(([127, 0, 0, 1], 3999));
        let browser = Browser::new("https://mydata.example").with_socket(socket);
        let real = |url: &str| browser.real(&browser.absolute(url)).to_string();
        assert_eq!(real("/a?b=c%20d"), "http://127.0.0.1:3999/a?b=c%20d");
        assert_eq!(real("https://mydata.example/a"), "http://127.0.0.1:3999/a");
        assert_eq!(real("https://mydata.example.other/a"), "https://mydata.example.other/a");
    }

    #[test]
    fn a_cookie_stays_until_it_is_removed() {
        let mut browser = Browser::new("http://127.0.0.1:1");
        let answer = |cookie| {
            let headers = HeaderMap::from_iter([(SET_COOKIE, HeaderValue::from_static(cookie))]);
            let url = Url::parse("http://127.0.0.1:1").expect("a URL");
            Answer { status: StatusCode::OK, headers, url, body: String::new() }
        };
        keep(browser.cookies(), &answer("__Host-mydata_session=a=b; Path=/; HttpOnly"));
        keep(browser.cookies(), &answer("other=c"));
        assert_eq!(browser.session(), Some("a=b"));
        assert_eq!(browser.cookie_header(), "__Host-mydata_session=a=b; other=c");
        keep(browser.cookies(), &answer("__Host-mydata_session=; Max-Age=0"));
        assert_eq!((browser.session(), browser.cookie("other")), (None, Some("c")));
    }
}
