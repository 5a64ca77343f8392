//! What keeps citizens apart from documents, even one with the mail address of a case worker.

use local::aws::{Aws, AwsOptions};
use reqwest::StatusCode;
use serde_json::{Value, json};
use testkit::{Browser, example::Provider};
use tower_sessions::SessionStore as _;

use super::{FILE, FOLDER, LENA, LIST, calls_of, heading, links, signed_in, start};
use crate::support::{
    attempt::{Attempt, assert_signed_in, header},
    claims::valid,
    fake_pool::{Answers, CLIENT_ID, FakePool},
    site::{Site, SiteOptions},
};

const OWN_CLIENT: &str = "7p1fakepool8caseworkers000";
const NAMESPACE: &str = "EXAMPLE-WORKFORCE";
const MAIL: &str = "lena.dubois@fps.example";

#[tokio::test]
async fn there_are_no_documents_for_citizens() {
    let site = start().await;
    let mut an = site.browser();
    an.sign_in("an").await;
    let made = calls_of(site.aws(), async {
        for path in [LIST, FOLDER, FILE] {
            assert_eq!(an.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
    })
    .await;
    assert!(made.is_empty(), "{made:?}");
    let home = an.get("/").await;
    assert!(!home.body.contains("href=\"/documents"), "{}", home.body);
}

/// Makes the session of `browser` one of Lena with the provider `id`, as someone with the server's keys could.
async fn forge(site: &Site, browser: &Browser, id: &str) {
    let session = browser.session().unwrap().parse().unwrap();
    let mut record = site.session_store().load(&session).await.unwrap().unwrap();
    let signed_in = record.data.get_mut("signed_in").unwrap();
    for (name, value) in [("provider", id), ("eid", LENA), ("namespace", NAMESPACE)] {
        signed_in[name] = json!(value);
    }
    site.session_store().save(&record).await.unwrap();
}

#[tokio::test]
async fn a_forged_session_with_a_citizens_refresh_token_is_of_no_use() {
    let site = start().await;
    let mut an = site.browser();
    an.sign_in("an").await;
    forge(&site, &an, "identity_center").await;
    let made = calls_of(site.aws(), async {
        for path in [LIST, FOLDER, FILE] {
            let page = an.get(path).await;
            let expected = (StatusCode::UNAUTHORIZED, "Sign in again to open your documents");
            assert_eq!((page.status, heading(&page)), expected, "{path}");
        }
    })
    .await;
    assert!(made.is_empty(), "{made:?}");
    // The same forgery with her own refresh token is Lena's session.
    let mut lena = signed_in(&site, "lena.dubois").await;
    forge(&site, &lena, "identity_center").await;
    assert_eq!(links(&lena.get(LIST).await).len(), 3);
}

/// A user pool that gives any token, and an account that trusts it.
async fn start_with_any_token() -> (FakePool, Aws, Site) {
    let pool = FakePool::start().await;
    let aws = Aws::start(AwsOptions::demo(&pool.issuer(), OWN_CLIENT)).await.unwrap();
    let client = format!("[providers.client]\nclient_id = \"{OWN_CLIENT}\"\nclient_secret = \"own-client-secret\"\n");
    let staff = Provider::new("staff", "identity_center").named("IAMIdentityCenter").in_namespace(NAMESPACE);
    let documents = format!(
        "[documents]\napplication_arn = \"{}\"\nrole_arn = \"{}\"\noidc_endpoint_url = \"{}\"\nsts_endpoint_url = \"{}\"\n\
         s3control_endpoint_url = \"{}\"\ns3_endpoint_url = \"{}\"\n",
        local::aws::APPLICATION_ARN,
        local::aws::PERSON_ROLE_ARN,
        aws.oidc_url(),
        aws.sts_url(),
        aws.s3control_url(),
        aws.s3_url(),
    );
    let more = Box::leak(documents.into_boxed_str());
    let options = SiteOptions { providers: vec![staff.with(&client)], more, ..SiteOptions::default() };
    let site = Site::start_at(&pool, options).await;
    site.until_ready().await;
    (pool, aws, site)
}

/// A token as the pool gives it for a refresh token, of a citizen with the mail address of Lena, with changes.
fn refreshed(pool: &FakePool, changes: &Value) -> Answers {
    let mut claims = valid(&pool.issuer(), "");
    claims.as_object_mut().unwrap().remove("nonce");
    claims["email"] = json!(MAIL);
    claims["email_verified"] = json!(true);
    for (name, value) in changes.as_object().unwrap() {
        claims[name] = value.clone();
    }
    Answers::id_token(&pool.key.sign(&header("first"), &claims))
}

#[tokio::test]
async fn a_token_of_a_citizen_with_the_mail_of_a_case_worker_is_never_exchanged() {
    let (pool, aws, site) = start_with_any_token().await;
    let mut attempt = Attempt::start(&site).await;
    let mut claims = attempt.claims(&pool);
    claims["email"] = json!(MAIL);
    let token = pool.key.sign(&header("first"), &claims);
    assert_signed_in("with that mail", &attempt.finish_as(&pool, &token).await);
    let mut citizen = attempt.browser;
    for path in [LIST, FOLDER, FILE] {
        assert_eq!(citizen.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }

    // Even in a session that says otherwise.
    forge(&site, &citizen, "staff").await;
    let identity = |name: &str, kind: &str| json!({ "userId": "u", "providerName": name, "providerType": kind });
    let own = identity("IAMIdentityCenter", "SAML");
    for (what, changes) in [
        ("a citizen's", json!({})),
        ("for the case workers' client", json!({ "aud": OWN_CLIENT })),
        ("of Lena, for the citizens' client", json!({ "custom:eid": LENA, "identities": [own], "aud": CLIENT_ID })),
        ("for both", json!({ "custom:eid": LENA, "identities": [own], "aud": [OWN_CLIENT, CLIENT_ID] })),
        ("of another eid", json!({ "identities": [own], "aud": OWN_CLIENT })),
        (
            "of a provider that only has the name",
            json!({ "custom:eid": LENA, "identities": [identity("IAMIdentityCenter", "OIDC")], "aud": OWN_CLIENT }),
        ),
        (
            "of two providers",
            json!({ "custom:eid": LENA, "identities": [own, identity("itsme", "OIDC")], "aud": OWN_CLIENT }),
        ),
        ("of no provider", json!({ "custom:eid": LENA, "identities": [], "aud": OWN_CLIENT })),
        ("of the past", json!({ "custom:eid": LENA, "identities": [own], "aud": OWN_CLIENT, "exp": 1_700_000_000 })),
    ] {
        pool.set_token(refreshed(&pool, &changes));
        let page = citizen.get(LIST).await;
        let expected = (StatusCode::BAD_GATEWAY, "We cannot show your documents");
        assert_eq!((page.status, heading(&page)), expected, "{what}");
        assert!(aws.calls().is_empty(), "{what}: {:?}", aws.calls());
    }
    // With her own token, the exchange is asked for.
    pool.set_token(refreshed(&pool, &json!({ "custom:eid": LENA, "identities": [own], "aud": OWN_CLIENT })));
    citizen.get(LIST).await;
    assert_eq!(aws.calls().get("CreateTokenWithIAM"), Some(&1));
}
