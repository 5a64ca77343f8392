//! What the bridge adds to a token request: the same request at a provider's constant stub, and at the bridge before it.

use std::{
    fs,
    path::Path,
    process::Stdio,
    sync::{Arc, OnceLock},
    time::Instant,
};

use axum::{
    Json, Router,
    extract::State,
    http::header::CONTENT_TYPE,
    response::IntoResponse,
    routing::{get, post},
};
use jsonwebtoken::{
    Algorithm, EncodingKey, Header,
    jwk::{Jwk, JwkSet},
};
use reqwest::{Client, header::LOCATION, redirect::Policy};
use serde_json::json;
use server::federation;
use time::OffsetDateTime;
use tokio::net::TcpListener;
use url::{Url, form_urlencoded};

use crate::{median, milliseconds, process::Server, report::Report};

const REQUESTS: usize = 1_000;
/// Before the measured ones: connections are made, and the provider's keys are loaded.
const FIRST: usize = 20;

const CLIENT_ID: &str = "urn:gov:gsa:openidconnect.profiles:sp:sso:my_agency:my_data";
const CLIENT_SECRET: &str = "what-cognito-proves-itself-with-to-the-bridge";

/// The bodies that the provider answers with.
#[derive(Clone)]
struct Provider {
    keys: Arc<JwkSet>,
    tokens: Arc<OnceLock<String>>,
}

/// Starts a server of its own with `config` and a bridge, at `origin`. The user pool's domain is at `domain`.
pub(crate) async fn measure(report: &mut Report, config: &Path, origin: &str, domain: &str) {
    let work = config.parent().expect("a folder");
    let [own_key, _] = federation::new_key(&work.join("bridge")).expect("a key");
    let [provider_key, _] = federation::new_key(&work.join("provider")).expect("a key");
    let provider_key = EncodingKey::from_rsa_pem(&fs::read(provider_key).expect("a key")).expect("a key");
    let mut jwk = Jwk::from_encoding_key(&provider_key, Algorithm::RS256).expect("a public half");
    jwk.common.key_id = Some("first".to_owned());
    let provider = Provider { keys: Arc::new(JwkSet { keys: vec![jwk] }), tokens: Arc::default() };
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let provider_url = format!("http://{}", listener.local_addr().expect("an address"));
    let router = Router::new().route("/certs", get(keys)).route("/token", post(tokens)).with_state(provider.clone());
    let stub = tokio::spawn(async move { axum::serve(listener, router).await });

    let bridge = format!(
        r#"[[providers]]
id = "x"
name = "X"
namespace = "US"
kind = "login_gov"
[providers.bridge]
client_id = "{CLIENT_ID}"
client_secret = "{CLIENT_SECRET}"
issuer = "{provider_url}/"
authorization_endpoint = "{provider_url}/authorize"
token_endpoint = "{provider_url}/token"
jwks_uri = "{provider_url}/certs"
signing_key_files = [{own_key:?}]
"#
    );
    let with_bridge = work.join("bridge.toml");
    fs::write(&with_bridge, fs::read_to_string(config).expect("the configuration") + &bridge).expect("a file");
    let server = Server::start(&with_bridge, origin, Stdio::null());

    let client = Client::builder().no_proxy().redirect(Policy::none()).build().expect("a client");
    let redirect_uri = format!("{domain}/oauth2/idpresponse");
    let nonce = nonce(&client, origin, &redirect_uri).await;
    let tokens = token_response(&provider_key, &format!("{provider_url}/"), &nonce);
    provider.tokens.set(tokens.clone()).expect("the first answer");

    let request = form_urlencoded::Serializer::new(String::new())
        .append_pair("grant_type", "authorization_code")
        .append_pair("code", "the code")
        .append_pair("redirect_uri", &redirect_uri)
        .append_pair("client_id", CLIENT_ID)
        .append_pair("client_secret", CLIENT_SECRET)
        .finish();
    let urls = [format!("{provider_url}/token"), format!("{origin}/federation/x/token")];
    let mut times = [Vec::new(), Vec::new()];
    for number in 0..FIRST + REQUESTS {
        for (url, times) in urls.iter().zip(&mut times) {
            let began = Instant::now();
            let answer = client
                .post(url)
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(request.clone())
                .send()
                .await
                .expect("an answer");
            assert_eq!(answer.status(), 200, "{url}");
            let body = answer.text().await.expect("a body");
            if number >= FIRST {
                times.push(milliseconds(began));
            }
            assert_eq!(body, tokens, "{url}");
        }
    }
    drop(server);
    stub.abort();
    let [direct, bridged] = times.map(median);
    report.tell("a token request at a provider's constant stub, p50 ms", direct);
    report.tell("the same through the bridge, p50 ms", bridged);
    report.at_most("what the bridge adds to a token request, p50 ms", bridged - direct, 5.0);
}

async fn keys(State(provider): State<Provider>) -> impl IntoResponse {
    Json(provider.keys.as_ref().clone())
}

async fn tokens(State(provider): State<Provider>) -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json")], provider.tokens.get().cloned().unwrap_or_default())
}

/// The nonce of a sign-in that goes through the bridge; the bridge takes it for two hours.
async fn nonce(client: &Client, origin: &str, redirect_uri: &str) -> String {
    let fields =
        [("client_id", CLIENT_ID), ("redirect_uri", redirect_uri), ("response_type", "code"), ("state", "a state")];
    let url = Url::parse_with_params(&format!("{origin}/federation/x/authorize"), fields).expect("an address");
    let answer = client.get(url).send().await.expect("an answer");
    let location = answer.headers()[LOCATION].to_str().expect("a text");
    let location = Url::parse(location).expect("an address");
    location.query_pairs().find(|(name, _)| name == "nonce").expect("a nonce").1.into_owned()
}

/// As Login.gov answers.
fn token_response(key: &EncodingKey, issuer: &str, nonce: &str) -> String {
    let now = OffsetDateTime::now_utc().unix_timestamp();
    let claims = json!({
        "iss": issuer, "aud": CLIENT_ID, "sub": "b2d2d115-1d7e-4579-b9d6-f8e84f4f56ca", "nonce": nonce,
        "iat": now, "nbf": now, "exp": now + 900, "jti": "Vd5gkBGvmtEgR3C0PWV0Vw", "at_hash": "rT3Zs5XkYgN8nkxLvTfJxA",
        "acr": "urn:acr.login.gov:auth-only", "email": "an@example.gov", "email_verified": true,
    });
    let mut header = Header::new(Algorithm::RS256);
    header.kid = Some("first".to_owned());
    let id_token = jsonwebtoken::encode(&header, &claims, key).expect("a token");
    json!({ "access_token": "hhJES3wcgjI55jzjBvZpNQ", "token_type": "Bearer", "expires_in": 899, "id_token": id_token })
        .to_string()
}
