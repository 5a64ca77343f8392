//! Case workers: their app client, the directory where they sign in, and what keeps them apart from citizens.

use local::user_pool::{
    AppClient, CASE_WORKERS_CLIENT_ID, CLIENT_ID, Fault, OidcProvider, SamlProvider, USER_POOL_ID, UserPool,
    UserPoolOptions,
};
use local::workforce::{Directory, GROUPS};
use reqwest::StatusCode;
use serde_json::{Value, json};
use testkit::browser::parameter;
use testkit::{Browser, client};
use url::Url;

use crate::relying_party::{
    Client, NONCE, STATE, authorize_url, callback, post_as, redeem_as, refresh_as, send, user_info, verified,
};
use crate::{APP, Pool, SECRET, new_browser, start};

const BAD: StatusCode = StatusCode::BAD_REQUEST;
const NAME: &str = "IAMIdentityCenter";
const CASE_SECRET: &str = "1s3cretofthecaseworkersclient";
const CITIZENS: Client<'_> = (CLIENT_ID, Some(SECRET));
const CASE_WORKERS: Client<'_> = (CASE_WORKERS_CLIENT_ID, Some(CASE_SECRET));
const LENA: &str = "93a4b8c2-1001-70aa-8d10-6f2b1c0d0001";

/// A user pool with itsme for citizens and the directory for case workers. Each client has another address to sign out to.
struct Workforce {
    pool: Pool,
    directory: Directory,
}

impl Workforce {
    async fn start() -> Self {
        let itsme = start("itsme").await;
        let directory = Directory::start("127.0.0.1:0".parse().unwrap(), 2).await.unwrap();
        let provider = OidcProvider::new("itsme", itsme.registration());
        let mut options = UserPoolOptions::new(APP.to_owned(), vec![provider]);
        options.client_secret = Some(SECRET.to_owned());
        options.upstream_timeout = std::time::Duration::from_secs(30);
        options.saml_providers.push(SamlProvider::new(NAME, directory.connection()));
        let mut case_workers = AppClient::new(CASE_WORKERS_CLIENT_ID, APP, vec![NAME.to_owned()]);
        case_workers.logout_uris = vec![format!("{APP}/out")];
        options.more_clients.push(case_workers.with_secret(Some(CASE_SECRET.to_owned())));
        let pool = Pool { itsme, pool: UserPool::start(options).await.unwrap(), secret: Some(SECRET) };
        Self { pool, directory }
    }

    /// An authorization request of the case workers' client, with changes.
    fn url(&self, changes: &[(&str, Option<&str>)]) -> String {
        let own = [("client_id", Some(CASE_WORKERS_CLIENT_ID)), ("identity_provider", Some(NAME))];
        authorize_url(&self.pool, &[&own, changes].concat())
    }

    async fn sign_in(&self, browser: &mut Browser, user_name: &str) -> Url {
        let page = browser.visit(self.url(&[])).await.page();
        browser.decide_on_page(&page, user_name, "approve").await
    }

    async fn code(&self, user_name: &str) -> String {
        let back = self.sign_in(&mut new_browser(), user_name).await;
        assert_eq!(parameter(&back, "state").as_deref(), Some(STATE));
        parameter(&back, "code").unwrap()
    }

    async fn tokens(&self, user_name: &str) -> Value {
        let (status, tokens) = redeem_as(&self.pool, CASE_WORKERS, &self.code(user_name).await).await;
        assert_eq!(status, StatusCode::OK, "{tokens}");
        tokens
    }

    async fn id_token(&self, tokens: &Value) -> Value {
        verified(&self.pool, &tokens["id_token"]).await.0
    }

    fn logout_url(&self, client_id: &str, uri: &str) -> String {
        format!("{}/logout?client_id={client_id}&logout_uri={uri}", self.pool.pool.domain_url())
    }
}

#[tokio::test]
async fn a_case_worker_gets_the_tokens_of_a_saml_user() {
    let workforce = Workforce::start().await;
    let tokens = workforce.tokens("lena.dubois").await;
    let id = workforce.id_token(&tokens).await;
    assert_eq!(id["aud"], CASE_WORKERS_CLIENT_ID);
    assert_eq!(id["cognito:username"], format!("{NAME}_lena.dubois"));
    assert_eq!(id["cognito:groups"], json!([format!("{USER_POOL_ID}_{NAME}")]));
    assert_eq!(id["custom:eid"], LENA);
    assert_eq!((&id["email"], &id["email_verified"]), (&json!("lena.dubois@fps.example"), &json!(false)));
    assert_eq!((&id["name"], &id["nonce"]), (&json!("Lena Dubois"), &json!(NONCE)));
    assert_eq!(id["identities"].as_array().unwrap().len(), 1);
    let identity = &id["identities"][0];
    assert_eq!(identity["userId"], "lena.dubois");
    assert_eq!((&identity["providerName"], &identity["providerType"]), (&json!(NAME), &json!("SAML")));
    assert_eq!(identity["issuer"], workforce.directory.connection().entity_id());
    assert_eq!(identity["primary"], "true");
    assert!(identity["dateCreated"].as_str().unwrap().parse::<u64>().unwrap() > 1_700_000_000_000);

    let access = verified(&workforce.pool, &tokens["access_token"]).await.0;
    assert_eq!(access["client_id"], CASE_WORKERS_CLIENT_ID);
    assert!(access.get("aud").is_none() && access.get("email").is_none());
    let (_, info) = user_info(&workforce.pool, tokens["access_token"].as_str().unwrap()).await;
    assert_eq!(info["custom:eid"], LENA);
}

#[tokio::test]
async fn a_refreshed_id_token_is_new_and_about_the_same_sign_in() {
    let workforce = Workforce::start().await;
    let tokens = workforce.tokens("tom.verlinden").await;
    let before = workforce.id_token(&tokens).await;
    let token = tokens["refresh_token"].as_str().unwrap();
    let (_, first) = refresh_as(&workforce.pool, CASE_WORKERS, token).await;
    let (_, second) = refresh_as(&workforce.pool, CASE_WORKERS, token).await;
    let mut used = vec![before["jti"].clone()];
    for tokens in [first, second] {
        let after = workforce.id_token(&tokens).await;
        for name in ["aud", "sub", "auth_time", "origin_jti", "custom:eid", "identities", "email", "cognito:username"] {
            assert_eq!(before[name], after[name], "{name}");
        }
        assert!(after.get("nonce").is_none() && tokens.get("refresh_token").is_none());
        assert!(!used.contains(&after["jti"]), "{used:?}");
        used.push(after["jti"].clone());
    }
}

#[tokio::test]
async fn a_client_offers_only_its_own_providers() {
    let workforce = Workforce::start().await;
    for (client_id, provider) in [(CLIENT_ID, NAME), (CASE_WORKERS_CLIENT_ID, "itsme"), (CLIENT_ID, "unknown")] {
        let change = [("client_id", Some(client_id)), ("identity_provider", Some(provider))];
        let back = new_browser().visit(authorize_url(&workforce.pool, &change)).await.site();
        assert_eq!(parameter(&back, "error").as_deref(), Some("invalid_request"), "{provider}");
        let description = parameter(&back, "error_description").unwrap();
        assert_eq!(description, "Login option is not available. Please try another one", "{provider}");
    }
    for (client_id, own, other) in [(CLIENT_ID, "itsme", NAME), (CASE_WORKERS_CLIENT_ID, NAME, "itsme")] {
        let change = [("client_id", Some(client_id)), ("identity_provider", None)];
        let page = new_browser().visit(authorize_url(&workforce.pool, &change)).await.page();
        assert!(page.body.contains(&format!("Continue with {own}<")), "{}", page.body);
        assert!(!page.body.contains(&format!("Continue with {other}<")), "{}", page.body);
    }
}

#[tokio::test]
async fn codes_and_refresh_tokens_belong_to_one_client() {
    let workforce = Workforce::start().await;
    let pool = &workforce.pool;
    let invalid = || (BAD, json!({ "error": "invalid_grant" }));
    let code = workforce.code("lena.dubois").await;
    assert_eq!(redeem_as(pool, CITIZENS, &code).await, invalid());
    assert_eq!(redeem_as(pool, CASE_WORKERS, &code).await, invalid(), "the attempt has used it up");

    let tokens = workforce.tokens("lena.dubois").await;
    let token = tokens["refresh_token"].as_str().unwrap();
    assert_eq!(refresh_as(pool, CITIZENS, token).await, invalid());
    assert_eq!(post_as(pool, CITIZENS, "/oauth2/revoke", &[("token", token)]).await, invalid());
    assert_eq!(refresh_as(pool, CASE_WORKERS, token).await.0, StatusCode::OK);
    // The secret of one client does not authenticate the other.
    let mixed = (CASE_WORKERS_CLIENT_ID, Some(SECRET));
    assert_eq!(refresh_as(pool, mixed, token).await.1["error"], "invalid_client");

    assert_eq!(post_as(pool, CASE_WORKERS, "/oauth2/revoke", &[("token", token)]).await, (StatusCode::OK, Value::Null));
    assert_eq!(refresh_as(pool, CASE_WORKERS, token).await, invalid());
}

#[tokio::test]
async fn each_client_signs_out_to_its_own_address() {
    let workforce = Workforce::start().await;
    let mut browser = new_browser();
    for (client_id, uri) in [(CLIENT_ID, "/out"), (CASE_WORKERS_CLIENT_ID, "/"), ("unknown", "/")] {
        workforce.sign_in(&mut browser, "lena.dubois").await;
        let page = browser.visit(workforce.logout_url(client_id, &format!("{APP}{uri}"))).await.page();
        assert_eq!((page.status, page.url.path()), (BAD, "/error"), "{client_id} {uri}");
        assert!(browser.cookie("standin_cognito").is_some(), "{client_id} {uri}");
        browser.clear_cookies();
    }
    // Either client ends the session that they share.
    for (client_id, uri) in [(CLIENT_ID, "/"), (CASE_WORKERS_CLIENT_ID, "/out")] {
        workforce.sign_in(&mut browser, "lena.dubois").await;
        let home = browser.visit(workforce.logout_url(client_id, &format!("{APP}{uri}"))).await.site();
        assert_eq!((home.path(), browser.cookie("standin_cognito")), (uri, None));
        browser.clear_cookies();
    }
}

#[tokio::test]
async fn clients_share_a_session_only_if_both_enable_its_provider() {
    let workforce = Workforce::start().await;
    let mut browser = new_browser();
    workforce.sign_in(&mut browser, "lena.dubois").await;
    // For its own client, the session is enough.
    assert!(!browser.visit(workforce.url(&[])).await.is_page());
    let page = browser.visit(authorize_url(&workforce.pool, &[])).await.page();
    assert!(page.body.contains("Test citizens"), "{}", page.body);

    // The session of a citizen: the case workers' client asks the directory, which still knows the browser.
    browser.decide_on_page(&page, "an", "approve").await;
    let back = browser.visit(workforce.url(&[])).await.site();
    let (_, tokens) = redeem_as(&workforce.pool, CASE_WORKERS, &parameter(&back, "code").unwrap()).await;
    assert_eq!(workforce.id_token(&tokens).await["custom:eid"], LENA);
}

#[tokio::test]
async fn the_directory_remembers_a_browser_until_it_signs_out_there() {
    let workforce = Workforce::start().await;
    let home = workforce.directory.url().to_owned();
    let mut browser = new_browser();
    workforce.sign_in(&mut browser, "lena.dubois").await;
    assert!(browser.get(&home).await.body.contains("You are signed in as <strong>Lena Dubois</strong>"));
    // Neither the sign-out of the pool nor `prompt` reaches it.
    browser.visit(workforce.logout_url(CASE_WORKERS_CLIENT_ID, &format!("{APP}/out"))).await.site();
    let again = browser.visit(workforce.url(&[("prompt", Some("login"))])).await;
    assert!(parameter(&again.site(), "code").is_some());

    let stolen = browser.cookie("standin_workforce").unwrap().to_owned();
    let out = browser.post(format!("{home}/"), &[]).await;
    let page = browser.follow(out).await;
    assert!(page.body.contains("You are not signed in here"), "{}", page.body);
    let again = workforce.url(&[("prompt", Some("login"))]);
    assert!(browser.visit(&again).await.is_page());
    // The session has ended at the directory too, not only in the browser.
    browser.cookies().insert("standin_workforce".to_owned(), stolen);
    assert!(browser.visit(&again).await.is_page());
}

#[tokio::test]
async fn declining_is_access_denied() {
    let workforce = Workforce::start().await;
    let mut browser = new_browser();
    let page = browser.visit(workforce.url(&[])).await.page();
    let back = browser.decide_on_page(&page, "lena.dubois", "decline").await;
    assert!(back.as_str().starts_with(&callback()), "{back}");
    assert_eq!(parameter(&back, "error").as_deref(), Some("access_denied"));
    assert_eq!(parameter(&back, "state").as_deref(), Some(STATE));
    // The browser is signed in nowhere.
    assert!(browser.visit(workforce.url(&[])).await.is_page());
}

#[tokio::test]
async fn an_answer_of_the_directory_works_once_in_one_browser_for_one_request() {
    let workforce = Workforce::start().await;
    let mut browser = new_browser();
    let pages = [browser.visit(workforce.url(&[])).await.page(), browser.visit(workforce.url(&[])).await.page()];
    let mut answers = Vec::new();
    for page in &pages {
        let fields = [("transaction", page.hidden("transaction")), ("person", "lena.dubois"), ("decision", "approve")];
        answers.push(browser.post(page.form_target(), &fields).await.target());
        assert_eq!(browser.post(page.form_target(), &fields).await.status, BAD, "the decision again");
    }
    // The second answer with the state of the first request.
    let mixed = with_parameter(&answers[0], "answer", &parameter(&answers[1], "answer").unwrap());
    let back = browser.visit(&mixed).await.site();
    assert_eq!(parameter(&back, "error").as_deref(), Some("server_error"), "{back}");
    // Both are used up: the state of the first request, and the second answer.
    assert_eq!(browser.visit(&answers[0]).await.page().status, BAD);
    let back = browser.visit(&answers[1]).await.site();
    assert_eq!(parameter(&back, "error").as_deref(), Some("server_error"), "{back}");

    // Another browser, and the endpoint of OpenID providers.
    browser.clear_cookies();
    for path in ["/saml2/idpresponse", "/oauth2/idpresponse"] {
        let page = browser.visit(workforce.url(&[])).await.page();
        let fields = [("transaction", page.hidden("transaction")), ("person", "lena.dubois"), ("decision", "approve")];
        let mut answer = browser.post(page.form_target(), &fields).await.target();
        browser.clear_cookies();
        answer.set_path(path);
        let state = parameter(&answer, "RelayState").unwrap();
        answer.query_pairs_mut().append_pair("state", &state).append_pair("code", "any");
        let mut other = new_browser();
        let page = other.visit(&answer).await.page();
        assert_eq!((page.status, page.url.path()), (BAD, "/error"), "{path}");
    }
}

#[tokio::test]
async fn an_answer_goes_only_to_the_endpoint_of_its_type() {
    let workforce = Workforce::start().await;
    let mut browser = new_browser();
    let page = browser.visit(workforce.url(&[])).await.page();
    let fields = [("transaction", page.hidden("transaction")), ("person", "lena.dubois"), ("decision", "approve")];
    let answer = browser.post(page.form_target(), &fields).await.target();
    let mut wrong = answer.clone();
    wrong.set_path("/oauth2/idpresponse");
    wrong.query_pairs_mut().append_pair("state", &parameter(&answer, "RelayState").unwrap()).append_pair("code", "any");
    assert_eq!(browser.visit(&wrong).await.page().url.path(), "/error");

    let page = browser.visit(authorize_url(&workforce.pool, &[])).await.page();
    let fields = [("transaction", page.hidden("transaction")), ("citizen", "an"), ("decision", "approve")];
    let answer = browser.post(page.form_target(), &fields).await.target();
    let mut wrong = answer.clone();
    wrong.set_path("/saml2/idpresponse");
    wrong
        .query_pairs_mut()
        .append_pair("RelayState", &parameter(&answer, "state").unwrap())
        .append_pair("answer", "any");
    assert_eq!(browser.visit(&wrong).await.page().url.path(), "/error");
}

#[tokio::test]
async fn the_directory_serves_no_unknown_service_and_no_unknown_person() {
    let workforce = Workforce::start().await;
    let mut browser = new_browser();
    let at_directory = browser.get(workforce.url(&[])).await.target();
    for changed in [
        with_parameter(&at_directory, "answer_url", "https://evil.example/saml2/idpresponse"),
        with_parameter(&at_directory, "RelayState", ""),
    ] {
        let page = browser.get(&changed).await;
        assert_eq!(page.status, BAD, "{changed}");
        assert!(page.body.contains("is not registered here") && !page.body.contains("evil"), "{}", page.body);
    }
    let page = browser.visit(&at_directory).await.page();
    let transaction = page.hidden("transaction");
    for fields in [
        [("transaction", transaction), ("person", "nobody"), ("decision", "approve")],
        [("transaction", transaction), ("person", "lena.dubois"), ("decision", "other")],
        [("transaction", "unknown"), ("person", "lena.dubois"), ("decision", "approve")],
    ] {
        assert_eq!(browser.post(page.form_target(), &fields).await.status, BAD, "{fields:?}");
    }
    assert_eq!(send(client().post(page.form_target())).await.0, BAD);
    assert!(parameter(&browser.decide_on_page(&page, "w-0002", "approve").await, "code").is_some());
}

#[tokio::test]
async fn the_page_of_the_directory_says_what_it_is() {
    let workforce = Workforce::start().await;
    let page = new_browser().visit(workforce.url(&[])).await.page();
    crate::pages::check_frame(&page);
    assert!(page.body.contains("<h1>Workforce directory</h1>"), "{}", page.body);
    assert!(page.body.contains("No SAML is spoken here.") && page.body.contains("signed SAML response"));
    for name in ["Lena Dubois", "Tom Verlinden", "Ruben Claes", "Sofie Maes"] {
        assert!(page.body.contains(&format!("{name}</label>")), "{name}");
    }
    assert!(!page.body.contains("w-0001"), "only for programs");
    crate::pages::check_frame(&new_browser().get(workforce.directory.url()).await);

    let people = workforce.directory.people();
    assert_eq!((people.len(), people.iter().filter(|person| !person.is_assigned).count()), (6, 1));
    assert_eq!(workforce.directory.person("lena.dubois").unwrap().groups, &GROUPS[..2]);
}

#[tokio::test]
async fn a_citizen_with_the_address_of_a_case_worker_stays_a_citizen() {
    let workforce = Workforce::start().await;
    let lena = workforce.id_token(&workforce.tokens("lena.dubois").await).await;
    let mut browser = new_browser();
    let page = browser.visit(authorize_url(&workforce.pool, &[])).await.page();
    let back = browser.decide_on_page(&page, "eva", "approve").await;
    let (_, tokens) = redeem_as(&workforce.pool, CITIZENS, &parameter(&back, "code").unwrap()).await;
    let eva = workforce.id_token(&tokens).await;
    assert_eq!(eva["email"], lena["email"]);
    assert_eq!((&eva["aud"], &eva["custom:eid"]), (&json!(CLIENT_ID), &json!("88061500478")));
    assert_eq!(eva["identities"][0]["providerType"], "OIDC");
    assert_ne!(eva["sub"], lena["sub"]);
}

#[tokio::test]
async fn faults_change_what_case_workers_get() {
    let workforce = Workforce::start().await;
    let pool = &workforce.pool;
    let lena = workforce.tokens("lena.dubois").await;
    workforce.tokens("tom.verlinden").await;
    let token = lena["refresh_token"].as_str().unwrap();
    let refreshed = async |fault| {
        pool.pool.misbehave(fault);
        let (_, tokens) = refresh_as(pool, CASE_WORKERS, token).await;
        workforce.id_token(&tokens).await
    };
    let identity = refreshed(Fault::InvalidProviderType).await["identities"][0].clone();
    assert_eq!((&identity["providerType"], &identity["issuer"]), (&json!("OIDC"), &Value::Null));
    assert_eq!(identity["providerName"], NAME);
    let linked = refreshed(Fault::LinkedIdentities).await["identities"].clone();
    assert_eq!((linked.as_array().unwrap().len(), &linked[0]["providerType"]), (2, &json!("SAML")));
    let other = refreshed(Fault::RefreshOtherUser).await;
    assert_eq!((&other["aud"], &other["name"]), (&json!(CASE_WORKERS_CLIENT_ID), &json!("Tom Verlinden")));
    assert_eq!(other["origin_jti"], workforce.id_token(&lena).await["origin_jti"]);
    assert!(refreshed(Fault::MissingEmail).await.get("email").is_none());

    pool.pool.misbehave(Fault::RefreshTokenRevoked);
    assert_eq!(refresh_as(pool, CASE_WORKERS, token).await, (BAD, json!({ "error": "invalid_grant" })));
    // A sign-in is not affected.
    workforce.tokens("lena.dubois").await;
    pool.pool.misbehave(None);
    assert_eq!(refresh_as(pool, CASE_WORKERS, token).await.0, StatusCode::OK);
}

/// The address with this value of the parameter.
fn with_parameter(url: &Url, name: &str, value: &str) -> String {
    let mut changed = url.clone();
    let kept: Vec<_> = url.query_pairs().into_owned().filter(|(key, _)| key != name).collect();
    changed.query_pairs_mut().clear().extend_pairs(kept).append_pair(name, value);
    changed.into()
}
