//! The checks of a bridge: its keys, and the configuration of the provider behind it.

use std::sync::{Arc, Mutex};

use axum::{Json, Router, extract::State, routing::get};
use serde_json::{Value, json};
use testkit::example;
use tokio::net::TcpListener;

use super::{assert_fails, assert_passes, without_second};
use crate::{
    federation::CLIENT_SECRET,
    support::{
        keys::{Key, new_ec_pem},
        site::Site,
    },
};

const KEYS: &str = "bridge login_gov keys";
const SECRET: &str = "bridge login_gov client secret";
const PROVIDER: &str = "bridge login_gov provider";
const PROVIDER_KEYS: &str = "bridge login_gov provider keys";

/// A provider whose discovery document and key set a test can change.
#[derive(Clone)]
struct Provider {
    url: String,
    document: Arc<Mutex<Value>>,
    keys: Arc<Mutex<Value>>,
}

impl Provider {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let document = json!({
            "issuer": format!("{url}/"), "authorization_endpoint": format!("{url}/authorize"),
            "token_endpoint": format!("{url}/token"), "jwks_uri": format!("{url}/certs"),
        });
        let keys = json!({ "keys": [Key::first().jwk()] });
        let provider = Self { url, document: Arc::new(Mutex::new(document)), keys: Arc::new(Mutex::new(keys)) };
        let router = Router::new()
            .route(
                "/.well-known/openid-configuration",
                get(async |State(provider): State<Self>| Json(provider.document.lock().unwrap().clone())),
            )
            .route("/certs", get(async |State(provider): State<Self>| Json(provider.keys.lock().unwrap().clone())))
            .with_state(provider.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        provider
    }

    /// The configuration of `site` with a bridge to this provider in the place of Login.gov.
    fn toml(&self, site: &Site, keys: &[&str]) -> String {
        let files: Vec<_> = keys
            .iter()
            .enumerate()
            .map(|(index, pem)| site.scratch.file(&format!("{index}.pem"), pem).display().to_string())
            .collect();
        let (url, client_id) = (&self.url, &site.settings().provider("login_gov").unwrap().client_id);
        let bridge = format!(
            "[providers.bridge]\nclient_id = \"{client_id}\"\nclient_secret = \"{CLIENT_SECRET}\"\n\
             issuer = \"{url}/\"\nauthorization_endpoint = \"{url}/authorize\"\ntoken_endpoint = \"{url}/token\"\n\
             jwks_uri = \"{url}/certs\"\nsigning_key_files = {files:?}\n",
        );
        let login_gov = example::Provider::new("login_gov", "login_gov").named("LoginGov").in_namespace("US");
        without_second(site).provider(login_gov.with(&bridge)).to_toml()
    }
}

#[tokio::test]
async fn check_passes_if_the_provider_matches_the_configuration() {
    let (site, provider) = (Site::start().await, Provider::start().await);
    let (rsa, ec) = (Key::first().pem, new_ec_pem());
    let issuer = "assertion_audience = \"issuer\"";
    for (keys, more, found) in [
        (&[&*rsa][..], "", "1 loaded, the first one signs with RS256 for the audience {}/token\n"),
        (&[&*ec, &rsa], issuer, "2 loaded, the first one signs with ES256 for the audience {}/\n"),
    ] {
        let found = found.replace("{}", &provider.url);
        let toml = provider.toml(&site, keys).replace("signing_key_files", &format!("{more}\nsigning_key_files"));
        let subjects = [KEYS, SECRET, PROVIDER, PROVIDER_KEYS, "provider itsme", "provider login_gov"];
        let ended = assert_passes(&site, &toml, &subjects).await;
        assert!(ended.stdout.contains(&format!("{KEYS}: {found}")), "{}", ended.stdout);
        assert!(ended.stdout.contains(&format!("{PROVIDER_KEYS}: 1 for RS256\n")), "{}", ended.stdout);
    }
}

#[tokio::test]
async fn check_names_the_address_that_differs() {
    let (site, provider) = (Site::start().await, Provider::start().await);
    let toml = provider.toml(&site, &[&Key::first().pem]);
    let good = provider.document.lock().unwrap().clone();
    for (name, other) in [
        ("issuer", provider.url.clone()),
        ("authorization_endpoint", format!("{}/authorize/", provider.url)),
        ("token_endpoint", "https://other.example/token".to_owned()),
        ("jwks_uri", format!("{}/Certs", provider.url)),
    ] {
        provider.document.lock().unwrap()[name] = json!(other);
        let fix = format!("set providers.1.bridge.{name} to {other:?}");
        let ended = assert_fails(&site, &toml, &[(PROVIDER, &fix)]).await;
        assert_eq!(ended.stdout.matches("set providers.").count(), 1, "{}", ended.stdout);
        provider.document.lock().unwrap().clone_from(&good);
    }
    for document in [json!({}), json!("no document"), json!({ "issuer": good["issuer"] })] {
        *provider.document.lock().unwrap() = document;
        assert_fails(&site, &toml, &[(PROVIDER, "is not a discovery document: check providers.1.bridge.issuer")]).await;
    }
}

#[tokio::test]
async fn check_names_what_a_bridge_is_missing() {
    let (site, provider) = (Site::start().await, Provider::start().await);
    let toml = provider.toml(&site, &[&Key::first().pem]);
    for keys in
        [json!({ "keys": [] }), json!({}), json!({ "keys": [{ "kty": "EC", "crv": "P-256", "x": "AA", "y": "AA" }] })]
    {
        *provider.keys.lock().unwrap() = keys;
        assert_fails(&site, &toml, &[(PROVIDER_KEYS, "has no RS256 key: check providers.1.bridge.jwks_uri")]).await;
    }
    *provider.keys.lock().unwrap() = json!({ "keys": [Key::first().jwk()] });

    let nowhere = toml.replace(&provider.url, "http://127.0.0.1:1");
    let expected =
        [(PROVIDER, "check providers.1.bridge.issuer"), (PROVIDER_KEYS, "check providers.1.bridge.jwks_uri")];
    assert_fails(&site, &nowhere, &expected).await;

    let key = site.scratch.file("0.pem", "correct horse battery staple");
    let ended =
        assert_fails(&site, &toml, &[(KEYS, &format!("{}: not a private RSA, P-256 or P-384 key", key.display()))])
            .await;
    assert!(!ended.stdout.contains("horse"), "{}", ended.stdout);
    std::fs::remove_file(&key).unwrap();
    assert_fails(&site, &toml, &[(KEYS, &key.display().to_string())]).await;
}
