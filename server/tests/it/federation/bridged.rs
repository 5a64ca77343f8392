//! A site with a bridge.

use reqwest::StatusCode;
use serde_json::{Value, json};
use url::Url;

use crate::support::{
    attempt::header,
    browser::{client, form, parameter},
    fake_pool::{Answers, FakePool},
    keys::Key,
    scratch::Scratch,
    site::{Site, Wishes},
};

/// An URN, as Login.gov has them; with what must survive encoding.
pub const CLIENT_ID: &str = "urn:gov:gsa:openidconnect.profiles:sp:sso:my agency:my+data";
pub const CLIENT_SECRET: &str = "what-cognito-proves-itself-with-to-the-bridge";
pub const ACR: &str = "http://idmanagement.gov/ns/assurance/ial/1?duo";

/// A site with a bridge, its user pool, and the provider behind it.
pub struct Bridged {
    pub site: Site,
    pub pool: FakePool,
    pub provider: FakePool,
    // Its key files are read again by a process of its own.
    _keys: Scratch,
}

impl Bridged {
    pub async fn start() -> Self {
        Self::start_with(&[&Key::first().pem]).await
    }

    pub async fn start_with(pems: &[&str]) -> Self {
        Self::launch(pems, &format!("\"acr_values={ACR}\", \"prompt=select_account\""), "").await
    }

    /// With these `parameters`, of which there may be none, and more of the bridge's configuration.
    pub async fn start_asking(parameters: &str, more: &str) -> Self {
        let parameters = if parameters.is_empty() { String::new() } else { format!("\"{parameters}\"") };
        Self::launch(&[&Key::first().pem], &parameters, more).await
    }

    async fn launch(pems: &[&str], parameters: &str, more: &str) -> Self {
        let (pool, provider) = (FakePool::start().await, FakePool::start().await);
        let keys = Scratch::make();
        let files: Vec<_> = pems
            .iter()
            .enumerate()
            .map(|(index, pem)| format!("\"{}\"", keys.file(&format!("{index}.pem"), pem).display()))
            .collect();
        let toml = format!(
            "[[providers]]\nid = \"login_gov\"\nname = \"LoginGov\"\nnamespace = \"US\"\nkind = \"login_gov\"\n\
             [providers.bridge]\nclient_id = \"{CLIENT_ID}\"\nclient_secret = \"{CLIENT_SECRET}\"\n\
             issuer = \"{0}/\"\nauthorization_endpoint = \"{0}/openid_connect/authorize\"\n\
             token_endpoint = \"{0}/oauth2/token\"\njwks_uri = \"{1}/.well-known/jwks.json\"\n\
             parameters = [{parameters}]\nsigning_key_files = [{2}]\n{more}\n",
            provider.url(),
            provider.issuer(),
            files.join(", "),
        );
        let site = Site::start_at(&pool, Wishes { toml, ..Wishes::default() }).await;
        site.until_ready().await;
        Self { site, pool, provider, _keys: keys }
    }

    pub fn redirect_uri(&self) -> String {
        format!("{}/oauth2/idpresponse", self.pool.url())
    }

    /// Cognito's authorization request with some parameters replaced, added or (`None`) left out; where it leads.
    pub async fn authorize(&self, changes: &[(&str, Option<&str>)]) -> reqwest::Response {
        let redirect_uri = self.redirect_uri();
        let fields = [
            ("client_id", CLIENT_ID),
            ("redirect_uri", &redirect_uri),
            ("scope", "openid email"),
            ("response_type", "code"),
            ("state", "H4sIAAAAAAAAAFWQ-a state of cognito"),
        ];
        let url = Url::parse_with_params(&self.site.url("/federation/login_gov/authorize"), changed(&fields, changes));
        client().get(url.unwrap()).send().await.unwrap()
    }

    pub async fn nonce(&self) -> String {
        let answer = self.authorize(&[]).await;
        parameter(&Url::parse(answer.headers()["location"].to_str().unwrap()).unwrap(), "nonce").unwrap()
    }

    /// Cognito's token request, changed likewise.
    pub async fn token(&self, changes: &[(&str, Option<&str>)]) -> (StatusCode, String) {
        self.post(&changed(&token_request(&self.redirect_uri()), changes)).await
    }

    pub async fn post(&self, fields: &[(&str, &str)]) -> (StatusCode, String) {
        let answer = form(client().post(self.site.url("/federation/login_gov/token")), fields).send().await.unwrap();
        assert_eq!(answer.headers()["cache-control"], "no-store");
        (answer.status(), answer.text().await.unwrap())
    }

    /// The claims of the provider's good ID token for a sign-in that came through the bridge.
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

    /// Has the provider answer with this ID token; the body, as it will be sent.
    pub fn answer(&self, id_token: &str) -> String {
        let body = json!({ "access_token": "hhJES3wcgjI55jzjBvZpNQ", "token_type": "Bearer", "expires_in": 899, "id_token": id_token });
        self.provider.set_token(Answers::json(&body));
        body.to_string()
    }
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
