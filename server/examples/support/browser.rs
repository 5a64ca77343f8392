//! A browser without a screen: cookies kept, redirects followed when asked to, the form of the stand-in sent.

use std::{collections::BTreeMap, net::Ipv4Addr, time::Duration};

use reqwest::{
    Client, Error, RequestBuilder, StatusCode,
    header::{CONTENT_TYPE, COOKIE, HeaderValue, LOCATION, ORIGIN, SET_COOKIE},
    redirect::Policy,
};
use url::{Url, form_urlencoded};

/// How long an answer is waited for: longer than the server itself takes for anything.
const PATIENCE: Duration = Duration::from_secs(15);

/// What sends the requests. Browsers may share one, as those behind a load balancer share its connections.
pub(crate) fn client() -> Client {
    Client::builder().redirect(Policy::none()).no_proxy().timeout(PATIENCE).build().expect("a client")
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) url: Url,
    pub(crate) body: String,
    /// Where it redirects to.
    pub(crate) target: Option<Url>,
}

impl Answer {
    /// The value of a hidden field.
    pub(crate) fn hidden(&self, name: &str) -> Option<&str> {
        let (_, rest) = self.body.split_once(&format!("name=\"{name}\" value=\""))?;
        rest.split_once('"').map(|(value, _)| value)
    }
}

pub(crate) struct Browser {
    client: Client,
    site: Url,
    /// Where it is, as a load balancer tells the server.
    address: Ipv4Addr,
    /// By name, whatever the host: all of them are this machine.
    pub(crate) cookies: BTreeMap<String, String>,
    /// How many requests it sent to the site itself.
    pub(crate) requests: u64,
}

impl Browser {
    pub(crate) fn new(client: Client, origin: &str, address: Ipv4Addr) -> Self {
        Self { client, site: Url::parse(origin).expect("an origin"), address, cookies: BTreeMap::new(), requests: 0 }
    }

    /// Gets a path of the site, or a whole address.
    pub(crate) async fn get(&mut self, url: &str) -> Result<Answer, Error> {
        let request = self.client.get(self.at(url));
        self.send(request).await
    }

    /// Sends a form from the site that it goes to.
    pub(crate) async fn post(&mut self, url: &str, fields: &[(&str, &str)]) -> Result<Answer, Error> {
        let url = self.at(url);
        let origin = url.origin().ascii_serialization();
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = self.client.post(url).header(ORIGIN, origin);
        self.send(request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(body)).await
    }

    /// Follows redirects until a page.
    pub(crate) async fn follow(&mut self, mut answer: Answer) -> Result<Answer, Error> {
        for _ in 0..20 {
            let Some(next) = answer.target.take() else { break };
            answer = self.send(self.client.get(next)).await?;
        }
        Ok(answer)
    }

    /// Signs in with itsme as `citizen`; gives the page where that ends, `/my-data` if all goes well.
    pub(crate) async fn sign_in(&mut self, citizen: &str) -> Result<Answer, Error> {
        let begun = self.get("/login/itsme").await?;
        let page = self.follow(begun).await?;
        // A user pool that knows this browser still asks nobody.
        let Some(transaction) = page.hidden("transaction") else { return Ok(page) };
        let fields = [("transaction", transaction), ("citizen", citizen), ("decision", "approve")];
        let decided = self.post(page.url.as_str(), &fields).await?;
        self.follow(decided).await
    }

    /// The value of the header `Cookie`.
    pub(crate) fn cookies(&self) -> String {
        self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    fn at(&self, url: &str) -> Url {
        self.site.join(url).expect("an address")
    }

    async fn send(&mut self, request: RequestBuilder) -> Result<Answer, Error> {
        let request = request.header(COOKIE, self.cookies()).header("x-forwarded-for", self.address.to_string());
        let request = request.build()?;
        self.requests += u64::from(request.url().origin() == self.site.origin());
        let response = self.client.execute(request).await?;
        for cookie in response.headers().get_all(SET_COOKIE).iter().filter_map(text) {
            let Some((name, value)) = cookie.split(';').next().and_then(|pair| pair.split_once('=')) else { continue };
            if cookie.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let location = response.headers().get(LOCATION).and_then(text);
        let target = location.and_then(|location| response.url().join(location).ok());
        let (status, url) = (response.status(), response.url().clone());
        Ok(Answer { status, url, target, body: response.text().await? })
    }
}

fn text(value: &HeaderValue) -> Option<&str> {
    value.to_str().ok()
}
