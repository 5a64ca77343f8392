//! A relying party: authorization requests, token requests, verified claims.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use local::user_pool::CLIENT_ID;
use reqwest::StatusCode;
use serde_json::Value;
use testkit::browser::{form, parameter};
use testkit::{Browser, client};
use url::{Url, form_urlencoded};

use crate::{APP, Pool, new_browser};

pub const VERIFIER: &str = "a-verifier-that-is-long-enough_for.RFC~7636";
pub const NONCE: &str = "a-nonce";
pub const STATE: &str = "a state & more";

pub fn callback() -> String {
    format!("{APP}/auth/callback")
}

pub fn sha256(text: &str) -> Vec<u8> {
    aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes()).as_ref().to_vec()
}

/// A valid authorization request, with some parameters replaced, added (`Some`) or left out (`None`).
pub fn authorize_url(pool: &Pool, changes: &[(&str, Option<&str>)]) -> String {
    let (callback, challenge) = (callback(), URL_SAFE_NO_PAD.encode(sha256(VERIFIER)));
    let mut params = vec![
        ("response_type", "code"),
        ("client_id", CLIENT_ID),
        ("redirect_uri", callback.as_str()),
        ("scope", "openid email profile phone"),
        ("state", STATE),
        ("nonce", NONCE),
        ("code_challenge", challenge.as_str()),
        ("code_challenge_method", "S256"),
        ("identity_provider", "itsme"),
        ("lang", "fr"),
    ];
    for (name, value) in changes {
        params.retain(|(key, _)| key != name);
        params.extend(value.map(|value| (*name, value)));
    }
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(params).finish();
    format!("{}/oauth2/authorize?{query}", pool.pool.domain_url())
}

/// Signs in as a citizen and returns the callback.
pub async fn sign_in(pool: &Pool, browser: &mut Browser, citizen: &str) -> Url {
    let page = browser.visit(authorize_url(pool, &[])).await.page();
    browser.decide_on_page(&page, citizen, "approve").await
}

/// Signs in and returns the code.
pub async fn code(pool: &Pool, citizen: &str) -> String {
    let callback = sign_in(pool, &mut new_browser(), citizen).await;
    assert_eq!(parameter(&callback, "state").as_deref(), Some(STATE));
    parameter(&callback, "code").unwrap()
}

/// The id and the secret of an app client.
pub type Client<'a> = (&'a str, Option<&'a str>);

/// Posts to the token or revocation endpoint with the authentication of the citizens' client.
pub async fn post(pool: &Pool, path: &str, fields: &[(&str, &str)]) -> (StatusCode, Value) {
    post_as(pool, (CLIENT_ID, pool.secret), path, fields).await
}

/// Posts to the token or revocation endpoint with the authentication of this client.
pub async fn post_as(pool: &Pool, client: Client<'_>, path: &str, fields: &[(&str, &str)]) -> (StatusCode, Value) {
    let (id, secret) = client;
    let mut fields = fields.to_vec();
    fields.push(("client_id", id));
    fields.extend(secret.map(|secret| ("client_secret", secret)));
    let url = format!("{}{path}", pool.pool.domain_url());
    send(form(testkit::client().post(url), &fields)).await
}

pub async fn send(request: reqwest::RequestBuilder) -> (StatusCode, Value) {
    let response = request.send().await.unwrap();
    let status = response.status();
    let body = response.text().await.unwrap();
    (status, serde_json::from_str(&body).unwrap_or(Value::Null))
}

/// Redeems a code.
pub async fn redeem(pool: &Pool, code: &str) -> (StatusCode, Value) {
    redeem_as(pool, (CLIENT_ID, pool.secret), code).await
}

/// Redeems a code as this client.
pub async fn redeem_as(pool: &Pool, client: Client<'_>, code: &str) -> (StatusCode, Value) {
    let redirect_uri = callback();
    post_as(
        pool,
        client,
        "/oauth2/token",
        &[
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &redirect_uri),
            ("code_verifier", VERIFIER),
        ],
    )
    .await
}

pub async fn refresh(pool: &Pool, token: &str) -> (StatusCode, Value) {
    refresh_as(pool, (CLIENT_ID, pool.secret), token).await
}

pub async fn refresh_as(pool: &Pool, client: Client<'_>, token: &str) -> (StatusCode, Value) {
    let fields = [("grant_type", "refresh_token"), ("refresh_token", token)];
    post_as(pool, client, "/oauth2/token", &fields).await
}

pub async fn user_info(pool: &Pool, token: &str) -> (StatusCode, Value) {
    let url = format!("{}/oauth2/userInfo", pool.pool.domain_url());
    send(client().get(url).bearer_auth(token)).await
}

pub async fn tokens(pool: &Pool, citizen: &str) -> Value {
    let (status, tokens) = redeem(pool, &code(pool, citizen).await).await;
    assert_eq!(status, StatusCode::OK, "{tokens}");
    tokens
}

/// The claims of a token, verified with the published keys; also its `kid`.
pub async fn verified(pool: &Pool, token: &Value) -> (Value, String) {
    let token = token.as_str().unwrap();
    let url = format!("{}/.well-known/jwks.json", pool.pool.issuer());
    let keys = client().get(url).send().await.unwrap().text().await.unwrap();
    let keys: JwkSet = serde_json::from_str(&keys).unwrap();
    assert_eq!(keys.keys.len(), 2);
    let kid = jsonwebtoken::decode_header(token).unwrap().kid.unwrap();
    let key = DecodingKey::from_jwk(keys.find(&kid).unwrap()).unwrap();
    let mut validation = Validation::new(Algorithm::RS256);
    validation.set_issuer(&[pool.pool.issuer()]);
    validation.validate_aud = false;
    (jsonwebtoken::decode::<Value>(token, &key, &validation).unwrap().claims, kid)
}
