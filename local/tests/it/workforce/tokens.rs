//! The tokens of case workers, and what keeps them apart from those of citizens.

use local::user_pool::{CASE_WORKERS_CLIENT_ID, CLIENT_ID, Fault, USER_POOL_ID};
use reqwest::StatusCode;
use serde_json::{Value, json};
use testkit::browser::parameter;

use super::{BAD, CASE_WORKERS, CITIZENS, LENA, NAME, Workforce};
use crate::new_browser;
use crate::relying_party::{NONCE, authorize_url, redeem_as, refresh_as, user_info, verified};

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
