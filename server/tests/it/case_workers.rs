//! Case workers, who have an app client of their own, and what keeps citizens apart from them.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use reqwest::StatusCode;
use serde_json::{Value, json};
use testkit::{browser::parameter, example::Provider};

use crate::support::{
    attempt::{Attempt, assert_rejected, assert_signed_in, header},
    fake_pool::{CLIENT_ID, FakePool},
    site::{Site, SiteOptions},
};

const OWN_CLIENT: &str = "7p1fakepool8caseworkers000";
const LENA: &str = "93a4b8c2-1001-70aa-8d10-6f2b1c0d0001";

/// The settings for documents, whose addresses lead nowhere.
const DOCUMENTS: &str = r#"
[documents]
application_arn = "arn:aws:sso::123456789012:application/ssoins-1111111111111111/apl-2222222222222222"
role_arn = "arn:aws:iam::123456789012:role/my-data-person"
"#;

fn staff() -> Provider {
    let client = format!("[providers.client]\nclient_id = \"{OWN_CLIENT}\"\nclient_secret = \"own-client-secret\"\n");
    let mut staff = Provider::new("staff", "identity_center").named("IAMIdentityCenter").with(&client);
    staff.namespace = "EXAMPLE-WORKFORCE".to_owned();
    staff
}

async fn start() -> (FakePool, Site) {
    let pool = FakePool::start().await;
    let options = SiteOptions { providers: vec![staff()], more: DOCUMENTS, ..SiteOptions::default() };
    let site = Site::start_at(&pool, options).await;
    site.until_ready().await;
    (pool, site)
}

/// The claims of a case worker's token, with changes.
fn claims(attempt: &Attempt, pool: &FakePool, changes: &Value) -> Value {
    let mut claims = attempt.claims(pool);
    let own = json!({
        "aud": OWN_CLIENT,
        "cognito:username": "IAMIdentityCenter_lena.dubois",
        "identities": [{ "userId": "lena.dubois", "providerName": "IAMIdentityCenter", "providerType": "SAML" }],
        "custom:eid": LENA,
        "name": "Lena Dubois",
        "email": "lena.dubois@fps.example",
        "email_verified": false,
    });
    for (name, value) in own.as_object().unwrap().iter().chain(changes.as_object().unwrap()) {
        claims[name] = value.clone();
    }
    claims
}

async fn sign_in(pool: &FakePool, site: &Site, login: &str, changes: Value) -> (testkit::Answer, Attempt) {
    let mut attempt = Attempt::start_at(site, login).await;
    let token = pool.key.sign(&header("first"), &claims(&attempt, pool, &changes));
    (attempt.finish_as(pool, &token).await, attempt)
}

#[tokio::test]
async fn a_case_worker_signs_in_with_a_client_of_their_own() {
    let (pool, site) = start().await;
    let mut browser = site.browser();
    let [own, common] = [browser.get("/login/staff").await, browser.get("/login/itsme").await];
    assert_eq!(parameter(&own.target(), "client_id").as_deref(), Some(OWN_CLIENT));
    assert_eq!(parameter(&common.target(), "client_id").as_deref(), Some(CLIENT_ID));

    let (answer, _) = sign_in(&pool, &site, "/login/staff", json!({})).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/documents"), "{}", answer.body);
    let (headers, body) = pool.token_requests().pop().unwrap();
    let credentials = STANDARD.encode(format!("{OWN_CLIENT}:own-client-secret"));
    assert_eq!(headers["authorization"], format!("Basic {credentials}"));
    assert!(!body.contains("own-client-secret"), "{body}");
}

#[tokio::test]
async fn a_token_of_a_citizen_does_not_make_a_case_worker() {
    let (pool, site) = start().await;
    let identity = |name: &str, kind: &str| json!({ "userId": "u", "providerName": name, "providerType": kind });
    for (what, changes) in [
        ("the citizens' client", json!({ "aud": CLIENT_ID })),
        ("both clients", json!({ "aud": [OWN_CLIENT, CLIENT_ID] })),
        ("another provider", json!({ "identities": [identity("itsme", "OIDC")] })),
        ("a provider with the name, but not of SAML", json!({ "identities": [identity("IAMIdentityCenter", "OIDC")] })),
        ("a provider of an unknown type", json!({ "identities": [{ "providerName": "IAMIdentityCenter" }] })),
        (
            "another provider too",
            json!({ "identities": [identity("IAMIdentityCenter", "SAML"), identity("itsme", "OIDC")] }),
        ),
    ] {
        let (answer, _) = sign_in(&pool, &site, "/login/staff", changes).await;
        assert_rejected(what, &answer, 400);
    }
    assert_eq!(site.open_sessions().await, 0);
}

#[tokio::test]
async fn a_token_of_a_case_worker_does_not_make_a_citizen() {
    let (pool, site) = start().await;
    for (what, changes) in [("all of it", json!({})), ("with the citizens' client", json!({ "aud": CLIENT_ID }))] {
        let (answer, _) = sign_in(&pool, &site, "/login/itsme", changes).await;
        assert_rejected(what, &answer, 400);
    }
}

#[tokio::test]
async fn there_are_no_pages_of_citizens_for_a_case_worker() {
    let (pool, site) = start().await;
    let (_, mut staff) = sign_in(&pool, &site, "/login/staff", json!({})).await;
    for path in ["/my-data", "/my-data/export", "/my-data/delete"] {
        assert_eq!(staff.browser.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let deletion = staff.browser.post("/api/delete_my_data", &[]).await;
    assert_eq!(deletion.status, StatusCode::NOT_FOUND);
    let save = staff.browser.post("/api/save_message", &[("text", "A text"), ("version", "0")]).await;
    assert_eq!(save.status, StatusCode::CONFLICT, "{}", save.body);
    assert!(site.messages().await.is_empty());
    for path in ["/profile", "/activity"] {
        assert_eq!(staff.browser.get(path).await.status, StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn a_sign_in_leads_to_a_page_for_whoever_signed_in() {
    let (pool, site) = start().await;
    for (return_to, expected) in [
        ("/activity", "/activity"),
        ("/documents/folder?bucket=b", "/documents/folder?bucket=b"),
        ("/my-data", "/documents"),
        ("/my-data/delete", "/documents"),
        ("/my-data?x=1", "/documents"),
    ] {
        let login = format!("/login/staff?return_to={}", return_to.replace('?', "%3F"));
        let (answer, _) = sign_in(&pool, &site, &login, json!({})).await;
        assert_eq!(answer.header("location"), expected, "{return_to}");
    }
    for return_to in ["/documents", "/documents/folder"] {
        let mut attempt = Attempt::start_at(&site, &format!("/login/itsme?return_to={return_to}")).await;
        assert_signed_in(return_to, &attempt.succeed(&pool).await);
    }
}
