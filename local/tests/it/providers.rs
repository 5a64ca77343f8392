//! Each provider behind its own user pool, and what each refuses.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use local::providers::IdentityProvider;
use local::user_pool::{OidcProvider, UserPool, UserPoolOptions};
use reqwest::StatusCode;
use serde_json::{Value, json};
use testkit::browser::{form, parameter};
use testkit::{Arrival, Browser, client};
use url::Url;

use crate::relying_party::{authorize_url, redeem, send, verified};
use crate::{APP, Pool, new_browser, start};

/// A user pool that federates to itsme and one other provider.
async fn pool_with(kind: &str, name: &str) -> (Pool, IdentityProvider) {
    let (itsme, other) = (start("itsme").await, start(kind).await);
    let providers =
        vec![OidcProvider::new("itsme", itsme.registration()), OidcProvider::new(name, other.registration())];
    let mut options = UserPoolOptions::new(APP.to_owned(), providers);
    options.upstream_timeout = std::time::Duration::from_secs(30);
    let pool = UserPool::start(options).await.unwrap();
    (Pool { itsme, pool, secret: None }, other)
}

/// Signs in at the provider `name`. Returns the claims of the ID token, or the error that the app gets.
async fn sign_in(pool: &Pool, browser: &mut Browser, name: &str, citizen: &str) -> Result<Value, String> {
    let url = authorize_url(pool, &[("identity_provider", Some(name))]);
    let back = match browser.visit(url).await {
        Arrival::Page(page) => browser.decide_on_page(&page, citizen, "approve").await,
        Arrival::Site(back) => back,
    };
    let Some(code) = parameter(&back, "code") else { return Err(parameter(&back, "error_description").unwrap()) };
    let (status, tokens) = redeem(pool, &code).await;
    assert_eq!(status, StatusCode::OK, "{tokens}");
    Ok(verified(pool, &tokens["id_token"]).await.0)
}

#[tokio::test]
async fn auth0_shares_a_number_and_remembers_the_browser() {
    let (pool, auth0) = pool_with("auth0", "Auth0").await;
    auth0.registration().add_sign_out_uri(format!("{APP}/"));
    let mut browser = new_browser();
    let claims = sign_in(&pool, &mut browser, "Auth0", "an").await.unwrap();
    assert_eq!(claims["custom:eid"], "85073003328");
    assert_eq!(claims["identities"][0]["providerName"], "Auth0");
    assert!(claims["identities"][0]["userId"].as_str().unwrap().starts_with("auth0|"));
    assert!(claims.get("birthdate").is_none(), "it is not mapped");

    // Signed out of the user pool is not signed out of Auth0.
    browser.cookies().remove("standin_cognito");
    assert!(!browser.visit(authorize_url(&pool, &[("identity_provider", Some("Auth0"))])).await.is_page());
    // The pool passes `prompt` on, and Auth0 then asks again.
    let again = [("identity_provider", Some("Auth0")), ("prompt", Some("login"))];
    let page = browser.visit(authorize_url(&pool, &again)).await.page();
    assert_eq!(parameter(&page.url, "prompt").as_deref(), Some("login"), "{}", page.url);
    let out = |back: &str| {
        let query = [("client_id", auth0.registration().client_id), ("returnTo", back.to_owned())];
        Url::parse_with_params(&format!("{}/v2/logout", auth0.url()), query).unwrap()
    };
    let elsewhere = browser.get(out("https://evil.example/")).await;
    assert_eq!(elsewhere.status, StatusCode::BAD_REQUEST);
    assert_eq!(browser.visit(out(&format!("{APP}/"))).await.site().as_str(), format!("{APP}/"));
    browser.cookies().remove("standin_cognito");
    let page = browser.visit(authorize_url(&pool, &[("identity_provider", Some("Auth0"))])).await.page();
    assert!(page.body.contains("Staff number 85073003328") && page.body.contains("stand-in for Auth0"));

    let mia = sign_in(&pool, &mut new_browser(), "Auth0", "mia").await.unwrap();
    assert!(mia.get("custom:eid").is_none());
    let noor = sign_in(&pool, &mut new_browser(), "Auth0", "noor").await;
    assert_eq!(noor.unwrap_err(), "attributes required: [email]");
    let get = client().get(format!("{}/userinfo", auth0.url())).send().await.unwrap();
    assert_eq!(get.status(), StatusCode::METHOD_NOT_ALLOWED, "attributes by POST");
}

#[tokio::test]
async fn beyond_identity_shares_only_an_email_address() {
    let (pool, _provider) = pool_with("beyond_identity", "BeyondIdentity").await;
    let claims = sign_in(&pool, &mut new_browser(), "BeyondIdentity", "bram").await.unwrap();
    assert_eq!(claims["email"], "bram.janssens@example.com");
    assert_eq!(claims["custom:eid"], "bram.janssens@example.com");
    assert!(claims.get("name").is_none());
}

#[tokio::test]
async fn a_session_of_the_pool_serves_every_provider() {
    let (pool, _auth0) = pool_with("auth0", "Auth0").await;
    let mut browser = new_browser();
    sign_in(&pool, &mut browser, "itsme", "an").await.unwrap();
    let claims = sign_in(&pool, &mut browser, "Auth0", "bram").await.unwrap();
    assert_eq!(claims["identities"][0]["providerName"], "itsme");
}

#[tokio::test]
async fn an_unverified_citizen_is_denied() {
    let (pool, _auth0) = pool_with("auth0", "Auth0").await;
    let mut browser = new_browser();
    let page = browser.visit(authorize_url(&pool, &[("identity_provider", Some("Auth0"))])).await.page();
    let back = browser.decide_on_page(&page, "an", "unverified").await;
    assert_eq!(parameter(&back, "error").as_deref(), Some("access_denied"));
    assert!(parameter(&back, "error_description").unwrap().contains("verify"));
}

/// Login.gov with one client and its registered key.
struct LoginGov {
    provider: IdentityProvider,
    client_id: String,
    key: String,
}

const REDIRECT_URI: &str = "https://pool.example/oauth2/idpresponse";
const LONG: &str = "twenty-two-characters.";

impl LoginGov {
    async fn start() -> Self {
        let provider = start("login_gov").await;
        let registration = provider.registration();
        registration.add_redirect_uri(REDIRECT_URI.to_owned());
        registration.add_sign_out_uri(format!("{APP}/"));
        let (key, public) = new_key();
        assert!(registration.add_certificate(&public));
        assert!(!registration.add_certificate("no key"));
        Self { client_id: registration.client_id, provider, key }
    }

    fn token_url(&self) -> String {
        format!("{}/api/openid_connect/token", self.provider.url())
    }

    /// A valid authorization request with some changes.
    fn authorize_url(&self, changes: &[(&str, Option<&str>)]) -> Url {
        let mut params = vec![
            ("client_id", self.client_id.as_str()),
            ("redirect_uri", REDIRECT_URI),
            ("response_type", "code"),
            ("scope", "openid email profile phone"),
            ("acr_values", "urn:acr.login.gov:verified"),
            ("state", LONG),
            ("nonce", LONG),
            ("prompt", "select_account"),
        ];
        for (name, value) in changes {
            params.retain(|(key, _)| key != name);
            params.extend(value.map(|value| (*name, value)));
        }
        Url::parse_with_params(&format!("{}/openid_connect/authorize", self.provider.url()), params).unwrap()
    }

    async fn code(&self, acr: &str) -> String {
        let mut browser = new_browser();
        let page = browser.get(self.authorize_url(&[("acr_values", Some(acr))])).await;
        let fields = [("transaction", page.hidden("transaction")), ("citizen", "an"), ("decision", "approve")];
        let back = browser.post(page.form_target(), &fields).await.target();
        assert_eq!(parameter(&back, "state").as_deref(), Some(LONG));
        parameter(&back, "code").unwrap()
    }

    fn claims(&self) -> Value {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
        json!({
            "iss": self.client_id, "sub": self.client_id, "aud": self.token_url(),
            "jti": uuid::Uuid::new_v4().to_string(), "exp": now + 300,
        })
    }

    /// Redeems `code` with an assertion and further fields.
    async fn redeem(&self, code: &str, assertion: &str, more: &[(&str, &str)]) -> (StatusCode, Value) {
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", REDIRECT_URI),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ("client_assertion", assertion),
        ];
        fields.extend(more);
        send(form(client().post(self.token_url()), &fields)).await
    }
}

/// A private key and its public half, as PEM.
fn new_key() -> (String, String) {
    use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
    use aws_lc_rs::rsa::{KeyPair, KeySize};
    use aws_lc_rs::signature::KeyPair as _;
    let pem = |label: &str, der: &[u8]| {
        let text = base64::engine::general_purpose::STANDARD.encode(der);
        format!("-----BEGIN {label}-----\n{text}\n-----END {label}-----\n")
    };
    let pair = KeyPair::generate(KeySize::Rsa2048).unwrap();
    let private: Pkcs8V1Der<'_> = pair.as_der().unwrap();
    let public: PublicKeyX509Der<'_> = pair.public_key().as_der().unwrap();
    (pem("PRIVATE KEY", private.as_ref()), pem("PUBLIC KEY", public.as_ref()))
}

fn sign(pem: &str, claims: &Value) -> String {
    let key = EncodingKey::from_rsa_pem(pem.as_bytes()).unwrap();
    jsonwebtoken::encode(&Header::new(Algorithm::RS256), claims, &key).unwrap()
}

#[tokio::test]
async fn login_gov_requires_its_parameters() {
    let login_gov = LoginGov::start().await;
    let rows: [(&str, Option<&str>); 8] = [
        ("acr_values", None),
        ("acr_values", Some("urn:acr.login.gov:unheard-of")),
        ("state", Some("twenty-one-characters")),
        ("state", None),
        ("nonce", Some("twenty-one-characters")),
        ("nonce", None),
        ("prompt", Some("login")),
        ("client_secret", Some("secret")),
    ];
    for row in rows {
        let answer = client().get(login_gov.authorize_url(&[row])).send().await.unwrap();
        let back = Url::parse(answer.headers()["location"].to_str().unwrap()).unwrap();
        assert_eq!(parameter(&back, "error").as_deref(), Some("invalid_request"), "{row:?}");
    }
    let good = client().get(login_gov.authorize_url(&[])).send().await.unwrap();
    assert_eq!(good.status(), StatusCode::OK);
}

#[tokio::test]
async fn login_gov_accepts_only_a_signed_assertion() {
    let login_gov = LoginGov::start().await;
    let code = login_gov.code("urn:acr.login.gov:verified").await;
    let with = |name: &str, value: Value| {
        let mut claims = login_gov.claims();
        claims[name] = value;
        sign(&login_gov.key, &claims)
    };
    let good = || sign(&login_gov.key, &login_gov.claims());
    let now = login_gov.claims()["exp"].as_u64().unwrap() - 300;
    let refused = [
        ("another key", sign(&new_key().0, &login_gov.claims()), &[][..]),
        ("another issuer", with("iss", json!("another")), &[]),
        ("another subject", with("sub", json!("another")), &[]),
        ("another audience", with("aud", json!(login_gov.provider.url())), &[]),
        ("expired", with("exp", json!(now - 1)), &[]),
        ("valid for too long", with("exp", json!(now + 3_600)), &[]),
        ("no jti", with("jti", json!("")), &[]),
        ("no assertion", String::new(), &[]),
        ("a secret too", good(), &[("client_secret", "secret")]),
        ("twice", good(), &[("client_assertion", "x")]),
    ];
    for (what, assertion, more) in &refused {
        let (status, body) = login_gov.redeem(&code, assertion, more).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{what}");
        // A sentence instead of an OAuth error code, as in its published source.
        assert!(body["error"].as_str().unwrap().contains(' '), "{what}: {body}");
    }
    let fields = [("grant_type", "authorization_code"), ("code", &code), ("client_secret", "secret")];
    assert_eq!(send(form(client().post(login_gov.token_url()), &fields)).await.0, StatusCode::BAD_REQUEST);

    // None of these attempts has used up the code.
    let assertion = good();
    let (status, tokens) = login_gov.redeem(&code, &assertion, &[]).await;
    assert_eq!(status, StatusCode::OK, "{tokens}");
    let again = login_gov.code("urn:acr.login.gov:verified").await;
    assert_eq!(login_gov.redeem(&again, &assertion, &[]).await.0, StatusCode::BAD_REQUEST, "a jti works once");
    let (status, _) = login_gov.redeem(&again, &good(), &[]).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(login_gov.redeem(&again, &good(), &[]).await.0, StatusCode::BAD_REQUEST, "a code works once");
}

#[tokio::test]
async fn login_gov_shares_more_about_verified_people() {
    let login_gov = LoginGov::start().await;
    for (acr, phone) in [("urn:acr.login.gov:verified", Some("+32470000001")), ("urn:acr.login.gov:auth-only", None)] {
        let code = login_gov.code(acr).await;
        let (_, tokens) = login_gov.redeem(&code, &sign(&login_gov.key, &login_gov.claims()), &[]).await;
        let payload = tokens["id_token"].as_str().unwrap().split('.').nth(1).unwrap();
        let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap();
        assert_eq!((claims["acr"].as_str(), claims["nonce"].as_str()), (Some(acr), Some(LONG)));
        assert_eq!(claims["iss"], format!("{}/", login_gov.provider.url()));
        let url = format!("{}/api/openid_connect/userinfo", login_gov.provider.url());
        let (_, info) = send(client().get(url).bearer_auth(tokens["access_token"].as_str().unwrap())).await;
        assert_eq!((info["sub"].as_str(), info["phone"].as_str()), (claims["sub"].as_str(), phone));
        assert!(info.get("phone_number").is_none());
        assert_eq!(info["email"], "an.peeters@example.com");
    }
}

#[tokio::test]
async fn a_removed_certificate_is_not_accepted() {
    let login_gov = LoginGov::start().await;
    let registration = login_gov.provider.registration();
    let (next, public) = new_key();
    assert!(registration.add_certificate(&public));
    for key in [&login_gov.key, &next] {
        let code = login_gov.code("urn:acr.login.gov:auth-only").await;
        assert_eq!(login_gov.redeem(&code, &sign(key, &login_gov.claims()), &[]).await.0, StatusCode::OK);
    }
    registration.remove_certificate(&public);
    let code = login_gov.code("urn:acr.login.gov:auth-only").await;
    let refused = login_gov.redeem(&code, &sign(&next, &login_gov.claims()), &[]).await;
    assert_eq!(refused.0, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn login_gov_asks_before_signing_out() {
    let login_gov = LoginGov::start().await;
    let out = |back: &str| {
        let query = [("client_id", login_gov.client_id.as_str()), ("post_logout_redirect_uri", back)];
        Url::parse_with_params(&format!("{}/openid_connect/logout", login_gov.provider.url()), query).unwrap()
    };
    let mut browser = new_browser();
    assert_eq!(browser.get(out("https://evil.example/")).await.status, StatusCode::BAD_REQUEST);
    let page = browser.get(out(&format!("{APP}/"))).await;
    assert!(page.body.contains("Do you want to sign out of Login.gov?"));
    assert_eq!(browser.post(&page.url, &[]).await.target().as_str(), format!("{APP}/"));
}
