//! What belongs to one app client, and what all share.

use local::user_pool::{CASE_WORKERS_CLIENT_ID, CLIENT_ID};
use reqwest::StatusCode;
use serde_json::{Value, json};
use testkit::browser::parameter;

use super::{BAD, CASE_WORKERS, CITIZENS, LENA, NAME, Workforce};
use crate::relying_party::{authorize_url, post_as, redeem_as, refresh_as};
use crate::{APP, SECRET, new_browser};

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
