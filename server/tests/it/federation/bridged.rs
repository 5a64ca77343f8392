//! A site with a bridge.

use reqwest::StatusCode;
use serde_json::{Value, json};
use testkit::{
    Scratch,
    browser::{form, parameter},
    client,
    example::Provider,
};
use url::Url;

use crate::support::{
    attempt::header,
    fake_pool::{Answers, FakePool},
    keys::Key,
    site::{Site, SiteOptions},
};

/// A URN, as at Login.gov, with characters that must survive encoding.
pub const CLIENT_ID: &str = "urn:gov:gsa:openidconnect.profiles:sp:sso:my agency:my+data";
pub const CLIENT_SECRET: &str = "the-secret-of-cognito-at-the-bridge-00000000";
pub const ACR: &str = "http://idmanagement.gov/ns/assurance/ial/1?duo";

/// A site with a bridge, its user pool, and the provider behind it.
pub struct Bridged {
    pub site: Site,
    pub pool: FakePool,
    pub provider: FakePool,
    // The key files, which another process may read later.
    _keys: Scratch,
}

impl Bridged {
    pub async fn start() -> Self {
        Self::start_with(&[&Key::first().pem]).await
    }

    pub async fn start_with(pems: &[&str]) -> Self {
        Self::launch("login_gov", pems, &format!("\"acr_values={ACR}\", \"prompt=select_account\""), "").await
    }

    /// A bridge with one of `parameters`, or none if it is empty, and with more of its configuration.
    pub async fn start_asking(parameters: &str, more: &str) -> Self {
        Self::launch("login_gov", &[&Key::first().pem], &quoted(parameters), more).await
    }

    /// A bridge to a provider of this kind, with one of `parameters`, or none if it is empty.
    pub async fn start_of_kind(kind: &str, parameters: &str) -> Self {
        Self::launch(kind, &[&Key::first().pem], &quoted(parameters), "").await
    }

    /// A bridge to a provider of a kind without defaults.
    pub async fn start_without_kind() -> Self {
        Self::launch("oidc", &[&Key::first().pem], "", "").await
    }

    /// A bridge whose site has metrics.
    pub async fn start_measured() -> Self {
        Self::launch_with("login_gov", &[&Key::first().pem], "", "", true).await
    }

    async fn launch(kind: &str, pems: &[&str], parameters: &str, more: &str) -> Self {
        Self::launch_with(kind, pems, parameters, more, false).await
    }

    async fn launch_with(kind: &str, pems: &[&str], parameters: &str, more: &str, metrics: bool) -> Self {
        let (pool, provider) = (FakePool::start().await, FakePool::start().await);
        let keys = Scratch::make();
        let files: Vec<_> = pems
            .iter()
            .enumerate()
            .map(|(index, pem)| format!("\"{}\"", keys.file(&format!("{index}.pem"), pem).display()))
            .collect();
        let bridge = format!(
            "[providers.bridge]\nclient_id = \"{CLIENT_ID}\"\nclient_secret = \"{CLIENT_SECRET}\"\n\
             issuer = \"{0}/\"\nauthorization_endpoint = \"{0}/openid_connect/authorize\"\n\
             token_endpoint = \"{0}/oauth2/token\"\njwks_uri = \"{1}/.well-known/jwks.json\"\n\
             parameters = [{parameters}]\nsigning_key_files = [{2}]\n{more}",
            provider.url(),
            provider.issuer(),
            files.join(", "),
        );
        let providers = vec![Provider::new("login_gov", kind).named("LoginGov").in_namespace("US").with(&bridge)];
        let options = SiteOptions { providers, metrics, trusted_proxies: &["127.0.0.1"], ..SiteOptions::default() };
        let site = Site::start_at(&pool, options).await;
        site.until_ready().await;
        Self { site, pool, provider, _keys: keys }
    }

    pub fn redirect_uri(&self) -> String {
        format!("{}/oauth2/idpresponse", self.pool.url())
    }

    /// Sends Cognito's authorization request, with parameters replaced, added or (`None`) left out.
    pub async fn authorize(&self, changes: &[(&str, Option<&str>)]) -> reqwest::Response {
        self.authorize_in("", changes).await
    }

    /// As [`Bridged::authorize`], in a browser that prefers these languages.
    pub async fn authorize_in(&self, accept_language: &str, changes: &[(&str, Option<&str>)]) -> reqwest::Response {
        let redirect_uri = self.redirect_uri();
        let fields = [
            ("client_id", CLIENT_ID),
            ("redirect_uri", &redirect_uri),
            ("scope", "openid email"),
            ("response_type", "code"),
            ("state", "H4sIAAAAAAAAAFWQ-a state of cognito"),
        ];
        let url = Url::parse_with_params(&self.site.url("/federation/login_gov/authorize"), changed(&fields, changes));
        client().get(url.unwrap()).header("accept-language", accept_language).send().await.unwrap()
    }

    pub async fn nonce(&self) -> String {
        let answer = self.authorize(&[]).await;
        parameter(&Url::parse(answer.headers()["location"].to_str().unwrap()).unwrap(), "nonce").unwrap()
    }

    /// Sends Cognito's token request, with the same kinds of changes.
    pub async fn token(&self, changes: &[(&str, Option<&str>)]) -> (StatusCode, String) {
        self.post(&changed(&token_request(&self.redirect_uri()), changes)).await
    }

    pub async fn post(&self, fields: &[(&str, &str)]) -> (StatusCode, String) {
        let answer = form(client().post(self.site.url("/federation/login_gov/token")), fields).send().await.unwrap();
        assert_eq!(answer.headers()["cache-control"], "no-store");
        (answer.status(), answer.text().await.unwrap())
    }

    /// The claims of a valid ID token of the provider, for a sign-in through the bridge.
    pub async fn claims(&self) -> Value {
        let now = time::OffsetDateTime::now_utc().unix_timestamp();
        json!({
            "iss": format!("{}/", self.provider.url()), "aud": CLIENT_ID, "sub": "b2d2d115-1d7e-4579-b9d6-f8e84f4f56ca",
            "nonce": self.nonce().await, "iat": now, "exp": now + 900, "acr": ACR, "email": "an@example.gov",
        })
    }

    pub fn sign(&self, claims: &Value) -> String {
        self.provider.key.sign(&header("first"), claims)
    }

    /// Makes the provider answer with this ID token. Returns the body.
    pub fn answer(&self, id_token: &str) -> String {
        let body = json!({ "access_token": "hhJES3wcgjI55jzjBvZpNQ", "token_type": "Bearer", "expires_in": 899, "id_token": id_token });
        self.provider.set_token(Answers::json(&body));
        body.to_string()
    }
}

/// A list of one parameter, or of none if it is empty.
fn quoted(parameter: &str) -> String {
    if parameter.is_empty() { String::new() } else { format!("\"{parameter}\"") }
}

pub const fn token_request(redirect_uri: &str) -> [(&str, &str); 5] {
    [
        ("grant_type", "authorization_code"),
        ("code", "the code"),
        ("redirect_uri", redirect_uri),
        ("client_id", CLIENT_ID),
        ("client_secret", CLIENT_SECRET),
    ]
}

pub fn changed<'a>(fields: &[(&'a str, &'a str)], changes: &[(&'a str, Option<&'a str>)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = fields.to_vec();
    for (name, value) in changes {
        fields.retain(|(key, _)| key != name);
        fields.extend(value.map(|value| (*name, value)));
    }
    fields
}
