//! How much time the bridge adds to a token request: the same request to a stub of a provider, and to the bridge in front of it.

use std::{
    fs,
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
use testkit::{Example, Scratch, example::Provider};
use time::OffsetDateTime;
use tokio::net::TcpListener;
use url::{Url, form_urlencoded};

use crate::{median, milliseconds, process::Server, report::Report};

const REQUESTS: usize = 1_000;
/// Requests that are not measured: they open connections and load the provider's keys.
const WARM_UP: usize = 20;

const CLIENT_ID: &str = "urn:gov:gsa:openidconnect.profiles:sp:sso:my_agency:my_data";
const CLIENT_SECRET: &str = "the-secret-of-cognito-at-the-bridge-00000000";

/// A provider that always sends the same answers.
#[derive(Clone)]
struct Stub {
    keys: Arc<JwkSet>,
    tokens: Arc<OnceLock<String>>,
}

/// Starts a server at `origin` with a bridge added to `example`. `domain` is the address of the user pool's domain.
pub(crate) async fn measure(report: &mut Report, work: &Scratch, example: &Example, origin: &str, domain: &str) {
    let [own_key, _] = federation::new_key(&work.path().join("bridge"), federation::KeyType::Rsa2048).expect("a key");
    let [provider_key, _] =
        federation::new_key(&work.path().join("provider"), federation::KeyType::Rsa2048).expect("a key");
    let provider_key = EncodingKey::from_rsa_pem(&fs::read(provider_key).expect("a key")).expect("a key");
    let mut jwk = Jwk::from_encoding_key(&provider_key, Algorithm::RS256).expect("a public key");
    jwk.common.key_id = Some("first".to_owned());
    let stub = Stub { keys: Arc::new(JwkSet { keys: vec![jwk] }), tokens: Arc::default() };
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let provider_url = format!("http://{}", listener.local_addr().expect("an address"));
    let router = Router::new().route("/certs", get(keys)).route("/token", post(tokens)).with_state(stub.clone());
    let serving = tokio::spawn(async move { axum::serve(listener, router).await });

    let bridge = format!(
        r#"[providers.bridge]
client_id = "{CLIENT_ID}"
client_secret = "{CLIENT_SECRET}"
issuer = "{provider_url}/"
authorization_endpoint = "{provider_url}/authorize"
token_endpoint = "{provider_url}/token"
jwks_uri = "{provider_url}/certs"
signing_key_files = [{own_key:?}]
"#
    );
    let provider = Provider::new("x", "login_gov").named("X").in_namespace("US").with(&bridge);
    let with_bridge = work.file("bridge.toml", &example.clone().provider(provider).to_toml());
    let server = Server::start(&with_bridge, origin, Stdio::null());

    let client = Client::builder().no_proxy().redirect(Policy::none()).build().expect("a client");
    let redirect_uri = format!("{domain}/oauth2/idpresponse");
    let nonce = nonce(&client, origin, &redirect_uri).await;
    let tokens = token_response(&provider_key, &format!("{provider_url}/"), &nonce);
    stub.tokens.set(tokens.clone()).expect("the first answer");

    let request = form_urlencoded::Serializer::new(String::new())
        .append_pair("grant_type", "authorization_code")
        .append_pair("code", "the code")
        .append_pair("redirect_uri", &redirect_uri)
        .append_pair("client_id", CLIENT_ID)
        .append_pair("client_secret", CLIENT_SECRET)
        .finish();
    let urls = [format!("{provider_url}/token"), format!("{origin}/federation/x/token")];
    let mut times = [Vec::new(), Vec::new()];
    for number in 0..WARM_UP + REQUESTS {
        for (url, times) in urls.iter().zip(&mut times) {
            let started = Instant::now();
            let answer = client
                .post(url)
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(request.clone())
                .send()
                .await
                .expect("an answer");
            assert_eq!(answer.status(), 200, "{url}");
            let body = answer.text().await.expect("a body");
            if number >= WARM_UP {
                times.push(milliseconds(started));
            }
            assert_eq!(body, tokens, "{url}");
        }
    }
    drop(server);
    serving.abort();
    let [direct, bridged] = times.map(median);
    report.number("a token request to a stub of a provider, p50 ms", direct);
    report.number("the same request through the bridge, p50 ms", bridged);
    report.at_most("time that the bridge adds to a token request, p50 ms", bridged - direct, 5.0);
}

async fn keys(State(stub): State<Stub>) -> impl IntoResponse {
    Json(stub.keys.as_ref().clone())
}

async fn tokens(State(stub): State<Stub>) -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json")], stub.tokens.get().cloned().unwrap_or_default())
}

/// The nonce of a sign-in through the bridge. It is valid for two hours.
async fn nonce(client: &Client, origin: &str, redirect_uri: &str) -> String {
    let fields =
        [("client_id", CLIENT_ID), ("redirect_uri", redirect_uri), ("response_type", "code"), ("state", "a state")];
    let url = Url::parse_with_params(&format!("{origin}/federation/x/authorize"), fields).expect("an address");
    let answer = client.get(url).send().await.expect("an answer");
    let location = answer.headers()[LOCATION].to_str().expect("a string");
    let location = Url::parse(location).expect("an address");
    location.query_pairs().find(|(name, _)| name == "nonce").expect("a nonce").1.into_owned()
}

/// A response in the form that Login.gov sends.
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
